const MiB = 1024 * 1024

/**
 * Every bound of the reader, with the reason for its value. All can be overridden; `Infinity` takes one away.
 * Passing one ends the part with the reason `limit`, which carries the name below and the value that was in force,
 * unless its comment says otherwise. The starting values follow report-formats.md 6.1.
 */
export interface Limits {
  /** Bytes of a mail. Common servers take no more than 25 MiB; the decoded parts of a mail are held in memory. */
  mailBytes: number
  /** MIME parts of one mail, multiparts included; a mail inside it is one part. Honest report mails have one to five. */
  mailParts: number
  /** MIME parts of a mail and of all mails inside it together. People forward a hundred reports in one mail. */
  mailPartsTotal: number
  /** Mails inside each other, attached as files or forwarded. Two occur. */
  mailDepth: number
  /** Header bytes of one MIME part. Long chains of relays reach 100 KiB; a 300 KiB header has been seen with a sound report. */
  headerBytes: number
  /** Archives inside each other. Double gzip and zip of gzip occur (row 16); more is an attack. */
  archiveLayers: number
  /** Bytes of a zip as it comes: its directory is at the end, so it is held in memory. */
  zipBytes: number
  /** Entries of a zip. People forward folders with a report or two in them (row 19). */
  zipEntries: number
  /** Bytes that one archive layer may inflate to. They are never held; two million records take 1.2 GiB. Honest ratios reach 50:1 and prove nothing. */
  inflatedBytes: number
  /** Sum of the bytes that all archives of one input inflate to, so that many entries don't multiply the limit above. */
  inflatedBytesTotal: number
  /** Elements inside each other. The schema needs 6, extensions some more. */
  xmlDepth: number
  /** Attributes of one element. Namespace declarations on the root are the longest lists seen, fewer than ten. */
  xmlAttributes: number
  /** Characters of one tag with its attributes, and of one processing instruction. */
  xmlTagChars: number
  /** Characters between two tags. Real texts are names, addresses and comments; a report id of 100,000 characters has been tried. */
  xmlTextChars: number
  /** Characters of one head element or record with all below it: bounds what the parser holds at a time. A longer record is skipped with a warning. */
  xmlPieceChars: number
  /** Characters of a document outside of its records: head, extensions, comments, white space. Honest ones are a few kilobytes. */
  xmlOutsideChars: number
  /** Records of a report, which come in batches. One domain-day of a large receiver has some ten thousand; OpenDMARC writes one a message. */
  records: number
  /** Signatures, SPF results and reasons kept of one record; the rest is dropped with a warning. RFC 9990 allows 100 signatures. */
  listItems: number
  /** Characters kept of a free text (names, comments); the rest is cut off with a warning. */
  textChars: number
  /** Bytes of a JSON document, which is read as a whole. 5,000 policies take 2 MiB. */
  jsonBytes: number
  /** Arrays and objects of a JSON document inside each other. RFC 8460 needs six. */
  jsonDepth: number
  /** Commas outside of texts in a JSON document, which bound its values. 10 MiB of honest failure details have some 350,000. */
  jsonValues: number
  /** Header bytes looked at of the message that a failure report shows; the rest is dropped with a warning. Honest ones reach 100 KiB. */
  sampleHeaderBytes: number
  /** Header fields kept of that message; the rest is dropped with a warning. Long chains of relays have a hundred. */
  sampleHeaders: number
  /** Characters kept of one such field, and of one field of the report itself; the rest is cut off with a warning. ARC seals have 1,500. */
  fieldChars: number
  /** Characters kept of the body of that message, where bodies are stored at all. */
  sampleBodyChars: number
  /** Warnings kept of one report: a wrong value on every record must not fill the memory. A last one says that more were dropped. */
  warnings: number
  /** Records handed over at a time. */
  batchRecords: number
}

export const defaultLimits: Readonly<Limits> = {
  mailBytes: 25 * MiB,
  mailParts: 200,
  mailPartsTotal: 2000,
  mailDepth: 10,
  headerBytes: MiB,
  archiveLayers: 2,
  zipBytes: 25 * MiB,
  zipEntries: 20,
  inflatedBytes: 1536 * MiB,
  inflatedBytesTotal: 2048 * MiB,
  xmlDepth: 20,
  xmlAttributes: 32,
  xmlTagChars: 16 * 1024,
  xmlTextChars: 64 * 1024,
  xmlPieceChars: 256 * 1024,
  xmlOutsideChars: 16 * MiB,
  records: 2_000_000,
  listItems: 100,
  textChars: 1024,
  jsonBytes: 10 * MiB,
  jsonDepth: 20,
  jsonValues: 500_000,
  sampleHeaderBytes: MiB,
  sampleHeaders: 500,
  fieldChars: 4096,
  sampleBodyChars: 64 * 1024,
  warnings: 100,
  batchRecords: 500,
}

/** The limits in force: the defaults, with what the caller says put over them. */
export function withDefaults(limits: Partial<Limits> = {}): Limits {
  return { ...defaultLimits, ...limits }
}
