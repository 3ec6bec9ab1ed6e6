export type Language = 'en' | 'ru'

type Forms = Partial<Record<Intl.LDMLPluralRule, string>> & { other: string }

/** Numbers, shares and days as a language writes them. Days are UTC. */
export interface Numbers {
  integer(value: number): string
  /** 0 to 1, with one digit where there is one. A share below one never shows as 100 %, one above zero never as 0 %. */
  share(value: number): string
  /** `2026-11-24`, or a moment in ISO 8601, of which the day and the minute are told. Anything else stays as it is. */
  day(text: string): string
  /** `count` with its noun; `#` in a form stands for the number. */
  counted(count: number, forms: Forms): string
}

export function makeNumbers(language: Language): Numbers {
  const locale = language === 'en' ? 'en-GB' : 'ru'
  const integers = new Intl.NumberFormat(locale, { maximumFractionDigits: 0 })
  const shares = new Intl.NumberFormat(locale, { style: 'percent', maximumFractionDigits: 1 })
  const rules = new Intl.PluralRules(locale)
  const days = new Intl.DateTimeFormat(locale, { day: 'numeric', month: 'short', year: 'numeric', timeZone: 'UTC' })
  const moments = new Intl.DateTimeFormat(locale, { dateStyle: 'medium', timeStyle: 'short', timeZone: 'UTC' })
  const integer = (value: number) => integers.format(value)
  return {
    integer,
    share: (value) => shares.format(value > 0 && value < 1 ? Math.min(0.999, Math.max(0.001, value)) : value),
    day(text) {
      const at = Date.parse(text)
      if (Number.isNaN(at)) return text
      const told = text.length === 10 ? days.format(at) : `${moments.format(at)} UTC`
      return told.replace(/\sг\./, '') // Russian says "year" after it, which a sentence does better without
    },
    counted: (count, forms) => (forms[rules.select(count)] ?? forms.other).replace('#', integer(count)),
  }
}
