import { generateKeyPairSync } from 'node:crypto'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { parseDkimKey } from './dkim-key.ts'
import { parseDmarcRecord } from './dmarc-record.ts'
import { costsLookUp, parseSpfRecord } from './spf-record.ts'

describe('parseDmarcRecord', () => {
  it('reads policies, modes and addresses', () => {
    const text =
      'v=DMARC1; p=Reject; sp=quarantine; np=none; adkim=s; rua=mailto:a@example.com!10m, mailto:b@example.net,https://x.example; fo=1'
    expect(parseDmarcRecord(text)).toEqual({
      p: 'reject',
      sp: 'quarantine',
      np: 'none',
      adkim: 's',
      aspf: 'r',
      rua: ['a@example.com', 'b@example.net'],
    })
  })

  it.each(['v=DMARC1', 'v=DMARC1;', ' v = DMARC1 ; p', 'v=DMARC1; p=nonsense; =; ;;'])('takes "%s" for a record without policy', (text) =>
    expect(parseDmarcRecord(text)).toMatchObject({ p: null, rua: [] }),
  )

  it.each(['', 'v=dmarc1; p=none', 'v=DMARC12; p=none', 'p=none; v=DMARC1', 'v=spf1 -all'])('does not take "%s" for a record', (text) =>
    expect(parseDmarcRecord(text)).toBeNull(),
  )
})

describe('parseDkimKey', () => {
  const rsa = (bits: number, format: 'spki' | 'pkcs1' = 'spki') =>
    generateKeyPairSync('rsa', { modulusLength: bits }).publicKey.export({ type: format, format: 'der' }).toString('base64')

  it.each([1024, 2048])('tells the length of an RSA key of %i bits', (bits) => {
    expect(parseDkimKey(`v=DKIM1; k=rsa; p=${rsa(bits)}`)).toEqual({ state: 'found', keyType: 'rsa', bits })
    expect(parseDkimKey(`p=${rsa(bits, 'pkcs1')}`)).toEqual({ state: 'found', keyType: 'rsa', bits })
  })

  it('knows Ed25519 keys by their length', () => {
    expect(parseDkimKey(`v=DKIM1; k=ed25519; p=${Buffer.alloc(32, 1).toString('base64')}`)).toMatchObject({
      state: 'found',
      keyType: 'ed25519',
    })
    expect(parseDkimKey('v=DKIM1; k=ed25519; p=AAAA')).toEqual({ state: 'faulty' })
  })

  it('takes an empty p for revoked, with spaces too', () => {
    expect(parseDkimKey('v=DKIM1; p=')).toEqual({ state: 'revoked' })
    expect(parseDkimKey('v=DKIM1; k=rsa; p= ; t=y')).toEqual({ state: 'revoked' })
  })

  it.each(['', 'v=DKIM1', 'v=DKIM2; p=AAAA', 'v=spf1 -all', 'p=<script>', 'p=AAAA', `p=${rsa(1024).slice(0, 100)}`])(
    'takes "%s" for faulty',
    (text) => expect(parseDkimKey(text)).toEqual({ state: 'faulty' }),
  )
})

describe('parseSpfRecord', () => {
  it('reads mechanisms with qualifier and value, and the redirect', () => {
    expect(
      parseSpfRecord(
        'v=spf1  ip4:192.0.2.0/24 +a/24 MX include:_spf.example.net ?exists:%{i}.x.example redirect=b.example exp=e.example -all',
      ),
    ).toEqual({
      mechanisms: [
        { qualifier: '+', name: 'ip4', value: '192.0.2.0/24' },
        { qualifier: '+', name: 'a', value: '/24' },
        { qualifier: '+', name: 'mx', value: '' },
        { qualifier: '+', name: 'include', value: '_spf.example.net' },
        { qualifier: '?', name: 'exists', value: '%{i}.x.example' },
        { qualifier: '-', name: 'all', value: '' },
      ],
      redirect: 'b.example',
      faulty: [],
    })
  })

  it('names terms that no evaluator knows', () => {
    expect(parseSpfRecord('v=spf1 ipv4:192.0.2.1 include: -al all:x')?.faulty).toEqual(['ipv4:192.0.2.1', 'include:', '-al', 'all:x'])
  })

  it.each(['', 'v=spf10 -all', 'v=spf2.0/pra', ' v=spf1', 'v=DMARC1'])('does not take "%s" for a record', (text) =>
    expect(parseSpfRecord(text)).toBeNull(),
  )

  it('knows which mechanisms cost a look-up', () => {
    const record = parseSpfRecord('v=spf1 a mx ptr include:x.example exists:y.example ip4:192.0.2.1 ip6:2001:db8::1 all')
    expect(record?.mechanisms.filter(costsLookUp).map(({ name }) => name)).toEqual(['a', 'mx', 'ptr', 'include', 'exists'])
  })
})

it('takes any text, in time', () => {
  const text = fc.oneof(
    fc.string(),
    fc.string().map((it) => `v=DMARC1; ${it}`),
    fc.string().map((it) => `v=spf1 ${it}`),
    fc.base64String().map((it) => `p=${it}`),
  )
  fc.assert(
    fc.property(text, (it) => {
      parseDmarcRecord(it)
      parseDkimKey(it)
      parseSpfRecord(it)
    }),
    { numRuns: 500 },
  )
  const long = `v=spf1 ${'a '.repeat(100_000)}`
  expect(parseSpfRecord(long)?.mechanisms.length).toBe(500)
})
