import { listNames } from './list-names.ts'
import { makeNumbers } from './numbers.ts'
import type { AlertWords } from './sentences.ts'

const { integer, share, day, counted } = makeNumbers('en')
const messages = (count: number) => counted(count, { one: '# message', other: '# messages' })
const days = (count: number) => counted(count, { one: '# day', other: '# days' })
const addresses = (count: number) => counted(count, { one: '# address', other: '# addresses' })
const senders = (count: number) => counted(count, { one: '# sender', other: '# senders' })

const causes = {
  mailbox: 'The mailbox that they come to cannot be read.',
  record: 'The DMARC record asks for no reports any more (rua).',
  low_volume: 'Hardly any mail was sent of late, so there may be nothing to report.',
  unknown: 'The cause is not known: see whether the record still asks for reports (rua), and whether mail was sent.',
}

export const en: AlertWords = {
  sentences: {
    new_sender: {
      title: ({ facts, domain, name }) => ['New sender for ', name(domain ?? ''), ': ', name(facts.sender)],
      text: ({ facts, domain, name }) => [
        name(facts.sender),
        ' sends mail as ',
        name(domain ?? ''),
        ` since ${day(facts.firstDay)}: ${messages(facts.messages)} on ${days(facts.days)} from ${addresses(facts.sources)}. `,
        facts.aligned === 0
          ? 'None of it passes DMARC.'
          : facts.aligned >= facts.messages
            ? 'All of it passes DMARC, so it has keys or addresses of your domain.'
            : `${integer(facts.aligned)} of them pass DMARC.`,
        ' Say whether it is yours.',
      ],
    },
    spoofing: {
      title: ({ domain, name }) => ['Forged mail in the name of ', name(domain ?? '')],
      text: ({ facts, domain, name }) => [
        `In the week from ${day(facts.from)}, ${addresses(facts.sources)} of ${senders(facts.senders)} sent ${messages(facts.messages)} as `,
        name(domain ?? ''),
        ' that nothing vouches for. The largest is ',
        name(facts.largest),
        '. There is nothing to repair; a policy of quarantine or reject is what stops it.',
      ],
    },
    alignment_drop: {
      title: ({ facts, domain, name }) => [name(facts.sender), ' passes DMARC less often for ', name(domain ?? '')],
      text: ({ facts, day: of, name }) => [
        'Of ',
        messages(facts.messages),
        ' of ',
        name(facts.sender),
        ` on ${day(of)}, ${share(facts.share)} pass DMARC; usually it is ${share(facts.usualShare)}. ${integer(facts.failing)} fail.`,
      ],
    },
    failing_rise: {
      title: ({ domain, name }) => ['More mail of ', name(domain ?? ''), ' fails DMARC'],
      text: ({ facts, day: of }) => [
        `${integer(facts.failing)} of ${messages(facts.messages)} failed on ${day(of)}; on a usual day it is ${integer(facts.usual)}.`,
      ],
    },
    reports_stop: {
      title: ({ facts, domain, name }) =>
        facts.reporter === null
          ? ['No more reports about ', name(domain ?? '')]
          : ['No more reports of ', name(facts.reporter), ' about ', name(domain ?? '')],
      text: ({ facts }) => [`The last one was about ${day(facts.lastDay)}, ${days(facts.silentDays)} ago. ${causes[facts.cause]}`],
    },
    policy_changed: {
      title: ({ domain, name }) => ['The DMARC policy of ', name(domain ?? ''), ' changed'],
      text: ({ facts, day: of, name }) => [
        'From ',
        name(facts.before),
        ' to ',
        name(facts.after),
        `, as ${counted(facts.reporters, { one: '# reporter', other: '# reporters' })} saw it on ${day(of)}. If this was none of you, look at your DNS.`,
      ],
    },
    quarantine: {
      title: ({ facts }) => [counted(facts.mails, { one: '# mail could not be read', other: '# mails could not be read' })],
      text: ({ facts, name }) => [
        'The most frequent reason is ',
        name(facts.code),
        '. They are kept in quarantine, and can be read again from there.',
      ],
    },
    mailbox_failing: {
      title: ({ facts, name }) => ['The mailbox ', name(facts.mailbox), ' cannot be reached'],
      text: ({ facts, name }) => [`Since ${day(facts.since)}: `, name(facts.message), ' Reports wait there until it can be.'],
    },
    tls_failures_rise: {
      title: ({ domain, name }) => ['More TLS connections to ', name(domain ?? ''), ' fail'],
      text: ({ facts, day: of, name }) => [
        `${integer(facts.failed)} of ${counted(facts.sessions, { one: '# session', other: '# sessions' })} failed on ${day(of)}; on a usual day it is ${integer(facts.usual)}.`,
        ...(facts.resultType === null ? [] : [' Most frequent: ', name(facts.resultType), '.']),
      ],
    },
    channel_failing: {
      title: ({ facts, name }) => ['Alerts do not get through to ', name(facts.channel)],
      text: ({ facts, name }) => [
        name(facts.message),
        ` ${counted(facts.waiting, { one: '# message waits', other: '# messages wait' })} and will be tried again for a day.`,
      ],
    },
  },
  history: {
    title: 'What the old reports show',
    text: (notice, name) => [
      `Reports from ${day(notice.from)} to ${day(notice.to)} were read for `,
      ...listNames(notice.domains, name, (rest) => ` and ${counted(rest, { one: '# more domain', other: '# more domains' })}`),
      `: ${senders(notice.senders)}, of which ${integer(notice.unknown)} are unknown to you. `,
      notice.alerts === 0
        ? 'Nothing in them would have raised an alert.'
        : `${counted(notice.alerts, { one: '# alert was', other: '# alerts were' })} noted without a message of its own.`,
      ' From now on each new one is told at once.',
    ],
  },
  rules: {
    new_sender: {
      name: 'New sender',
      about: 'A sender that a domain did not have before; forwarders, scanners and approved services excepted.',
    },
    spoofing: { name: 'Forged mail', about: 'Addresses that look like forgery, summed up once a week for each domain.' },
    alignment_drop: { name: 'Alignment drops', about: 'An own or approved sender passes DMARC less often than it used to.' },
    failing_rise: { name: 'Failing mail rises', about: 'More messages of a domain fail than its own history explains.' },
    reports_stop: { name: 'Reports stop', about: 'A domain, or one reporter of it, is not reported on any more.' },
    policy_changed: { name: 'Policy changed', about: 'Reports show another published DMARC policy than before.' },
    quarantine: { name: 'Unreadable mail', about: 'Mails with reports could not be read and were quarantined.' },
    mailbox_failing: { name: 'Mailbox out of reach', about: 'A mailbox with reports cannot be reached or signed in to.' },
    tls_failures_rise: { name: 'TLS failures rise', about: 'More TLS connections to a domain fail than its own history explains.' },
    channel_failing: { name: 'Channel out of reach', about: 'Messages could not be delivered to a channel; told through the others.' },
  },
  decisions: { own: 'Ours', approved: 'Approved service', forwarder: 'Forwarder', rejected: 'Not ours' },
  actions: {
    open: 'Open in Ruadar',
    noLinks: 'Messages carry no links until RUADAR_PUBLIC_URL says where the page is.',
    reason: (channel) => `Sent by Ruadar through the channel “${channel}”.`,
  },
  test: {
    title: 'Test message of Ruadar',
    text: (channel) => `The channel “${channel}” works: alerts will arrive here.`,
  },
}
