import { expect, it } from 'vitest'
import { toHostName } from './host-name.ts'

it.each([
  ['MX.Example.NET.', 'mx.example.net'],
  ['_spf.example.net', '_spf.example.net'],
  ['<script>.example', null],
  ['localhost', null],
  ['192.0.2.1', null],
  [`${'a'.repeat(64)}.example`, null],
  [`${'a.'.repeat(126)}example`, null],
  ['a..example', null],
  ['ex\u202eample.net', null],
  ['', null],
])('%j is %j', (text, name) => expect(toHostName(text)).toBe(name))
