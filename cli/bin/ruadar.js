#!/usr/bin/env node
import { existsSync } from 'node:fs'

const entry = new URL('../dist/main.js', import.meta.url)
if (!existsSync(entry)) {
  console.error('Ruadar is not built yet: run `npm run build` in the checkout.')
  process.exit(1)
}
await import(entry.href)
