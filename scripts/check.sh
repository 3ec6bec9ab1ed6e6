#!/usr/bin/env bash
# Everything that a change has to pass, for people and CI alike: `npm run check`. Stops at the first step that fails.
# A full run takes a few minutes on two cores; the closing line of the tests is the last line.
set -euo pipefail
cd "$(dirname "$0")/.."
PATH="$PWD/node_modules/.bin:$PATH:/usr/sbin:/usr/local/sbin"
export PATH

step() { printf '\n== %s\n' "$1"; }

step 'programs that the tests start'
bash scripts/test-programs.sh

step 'format (biome)'
biome ci .

step 'types of the product (tsc -b)'
tsc -b

step 'types of the tests'
tsc -p tsconfig.test.json

step 'lint (oxlint, type-aware)'
oxlint --type-aware --deny-warnings

step 'unused files, exports and dependencies (knip)'
knip --no-progress

step 'pages (vite) and their size'
vite build web --logLevel warn
node web/size-budget.mjs

step 'generated files are up to date'
node scripts/configuration-reference.mjs --check
node scripts/schema.mjs --check

step 'tests (vitest: unit, db, e2e)'
exec vitest run
