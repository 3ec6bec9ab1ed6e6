import { describe, expect, it } from 'vitest'
import { parseNameServers } from './name-servers.ts'

describe('parseNameServers', () => {
  it.each([
    ['system', 'system'],
    [' OFF ', 'off'],
    ['', 'system'],
    ['192.0.2.53', ['192.0.2.53']],
    ['192.0.2.53:5353, [2001:db8::53]:5353 2001:db8::54', ['192.0.2.53:5353', '[2001:db8::53]:5353', '2001:db8::54']],
  ])('reads "%s"', (text, servers) => expect(parseNameServers(text)).toEqual(servers))

  it.each(['dns.example', '192.0.2.53:0', '192.0.2.53:70000', '[192.0.2.53]:53', '192.0.2.300', '[2001:db8::53]', 'off,192.0.2.53'])(
    'refuses "%s"',
    (text) => expect(() => parseNameServers(text)).toThrow('knows system, off, or addresses'),
  )
})
