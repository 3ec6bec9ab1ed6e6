import type { AlertRuleName, Channel, ChannelInput, ChannelKind, ChannelTarget } from '@ruadar/contract'
import { alertWords } from '@ruadar/alerts/words'
import type { Language } from '../../state/preferences.ts'

export type SmtpSecurity = Extract<ChannelTarget, { kind: 'email' }>['security']
export const KINDS: readonly ChannelKind[] = ['email', 'webhook', 'slack', 'teams', 'telegram', 'discord', 'ntfy']
export const RULES = Object.keys(alertWords.en.rules) as AlertRuleName[]

/** The form as typed; every field of every kind, so that changing the kind and back loses nothing. */
export interface ChannelDraft {
  kind: ChannelKind
  name: string
  language: Language
  enabled: boolean
  /** null: all. */
  rules: AlertRuleName[] | null
  domains: string
  digest: ChannelInput['digest']
  digestHour: string
  host: string
  port: string
  security: SmtpSecurity
  user: string
  password: string
  from: string
  to: string
  acceptInvalidCertificate: boolean
  url: string
  signingKey: string
  token: string
  chatId: string
  apiUrl: string
}

const PORTS: { [S in SmtpSecurity]: string } = { tls: '465', starttls: '587', plain: '25' }

export const emptyDraft = (language: Language): ChannelDraft => ({
  kind: 'email',
  name: '',
  language,
  enabled: true,
  rules: null,
  domains: '',
  digest: 'weekly',
  digestHour: '6',
  host: '',
  port: PORTS.tls,
  security: 'tls',
  user: '',
  password: '',
  from: '',
  to: '',
  acceptInvalidCertificate: false,
  url: '',
  signingKey: '',
  token: '',
  chatId: '',
  apiUrl: '',
})

/** The form of a stored channel. Secrets never come back, so their fields are empty. */
export function draftOf({ target, ...channel }: Channel): ChannelDraft {
  const { kind, name, language, enabled, rules, domains, digest, digestHour } = channel
  const empty = emptyDraft(language)
  return {
    ...empty,
    kind,
    name,
    enabled,
    rules,
    domains: (domains ?? []).join('\n'),
    digest,
    digestHour: String(digestHour),
    host: target.host ?? '',
    port: target.port === undefined ? empty.port : String(target.port),
    security: target.security ?? empty.security,
    user: target.user ?? '',
    from: target.from ?? '',
    to: (target.to ?? []).join('\n'),
    acceptInvalidCertificate: target.acceptInvalidCertificate ?? false,
    chatId: target.chatId ?? '',
    apiUrl: target.apiUrl ?? '',
  }
}

/** Another kind of security has another usual port; a port that somebody typed stays. */
export function withSecurity(draft: ChannelDraft, security: SmtpSecurity): ChannelDraft {
  const isUsual = Object.values(PORTS).includes(draft.port)
  return { ...draft, security, port: isUsual ? PORTS[security] : draft.port }
}

/** What the API takes. Empty secrets are left out: the stored ones stay. */
export function inputOf(draft: ChannelDraft): ChannelInput {
  const { name, language, enabled, rules } = draft
  const domains = linesOf(draft.domains.toLowerCase())
  return {
    name: name.trim(),
    language,
    enabled,
    rules,
    domains: domains.length > 0 ? domains : null,
    digest: draft.kind === 'email' ? draft.digest : 'none',
    digestHour: Number(draft.digestHour),
    target: targetOf(draft),
  }
}

function targetOf(draft: ChannelDraft): ChannelTarget {
  const { kind } = draft
  const url = filled('url', draft.url)
  switch (kind) {
    case 'email':
      return {
        kind,
        host: draft.host.trim(),
        port: Number(draft.port),
        security: draft.security,
        user: draft.user.trim(),
        ...filled('password', draft.password),
        from: draft.from.trim(),
        to: linesOf(draft.to),
        acceptInvalidCertificate: draft.acceptInvalidCertificate,
      }
    case 'webhook':
      return { kind, ...url, ...filled('signingKey', draft.signingKey) }
    case 'telegram':
      return { kind, ...filled('token', draft.token), chatId: draft.chatId.trim(), ...filled('apiUrl', draft.apiUrl) }
    case 'ntfy':
      return { kind, ...url, ...filled('token', draft.token) }
    case 'slack':
    case 'teams':
    case 'discord':
      return { kind, ...url }
  }
}

function filled<K extends string>(name: K, value: string): { [N in K]?: string } {
  return (value.trim() === '' ? {} : { [name]: value.trim() }) as { [N in K]?: string }
}

const linesOf = (text: string): string[] => [
  ...new Set(
    text
      .split(/[\n,;]/)
      .map((line) => line.trim())
      .filter(Boolean),
  ),
]

/** 32 random bytes as hexadecimal digits: longer than anybody guesses, and safe to paste anywhere. */
export function makeSigningKey(): string {
  return [...crypto.getRandomValues(new Uint8Array(32))].map((byte) => byte.toString(16).padStart(2, '0')).join('')
}
