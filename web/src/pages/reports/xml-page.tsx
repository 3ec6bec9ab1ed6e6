import { useRoute } from 'preact-iso'
import { useEffect, useState } from 'preact/hooks'
import { type ApiError, send, toApiError } from '../../api/client.ts'
import { xmlDownload, xmlPath } from '../../api/questions.ts'
import { Page } from '../../components/page.tsx'
import { ProblemBox, Skeleton } from '../../components/states.tsx'
import { formats, words } from '../../i18n/language.ts'
import { signedOut } from '../../state/session.ts'
import { linesInBlocks, readBeginning } from '../../components/foreign-text.ts'

/** A report can have hundreds of megabytes; a page shows its beginning, the download has all of it. */
const MOST_BYTES = 1_000_000

export function XmlPage() {
  const t = words().reports
  const id = useRoute().params['id'] ?? ''
  const { text, isCut, error, reload } = useXml(id)
  return (
    <Page
      title={t.rawXml}
      back={{ href: `/reports/${encodeURIComponent(id)}`, title: t.report }}
      actions={
        <a class="button" href={xmlDownload(id)} download>
          {t.downloadXml}
        </a>
      }
    >
      <p class="hint">{t.xmlHint}</p>
      {isCut && <p class="notice">{t.xmlCut(formats().bytes(MOST_BYTES))}</p>}
      {error && <ProblemBox error={error} retry={reload} />}
      {text === undefined ? (
        error ? null : (
          <Skeleton lines={16} />
        )
      ) : (
        <div class="xml" tabIndex={0} role="region" aria-label={t.rawXml}>
          {linesInBlocks(text).map((block, index) => (
            <pre key={index}>{block}</pre>
          ))}
        </div>
      )}
    </Page>
  )
}

interface XmlState {
  text?: string
  isCut: boolean
  error?: ApiError
}

function useXml(id: string): XmlState & { reload: () => void } {
  const [state, setState] = useState<XmlState>({ isCut: false })
  const [round, setRound] = useState(0)
  useEffect(() => {
    const abort = new AbortController()
    setState({ isCut: false })
    send(xmlPath(id), { signal: abort.signal })
      .then((response) => readBeginning(response, MOST_BYTES))
      .then(setState)
      .catch((thrown: unknown) => {
        if (abort.signal.aborted) return
        const error = toApiError(thrown)
        if (error.status === 401) signedOut()
        setState({ isCut: false, error })
      })
    return () => abort.abort()
  }, [id, round])
  return { ...state, reload: () => setRound(round + 1) }
}
