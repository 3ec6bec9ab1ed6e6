import type { AdviceSentences } from '../advice.ts'
import type { Parts } from '../parts.ts'
import { plural } from '../plural.ts'
import type { ReasonSentences } from '../reason-parts.ts'

const messages = (count: number) => plural('en', count, { one: '# message', other: '# messages' })
const domainsOf = (count: number) => plural('en', count, { one: '# domain', other: '# domains' })

const inBrackets = <T>(value: T | null): Parts<T> => (value === null ? [] : [' (', value, ')'])

/** Why a mechanism did not align: one sentence for each code of the API. */
export const reasons: ReasonSentences = {
  dkim: {
    not_signed: ({ domain, from, result }) =>
      domain === null
        ? ['Not signed for ', from, '.']
        : ['Not signed for ', from, '; a signature of ', domain, ' does not verify', ...inBrackets(result), '.'],
    signed_by_other_domain: ({ domain, from }) => [
      'Signed by ',
      domain ?? 'another domain',
      ' instead of ',
      from,
      ', so DKIM does not align.',
    ],
    signature_failed: ({ domain, from, result }) => ['The signature of ', domain ?? from, ' does not verify', ...inBrackets(result), '.'],
    strict_alignment: ({ domain, from }) => [
      'Signed by ',
      domain ?? 'a related domain',
      ', but the policy asks for exactly ',
      from,
      ' (adkim=s).',
    ],
    dns_error: ({ domain, from, result }) => ['The key of ', domain ?? from, ' could not be looked up', ...inBrackets(result), '.'],
  },
  spf: {
    passes_for_other_domain: ({ domain, from }) => [
      'Passes for ',
      domain ?? 'another domain',
      ' instead of ',
      from,
      ', so SPF does not align.',
    ],
    not_permitted: ({ domain, from, result }) => [
      'The SPF record of ',
      domain ?? from,
      ' does not permit this address',
      ...inBrackets(result),
      '.',
    ],
    no_record: ({ domain, from }) => [domain ?? from, ' has no SPF record.'],
    strict_alignment: ({ domain, from }) => [
      'Passes for ',
      domain ?? 'a related domain',
      ', but the policy asks for exactly ',
      from,
      ' (aspf=s).',
    ],
    dns_error: ({ domain, from, result }) => ['The SPF record of ', domain ?? from, ' could not be evaluated', ...inBrackets(result), '.'],
    not_reported: () => ['The reporter says nothing of SPF for the envelope sender.'],
  },
}

export const advice: AdviceSentences = {
  sign: 'Turn DKIM signing on at this sender, with a key of your own domain.',
  sign_as_author: 'Set this sender up to sign with your domain; services call it domain authentication or custom DKIM.',
  check_signature: 'Compare the key in DNS with the one that signs, and look for whatever changes mail after signing.',
  own_return_path: 'Give this sender a return path (bounce domain) below your own domain.',
  permit_in_spf: 'Add this sender to the SPF record of the envelope domain.',
  publish_spf: 'Publish an SPF record for the envelope domain.',
  relax: 'Sign or send with exactly the domain of the From address, or relax alignment (adkim=r, aspf=r).',
  check_dns: 'Check that the DNS records concerned can be looked up and are well formed.',
  not_yours: 'If this sender is not yours, there is nothing to fix: a policy of quarantine or reject is what stops it.',
}

export interface OneDomain<T> {
  domain: T
  policy: T | null
  share: T
  messages: T
}
export interface ManyDomains<T> {
  domains: number
  enforcing: number
  share: T
  messages: T
}

export const standing = {
  title: 'Where you stand',
  next: 'Next',
  messages,
  nothing: 'Nothing',
  noMail: 'No mail was reported in this period.',
  oneDomain: <T>({ domain, policy, share, messages: count }: OneDomain<T>): Parts<T> =>
    policy === null
      ? ['For ', domain, ' no published policy is known; ', share, ' of ', count, ' pass DMARC.']
      : [domain, ' publishes ', policy, '; ', share, ' of ', count, ' pass DMARC.'],
  manyDomains: <T>({ domains, enforcing, share, messages: count }: ManyDomains<T>): Parts<T> => [
    share,
    ` of `,
    count,
    ` from ${domainsOf(domains)} pass DMARC; ${enforcing === domains ? 'all of them' : enforcing === 0 ? 'none of them' : enforcing} ${
      enforcing === 1 && domains !== 1 ? 'enforces' : 'enforce'
    } a policy.`,
  ],
  fixSource: <T>({ source, failing }: { source: T; failing: string }): Parts<T> => [
    'Look at ',
    source,
    `: ${failing} from it fail, more than from any other source.`,
  ],
  blockedSource: <T>({ source, failing }: { source: T; failing: string }): Parts<T> => [
    `${failing} from `,
    source,
    ' fail, and your policy has receivers act on them. If this sender is yours, fix it:',
  ],
  lookAtDomain: <T>({ domain, failing }: { domain: T; failing: string }): Parts<T> => [
    'Start with ',
    domain,
    `: it has ${failing} that fail.`,
  ],
  tighten: <T>({ domain, record, failing }: { domain: T; record: T; failing: T | string }): Parts<T> => [
    failing,
    ' of ',
    domain,
    ' would be lost: you can publish ',
    record,
    '.',
  ],
  rollOut: <T>({ domain, pct }: { domain: T; pct: string | null }): Parts<T> =>
    pct === null
      ? ['The policy of ', domain, ' is on trial (t=y): take that away to have it applied.']
      : ['The policy of ', domain, ` covers ${pct} % of the mail (pct): raise it to 100.`],
  publish: <T>({ domain, start }: { domain: T; start: T }): Parts<T> => ['Publish a policy for ', domain, ': ', start, '.'],
  howToPublish: 'what to put into DNS',
  watch: 'Nothing to do. Keep an eye on new sources.',
}

export const auth = {
  aligned: 'aligned',
  notAligned: 'not aligned',
  noSignature: 'no signature reported',
  noSpf: 'no SPF result reported',
}
