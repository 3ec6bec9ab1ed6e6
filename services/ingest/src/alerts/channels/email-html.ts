import type { Message } from './channel.ts'

export function escapeHtml(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;').replaceAll("'", '&#39;')
}

const font = "font-family:system-ui,-apple-system,'Segoe UI',Roboto,sans-serif"
const button =
  'display:inline-block;margin:0 8px 8px 0;padding:8px 14px;border-radius:6px;text-decoration:none;background:#1f5fbf;color:#ffffff'

/**
 * A page of a mail: nothing is loaded from anywhere, styles stand at the elements, and no colour is set that is not readable on white and
 * on black alike, so that a mail program may turn it dark. `body` is HTML, the rest text.
 */
export function htmlPage({ language, title, body, footer }: { language: string; title: string; body: string; footer: string }): string {
  return [
    `<!doctype html><html lang="${language}"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">`,
    `<meta name="color-scheme" content="light dark"><title>${escapeHtml(title)}</title></head>`,
    `<body style="margin:0;padding:16px;${font};font-size:15px;line-height:1.5"><div style="max-width:640px;margin:0 auto">`,
    `<h1 style="font-size:20px;line-height:1.3;margin:0 0 12px">${escapeHtml(title)}</h1>`,
    body,
    `<p style="margin:24px 0 0;padding-top:12px;border-top:1px solid #8888;font-size:13px;opacity:.75">${escapeHtml(footer)}</p>`,
    '</div></body></html>',
  ].join('\n')
}

/** Text and links of an alert. */
export function htmlMessage({ text, links }: Message): string {
  const buttons = links.map(({ label, url }) => `<a href="${escapeHtml(url)}" style="${button}">${escapeHtml(label)}</a>`)
  return [
    `<p style="margin:0 0 16px">${escapeHtml(text)}</p>`,
    ...(buttons.length > 0 ? [`<p style="margin:0">${buttons.join('')}</p>`] : []),
  ].join('\n')
}
