import type { FieldError } from '../problem.ts'

/** What the validator says of one rule, in the words of TypeBox. */
export interface Issue {
  keyword: string
  schemaPath: string
  instancePath: string
  params: Record<string, unknown>
  message?: string | undefined
}

/**
 * Turns the validator's issues into one sentence for each field. `context` is the part of the request: body, querystring, params.
 * A union reports every branch that did not fit: of those only the branch that was meant is of use, or the list of words.
 * The validator stops after 8 issues, so the list is short.
 */
export function toFieldErrors(context: string | undefined, issues: readonly Issue[]): FieldError[] {
  const place = context === 'querystring' ? 'query' : (context ?? 'body')
  return withoutForeignBranches(issues).map((issue) => ({ path: `/${place}${issue.instancePath}`, message: messageOf(issue) }))
}

function withoutForeignBranches(issues: readonly Issue[]): Issue[] {
  let kept = issues.filter((it) => it.keyword !== 'boolean') // the twin of additionalProperties
  for (const union of issues.filter((it) => it.keyword === 'anyOf')) {
    const prefix = `${union.schemaPath}/anyOf/`
    const inside = kept.filter((it) => it.schemaPath.startsWith(prefix))
    const branchOf = (it: Issue) => it.schemaPath.slice(prefix.length).split('/', 1)[0]
    const consts = inside.filter((it) => it.keyword === 'const')
    const excluded = new Set(consts.map(branchOf))
    const meant = inside.filter((it) => !excluded.has(branchOf(it)))
    kept = kept.filter((it) => it !== union && !inside.includes(it))
    kept.push(...(meant.length > 0 ? meant : [oneOf(consts, union)]))
  }
  return kept
}

function oneOf(consts: readonly Issue[], union: Issue): Issue {
  const words = [...new Set(consts.map((it) => String(it.params['allowedValue'])))]
  if (words.length === 0) return union
  return { ...union, instancePath: consts[0]?.instancePath ?? union.instancePath, message: `must be one of ${words.join(', ')}` }
}

function messageOf(issue: Issue): string {
  const names = issue.params['additionalProperties'] ?? issue.params['requiredProperties']
  if (Array.isArray(names)) return issue.keyword === 'required' ? `needs ${names.join(', ')}` : `does not know ${names.join(', ')}`
  return issue.message ?? 'is not right'
}
