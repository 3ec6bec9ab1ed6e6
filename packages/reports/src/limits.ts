const KiB = 1024
const MiB = 1024 * KiB

/**
 * Every bound of the reader: where it starts and the reason for its value. All can be changed (RUADAR_LIMITS; docs/limits.md is made from
 * this table); `Infinity` takes one away. Passing one ends the part with the reason `limit`, which carries the name below and the value
 * that was in force, unless its meaning says otherwise. The values follow report-formats.md 6.1, but where only memory made something
 * dangerous, reading as it comes allows more.
 */
export const limitTable = {
  mailBytes: {
    value: 25 * MiB,
    meaning: 'Bytes of a mail. Common servers take no more than 25 MiB; the decoded parts of a mail are held in memory.',
  },
  mailParts: {
    value: 200,
    meaning: 'MIME parts of one mail, multiparts included; a mail inside it is one part. Honest report mails have one to five.',
  },
  mailPartsTotal: {
    value: 2000,
    meaning: 'MIME parts of a mail and of all mails inside it together. People forward a hundred reports in one mail.',
  },
  mailDepth: {
    value: 10,
    meaning: 'Mails inside each other, attached as files or forwarded. Two occur.',
  },
  headerBytes: {
    value: MiB,
    meaning: 'Header bytes of one MIME part. Long chains of relays reach 100 KiB; a 300 KiB header has been seen with a sound report.',
  },
  archiveLayers: {
    value: 2,
    meaning: 'Archives inside each other. Double gzip and zip of gzip occur; more is an attack.',
  },
  zipBytes: {
    value: 25 * MiB,
    meaning: 'Bytes of a zip as it comes: its directory is at the end, so it is held in memory.',
  },
  zipEntries: {
    value: 20,
    meaning: 'Entries of a zip. People forward folders with a report or two in them.',
  },
  inflatedBytes: {
    value: 1536 * MiB,
    meaning:
      'Bytes that one archive layer may inflate to. They are never held; two million records take 1.2 GiB. Honest ratios reach 50:1 and prove nothing.',
  },
  inflatedBytesTotal: {
    value: 2048 * MiB,
    meaning: "Sum of the bytes that all archives of one input inflate to, so that many entries don't multiply the limit above.",
  },
  xmlDepth: {
    value: 20,
    meaning: 'Elements inside each other. The schema needs 6, extensions some more.',
  },
  xmlAttributes: {
    value: 32,
    meaning: 'Attributes of one element. Namespace declarations on the root are the longest lists seen, fewer than ten.',
  },
  xmlTagChars: {
    value: 16 * KiB,
    meaning: 'Characters of one tag with its attributes, and of one processing instruction.',
  },
  xmlTextChars: {
    value: 64 * KiB,
    meaning: 'Characters between two tags. Real texts are names, addresses and comments; a report id of 100,000 characters has been tried.',
  },
  xmlPieceChars: {
    value: 256 * KiB,
    meaning:
      'Characters of one head element or record with all below it: bounds what the parser holds at a time. A longer record is skipped with a warning.',
  },
  xmlOutsideChars: {
    value: 16 * MiB,
    meaning: 'Characters of a document outside of its records: head, extensions, comments, white space. Honest ones are a few kilobytes.',
  },
  records: {
    value: 2_000_000,
    meaning:
      'Records of a report, which come in batches. One domain-day of a large receiver has some ten thousand; OpenDMARC writes one a message.',
  },
  listItems: {
    value: 100,
    meaning: 'Signatures, SPF results and reasons kept of one record; the rest is dropped with a warning. RFC 9990 allows 100 signatures.',
  },
  textChars: {
    value: 1024,
    meaning: 'Characters kept of a free text (names, comments); the rest is cut off with a warning.',
  },
  jsonBytes: {
    value: 10 * MiB,
    meaning: 'Bytes of a JSON document, which is read as a whole. 5,000 policies take 2 MiB.',
  },
  jsonDepth: {
    value: 20,
    meaning: 'Arrays and objects of a JSON document inside each other. RFC 8460 needs six.',
  },
  jsonValues: {
    value: 500_000,
    meaning: 'Commas outside of texts in a JSON document, which bound its values. 10 MiB of honest failure details have some 350,000.',
  },
  jsonReports: {
    value: 100,
    meaning: 'SMTP TLS reports of one JSON document, when it is an array of them. RFC 8460 knows no such array; people export some.',
  },
  sampleHeaderBytes: {
    value: MiB,
    meaning:
      'Header bytes looked at of the message that a failure report shows; the rest is dropped with a warning. Honest ones reach 100 KiB.',
  },
  sampleHeaders: {
    value: 500,
    meaning: 'Header fields kept of that message; the rest is dropped with a warning. Long chains of relays have a hundred.',
  },
  fieldChars: {
    value: 4096,
    meaning:
      'Characters kept of one such field, and of one field of the report itself; the rest is cut off with a warning. ARC seals have 1,500.',
  },
  sampleBodyChars: {
    value: 64 * KiB,
    meaning: 'Characters kept of the body of that message, where bodies are stored at all.',
  },
  warnings: {
    value: 100,
    meaning: 'Warnings kept of one report: a wrong value on every record must not fill the memory. A last one says that more were dropped.',
  },
  batchRecords: {
    value: 500,
    meaning: 'Records handed over at a time.',
  },
} as const satisfies Record<string, { value: number; meaning: string }>

export type LimitName = keyof typeof limitTable
export type Limits = Record<LimitName, number>

const names = Object.keys(limitTable) as LimitName[]
const eachLimit = (value: (name: LimitName) => number) => Object.fromEntries(names.map((name) => [name, value(name)])) as Limits

export const defaultLimits: Readonly<Limits> = eachLimit((name) => limitTable[name].value)

/** For what was read within limits before: those of another day must not keep a stored report from being opened. */
export const unlimited: Readonly<Limits> = eachLimit(() => Infinity)

/** The limits in force: the defaults, with what the caller says put over them. */
export function withDefaults(limits: Partial<Limits> = {}): Limits {
  return { ...defaultLimits, ...limits }
}

/** Reads limits as an operator writes them, `records=5000000, mailParts=400`. Throws an Error with one sentence for what is none. */
export function parseLimits(text: string): Partial<Limits> {
  const limits: Partial<Limits> = {}
  for (const item of text.split(/[\s,]+/).filter((it) => it !== '')) {
    const [name = '', value = ''] = item.split('=', 2)
    const known = names.find((it) => it === name)
    if (known === undefined) throw new Error(`There is no limit "${name.slice(0, 40)}". Limits are: ${names.join(', ')}.`)
    if (!/^[1-9]\d{0,14}$/.test(value)) throw new Error(`The limit ${name} must be a whole number above 0.`)
    limits[known] = Number(value)
  }
  return limits
}
