import { pipeline, type Readable } from 'node:stream'
import { createGunzip, createGzip, type Gzip } from 'node:zlib'

/** Rows shrink to a fifth, mails by a third; level 6 would take three times as long for a tenth less. */
const level = 2

export const compressArchive = (): Gzip => createGzip({ level })

/** Uncompresses a backup; whatever is wrong with it comes out of the iteration, which also ends the source. */
export async function* uncompressArchive(source: Readable): AsyncGenerator<Buffer> {
  const gunzip = createGunzip({ chunkSize: 256 * 1024 })
  pipeline(source, gunzip, () => undefined) // the error comes out below too
  yield* gunzip
}
