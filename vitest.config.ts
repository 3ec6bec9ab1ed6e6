import { defineConfig } from 'vitest/config'

const source = { resolve: { conditions: ['source'] }, ssr: { resolve: { conditions: ['source'] } } }
const servers = { globalSetup: './tests/harness/global-postgres.ts', hookTimeout: 120_000, expect: { poll: { timeout: 60_000 } } }

/**
 * Files of unit and db share their worker (`isolate: false`): to start one for each took longer than many of them run.
 * unit: pure, seconds. db: real PostgreSQL, Redis, Dovecot. e2e: the whole product, in a browser. faults: the same while something breaks.
 */
export default defineConfig({
  test: {
    reporters: ['default', './tests/faults/report.ts', './tests/harness/closing-line.ts'],
    projects: [
      {
        ...source,
        test: {
          name: 'unit',
          isolate: false,
          maxWorkers: 2,
          include: ['packages/**/*.test.ts', 'services/**/*.test.ts', 'cli/**/*.test.ts', 'web/**/*.test.{ts,tsx}'],
          exclude: ['**/*.db.test.ts', '**/node_modules/**', '**/dist/**'],
          testTimeout: 30_000,
        },
      },
      {
        ...source,
        test: {
          name: 'db',
          isolate: false,
          maxWorkers: 2,
          include: ['packages/**/*.db.test.ts', 'services/**/*.db.test.ts', 'cli/**/*.db.test.ts', 'tests/ingest/**/*.test.ts'],
          exclude: ['**/node_modules/**', '**/dist/**'],
          testTimeout: 120_000,
          ...servers,
        },
      },
      {
        ...source,
        test: {
          name: 'e2e',
          include: ['tests/e2e/**/*.e2e.test.ts'],
          testTimeout: 300_000,
          maxWorkers: 2,
          ...servers,
        },
      },
      {
        ...source,
        test: {
          name: 'faults',
          include: ['tests/faults/**/*.fault.test.ts'],
          testTimeout: 900_000,
          maxWorkers: process.env['RUADAR_FAULTS'] === 'full' ? 1 : 2,
          ...servers,
        },
      },
    ],
  },
})
