import { isIP } from 'node:net'

/** Where names are asked: the machine's own resolvers, nowhere, or these addresses (`192.0.2.53`, `[2001:db8::53]:5353`). */
export type NameServers = 'system' | 'off' | string[]

/** Reads RUADAR_DNS. Throws an Error that says what is wrong. */
export function parseNameServers(text: string): NameServers {
  const value = text.trim().toLowerCase()
  if (value === 'system' || value === 'off') return value
  const servers = value.split(/[\s,]+/).filter(Boolean)
  for (const server of servers) {
    if (!isServer(server)) throw new Error(`knows system, off, or addresses as 192.0.2.53,[2001:db8::53]:5353, and not "${server}"`)
  }
  return servers.length > 0 ? servers : 'system'
}

function isServer(text: string): boolean {
  if (isIP(text)) return true
  const [, v6, v4, port = ''] = /^(?:\[([0-9a-f:.]+)\]|([0-9.]+)):(\d{1,5})$/.exec(text) ?? []
  return isIP(v6 ?? v4 ?? '') === (v6 === undefined ? 4 : 6) && Number(port) >= 1 && Number(port) <= 65_535
}
