import { describe, expect, test } from 'vitest'
import { writeZip } from '../generate/zip-file.ts'
import { defaultLimits } from '../limits.ts'
import { ReportError } from '../report.ts'
import { listZip } from './zip.ts'

const member = (name: string, content: string) => ({ name, bytes: Buffer.from(content) })

async function contents(zip: Buffer) {
  const notes: string[] = []
  const found: string[] = []
  for (const entry of await listZip(zip, defaultLimits)) {
    const chunks: Uint8Array[] = []
    for await (const chunk of entry.open((code) => notes.push(code))) chunks.push(chunk)
    found.push(Buffer.concat(chunks).toString())
  }
  return { found, notes }
}
const refused = async (zip: Buffer) => {
  const error = await contents(zip).then(
    () => new Error('it was taken'),
    (reason: unknown) => reason,
  )
  if (error instanceof ReportError) return error.reason
  throw error
}

test('lists the files of an archive in its order', async () => {
  const zip = writeZip([member('b.xml', 'first'), member('a.xml', 'second'.repeat(1000)), member('empty', '')])
  expect(await contents(zip)).toEqual({ found: ['first', 'second'.repeat(1000), ''], notes: [] })
})

test('does not care for names that point elsewhere', async () => {
  const zip = writeZip([member('../../etc/passwd', 'one'), member('C:\\x', 'two'), member('/abs', 'three')])
  expect((await contents(zip)).found).toEqual(['one', 'two', 'three'])
})

test('tells folders', async () => {
  const entries = await listZip(writeZip([member('folder/', ''), member('folder/a.xml', 'x')]), defaultLimits)
  expect(entries.map((it) => it.isDirectory)).toEqual([true, false])
})

test('goes by what comes out and not by the sizes that the archive states', async () => {
  const zip = writeZip([member('a.xml', 'x'.repeat(1000))])
  const directory = zip.indexOf('PK\x01\x02')
  zip.writeUInt32LE(5, directory + 24)
  expect((await contents(zip)).found).toEqual(['x'.repeat(1000)])
})

test('notes a wrong checksum', async () => {
  const zip = writeZip([member('a.xml', 'content')])
  zip.writeUInt32LE(1, zip.indexOf('PK\x01\x02') + 16)
  expect(await contents(zip)).toEqual({ found: ['content'], notes: ['zip_checksum'] })
})

describe('refuses', () => {
  test('more entries than the limit', async () => {
    const zip = writeZip(Array.from({ length: 21 }, (_, index) => member(`${index}`, 'x')))
    expect(await refused(zip)).toMatchObject({ code: 'limit', limit: { name: 'zipEntries', value: 20 } })
  })

  test('entries that share bytes', async () => {
    const zip = writeZip([member('a', 'x'.repeat(5000)), member('b', 'y'.repeat(5000))])
    const second = zip.lastIndexOf('PK\x01\x02')
    zip.writeUInt32LE(0, second + 42)
    expect((await refused(zip)).code).toBe('bad_archive')
  })

  test('an encrypted file', async () => {
    const zip = writeZip([member('a', 'x')])
    zip.writeUInt16LE(1, zip.indexOf('PK\x01\x02') + 8)
    expect((await refused(zip)).code).toBe('unsupported_archive')
  })

  test('a method that is not read', async () => {
    const zip = writeZip([member('a', 'x')])
    zip.writeUInt16LE(14, zip.indexOf('PK\x01\x02') + 10)
    expect((await refused(zip)).code).toBe('unsupported_archive')
  })

  test('an archive that is cut off', async () => {
    const zip = writeZip([member('a', 'x'.repeat(5000))])
    expect((await refused(zip.subarray(0, zip.length - 30))).code).toBe('bad_archive')
  })
})
