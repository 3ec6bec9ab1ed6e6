import type { Mailbox, MailboxInput } from '@ruadar/contract'

/** The form as it stands: flat, every field a text, so that half-typed values are possible. */
export interface MailboxDraft {
  name: string
  host: string
  port: string
  security: MailboxInput['security']
  user: string
  authKind: 'password' | 'oauth2'
  password: string
  tokenUrl: string
  clientId: string
  clientSecret: string
  refreshToken: string
  scope: string
  /** One folder a line. */
  folders: string
  action: MailboxInput['afterwards']['action']
  moveTo: string
  deleteAfterDays: string
  acceptInvalidCertificate: boolean
  enabled: boolean
}

export const EMPTY_DRAFT: MailboxDraft = {
  name: '',
  host: '',
  port: '993',
  security: 'tls',
  user: '',
  authKind: 'password',
  password: '',
  tokenUrl: '',
  clientId: '',
  clientSecret: '',
  refreshToken: '',
  scope: '',
  folders: 'INBOX',
  action: 'leave',
  moveTo: '',
  deleteAfterDays: '30',
  acceptInvalidCertificate: false,
  enabled: true,
}

export type Preset = 'other' | 'microsoft365' | 'gmail'

/** Addresses that the two large providers document for IMAP with OAuth2. The tenant is the operator's own. */
const PRESETS: { [P in Exclude<Preset, 'other'>]: Partial<MailboxDraft> } = {
  microsoft365: {
    host: 'outlook.office365.com',
    tokenUrl: 'https://login.microsoftonline.com/common/oauth2/v2.0/token',
    scope: 'https://outlook.office365.com/IMAP.AccessAsUser.All offline_access',
  },
  gmail: { host: 'imap.gmail.com', tokenUrl: 'https://oauth2.googleapis.com/token', scope: 'https://mail.google.com/' },
}

export function withPreset(draft: MailboxDraft, preset: Preset): MailboxDraft {
  if (preset === 'other') return draft
  return { ...draft, port: '993', security: 'tls', authKind: 'oauth2', acceptInvalidCertificate: false, ...PRESETS[preset] }
}

/** Which preset a draft follows, by its host. */
export function presetOf(draft: MailboxDraft): Preset {
  if (draft.host === PRESETS.microsoft365.host) return 'microsoft365'
  return draft.host === PRESETS.gmail.host ? 'gmail' : 'other'
}

/** The usual port goes with the choice, unless the operator had set one of their own. */
export function withSecurity(draft: MailboxDraft, security: MailboxDraft['security']): MailboxDraft {
  const usual = { tls: '993', starttls: '143', plain: '143' }
  return { ...draft, security, port: draft.port === usual[draft.security] ? usual[security] : draft.port }
}

export function draftOf(mailbox: Mailbox): MailboxDraft {
  const { afterwards } = mailbox
  return {
    ...EMPTY_DRAFT,
    name: mailbox.name,
    host: mailbox.host,
    port: String(mailbox.port),
    security: mailbox.security,
    user: mailbox.user,
    authKind: mailbox.authKind,
    folders: mailbox.folders.map((folder) => folder.folder).join('\n'),
    action: afterwards.action,
    moveTo: afterwards.action === 'move' ? afterwards.folder : '',
    deleteAfterDays: afterwards.action === 'delete' ? String(afterwards.days) : EMPTY_DRAFT.deleteAfterDays,
    acceptInvalidCertificate: mailbox.acceptInvalidCertificate,
    enabled: mailbox.enabled,
  }
}

/** What the API wants. Secrets that were left empty are left out: the server keeps the stored ones. */
export function inputOf(draft: MailboxDraft): MailboxInput {
  return {
    name: draft.name.trim() || draft.user.trim() || draft.host.trim(),
    host: draft.host.trim(),
    port: Number(draft.port),
    security: draft.security,
    user: draft.user.trim(),
    auth: authOf(draft),
    folders: [...new Set(draft.folders.split('\n').map((folder) => folder.trim()))].filter(Boolean),
    afterwards: afterwardsOf(draft),
    acceptInvalidCertificate: draft.acceptInvalidCertificate,
    enabled: draft.enabled,
  }
}

function authOf(draft: MailboxDraft): MailboxInput['auth'] {
  if (draft.authKind === 'password') return { kind: 'password', ...(draft.password && { password: draft.password }) }
  return {
    kind: 'oauth2',
    tokenUrl: draft.tokenUrl.trim(),
    clientId: draft.clientId.trim(),
    ...(draft.clientSecret && { clientSecret: draft.clientSecret }),
    ...(draft.refreshToken && { refreshToken: draft.refreshToken.trim() }),
    ...(draft.scope.trim() && { scope: draft.scope.trim() }),
  }
}

function afterwardsOf(draft: MailboxDraft): MailboxInput['afterwards'] {
  switch (draft.action) {
    case 'leave':
      return { action: 'leave' }
    case 'seen':
      return { action: 'seen' }
    case 'move':
      return { action: 'move', folder: draft.moveTo.trim() }
    case 'delete':
      return { action: 'delete', days: Number(draft.deleteAfterDays) }
  }
}
