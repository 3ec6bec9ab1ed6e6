import { type Limits, withDefaults } from './limits.ts'
import { ReportError } from './report.ts'
import { type ByteSource, fromBytes } from './source.ts'
import { Budget } from './unpack/budget.ts'
import { gzipContent, mailContents, mboxContents, zipContents, zlibContent } from './unpack/layers.ts'

export interface PartOptions {
  limits?: Partial<Limits>
}

/**
 * Yields the raw, decompressed bytes of one part of an input again, e.g. the XML of a report for download. `part` is the address that
 * `readInput` gave; for a report of an array it is the whole array. Throws a ReportError when there is no such part (`no_such_part`) or it cannot be unpacked.
 */
export async function* openPart(source: ByteSource, part: string, options: PartOptions = {}): AsyncGenerator<Uint8Array> {
  const limits = withDefaults(options.limits)
  const budget = new Budget(limits)
  let at = source
  // The last step only says what the part is.
  for (const step of part.split('>').slice(0, -1)) at = await enter(at, step, limits, budget)
  yield* at.open()
}

async function enter(source: ByteSource, step: string, limits: Limits, budget: Budget): Promise<ByteSource> {
  const [kind, index = ''] = step.split(':')
  const note = () => {}
  if (kind === 'gz') return gzipContent(source, budget, note)
  if (kind === 'zlib') return zlibContent(source, budget)
  const found =
    kind === 'zip'
      ? (await zipContents(source, budget, limits, note, note))[Number(index)]
      : kind === 'mbox'
        ? (await mboxContents(source, limits))[Number(index)]
        : kind === 'eml'
          ? await openLeaf(source, Number(index), limits, budget)
          : null
  if (!found) throw new ReportError({ code: 'no_such_part', message: 'The input has no such part.' })
  return found
}

async function openLeaf(source: ByteSource, index: number, limits: Limits, budget: Budget): Promise<ByteSource | null> {
  const leaf = (await mailContents(source, budget, limits, () => {})).leaves[index]
  return leaf ? fromBytes(leaf.bytes) : null
}
