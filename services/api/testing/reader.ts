import { startQueueWorker } from '@ruadar/ingest'
import { createLog } from '@ruadar/platform'
import { afterAll, beforeAll } from 'vitest'
import type { Service } from './service.ts'

/** Reads what the service queues, as the ingest process does, with real reader threads. */
export function useReader(service: () => Service): void {
  let worker: { close(): Promise<void> } | undefined
  beforeAll(async () => {
    const { settings, database, queue } = service()
    worker = await startQueueWorker({ settings: { ...settings, readers: 1 }, database, queue, log: createLog(settings, 'reader') })
  })
  afterAll(() => worker?.close())
}

/** An aggregate report about example.com on 2026-03-30, with one passing and one failing source. */
export function reportXml({ reportId = 'r-1', count = 12 }: { reportId?: string; count?: number } = {}): string {
  const row = (source: string, messages: number, dkim: string, signer: string) => `
  <record>
    <row><source_ip>${source}</source_ip><count>${messages}</count>
      <policy_evaluated><disposition>none</disposition><dkim>${dkim}</dkim><spf>fail</spf></policy_evaluated></row>
    <identifiers><header_from>example.com</header_from></identifiers>
    <auth_results><dkim><domain>${signer}</domain><selector>s</selector><result>pass</result></dkim>
      <spf><domain>bounce.${signer}</domain><result>fail</result></spf></auth_results>
  </record>`
  return `<?xml version="1.0" encoding="UTF-8"?>
<feedback>
  <report_metadata><org_name>mx.example</org_name><email>dmarc@mx.example</email><report_id>${reportId}</report_id>
    <date_range><begin>1774828800</begin><end>1774915199</end></date_range></report_metadata>
  <policy_published><domain>example.com</domain><adkim>r</adkim><aspf>r</aspf><p>none</p><pct>100</pct></policy_published>${row('192.0.2.1', count, 'pass', 'example.com')}${row('198.51.100.7', 3, 'fail', 'esp.example')}
</feedback>
`
}

/** A multipart/form-data body. */
export function form(...parts: { field?: string; filename?: string; content: string | Buffer }[]): {
  payload: Buffer
  headers: Record<string, string>
} {
  const boundary = 'a-boundary-of-this-test'
  const chunks = parts.flatMap(({ field = 'file', filename, content }) => [
    Buffer.from(
      `--${boundary}\r\ncontent-disposition: form-data; name="${field}"${filename === undefined ? '' : `; filename="${filename}"`}\r\n\r\n`,
    ),
    Buffer.from(content),
    Buffer.from('\r\n'),
  ])
  return {
    payload: Buffer.concat([...chunks, Buffer.from(`--${boundary}--\r\n`)]),
    headers: { 'content-type': `multipart/form-data; boundary=${boundary}` },
  }
}
