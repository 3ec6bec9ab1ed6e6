import { existsSync, readFileSync, writeFileSync } from 'node:fs'

/** Writes a generated file of the checkout; with --check on the command line it is compared, and exit code 1 says that it is old. */
export function keepGenerated(path, content) {
  const file = new URL(`../${path}`, import.meta.url)
  if (!process.argv.includes('--check')) {
    writeFileSync(file, content)
    console.log(`${path} written`)
  } else if (existsSync(file) && readFileSync(file, 'utf8') === content) {
    console.log(`${path} is up to date`)
  } else {
    console.error(`${path} is not up to date: run \`node ${process.argv[1]?.replace(/^.*\/scripts\//, 'scripts/')}\` and commit it.`)
    process.exitCode = 1
  }
}
