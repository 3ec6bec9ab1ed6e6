import { plural } from '../plural.ts'

export const nav = {
  label: 'Pages',
  menu: 'Menu',
  skip: 'Skip to content',
  home: 'Ruadar, overview',
  sections: {
    overview: 'Overview',
    senders: 'Senders',
    alerts: 'Alerts',
    reports: 'Reports',
    intake: 'Intake',
    settings: 'Settings',
  },
  pages: {
    '/senders': 'All senders',
    '/inbox': 'Inbox',
    '/alerts': 'Alerts',
    '/alerts/rules': 'Rules',
    '/alerts/channels': 'Channels',
    '/reports': 'Aggregate',
    '/reporters': 'Reporters',
    '/sources': 'Source IPs',
    '/failures': 'Failures',
    '/tls': 'TLS',
    '/deviations': 'Deviations',
  },
  waiting: (count: number) => plural('en', count, { one: '# waits for you', other: '# wait for you' }),
  signOut: 'Sign out',
  utc: 'All days and times are UTC. A report counts for the UTC day on which its period begins.',
}

export const states = {
  loading: 'Loading…',
  retry: 'Try again',
  asksAgain: 'The page asks again by itself.',
  more: 'Show more',
  cancel: 'Cancel',
  copy: 'Copy',
  copied: 'Copied',
  broken: 'This page could not be shown.',
  reloadPage: 'Reload the page',
}

export const verdicts = { pass: 'pass', fail: 'fail', unknown: 'not said' }
export const dispositions = { none: 'none', quarantine: 'quarantine', reject: 'reject', pass: 'pass', unknown: 'not said' }
/** What a sender is to a domain. */
export const senderStates = { own: 'own', approved: 'approved', forwarder: 'forwarder', unknown: 'unknown', rejected: 'not ours' }
export const senderKinds = {
  mailbox_provider: 'mailbox provider',
  newsletter: 'newsletters',
  transactional: 'transactional mail',
  crm: 'CRM and marketing',
  helpdesk: 'help desk',
  invoicing: 'invoices and shops',
  security_gateway: 'security gateway',
  forwarder: 'forwarder',
  mailing_list: 'mailing list',
  hosting: 'hosting',
  scanner: 'scanner of a receiver',
  application: 'application',
  domain: 'known by its domain',
  network: 'known by its network',
  address: 'known by its address',
}
export const mailStates = {
  stored: 'waiting',
  imported: 'imported',
  duplicate: 'duplicate',
  conflict: 'conflict',
  ignored: 'ignored',
  quarantined: 'quarantined',
}

/** Override reason types of RFC 7489 and RFC 9990. */
export const overrides = {
  forwarded: 'forwarded',
  sampled_out: 'sampled out (pct)',
  trusted_forwarder: 'trusted forwarder',
  mailing_list: 'mailing list',
  local_policy: 'local policy',
  policy_test_mode: 'policy on trial (t=y)',
  other: 'other',
}

export const filter = {
  label: 'Filter',
  domain: 'Domain',
  allDomains: 'All domains',
  period: 'Period',
  periods: {
    '7d': 'Last 7 days',
    '30d': 'Last 30 days',
    '90d': 'Last 90 days',
    '365d': 'Last 365 days',
    month: 'This month',
    'last-month': 'Last month',
    custom: 'Chosen days',
  },
  firstDay: 'First day (UTC)',
  lastDay: 'Last day (UTC)',
  more: 'More filters',
  any: 'Any',
  active: 'Filters in force',
  takeOff: 'take this filter off',
  clear: 'Clear all',
  fields: {
    sender: 'Sender',
    reporter: 'Reporter',
    source: 'Source IP',
    headerFrom: 'Author Domain',
    disposition: 'Disposition',
    dmarc: 'DMARC',
    dkim: 'DKIM aligned',
    spf: 'SPF aligned',
  },
}

export const chart = {
  messages: { label: 'Messages per UTC day, passing and failing DMARC', pass: 'Pass', fail: 'Fail' },
  sessions: { label: 'Sessions per UTC day, succeeded and failed', pass: 'Succeeded', fail: 'Failed' },
  days: 'Day (UTC)',
  asTable: 'Show these numbers as a table',
  weekOf: (day: string) => `Week from ${day}`,
  failed: 'The chart could not be loaded. Its numbers are in the table below.',
}

export const access = {
  signIn: 'Sign in',
  name: 'Name',
  password: 'Password',
  setUp: 'Create the administrator',
  setUpHint: 'This is the first person who may sign in. The link you opened works once.',
  secret: 'One-time secret',
  secretHint: 'The part after “secret=” of the link that Ruadar printed on its console.',
  passwordHint: 'At least 10 characters.',
  passwordAgain: 'Password again',
  passwordsDiffer: 'The two passwords differ.',
  create: 'Create and sign in',
  alreadySetUp: 'There is an administrator already.',
  setupNeeded: 'Nobody can sign in yet: open the set-up link that Ruadar printed on its console when it started.',
  tagline: 'The address behind rua= — who sends as your domain, and why it fails.',
}

export const settings = {
  title: 'Settings',
  appearance: 'Language and theme',
  appearanceHint: 'Kept in this browser.',
  language: 'Language',
  theme: 'Theme',
  themes: { system: 'As the system', light: 'Light', dark: 'Dark' },
  password: 'Password',
  currentPassword: 'Current password',
  newPassword: 'New password',
  changePassword: 'Change password',
  passwordChanged: 'The password is changed.',
  addresses: 'Other people’s addresses',
  addressesHint:
    'Failure reports show mail that others received. Without this, recipients appear as a…@example.com, and the mails that brought such reports can not be downloaded.',
  seesAddresses: 'Show me recipients in failure reports in full',
  seesAddressesHint: 'For your account only. The switch is logged, and each opening of a report records that addresses were shown.',
  seesAddressesOn: 'Addresses are shown to you from now on.',
  seesAddressesOff: 'Addresses are hidden from you from now on.',
  tokens: 'API tokens',
  tokensHint:
    'A token lets a program read what these pages show, recipients in failure reports excepted: send it as “Authorization: Bearer …”. The API is described at /api/openapi.json.',
  noTokens: 'There are no tokens.',
  tokenName: 'Name of the token',
  tokenCreated: 'Created',
  tokenUsed: 'Last used',
  neverUsed: 'never',
  tokenRevoke: 'Revoke',
  tokenRevokeQuestion: 'Programs that use it stop working. Revoke?',
  createToken: 'Create token',
  tokenOnce: 'Copy the token now: it is not shown again.',
}

export const notFound = {
  title: 'There is no such page',
  text: 'The address may be mistyped, or what it led to is gone.',
  home: 'To the overview',
}
