import { utimesSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { createLog, OperatorError } from '@ruadar/platform'
import { expect, it } from 'vitest'
import { useMmdbFolder } from '../../../../tests/harness/mmdb.ts'
import { openAddressFiles } from './address-files.ts'
import { createLookUp } from './look-up.ts'

const { folder, write } = useMmdbFolder()

it.each([
  ['nested', { country: { iso_code: 'DE' }, autonomous_system_number: 64_500, autonomous_system_organization: 'Example Net' }],
  ['flat', { country: 'DE', asn: 'AS64500', as_name: 'Example Net' }],
  ['flat-code', { country: 'Germany', country_code: 'DE', asn: '64500', name: 'Example\u202e\n Net' }],
])('network and country are read from a file with %s fields', async (name, record) => {
  const path = write(`${name}.mmdb`, { '192.0.2.0/24': record, '2001:db8::/32': record })
  const lookUp = createLookUp({ resolver: null, files: await openAddressFiles([path]), asnDns: false })
  for (const address of ['192.0.2.25', '2001:db8::25']) {
    expect(await lookUp(address)).toMatchObject({
      network: { asn: 64_500, network: 'Example Net', country: 'DE' },
      origins: { asn: `${name}.mmdb`, network: `${name}.mmdb`, country: `${name}.mmdb` },
    })
  }
  expect((await lookUp('198.51.100.1')).network).toEqual({ asn: null, network: null, country: null })
})

it('a file that changes is followed, and what it said stays when it breaks', async () => {
  const log = createLog({ logLevel: 'silent' }, 'test')
  const path = write('changing.mmdb', { '192.0.2.0/24': { country: 'DE' } })
  const files = await openAddressFiles([path])
  write('changing.mmdb', { '192.0.2.0/24': { country: 'FR' } })
  utimesSync(path, 1_800_000_000, 1_800_000_000)
  await files.refresh(log)
  expect(files.find('192.0.2.1').country).toBe('FR')
  writeFileSync(path, 'broken')
  await files.refresh(log)
  expect(files.find('192.0.2.1').country).toBe('FR')
})

it('a file that is missing or broken is named in one sentence', async () => {
  const broken = join(folder, 'broken.mmdb')
  writeFileSync(broken, 'no database')
  for (const path of [join(folder, 'missing.mmdb'), broken]) {
    const opening = openAddressFiles([path])
    await expect(opening).rejects.toBeInstanceOf(OperatorError)
    await expect(opening).rejects.toThrow(path)
  }
})
