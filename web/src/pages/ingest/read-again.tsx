import type { ReadAgainRequest, ReadAgainResult } from '@ruadar/contract'
import { useState } from 'preact/hooks'
import { ask } from '../../api/client.ts'
import { type Action, useAction } from '../../components/form.tsx'
import { ProblemBox } from '../../components/states.tsx'
import { words } from '../../i18n/language.ts'

interface ReadAgain extends Action<[requests: readonly ReadAgainRequest[]]> {
  /** Mails that the last call put in line; undefined before the first. */
  requeued: number | undefined
}

/** Has mails read again, as after an upgrade; `onRequeued` runs when they are in line. */
export function useReadAgain(onRequeued: () => void): ReadAgain {
  const [requeued, setRequeued] = useState<number>()
  const action = useAction(async (requests: readonly ReadAgainRequest[]) => {
    setRequeued(undefined)
    let mails = 0
    for (const body of requests) mails += (await ask<ReadAgainResult>('/ingest/read-again', { method: 'POST', body })).mails
    setRequeued(mails)
    onRequeued()
  })
  return { ...action, requeued }
}

/** What came of it, for eyes and screen readers. */
export function ReadAgainAnswer({ again }: { again: ReadAgain }) {
  return (
    <>
      {again.error && <ProblemBox error={again.error} />}
      <p role="status" class="said">
        {again.requeued === undefined ? '' : words().ingest.requeued(again.requeued)}
      </p>
    </>
  )
}
