import type { MailItem } from '@ruadar/contract'
import { expect, it } from 'vitest'
import { mailTitle, senderAddress } from './mail-title.ts'

const mail = { subject: null, filename: null, sender: null } as unknown as MailItem

it('names a report mail by who reports about what', () => {
  const subject = 'Report Domain: example.com Submitter: mail.example Report-ID: <1@mail.example>'
  expect(mailTitle({ ...mail, subject }, '-')).toBe('mail.example · example.com')
})

it('names other mail by what it has', () => {
  expect(mailTitle({ ...mail, subject: 'Hello', filename: 'a.eml' }, '-')).toBe('Hello')
  expect(mailTitle({ ...mail, filename: 'a.eml' }, '-')).toBe('a.eml')
  expect(mailTitle(mail, '-')).toBe('-')
})

it('finds the address beside a name', () => {
  expect(senderAddress('"Reports" <noreply@mail.example>')).toBe('noreply@mail.example')
  expect(senderAddress('noreply@mail.example')).toBe('noreply@mail.example')
  expect(senderAddress(null)).toBeNull()
})
