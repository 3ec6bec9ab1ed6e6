import type { SenderWords } from './sentences.ts'

const numbers = { en: new Intl.NumberFormat('en'), ru: new Intl.NumberFormat('ru') }

/** `12 of 300`, where the facts have both. */
const of = (language: 'en' | 'ru', part: number | undefined, whole: number | undefined): string => {
  const format = numbers[language]
  const joiner = language === 'en' ? 'of' : 'из'
  return whole === undefined ? format.format(part ?? 0) : `${format.format(part ?? 0)} ${joiner} ${format.format(whole)}`
}

export const reasonsEn: SenderWords['reasons'] = {
  own_organisation: ({ passing, messages }) => [`It is your own organisation. Pass DMARC: ${of('en', passing, messages)}.`],
  control_proven: ({ passing, messages }) => [`It has keys or addresses of your domain. Pass DMARC: ${of('en', passing, messages)}.`],
  known_scanner: () => ['It is known to look at mail that was sent by others.'],
  known_forwarder: () => ['It is known to pass on mail of others.'],
  list_server: () => ['Its names are those of a server of mailing lists.'],
  signed_elsewhere: ({ signedElsewhere, messages }) => [
    `Signatures with a key that another of your senders uses: ${of('en', signedElsewhere, messages)}. The mail was signed there and passed on here.`,
  ],
  reporters_say_list: ({ mailingList, messages }) => [`Reporters call it a mailing list: ${of('en', mailingList, messages)}.`],
  reporters_say_forwarded: ({ forwarded, messages }) => [`Reporters call it forwarded: ${of('en', forwarded, messages)}.`],
  arc: ({ arc, messages }) => [`Carries a chain of ARC seals, as mail that was passed on does: ${of('en', arc, messages)}.`],
  signature_broken_on_the_way: ({ signatureBroken, messages }) => [
    `Carries your signature, but broken: ${of('en', signatureBroken, messages)}. A forger has no use for that, a list that changes mail does it.`,
  ],
  nothing_aligned: ({ messages }) => [`Nothing aligned in any message of ${of('en', messages, undefined)}.`],
  spf_failed: ({ spfFail, messages }) => [`SPF does not permit the address: ${of('en', spfFail, messages)}.`],
  no_host_name: () => ['None of its addresses has a name that leads back to it.'],
  many_domains: ({ failingDomains }) => [
    `It sends as several of your domains and passes for none: ${of('en', failingDomains, undefined)}.`,
  ],
  few_messages: ({ messages }) => [`Few messages in all: ${of('en', messages, undefined)}.`],
  steady: ({ days, spanDays }) => [`It sends steadily, on ${of('en', days, spanDays)} days, as forgers rarely do.`],
  known_service_unaligned: () => [
    'It is a known service, but nothing of this mail aligns: either you hire it and it is not set up, or somebody else does.',
  ],
}

export const reasonsRu: SenderWords['reasons'] = {
  own_organisation: ({ passing, messages }) => [`Это ваша организация. Проходят DMARC: ${of('ru', passing, messages)}.`],
  control_proven: ({ passing, messages }) => [
    `У него есть ключи или адреса вашего домена. Проходят DMARC: ${of('ru', passing, messages)}.`,
  ],
  known_scanner: () => ['Известно, что он проверяет почту, которую отправили другие.'],
  known_forwarder: () => ['Известно, что он пересылает чужую почту.'],
  list_server: () => ['Его имена — как у сервера списков рассылки.'],
  signed_elsewhere: ({ signedElsewhere, messages }) => [
    `Подписаны ключом другого вашего отправителя: ${of('ru', signedElsewhere, messages)}. Письма подписали там, а здесь переслали.`,
  ],
  reporters_say_list: ({ mailingList, messages }) => [
    `Составители отчётов называют это списком рассылки: ${of('ru', mailingList, messages)}.`,
  ],
  reporters_say_forwarded: ({ forwarded, messages }) => [`Составители отчётов называют это пересылкой: ${of('ru', forwarded, messages)}.`],
  arc: ({ arc, messages }) => [`Несут цепочку печатей ARC, как пересланные письма: ${of('ru', arc, messages)}.`],
  signature_broken_on_the_way: ({ signatureBroken, messages }) => [
    `Несут вашу подпись, но испорченную: ${of('ru', signatureBroken, messages)}. Подделывающему она ни к чему, а список рассылки, который меняет письма, портит её.`,
  ],
  nothing_aligned: ({ messages }) => [`Ничего не согласовано ни в одном из писем; всего их ${of('ru', messages, undefined)}.`],
  spf_failed: ({ spfFail, messages }) => [`SPF не разрешает адрес: ${of('ru', spfFail, messages)}.`],
  no_host_name: () => ['Ни у одного из его адресов нет имени, которое ведёт обратно к адресу.'],
  many_domains: ({ failingDomains }) => [
    `Пишет от имени нескольких ваших доменов и ни для одного не проходит: ${of('ru', failingDomains, undefined)}.`,
  ],
  few_messages: ({ messages }) => [`Писем мало, всего: ${of('ru', messages, undefined)}.`],
  steady: ({ days, spanDays }) => [`Отправляет постоянно, дней с почтой: ${of('ru', days, spanDays)}; поддельная почта так ходит редко.`],
  known_service_unaligned: () => [
    'Это известный сервис, но ничего не согласовано: или вы им пользуетесь и он не настроен, или им пользуется кто-то другой.',
  ],
}
