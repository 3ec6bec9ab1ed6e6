import { plural } from '../plural.ts'

export const nav = {
  label: 'Страницы',
  menu: 'Меню',
  skip: 'К содержанию',
  home: 'Ruadar, обзор',
  sections: {
    overview: 'Обзор',
    senders: 'Отправители',
    alerts: 'Оповещения',
    reports: 'Отчёты',
    intake: 'Приём',
    settings: 'Настройки',
  },
  pages: {
    '/senders': 'Все отправители',
    '/inbox': 'Ждут решения',
    '/alerts': 'Оповещения',
    '/alerts/rules': 'Правила',
    '/alerts/channels': 'Каналы',
    '/reports': 'Сводные',
    '/reporters': 'Составители',
    '/sources': 'IP-адреса',
    '/failures': 'Сбои',
    '/tls': 'TLS',
    '/deviations': 'Отклонения',
  },
  waiting: (count: number) => plural('ru', count, { one: '# ждёт вас', few: '# ждут вас', other: '# ждут вас' }),
  signOut: 'Выйти',
  utc: 'Все дни и время указаны в UTC. Отчёт относится к тому дню UTC, в который начинается его период.',
}

export const states = {
  loading: 'Загрузка…',
  retry: 'Повторить',
  asksAgain: 'Страница повторит запрос сама.',
  more: 'Показать ещё',
  cancel: 'Отмена',
  copy: 'Скопировать',
  copied: 'Скопировано',
  broken: 'Эту страницу не удалось показать.',
  reloadPage: 'Перезагрузить страницу',
}

export const verdicts = { pass: 'пройдено', fail: 'не пройдено', unknown: 'не указано' }
export const dispositions = { none: 'без действия', quarantine: 'карантин', reject: 'отклонено', pass: 'принято', unknown: 'не указано' }
export const senderStates = {
  own: 'свой',
  approved: 'одобрен',
  forwarder: 'пересыльщик',
  unknown: 'неизвестен',
  rejected: 'чужой',
}
export const senderKinds = {
  mailbox_provider: 'почтовая служба',
  newsletter: 'рассылки',
  transactional: 'служебные письма',
  crm: 'CRM и маркетинг',
  helpdesk: 'поддержка клиентов',
  invoicing: 'счета и магазины',
  security_gateway: 'почтовый шлюз',
  forwarder: 'пересылка',
  mailing_list: 'список рассылки',
  hosting: 'хостинг',
  scanner: 'сканер получателя',
  application: 'приложение',
  domain: 'известен домен',
  network: 'известна сеть',
  address: 'известен адрес',
}
export const mailStates = {
  stored: 'ожидает',
  imported: 'принято',
  duplicate: 'повтор',
  conflict: 'конфликт',
  ignored: 'пропущено',
  quarantined: 'в карантине',
}

export const overrides = {
  forwarded: 'переслано',
  sampled_out: 'вне выборки (pct)',
  trusted_forwarder: 'доверенный пересыльщик',
  mailing_list: 'список рассылки',
  local_policy: 'местное правило',
  policy_test_mode: 'политика на испытании (t=y)',
  other: 'другое',
}

export const filter = {
  label: 'Фильтр',
  domain: 'Домен',
  allDomains: 'Все домены',
  period: 'Период',
  periods: {
    '7d': 'Последние 7 дней',
    '30d': 'Последние 30 дней',
    '90d': 'Последние 90 дней',
    '365d': 'Последние 365 дней',
    month: 'Этот месяц',
    'last-month': 'Прошлый месяц',
    custom: 'Выбранные дни',
  },
  firstDay: 'Первый день (UTC)',
  lastDay: 'Последний день (UTC)',
  more: 'Ещё фильтры',
  any: 'Любое',
  active: 'Действующие фильтры',
  takeOff: 'снять этот фильтр',
  clear: 'Снять все',
  fields: {
    sender: 'Отправитель',
    reporter: 'Составитель отчёта',
    source: 'IP источника',
    headerFrom: 'Домен автора',
    disposition: 'Действие',
    dmarc: 'DMARC',
    dkim: 'DKIM согласован',
    spf: 'SPF согласован',
  },
}

export const chart = {
  messages: { label: 'Письма по дням UTC: прошедшие и не прошедшие DMARC', pass: 'Прошли', fail: 'Не прошли' },
  sessions: { label: 'Сеансы по дням UTC: успешные и неудачные', pass: 'Успешные', fail: 'Неудачные' },
  days: 'День (UTC)',
  asTable: 'Показать эти числа таблицей',
  weekOf: (day: string) => `Неделя с ${day}`,
  failed: 'Не удалось загрузить диаграмму. Её числа есть в таблице ниже.',
}

export const access = {
  signIn: 'Войти',
  name: 'Имя',
  password: 'Пароль',
  setUp: 'Создание администратора',
  setUpHint: 'Это первый человек, который сможет войти. Открытая ссылка действует один раз.',
  secret: 'Одноразовый секрет',
  secretHint: 'Часть ссылки после «secret=», которую Ruadar вывел в консоль.',
  passwordHint: 'Не короче 10 знаков.',
  passwordAgain: 'Пароль ещё раз',
  passwordsDiffer: 'Пароли не совпадают.',
  create: 'Создать и войти',
  alreadySetUp: 'Администратор уже есть.',
  setupNeeded: 'Пока войти не может никто: откройте ссылку для настройки, которую Ruadar вывел в консоль при запуске.',
  tagline: 'Адрес за rua= — кто отправляет от имени вашего домена и почему письма не проходят.',
}

export const settings = {
  title: 'Настройки',
  appearance: 'Язык и тема',
  appearanceHint: 'Запоминаются в этом браузере.',
  language: 'Язык',
  theme: 'Тема',
  themes: { system: 'Как в системе', light: 'Светлая', dark: 'Тёмная' },
  password: 'Пароль',
  currentPassword: 'Текущий пароль',
  newPassword: 'Новый пароль',
  changePassword: 'Сменить пароль',
  passwordChanged: 'Пароль изменён.',
  addresses: 'Чужие адреса',
  addressesHint:
    'Отчёты о сбоях показывают письма, которые получили другие. Без этой настройки получатели видны как a…@example.com, а письма с такими отчётами скачать нельзя.',
  seesAddresses: 'Показывать мне получателей в отчётах о сбоях полностью',
  seesAddressesHint:
    'Только для вашей учётной записи. Переключение попадает в журнал, а при каждом просмотре отчёта отмечается, что адреса были показаны.',
  seesAddressesOn: 'Теперь адреса вам показываются.',
  seesAddressesOff: 'Теперь адреса от вас скрыты.',
  tokens: 'Токены API',
  tokensHint:
    'С токеном программа может читать всё, что есть на этих страницах, кроме получателей в отчётах о сбоях: передавайте его как «Authorization: Bearer …». API описан по адресу /api/openapi.json.',
  noTokens: 'Токенов нет.',
  tokenName: 'Название токена',
  tokenCreated: 'Создан',
  tokenUsed: 'Использован',
  neverUsed: 'ни разу',
  tokenRevoke: 'Отозвать',
  tokenRevokeQuestion: 'Программы с этим токеном перестанут работать. Отозвать?',
  createToken: 'Создать токен',
  tokenOnce: 'Скопируйте токен сейчас: больше он показан не будет.',
}

export const notFound = {
  title: 'Такой страницы нет',
  text: 'Возможно, в адресе опечатка или того, куда он вёл, больше нет.',
  home: 'К обзору',
}
