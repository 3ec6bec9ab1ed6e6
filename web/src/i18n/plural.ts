type Forms = Partial<Record<Intl.LDMLPluralRule, string>> & { other: string }

const rules = new Map<string, Intl.PluralRules>()
const numbers = new Map<string, Intl.NumberFormat>()

function cached<T>(cache: Map<string, T>, key: string, make: (key: string) => T): T {
  const known = cache.get(key)
  if (known !== undefined) return known
  const made = make(key)
  cache.set(key, made)
  return made
}

/** `count` with its noun, by the plural rules of the language; `#` in a form stands for the formatted number. */
export function plural(language: string, count: number, forms: Forms): string {
  const rule = cached(rules, language, (key) => new Intl.PluralRules(key)).select(count)
  return (forms[rule] ?? forms.other).replace('#', formatInteger(language, count))
}

export function formatInteger(language: string, value: number): string {
  return cached(numbers, language, (key) => new Intl.NumberFormat(key, { maximumFractionDigits: 0 })).format(value)
}
