import type { ReportDetail } from '@ruadar/contract'
import { Name } from '../../components/name.tsx'
import { words } from '../../i18n/language.ts'

type Policy = ReportDetail['policy']

/** The policy as the receiver found it; tags that the report leaves out are left out here. */
export function PolicyTable({ policy }: { policy: Policy }) {
  const t = words().policy
  const tags = (Object.keys(t) as (keyof Policy)[]).filter((tag) => policy[tag] !== null)
  return (
    <dl class="facts">
      {tags.map((tag) => (
        <div key={tag}>
          <dt>{t[tag]}</dt>
          <dd>
            <code>
              {tag}=<Name value={String(policy[tag])} />
            </code>
          </dd>
        </div>
      ))}
    </dl>
  )
}
