// Prints what a browser has to load, gzipped, and fails above the budget. Run it after `vite build web`.
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'

const dist = join(import.meta.dirname, 'dist')
const assets = join(dist, 'assets')

/** Bytes after gzip. A postmaster on a train opens the overview in one round trip more than the page itself. */
const BUDGET = {
  'first page: script and one language': 60_000,
  styles: 10_000,
  'charts, loaded with the first chart': 65_000,
  'largest other part': 10_000,
  'all scripts, both languages': 200_000,
}

const files = readdirSync(assets)
const scripts = files.filter((file) => file.endsWith('.js'))
const text = (file) => readFileSync(join(assets, file), 'utf8')
const size = (file) => gzipSync(readFileSync(join(assets, file)), { level: 9 }).length
const sum = (list) => [...list].reduce((total, file) => total + size(file), 0)

/** A script with everything that it imports at once; parts that are loaded later are not followed. */
function withImports(file, found = new Set()) {
  if (found.has(file)) return found
  found.add(file)
  for (const [, imported] of text(file).matchAll(/(?:from|import)\s*"\.\/([^"]+\.js)"/g)) withImports(imported, found)
  return found
}

const html = readFileSync(join(dist, 'index.html'), 'utf8')
const entry = html.match(/<script[^>]+src="\/assets\/([^"]+)"/)?.[1]
if (!entry) throw new Error('index.html names no script')
if (/<style|<script(?![^>]*\bsrc=)|\sstyle=|\son[a-z]+=/i.test(html))
  throw new Error('index.html holds inline script or style, which the policy of the server refuses')

const languages = scripts.filter((file) => /^(en|ru)-/.test(file))
const charts = scripts.filter((file) => /^(chart|registered)-/.test(file))
const first = withImports(entry)
const others = scripts.filter((file) => !first.has(file) && !languages.includes(file) && !charts.includes(file))

const measured = {
  'first page: script and one language': sum(first) + Math.max(...languages.map(size)),
  styles: sum(files.filter((file) => file.endsWith('.css'))),
  'charts, loaded with the first chart': sum(charts),
  'largest other part': Math.max(...others.map(size)),
  'all scripts, both languages': sum(scripts),
}

let over = 0
for (const [name, bytes] of Object.entries(measured)) {
  const isOver = bytes > BUDGET[name]
  if (isOver) over++
  console.log(
    `${(bytes / 1000).toFixed(1).padStart(7)} kB of ${(BUDGET[name] / 1000).toFixed(0).padStart(3)}  ${name}${isOver ? '  <- above the budget' : ''}`,
  )
}
process.exit(over === 0 ? 0 : 1)
