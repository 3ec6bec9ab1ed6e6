import { TypeBoxValidatorCompiler } from '@fastify/type-provider-typebox'
import { MailboxInput, Filter } from '@ruadar/contract'
import { Type, type TSchema } from 'typebox'
import { describe, expect, it } from 'vitest'
import { type Issue, toFieldErrors } from './field-errors.ts'

function issuesOf(schema: TSchema, value: unknown): Issue[] {
  const validate = TypeBoxValidatorCompiler({ schema, method: 'GET', url: '/', httpPart: 'body' })
  const result = validate(value) as unknown as { error?: Issue[] }
  return result.error ?? []
}

const query = Type.Object(Filter.properties, { additionalProperties: false })
const mailbox = {
  name: 'Reports',
  host: 'mail.example.org',
  port: 993,
  security: 'tls',
  user: 'dmarc',
  auth: { kind: 'password', password: 'x' },
  folders: ['INBOX'],
  afterwards: { action: 'leave' },
}

describe('field errors', () => {
  it('lists the words that a field takes, in one sentence', () => {
    expect(toFieldErrors('querystring', issuesOf(query, { dmarc: 'maybe' }))).toEqual([
      { path: '/query/dmarc', message: 'must be one of pass, fail' },
    ])
  })

  it('names a parameter that is not known, once', () => {
    expect(toFieldErrors('querystring', issuesOf(query, { domian: 'example.com' }))).toEqual([
      { path: '/query', message: 'does not know domian' },
    ])
  })

  it('tells of a variant only what the meant one lacks', () => {
    const issues = issuesOf(MailboxInput, { ...mailbox, auth: { kind: 'oauth2', clientId: 'c' } })
    expect(toFieldErrors('body', issues)).toEqual([{ path: '/body/auth', message: 'needs tokenUrl' }])
  })

  it('lists the kinds when no variant is meant', () => {
    const issues = issuesOf(MailboxInput, { ...mailbox, afterwards: { action: 'burn' } })
    expect(toFieldErrors('body', issues)).toEqual([
      { path: '/body/afterwards/action', message: 'must be one of leave, seen, move, delete' },
    ])
  })

  it('stays short however many fields are wrong', () => {
    const issues = issuesOf(
      Type.Array(Type.String()),
      Array.from({ length: 100 }, () => 1),
    )
    expect(toFieldErrors('body', issues)).toHaveLength(8)
  })
})
