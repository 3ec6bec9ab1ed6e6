/** Addresses of one message that are looked for in its other fields: an honest failure report names a handful. */
const mostAddresses = 200

/** RFC 5321 4.5.3.1 allows 64 octets before the `@`. Bounded, so that a long text without one costs no more than its length. */
const address = /[^\s<>"',;:()[\]\\@]{1,64}@[^\s<>"',;:()[\]\\@]{1,255}/gu

/** Fields of a message that hold nothing but recipients. */
const recipientFields = new Set([
  ...['to', 'cc', 'bcc', 'resent-to', 'resent-cc', 'resent-bcc', 'apparently-to', 'delivered-to', 'envelope-to', 'original-recipient'],
  ...['x-original-to', 'x-envelope-to', 'x-delivered-to', 'x-forwarded-to', 'x-rcpt-to', 'x-apparently-to', 'x-original-recipient'],
])

export const isRecipientField = (name: string): boolean => recipientFields.has(name.toLowerCase())

/** Hides who the recipients of one message are, wherever they stand in it. */
export interface Redaction {
  /** A list of recipients: their addresses with the local part hidden, and nothing else, because names tell as much. */
  recipients(text: string): string
  /** Any other text: the message's recipients in it, also with `=` for `@` as bounce addresses write them. */
  known<Text extends string | null>(text: Text): Text
  /** One header field, by what its name says of it. */
  field(field: { name: string; value: string }): { name: string; value: string }
}

/** `fields` are the texts that name the recipients: what `known` hides elsewhere is taken from them. */
export function redactionOf(fields: readonly string[]): Redaction {
  const addresses = new Set(fields.flatMap((field) => field.match(address) ?? []).map((it) => it.toLowerCase()))
  const longestFirst = [...addresses].sort((a, b) => b.length - a.length).slice(0, mostAddresses)
  const pattern = longestFirst.map((it) => it.split('@').map(escape).join('[@=]')).join('|')
  const anywhere = pattern === '' ? null : new RegExp(pattern, 'giu')
  const recipients = (text: string) => (text.match(address) ?? []).map(hide).join(', ') || (text.trim() === '' ? text : '…')
  const known = <Text extends string | null>(text: Text): Text =>
    (text === null || anywhere === null ? text : text.replaceAll(anywhere, hide)) as Text
  return {
    recipients,
    known,
    field({ name, value }) {
      if (isRecipientField(name)) return { name, value: recipients(value) }
      return { name, value: known(name.toLowerCase() === 'received' ? value.replaceAll(receivedFor, hideFor) : value) }
    },
  }
}

/** RFC 5321 4.4: `for <recipient>` in a Received field. */
const receivedFor = /\bfor +(?:<[^<>]*>|[^\s<>;]*@[^\s<>;]*)/giu
const hideFor = (clause: string): string => {
  const text = clause.replace(/^for +/iu, '')
  const [found] = text.match(address) ?? []
  return `for <${found === undefined ? '…' : hide(found)}>`
}

/** `anna@example.com` becomes `a…@example.com`; of a single letter nothing is left. */
function hide(text: string): string {
  const at = Math.max(text.indexOf('@'), text.lastIndexOf('='))
  const [first = '', ...more] = text.slice(0, at)
  return `${more.length === 0 ? '' : first}…${text.slice(at)}`
}

const escape = (text: string): string => text.replaceAll(/[\\^$.*+?()[\]{}|/]/gu, '\\$&')
