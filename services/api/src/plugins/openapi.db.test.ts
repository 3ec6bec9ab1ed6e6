import { describe, expect, it } from 'vitest'
import { Compile } from 'typebox/compile'
import type { TSchema } from 'typebox'
import { useService } from '../../testing/service.ts'

const service = useService()

interface Operation {
  operationId: string
  summary: string
  tags: string[]
  security?: unknown[]
  parameters?: { name: string; in: string; required?: boolean; schema: TSchema }[]
  requestBody?: unknown
  responses: Record<string, { description: string; content?: Record<string, { schema: TSchema }> }>
}

interface Description {
  openapi: string
  info: { title: string }
  tags: { name: string }[]
  paths: Record<string, Record<string, Operation>>
}

const read = async () => (await service().app.inject('/api/openapi.json')).json<Description>()

async function operations(): Promise<[name: string, operation: Operation][]> {
  const { paths } = await read()
  return Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, it]) => [`${method.toUpperCase()} ${path}`, it] as [string, Operation]),
  )
}

/** Fastify's own list of routes, written as OpenAPI writes them. */
function registered(tree: string): string[] {
  const routes: string[] = []
  const prefixes: string[] = []
  for (const line of tree.split('\n')) {
    const match = /^([│ ]*)[├└]── (\S+)(?: \(([A-Z, ]+)\))?/.exec(line)
    if (!match) continue
    const depth = (match[1] ?? '').length / 4
    prefixes.length = depth
    prefixes.push(match[2] ?? '')
    for (const method of (match[3] ?? '').split(', ').filter(Boolean))
      routes.push(`${method} ${prefixes.join('').replace(/:(\w+)/g, '{$1}')}`)
  }
  return routes
}

describe('the description at /api/openapi.json', () => {
  it('lists every route, and nothing else', async () => {
    const own = registered(service().app.printRoutes({ commonPrefix: false })).filter(
      (route) => !/^(HEAD|OPTIONS) |openapi\.json|\*$/.test(route),
    )
    const described = (await operations()).map(([name]) => name)
    expect(described.sort()).toEqual(own.sort())
    expect(described.length).toBeGreaterThan(30)
  })

  it('names and explains each operation', async () => {
    const { openapi, tags } = await read()
    expect(openapi).toBe('3.1.0')
    const all = (await operations()).map(([, it]) => it)
    expect(new Set(all.map((it) => it.operationId)).size).toBe(all.length)
    const wrong = all.filter(
      (it) =>
        !/^[a-z]+[A-Z]?\w*$/.test(it.operationId) ||
        it.summary === '' ||
        !it.tags.every((name) => tags.some((tag) => tag.name === name)) ||
        !/^20[014],default$/.test(Object.keys(it.responses).join(',')),
    )
    expect(wrong.map((it) => it.operationId)).toEqual([])
  })

  it('declares every variable of a path', async () => {
    for (const [name, { parameters = [] }] of await operations()) {
      const variables = [...name.matchAll(/\{(\w+)\}/g)].map((match) => match[1])
      const declared = parameters.filter((it) => it.in === 'path' && it.required).map((it) => it.name)
      expect([name, declared]).toEqual([name, variables])
    }
  })

  it('describes parameters and answers with schemas that compile', async () => {
    const schemas = (await operations()).flatMap(([, { parameters = [], responses }]) => [
      ...parameters.map((it) => it.schema),
      ...Object.values(responses).flatMap((it) => Object.values(it.content ?? {}).map((content) => content.schema)),
    ])
    expect(schemas.length).toBeGreaterThan(100)
    for (const schema of schemas) expect(Compile(schema).IsAccelerated()).toBe(true)
  })

  it('says what needs no sign-in, and that is what the server does', async () => {
    const open = (await operations()).filter(([, it]) => it.security?.length === 0).map(([name]) => name)
    expect(open.sort()).toEqual(['GET /api/v1/setup', 'GET /healthz', 'GET /readyz', 'POST /api/v1/session', 'POST /api/v1/setup'])
    for (const [name] of await operations()) {
      const [method = '', path = ''] = name.split(' ')
      const url = path.replace('{source}', '192.0.2.1').replace('{id}', '1')
      const { statusCode } = await service().app.inject({ method: method as 'GET', url })
      expect([name, statusCode === 401]).toEqual([name, !open.includes(name)])
    }
  })

  it('tells how to hand in files', async () => {
    const upload = (await operations()).find(([name]) => name === 'POST /api/v1/reports')?.[1]
    expect(upload?.requestBody).toMatchObject({
      content: {
        'multipart/form-data': { schema: { properties: { file: { type: 'array', items: { type: 'string', format: 'binary' } } } } },
      },
    })
  })

  it('describes answers as they are', async () => {
    const summary = (await operations()).find(([name]) => name === 'GET /api/v1/summary')?.[1]
    const schema = summary?.responses['200']?.content?.['application/json']?.schema
    expect(schema && Compile(schema).Check(await service().ask('/summary'))).toBe(true)
  })
})
