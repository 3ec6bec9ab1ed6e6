import { send } from '../api/client.ts'
import { type Action, useAction } from './form.tsx'

/**
 * Fetches a file of the API and hands it to the browser. A plain link would do, but could not say on the page why there is none.
 *
 * @param path below /api/v1
 * @param fallback name of the file where the server gives none
 */
export function useDownload(path: string, fallback: string): Action {
  return useAction(async () => {
    const response = await send(path)
    const address = URL.createObjectURL(await response.blob())
    const link = document.createElement('a')
    link.href = address
    link.download = /filename="([^"]+)"/.exec(response.headers.get('content-disposition') ?? '')?.[1] ?? fallback
    link.click()
    // Taken back only after the browser has surely begun to save it.
    setTimeout(() => URL.revokeObjectURL(address), 60_000)
  })
}
