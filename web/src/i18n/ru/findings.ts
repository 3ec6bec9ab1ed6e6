import type { AdviceSentences } from '../advice.ts'
import type { Catalogue } from '../en.ts'
import type { Parts } from '../parts.ts'
import { plural } from '../plural.ts'
import type { ReasonSentences } from '../reason-parts.ts'

const messages = (count: number) => plural('ru', count, { one: '# письмо', few: '# письма', many: '# писем', other: '# письма' })
/** After "из": 93 % из 21 письма, из 5 писем. */
const domainsOf = (count: number) => plural('ru', count, { one: '# домена', other: '# доменов' })

const inBrackets = <T>(value: T | null): Parts<T> => (value === null ? [] : [' (', value, ')'])

export const reasons: ReasonSentences = {
  dkim: {
    not_signed: ({ domain, from, result }) =>
      domain === null
        ? ['Нет подписи домена ', from, '.']
        : ['Нет подписи домена ', from, '; подпись ', domain, ' не подтверждается', ...inBrackets(result), '.'],
    signed_by_other_domain: ({ domain, from }) => [
      'Подписано ',
      domain ?? 'другим доменом',
      ' вместо ',
      from,
      ', поэтому DKIM не согласован.',
    ],
    signature_failed: ({ domain, from, result }) => ['Подпись ', domain ?? from, ' не подтверждается', ...inBrackets(result), '.'],
    strict_alignment: ({ domain, from }) => [
      'Подписано ',
      domain ?? 'родственным доменом',
      ', а политика требует в точности ',
      from,
      ' (adkim=s).',
    ],
    dns_error: ({ domain, from, result }) => ['Не удалось получить ключ ', domain ?? from, ...inBrackets(result), '.'],
  },
  spf: {
    passes_for_other_domain: ({ domain, from }) => [
      'Пройден для ',
      domain ?? 'другого домена',
      ' вместо ',
      from,
      ', поэтому SPF не согласован.',
    ],
    not_permitted: ({ domain, from, result }) => [
      'Запись SPF домена ',
      domain ?? from,
      ' не разрешает этот адрес',
      ...inBrackets(result),
      '.',
    ],
    no_record: ({ domain, from }) => ['У домена ', domain ?? from, ' нет записи SPF.'],
    strict_alignment: ({ domain, from }) => [
      'Пройден для ',
      domain ?? 'родственного домена',
      ', а политика требует в точности ',
      from,
      ' (aspf=s).',
    ],
    dns_error: ({ domain, from, result }) => ['Не удалось проверить запись SPF домена ', domain ?? from, ...inBrackets(result), '.'],
    not_reported: () => ['Составитель отчёта ничего не сообщает о SPF для отправителя конверта.'],
  },
}

export const advice: AdviceSentences = {
  sign: 'Включите у этого отправителя подпись DKIM ключом вашего домена.',
  sign_as_author:
    'Настройте отправителя так, чтобы он подписывал вашим доменом; у сервисов это называется подтверждением домена или своим DKIM.',
  check_signature: 'Сверьте ключ в DNS с тем, которым подписывают, и найдите, что меняет письма после подписи.',
  own_return_path: 'Дайте этому отправителю обратный адрес (домен для возвратов) внутри вашего домена.',
  permit_in_spf: 'Добавьте отправителя в запись SPF домена конверта.',
  publish_spf: 'Опубликуйте запись SPF для домена конверта.',
  relax: 'Подписывайте и отправляйте в точности с домена адреса From или смягчите согласование (adkim=r, aspf=r).',
  check_dns: 'Проверьте, что нужные записи DNS доступны и правильно составлены.',
  not_yours: 'Если отправитель не ваш, исправлять нечего: его останавливает политика quarantine или reject.',
}

export const auth: Catalogue['auth'] = {
  aligned: 'согласовано',
  notAligned: 'не согласовано',
  noSignature: 'о подписи не сообщается',
  noSpf: 'о SPF не сообщается',
}

export const standing: Catalogue['standing'] = {
  title: 'Где вы сейчас',
  next: 'Дальше',
  messages,
  nothing: 'Ничего',
  noMail: 'За этот период отчётов о письмах нет.',
  oneDomain: ({ domain, policy, share, messages: count }) =>
    policy === null
      ? ['Для ', domain, ' опубликованная политика неизвестна; проходят DMARC: ', share, ', всего ', count, '.']
      : [domain, ' публикует ', policy, '; проходят DMARC: ', share, ', всего ', count, '.'],
  manyDomains: ({ domains, enforcing, share, messages: count }) => [
    'Проходят DMARC: ',
    share,
    ', всего ',
    count,
    ` от ${domainsOf(domains)}; `,
    enforcing === 0
      ? 'ни один не применяет политику.'
      : enforcing === domains
        ? 'все применяют политику.'
        : `политику применяют: ${enforcing}.`,
  ],
  fixSource: ({ source, failing }) => ['Посмотрите на ', source, `: не проходят ${failing} — больше, чем у других источников.`],
  blockedSource: ({ source, failing }) => [
    'Источник ',
    source,
    `: не проходят ${failing}, и ваша политика велит получателям на них реагировать. Если отправитель ваш, исправьте:`,
  ],
  lookAtDomain: ({ domain, failing }) => ['Начните с ', domain, `: не проходят ${failing}.`],
  tighten: ({ domain, record, failing }) => ['Можно опубликовать ', record, ' для ', domain, '. При этом потеряется: ', failing, '.'],
  rollOut: ({ domain, pct }) =>
    pct === null
      ? ['Политика ', domain, ' на испытании (t=y): уберите этот признак, чтобы её применяли.']
      : ['Политика ', domain, ` охватывает ${pct} % писем (pct): поднимите до 100.`],
  publish: <T>({ domain, start }: { domain: T; start: T }): Parts<T> => ['Опубликуйте политику для ', domain, ': ', start, '.'],
  howToPublish: 'что внести в DNS',
  watch: 'Делать ничего не нужно. Следите за новыми источниками.',
}
