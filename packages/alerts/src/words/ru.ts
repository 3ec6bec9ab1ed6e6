import { listNames } from './list-names.ts'
import { makeNumbers } from './numbers.ts'
import type { AlertWords } from './sentences.ts'

const { integer, share, day, counted } = makeNumbers('ru')
const messages = (count: number) => counted(count, { one: '# письмо', few: '# письма', many: '# писем', other: '# письма' })
const days = (count: number) => counted(count, { one: '# день', few: '# дня', many: '# дней', other: '# дня' })
/** После «с»: с 1 адреса, с 5 адресов. */
const fromAddresses = (count: number) => counted(count, { one: '# адреса', other: '# адресов' })
const senders = (count: number) =>
  counted(count, { one: '# отправитель', few: '# отправителя', many: '# отправителей', other: '# отправителя' })

const causes = {
  mailbox: 'Почтовый ящик, куда они приходят, не читается.',
  record: 'Запись DMARC больше не запрашивает отчёты (rua).',
  low_volume: 'В последнее время почти не было писем, так что сообщать может быть не о чем.',
  unknown: 'Причина неизвестна: проверьте, запрашивает ли запись отчёты (rua) и отправлялась ли почта.',
}

export const ru: AlertWords = {
  sentences: {
    new_sender: {
      title: ({ facts, domain, name }) => ['Новый отправитель у ', name(domain ?? ''), ': ', name(facts.sender)],
      text: ({ facts, domain, name }) => [
        name(facts.sender),
        ' отправляет почту от имени ',
        name(domain ?? ''),
        `, впервые ${day(facts.firstDay)}: ${messages(facts.messages)} за ${days(facts.days)} с ${fromAddresses(facts.sources)}. `,
        facts.aligned === 0
          ? 'Ни одно письмо не проходит DMARC.'
          : facts.aligned >= facts.messages
            ? 'Все письма проходят DMARC: у него есть ключи или адреса вашего домена.'
            : `Из них проходят DMARC: ${integer(facts.aligned)}.`,
        ' Скажите, ваш ли он.',
      ],
    },
    spoofing: {
      title: ({ domain, name }) => ['Поддельная почта от имени ', name(domain ?? '')],
      text: ({ facts, domain, name }) => [
        `За неделю с ${day(facts.from)} от имени `,
        name(domain ?? ''),
        ` пришло ${messages(facts.messages)} с ${fromAddresses(facts.sources)} (${senders(facts.senders)}), за которые ничто не ручается. Больше всего отправил `,
        name(facts.largest),
        '. Исправлять здесь нечего: такую почту останавливает политика quarantine или reject.',
      ],
    },
    alignment_drop: {
      title: ({ facts, domain, name }) => [name(facts.sender), ' реже проходит DMARC для ', name(domain ?? '')],
      text: ({ facts, day: of, name }) => [
        'Отправитель ',
        name(facts.sender),
        `, ${day(of)}: ${messages(facts.messages)}, из них проходят DMARC ${share(facts.share)}; обычно ${share(facts.usualShare)}. Не проходят: ${integer(facts.failing)}.`,
      ],
    },
    failing_rise: {
      title: ({ domain, name }) => ['Больше писем ', name(domain ?? ''), ' не проходит DMARC'],
      text: ({ facts, day: of }) => [
        `${day(of)}: ${messages(facts.messages)}, не прошли DMARC ${integer(facts.failing)}; в обычный день ${integer(facts.usual)}.`,
      ],
    },
    reports_stop: {
      title: ({ facts, domain, name }) =>
        facts.reporter === null
          ? ['Больше нет отчётов о ', name(domain ?? '')]
          : ['Больше нет отчётов от ', name(facts.reporter), ' о ', name(domain ?? '')],
      text: ({ facts }) => [`Последний отчёт — за ${day(facts.lastDay)}, прошло ${days(facts.silentDays)}. ${causes[facts.cause]}`],
    },
    policy_changed: {
      title: ({ domain, name }) => ['Политика DMARC домена ', name(domain ?? ''), ' изменилась'],
      text: ({ facts, day: of, name }) => [
        'Была ',
        name(facts.before),
        ', стала ',
        name(facts.after),
        `: так её ${day(of)} увидели ${counted(facts.reporters, { one: '# составитель отчётов', few: '# составителя отчётов', many: '# составителей отчётов', other: '# составителя отчётов' })}. Если это сделали не вы, проверьте свой DNS.`,
      ],
    },
    quarantine: {
      title: ({ facts }) => [
        counted(facts.mails, {
          one: 'Не удалось прочитать # письмо',
          few: 'Не удалось прочитать # письма',
          many: 'Не удалось прочитать # писем',
          other: 'Не удалось прочитать # письма',
        }),
      ],
      text: ({ facts, name }) => [
        'Самая частая причина: ',
        name(facts.code),
        '. Письма лежат в карантине, оттуда их можно прочитать ещё раз.',
      ],
    },
    mailbox_failing: {
      title: ({ facts, name }) => ['Почтовый ящик ', name(facts.mailbox), ' недоступен'],
      text: ({ facts, name }) => [`С ${day(facts.since)}: `, name(facts.message), ' Отчёты ждут там, пока он не откроется.'],
    },
    tls_failures_rise: {
      title: ({ domain, name }) => ['Больше соединений TLS с ', name(domain ?? ''), ' не удаётся'],
      text: ({ facts, day: of, name }) => [
        `${day(of)}: ${counted(facts.sessions, { one: '# соединение', few: '# соединения', many: '# соединений', other: '# соединения' })}, не удалось ${integer(facts.failed)}; в обычный день ${integer(facts.usual)}.`,
        ...(facts.resultType === null ? [] : [' Чаще всего: ', name(facts.resultType), '.']),
      ],
    },
    channel_failing: {
      title: ({ facts, name }) => ['Оповещения не доходят: ', name(facts.channel)],
      text: ({ facts, name }) => [
        name(facts.message),
        ` ${counted(facts.waiting, { one: 'Ждёт # сообщение', few: 'Ждут # сообщения', many: 'Ждут # сообщений', other: 'Ждут # сообщения' })}, попытки продолжатся сутки.`,
      ],
    },
  },
  history: {
    title: 'Что показали старые отчёты',
    text: (notice, name) => [
      `Прочитаны отчёты с ${day(notice.from)} по ${day(notice.to)}: `,
      ...listNames(
        notice.domains,
        name,
        (rest) => ` и ещё ${counted(rest, { one: '# домен', few: '# домена', many: '# доменов', other: '# домена' })}`,
      ),
      `. В них ${senders(notice.senders)}, вам неизвестны ${integer(notice.unknown)}. `,
      notice.alerts === 0
        ? 'Ни один случай не стал бы поводом для оповещения.'
        : `${counted(notice.alerts, { one: '# оповещение записано', few: '# оповещения записаны', many: '# оповещений записано', other: '# оповещения записаны' })} без отдельного сообщения.`,
      ' О каждом новом отправителе теперь сообщим сразу.',
    ],
  },
  rules: {
    new_sender: {
      name: 'Новый отправитель',
      about: 'Отправитель, которого у домена раньше не было; кроме пересылок, сканеров и одобренных сервисов.',
    },
    spoofing: { name: 'Поддельная почта', about: 'Адреса, похожие на подделку: одна сводка в неделю на домен.' },
    alignment_drop: { name: 'Падает согласованность', about: 'Свой или одобренный отправитель проходит DMARC реже, чем раньше.' },
    failing_rise: {
      name: 'Растут непройденные проверки',
      about: 'DMARC не проходит больше писем домена, чем объясняет его собственная история.',
    },
    reports_stop: { name: 'Отчёты прекратились', about: 'О домене больше не сообщают — никто или один из составителей отчётов.' },
    policy_changed: { name: 'Политика изменилась', about: 'Отчёты показывают другую опубликованную политику DMARC.' },
    quarantine: { name: 'Нечитаемые письма', about: 'Письма с отчётами не удалось прочитать, они в карантине.' },
    mailbox_failing: { name: 'Ящик недоступен', about: 'К почтовому ящику с отчётами нельзя подключиться или войти.' },
    tls_failures_rise: {
      name: 'Растут ошибки TLS',
      about: 'Не удаётся больше соединений TLS с доменом, чем объясняет его собственная история.',
    },
    channel_failing: { name: 'Канал недоступен', about: 'Сообщения не доходят до канала; об этом говорят остальные каналы.' },
  },
  decisions: { own: 'Наш', approved: 'Одобренный сервис', forwarder: 'Пересылка', rejected: 'Не наш' },
  actions: {
    open: 'Открыть в Ruadar',
    noLinks: 'В сообщениях нет ссылок, пока RUADAR_PUBLIC_URL не говорит, где страница.',
    reason: (channel) => `Отправлено Ruadar через канал «${channel}».`,
  },
  test: {
    title: 'Проверочное сообщение Ruadar',
    text: (channel) => `Канал «${channel}» работает: оповещения будут приходить сюда.`,
  },
}
