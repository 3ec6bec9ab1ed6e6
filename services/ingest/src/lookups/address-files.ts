import { readFile, stat } from 'node:fs/promises'
import { basename } from 'node:path'
import { Reader, type Response } from 'mmdb-lib'
import { describeError, type Log, OperatorError } from '@ruadar/platform'
import { type NetworkFacts, toAsn, toCountry, toNetworkName } from './network.ts'

/** Facts of an address, and the file that each came from. */
export interface FileFacts extends NetworkFacts {
  origins: { asn?: string; network?: string; country?: string }
}

export interface AddressFiles {
  /** Of several files the first that knows a fact gives it. */
  find(address: string): FileFacts
  /** Reads files anew that changed on the disk. One that cannot be read then is kept as it was, and that is logged. */
  refresh(log: Log): Promise<void>
}

const nothing: FileFacts = { asn: null, network: null, country: null, origins: {} }

interface OpenFile {
  path: string
  changedAt: number
  reader: Reader<Response>
}

/** Opens .mmdb files. Throws an OperatorError that names the file which is missing or broken. */
export async function openAddressFiles(paths: readonly string[]): Promise<AddressFiles> {
  const files = await Promise.all(
    paths.map(async (path) => {
      try {
        return await open(path)
      } catch (error) {
        throw new OperatorError(
          `RUADAR_MMDB: ${path} cannot be used: ${describeError(error)}.`,
          'Name .mmdb files that this user can read.',
          {
            cause: error,
          },
        )
      }
    }),
  )
  return {
    find: (address) => files.reduce<FileFacts>((facts, file) => merge(facts, file, address), nothing),
    async refresh(log) {
      for (const file of files) {
        try {
          if ((await stat(file.path)).mtimeMs !== file.changedAt) Object.assign(file, await open(file.path))
        } catch (error) {
          log.warn({ err: error, file: file.path }, 'a changed file of address data cannot be read; the old one stays in use')
        }
      }
    },
  }
}

async function open(path: string): Promise<OpenFile> {
  const { mtimeMs } = await stat(path)
  return { path, changedAt: mtimeMs, reader: new Reader(await readFile(path)) }
}

function merge(facts: FileFacts, { path, reader }: OpenFile, address: string): FileFacts {
  const found = read(reader, address)
  const origins = { ...facts.origins }
  for (const fact of ['asn', 'network', 'country'] as const) {
    if (facts[fact] === null && found[fact] !== null) origins[fact] = basename(path)
  }
  return {
    asn: facts.asn ?? found.asn,
    network: facts.network ?? found.network,
    country: facts.country ?? found.country,
    origins,
  }
}

/** The fields of MaxMind and DB-IP (nested country, autonomous_system_…) and of IPinfo (flat country, asn, as_name). */
function read(reader: Reader<Response>, address: string): NetworkFacts {
  let record: Record<string, unknown>
  try {
    record = (reader.get(address) ?? {}) as Record<string, unknown>
  } catch {
    // A damaged part of the tree, or IPv6 in a file for IPv4: this file knows nothing of the address.
    return { asn: null, network: null, country: null }
  }
  const isoOf = (value: unknown) => toCountry((value as { iso_code?: unknown } | null | undefined)?.iso_code)
  return {
    asn: toAsn(record.autonomous_system_number) ?? toAsn(record.asn),
    network:
      toNetworkName(record.autonomous_system_organization) ??
      toNetworkName(record.as_name) ??
      toNetworkName(record.organization) ??
      toNetworkName(record.name),
    country: isoOf(record.country) ?? isoOf(record.registered_country) ?? toCountry(record.country_code) ?? toCountry(record.country),
  }
}
