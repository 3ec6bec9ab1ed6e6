import { keyName, type SenderWords } from './sentences.ts'

export const titles: SenderWords['titles'] = {
  strict_alignment: 'Strict alignment is in the way',
  key_missing_or_revoked: 'DKIM key missing or revoked',
  spf_permerror: 'SPF record is faulty',
  signed_by_service: 'Signed by the service, not by you',
  spf_not_listed: 'Address not in the SPF record',
  not_signed: 'Not signed',
  spf_foreign_bounce: 'Foreign bounce domain',
  subdomain_policy: 'Subdomain not set up',
  null_sender_helo: 'Bounces do not align',
  signature_breaks: 'Signature breaks on the way',
  spf_temperror: 'SPF record cannot be looked up',
  key_temperror: 'DKIM key cannot be looked up',
  forwarded: 'Forwarded, nothing to repair',
  spoofed: 'Forged, nothing to repair',
  reporter_contradicts: 'Reporter contradicts itself',
}

export const causes: SenderWords['causes'] = {
  strict_alignment: ({ mechanism, signer, bounce, domain, from }, { name, code }) => [
    mechanism === 'spf' ? 'SPF passes for ' : 'The mail is signed by ',
    name((mechanism === 'spf' ? bounce : signer) ?? domain),
    ', which belongs to the same organisation, but the policy asks for exactly ',
    name(from),
    ' (',
    code(mechanism === 'spf' ? 'aspf=s' : 'adkim=s'),
    ').',
  ],
  key_missing_or_revoked: (facts, { name, code }) => [
    'The mail is signed for ',
    name(facts.signer ?? facts.from),
    ', but reporters find no usable key at ',
    code(keyName(facts)),
    ': it is missing, revoked or faulty.',
  ],
  spf_permerror: ({ bounce, from }, { name, code }) => [
    'The SPF record of ',
    name(bounce ?? from),
    ' cannot be evaluated (',
    code('permerror'),
    '), so no mail of it passes SPF.',
  ],
  signed_by_service: ({ signer, from, bounce, spfReason }, { name }) => [
    'The mail is signed by ',
    name(signer ?? '…'),
    ' instead of ',
    name(from),
    ', so DKIM does not align.',
    ...(spfReason === 'passes_for_other_domain' && bounce ? [' SPF passes, but for ', name(bounce), '.'] : []),
  ],
  spf_not_listed: ({ bounce, from, spfReason, addresses = [], moreAddresses = 0 }, { name }) => [
    ...(spfReason === 'no_record'
      ? [name(bounce ?? from), ' has no SPF record']
      : ['The SPF record of ', name(bounce ?? from), ' does not permit this sender']),
    ...(addresses[0] ? [': ', name(addresses[0])] : []),
    ...(addresses.length + moreAddresses > 1 ? [` and ${addresses.length + moreAddresses - 1} more`] : []),
    '. No aligned signature makes up for it.',
  ],
  not_signed: ({ from, bounce, spfReason }, { name }) => [
    'The mail carries no DKIM signature of ',
    name(from),
    '.',
    ...(spfReason === 'passes_for_other_domain' && bounce ? [' SPF passes, but for ', name(bounce), ', so it does not align either.'] : []),
  ],
  spf_foreign_bounce: ({ bounce, from }, { name }) => [
    'SPF passes for the bounce domain ',
    name(bounce ?? '…'),
    ' instead of ',
    name(from),
    ', and no signature of ',
    name(from),
    ' makes up for it.',
  ],
  subdomain_policy: ({ from, domain, policyTag, policy, np, signer, dkimReason }, { name, code }) => [
    ...(dkimReason === 'signed_by_other_domain' && signer && domain.endsWith(`.${signer}`)
      ? [name(domain), ' has a DMARC record of its own, so a signature of ', name(signer), ' does not align for ', name(from), '.']
      : ['The sender aligns for ', name(domain), ', but not for ', name(from), '.']),
    ...(policyTag && policy ? [' Mail of subdomains meets ', code(`${policyTag}=${policy}`)] : []),
    ...(policyTag && policy && np ? [', that of names which do not exist ', code(`np=${np}`)] : []),
    ...(policyTag && policy ? ['.'] : []),
  ],
  null_sender_helo: ({ bounce, from }, { name }) => [
    'Bounces and receipts have no sender address; SPF then checks the name with which the server greets, ',
    name(bounce ?? '…'),
    ', and that does not align with ',
    name(from),
    '. They are not signed.',
  ],
  signature_breaks: ({ signer, from, passingReporters = 0, failingReporters }, { name }) => [
    'The signature of ',
    name(signer ?? from),
    ' does not verify',
    ...(passingReporters > 0
      ? [
          ` at reporters: ${failingReporters}. Others see it pass: ${passingReporters}. So the key is right, and something changes the mail after it was signed.`,
        ]
      : [' at any reporter: the key in the DNS is not the one that signs, or something changes every mail after it was signed.']),
  ],
  spf_temperror: ({ bounce, from }, { name }) => [
    'Reporters could not look up the SPF record of ',
    name(bounce ?? from),
    ': its name servers, or those of a name that it includes, did not answer.',
  ],
  key_temperror: (facts, { code }) => [
    'Reporters could not look up the DKIM key ',
    code(keyName(facts)),
    ': its name servers did not answer.',
  ],
  forwarded: ({ sender, hint }, { name }) => [
    'The mail was passed on by ',
    name(sender),
    hint === 'mailing_list'
      ? ', a mailing list as reporters say.'
      : hint === 'forwarded'
        ? ', a forwarder as reporters say.'
        : '. SPF cannot pass after that, and a signature breaks when the mail is changed.',
  ],
  spoofed: ({ from, sender }, { name }) => [name(sender), ' sends in the name of ', name(from), ' and is not yours.'],
  reporter_contradicts: ({ reporters, reported, mechanism }, { name }) => [
    ...(reporters[0] ? ['By its own results, ', name(reporters[0])] : ['By their own results, reporters']),
    reported === 'pass'
      ? ' should have failed this mail, but reported a pass.'
      : ` should have passed this mail (${mechanism === 'spf' ? 'SPF' : 'DKIM'} aligns), but reported a failure.`,
  ],
}
