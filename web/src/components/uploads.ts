import type { UploadResult } from '@ruadar/contract'
import { useCallback, useRef, useState } from 'preact/hooks'
import { type ApiError, ask, toApiError } from '../api/client.ts'
import { forgetAnswers } from '../api/query.ts'

export type Upload = { id: number; name: string } & (
  | { state: 'waiting' | 'sending' }
  | { state: 'done'; result: UploadResult['files'][number] }
  | { state: 'failed'; error: ApiError; retry: () => void }
)

/**
 * Sends files one by one, so that each has its own outcome and one that is too big stops nobody else.
 *
 * @param onRead runs after each file that the server took
 */
export function useUploads(onRead?: () => void): { uploads: readonly Upload[]; add: (files: readonly File[]) => void } {
  const [uploads, setUploads] = useState<readonly Upload[]>([])
  const lastId = useRef(0)
  const chain = useRef<Promise<void>>(Promise.resolve())

  const add = useCallback(
    (files: readonly File[]) => {
      for (const file of files) enqueue(file, ++lastId.current)
    },
    [onRead],
  )

  function enqueue(file: File, id: number): void {
    const show = (upload: Upload) => setUploads((old) => [upload, ...old.filter((item) => item.id !== id)].toSorted((a, b) => b.id - a.id))
    show({ id, name: file.name, state: 'waiting' })
    chain.current = chain.current.then(async () => {
      show({ id, name: file.name, state: 'sending' })
      try {
        const result = await sendFile(file)
        show({ id, name: file.name, state: 'done', result })
        forgetAnswers()
        onRead?.()
      } catch (error) {
        show({ id, name: file.name, state: 'failed', error: toApiError(error), retry: () => enqueue(file, id) })
      }
    })
  }

  return { uploads, add }
}

async function sendFile(file: File): Promise<UploadResult['files'][number]> {
  const body = new FormData()
  body.append('file', file, file.name)
  const { files } = await ask<UploadResult>('/reports', { method: 'POST', body })
  const [result] = files
  if (!result) throw new Error('the server took the file and said nothing about it')
  return result
}
