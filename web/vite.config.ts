import preact from '@preact/preset-vite'
import { defineConfig } from 'vite'

const api = process.env['RUADAR_API'] ?? 'http://127.0.0.1:7489'

export default defineConfig({
  root: import.meta.dirname,
  plugins: [preact({ devToolsEnabled: false, reactAliasesEnabled: false })],
  build: {
    outDir: 'dist',
    // tsc keeps its declarations in dist/.types; they are rebuilt by `tsc -b`, so emptying the folder costs nothing.
    emptyOutDir: true,
    // The policy of the server allows no data: addresses.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    sourcemap: false,
    target: 'es2022',
    rolldownOptions: {
      output: {
        codeSplitting: {
          // Left alone the bundler makes a file of half a kilobyte out of each shared component, thirty requests for one page.
          groups: [
            { name: 'preact', test: /node_modules[\\/](@?preact)/ },
            { name: 'chart', test: /node_modules[\\/](chart\.js|@kurkle)/ },
            { name: 'shared', test: /web[\\/]src[\\/](api|components|state|i18n[\\/][a-z-]+\.ts)/, minShareCount: 2 },
          ],
        },
      },
    },
  },
  server: {
    host: '127.0.0.1',
    // The API refuses unsafe requests whose Origin is not its own, so the proxy speaks in the API's name.
    proxy: { '/api': { target: api, changeOrigin: true, headers: { origin: api } } },
  },
})
