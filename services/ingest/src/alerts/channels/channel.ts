import type { Notice } from '@ruadar/alerts'
import type { Language } from '@ruadar/alerts/words'
import type { LookupFunction } from 'node:net'

/** Where a channel leads to, with its secrets: `definition` and opened `secrets` of its row. */
export type ChannelTarget = EmailTarget | WebhookTarget | ChatTarget | TelegramTarget | NtfyTarget

export interface EmailTarget {
  kind: 'email'
  host: string
  port: number
  security: 'tls' | 'starttls' | 'plain'
  user?: string
  password?: string
  /** Left out: the account. */
  from?: string
  to: string[]
  acceptInvalidCertificate?: boolean
}
export interface WebhookTarget {
  kind: 'webhook'
  url: string
  signingKey: string
}
export interface ChatTarget {
  kind: 'slack' | 'teams' | 'discord'
  url: string
}
export interface TelegramTarget {
  kind: 'telegram'
  token: string
  chatId: string
  apiUrl?: string
}
export interface NtfyTarget {
  kind: 'ntfy'
  /** Of the topic. */
  url: string
  token?: string
}

/** Fields of a target that never leave again. */
export const secretFields = ['password', 'url', 'signingKey', 'token'] as const

/** What a delivery carries. */
export type Content = { what: 'notice'; notice: Notice } | { what: 'digest'; digest: ComposedDigest } | { what: 'test' }

export interface ComposedDigest {
  subject: string
  text: string
  html: string
}

/** A content in words of the channel's language, still without the markup of any medium. Names in it are harmless as plain text. */
export interface Message {
  title: string
  text: string
  urgent: boolean
  /** To the alert and to each decision about it; none without RUADAR_PUBLIC_URL. */
  links: { label: string; url: string }[]
}

export interface Outgoing {
  /** Of the delivery: the same at each attempt, so that a receiver can drop what it has. */
  id: number
  createdAt: Date
  channel: { name: string; language: Language }
  content: Content
  message: Message
}

/** How channels reach the world; tests hand in their own bounds and names. */
export interface Network {
  allowPrivate: boolean
  lookup: LookupFunction
  connectMs: number
  wholeMs: number
  /** Aborted when the process stops. */
  stopping: AbortSignal
}

/** Sends, and gives what the other side said. Throws a DeliveryError in words. */
export type Send<T extends ChannelTarget> = (target: T, outgoing: Outgoing, network: Network) => Promise<string>

/** Why a message could not be delivered; the message holds no secret. */
export class DeliveryError extends Error {
  override readonly name = 'DeliveryError'
  /** Whether trying again can hardly help: a wrong address or password. */
  readonly lasting: boolean
  /** How long the other side asks to be left alone, in ms. */
  readonly retryAfterMs: number | null

  constructor(
    message: string,
    { lasting = false, retryAfterMs = null, cause }: { lasting?: boolean; retryAfterMs?: number | null; cause?: unknown } = {},
  ) {
    super(message, { cause })
    this.lasting = lasting
    this.retryAfterMs = retryAfterMs
  }
}
