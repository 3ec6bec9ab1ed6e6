import { keyName, type SenderWords } from './sentences.ts'

export const titles: SenderWords['titles'] = {
  strict_alignment: 'Мешает строгое согласование',
  key_missing_or_revoked: 'Ключ DKIM не найден или отозван',
  spf_permerror: 'Запись SPF с ошибкой',
  signed_by_service: 'Подписано доменом сервиса, а не вашим',
  spf_not_listed: 'Адреса нет в записи SPF',
  not_signed: 'Нет подписи',
  spf_foreign_bounce: 'Чужой домен возвратов',
  subdomain_policy: 'Поддомен не настроен',
  null_sender_helo: 'Уведомления о недоставке не согласованы',
  signature_breaks: 'Подпись портится в пути',
  spf_temperror: 'Запись SPF не удаётся получить',
  key_temperror: 'Ключ DKIM не удаётся получить',
  forwarded: 'Пересылка, исправлять нечего',
  spoofed: 'Подделка, исправлять нечего',
  reporter_contradicts: 'Отчёт противоречит сам себе',
}

export const causes: SenderWords['causes'] = {
  strict_alignment: ({ mechanism, signer, bounce, domain, from }, { name, code }) => [
    mechanism === 'spf' ? 'SPF пройден для ' : 'Письма подписаны доменом ',
    name((mechanism === 'spf' ? bounce : signer) ?? domain),
    ' той же организации, но политика требует в точности ',
    name(from),
    ' (',
    code(mechanism === 'spf' ? 'aspf=s' : 'adkim=s'),
    ').',
  ],
  key_missing_or_revoked: (facts, { name, code }) => [
    'Письма подписаны доменом ',
    name(facts.signer ?? facts.from),
    ', но получатели не находят годного ключа ',
    code(keyName(facts)),
    ': его нет, он отозван или записан с ошибкой.',
  ],
  spf_permerror: ({ bounce, from }, { name, code }) => [
    'Запись SPF домена ',
    name(bounce ?? from),
    ' нельзя вычислить (',
    code('permerror'),
    '), поэтому ни одно его письмо не проходит SPF.',
  ],
  signed_by_service: ({ signer, from, bounce, spfReason }, { name }) => [
    'Письма подписаны доменом ',
    name(signer ?? '…'),
    ' вместо ',
    name(from),
    ', поэтому DKIM не согласован.',
    ...(spfReason === 'passes_for_other_domain' && bounce ? [' SPF пройден, но для ', name(bounce), '.'] : []),
  ],
  spf_not_listed: ({ bounce, from, spfReason, addresses = [], moreAddresses = 0 }, { name }) => [
    ...(spfReason === 'no_record'
      ? ['У домена ', name(bounce ?? from), ' нет записи SPF']
      : ['Запись SPF домена ', name(bounce ?? from), ' не разрешает этого отправителя']),
    ...(addresses[0] ? [': ', name(addresses[0])] : []),
    ...(addresses.length + moreAddresses > 1 ? [` и ещё ${addresses.length + moreAddresses - 1}`] : []),
    '. Согласованной подписи, которая спасла бы письма, тоже нет.',
  ],
  not_signed: ({ from, bounce, spfReason }, { name }) => [
    'На письмах нет подписи DKIM домена ',
    name(from),
    '.',
    ...(spfReason === 'passes_for_other_domain' && bounce ? [' SPF пройден, но для ', name(bounce), ', и тоже не согласован.'] : []),
  ],
  spf_foreign_bounce: ({ bounce, from }, { name }) => [
    'SPF пройден для домена возвратов ',
    name(bounce ?? '…'),
    ' вместо ',
    name(from),
    ', а подписи домена ',
    name(from),
    ', которая спасла бы письма, нет.',
  ],
  subdomain_policy: ({ from, domain, policyTag, policy, np, signer, dkimReason }, { name, code }) => [
    ...(dkimReason === 'signed_by_other_domain' && signer && domain.endsWith(`.${signer}`)
      ? ['У домена ', name(domain), ' своя запись DMARC, поэтому подпись ', name(signer), ' для ', name(from), ' не согласована.']
      : ['Для ', name(domain), ' отправитель согласован, а для ', name(from), ' — нет.']),
    ...(policyTag && policy ? [' К письмам поддоменов применяется ', code(`${policyTag}=${policy}`)] : []),
    ...(policyTag && policy && np ? [', к письмам несуществующих имён — ', code(`np=${np}`)] : []),
    ...(policyTag && policy ? ['.'] : []),
  ],
  null_sender_helo: ({ bounce, from }, { name }) => [
    'У уведомлений о недоставке и прочтении нет адреса отправителя; SPF тогда проверяет имя, которым представился сервер, ',
    name(bounce ?? '…'),
    ', а оно не согласовано с ',
    name(from),
    '. Подписи на них нет.',
  ],
  signature_breaks: ({ signer, from, passingReporters = 0, failingReporters }, { name }) => [
    'Подпись домена ',
    name(signer ?? from),
    ' не подтверждается',
    ...(passingReporters > 0
      ? [
          `, таких составителей отчётов: ${failingReporters}. У других она проходит: ${passingReporters}. Значит, ключ верен, а письма меняются после подписи.`,
        ]
      : [' ни у одного составителя отчётов: ключ в DNS не тот, которым подписывают, или после подписи меняется каждое письмо.']),
  ],
  spf_temperror: ({ bounce, from }, { name }) => [
    'Получатели не смогли запросить запись SPF домена ',
    name(bounce ?? from),
    ': не ответили его серверы имён или серверы включённых в запись имён.',
  ],
  key_temperror: (facts, { code }) => ['Получатели не смогли запросить ключ DKIM ', code(keyName(facts)), ': серверы имён не ответили.'],
  forwarded: ({ sender, hint }, { name }) => [
    'Письма переслал ',
    name(sender),
    hint === 'mailing_list'
      ? ': по словам составителей отчётов, это список рассылки.'
      : hint === 'forwarded'
        ? ': так говорят составители отчётов.'
        : '. После этого SPF пройти не может, а подпись портится, если письмо изменили.',
  ],
  spoofed: ({ from, sender }, { name }) => ['Отправитель ', name(sender), ' пишет от имени ', name(from), ', и он не ваш.'],
  reporter_contradicts: ({ reporters, reported, mechanism }, { name }) => [
    ...(reporters[0] ? ['Отчёт ', name(reporters[0]), ' противоречит сам себе: '] : ['Отчёты противоречат сами себе: ']),
    reported === 'pass'
      ? 'результаты не согласованы, а письма засчитаны как прошедшие.'
      : `${mechanism === 'spf' ? 'SPF' : 'DKIM'} согласован, а письма засчитаны как не прошедшие.`,
  ],
}
