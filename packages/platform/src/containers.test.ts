import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import { definitions } from './settings/definitions.ts'

interface Service {
  image: string
  build?: string
  command?: string[]
  environment?: Record<string, string>
  secrets?: string[]
  networks?: string[]
  volumes?: string[]
  healthcheck?: { test?: string[]; disable?: boolean }
  depends_on?: Record<string, { condition: string }>
}

const checkout = new URL('../../../', import.meta.url)
const read = (path: string) => readFileSync(new URL(path, checkout), 'utf8')
const compose = parse(read('docker-compose.yml'), { merge: true }) as {
  services: Record<string, Service>
  networks: Record<string, unknown>
  volumes: Record<string, unknown>
  secrets: Record<string, { file: string }>
}
const services = Object.entries(compose.services)
const ours = services.filter(([, { build }]) => build !== undefined)
const dockerfile = read('Dockerfile').replaceAll('\\\n', ' ')

/** Whether a path that the image has comes from a file of the checkout: dist is built from src. */
function isBuilt(path: string): boolean {
  return existsSync(new URL(path.replace('/dist/', '/src/').replace(/(\/src\/.*)\.js$/, '$1.ts'), checkout))
}

// No container engine runs where the tests run: what can be held against the checkout is.
describe('docker-compose.yml', () => {
  it('describes the five services of the scaled mode', () => {
    expect(Object.keys(compose.services)).toEqual(['postgres', 'redis', 'migrate', 'ingest', 'api'])
  })

  it.each(ours)('starts %s with a file that the build makes', (_, { command }) => {
    expect(command?.[0]).toBe('node')
    expect(command?.[1]).toSatisfy(isBuilt)
  })

  it.each(ours)('gives %s only settings that exist', (_, { environment = {} }) => {
    const secrets = Object.entries(definitions.properties).filter(([, definition]) => 'secret' in definition)
    const known = [...Object.keys(definitions.properties), ...secrets.map(([name]) => `${name}_FILE`)]
    expect(known).toEqual(expect.arrayContaining(Object.keys(environment)))
    expect(Object.keys(environment)).toContain('DATABASE_URL_FILE')
  })

  it.each(services)('gives %s every secret file that its environment names, and no other', (_, { environment = {}, secrets = [] }) => {
    const named = Object.values(environment).flatMap((value) => value.match(/^\/run\/secrets\/(.+)$/)?.[1] ?? [])
    expect(named.toSorted()).toEqual(secrets.toSorted())
  })

  it.each(services)('puts no password into the environment of %s', (_, { environment = {} }) => {
    for (const value of Object.values(environment)) expect(value).not.toMatch(/:\/\/[^/]*:[^/]*@/)
    expect(Object.keys(environment).filter((name) => /PASSWORD|SECRET/.test(name) && !name.endsWith('_FILE'))).toEqual([])
  })

  it.each(services)('knows the networks, volumes and secrets of %s', (_, { networks = [], volumes = [], secrets = [] }) => {
    expect(Object.keys(compose.networks)).toEqual(expect.arrayContaining(networks))
    expect(Object.keys(compose.volumes)).toEqual(expect.arrayContaining(volumes.map((volume) => volume.split(':')[0])))
    expect(Object.keys(compose.secrets)).toEqual(expect.arrayContaining(secrets))
  })

  it.each(services)('waits before %s only for what can come true', (_, { depends_on = {} }) => {
    const hopeless = Object.entries(depends_on).filter(([name, { condition }]) =>
      condition === 'service_healthy'
        ? !compose.services[name]?.healthcheck?.test
        : name !== 'migrate' || condition !== 'service_completed_successfully',
    )
    expect(hopeless).toEqual([])
  })

  it('reads secrets that the script makes and git ignores', () => {
    const script = read('scripts/make-compose-secrets.sh')
    for (const [name, { file }] of Object.entries(compose.secrets)) {
      expect(file).toBe(`./secrets/${name}`)
      expect(script).toContain(name)
    }
    expect(read('.gitignore').split('\n')).toContain('/secrets/')
    expect(read('.dockerignore').split('\n')).not.toContain('!secrets')
  })
})

describe('Dockerfile', () => {
  const copied = [...dockerfile.matchAll(/^COPY (?!--from)(.+)$/gm)].flatMap(([, words = '']) => words.trim().split(/\s+/).slice(0, -1))

  it('copies only what exists and .dockerignore lets through', () => {
    const allowed = read('.dockerignore').split('\n')
    for (const path of copied) {
      expect(path).toSatisfy((name: string) => existsSync(new URL(name, checkout)))
      expect(allowed.some((line) => line.startsWith('!') && `${path}/`.startsWith(`${line.slice(1)}/`))).toBe(true)
    }
  })

  it('copies the package.json of every workspace before it installs', () => {
    const { workspaces } = JSON.parse(read('package.json')) as { workspaces: string[] }
    const manifests = workspaces
      .flatMap((pattern) => {
        const parent = pattern.replace(/\*$/, '')
        return parent === pattern ? [pattern] : readdirSync(new URL(parent, checkout)).map((name) => parent + name)
      })
      .map((folder) => `${folder}/package.json`)
      .filter((path) => existsSync(new URL(path, checkout)))
    expect(copied).toEqual(expect.arrayContaining(manifests))
  })

  it('starts, as a user without rights, a file that the build makes', () => {
    const [, command = ''] = /^CMD (\[.+\])$/m.exec(dockerfile) ?? []
    const [program, path] = JSON.parse(command) as string[]
    expect(program).toBe('node')
    expect(path).toSatisfy(isBuilt)
    expect(dockerfile).toMatch(/^USER node$/m)
  })

  it('asks /healthz, which the API answers', () => {
    expect(dockerfile).toMatch(/HEALTHCHECK .*\/healthz/)
  })
})
