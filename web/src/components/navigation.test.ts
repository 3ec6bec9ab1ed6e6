import { expect, it } from 'vitest'
import { listedPage } from './navigation.tsx'

it('knows which listed page a path belongs to', () => {
  expect(['/', '/senders', '/senders/12', '/alerts', '/alerts/7', '/alerts/rules', '/alerts/channels/new'].map(listedPage)).toEqual([
    '/',
    '/senders',
    '/senders',
    '/alerts',
    '/alerts',
    '/alerts/rules',
    '/alerts/channels',
  ])
  expect(['/reports/3/xml', '/sources/192.0.2.1', '/mailboxes/new', '/start', '/nowhere'].map(listedPage)).toEqual([
    '/reports',
    '/sources',
    '/ingest',
    '/ingest',
    undefined,
  ])
})
