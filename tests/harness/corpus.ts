import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { writeReportMail } from '@ruadar/reports/generate'

const corpus = new URL('../../../shared/corpus/', import.meta.url)

/** Real reports beside the checkout, as mails; none where the folder is absent. What is no mail comes attached to one. */
export function corpusMails(): Buffer[] {
  if (!existsSync(corpus)) return []
  return ['aggregate', 'failure', 'tls', 'malformed'].flatMap((kind) => {
    const folder = new URL(`${kind}/`, corpus)
    const names = readdirSync(folder).filter((name) => !/^(MANIFEST|expected|README)/i.test(name))
    return names.sort().map((name) => {
      const bytes = readFileSync(new URL(name, folder))
      if (/\.(eml|txt)$/i.test(name)) return bytes
      const options = { reporter: 'corpus.example', policyDomain: 'example.com', reportId: name, begin: 1_767_225_600, end: 1_767_311_999 }
      return writeReportMail(bytes, { ...options, wrapping: 'octet-stream' })
    })
  })
}
