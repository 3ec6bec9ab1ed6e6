import { type FactRows, factsOf, verdictsWhere } from './filter.ts'
import { narrowedBy, type Question } from './question.ts'
import { sumsByDomain } from './spans.ts'

/** Where messages and reports are summed up by domain: like `factsOf`, but rows of all domains have no day, since most are of several. */
export function domainsOf(question: Question): FactRows {
  if (narrowedBy(question).length > 0) return factsOf(question, 'domain')
  return { table: sumsByDomain(question.period), where: verdictsWhere(question) }
}
