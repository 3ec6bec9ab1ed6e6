import { AwsClient } from 'aws4fetch'
import { OperatorError } from './operator-error.ts'
import { sha256 } from './secrets.ts'

export interface ObjectStoreSettings {
  /** As https://s3.example.org, without the bucket. */
  endpoint: string
  region: string
  bucket: string
  /** Begins every key; empty, or ends with a slash. */
  prefix: string
  accessKey: string
  secretKey: string
}

/** Bytes by their SHA-256: the same bytes are the same object, and writing them again changes nothing. */
export interface ObjectStore {
  /** Resolves with the key once the store has confirmed the bytes. Rejects with ObjectStoreError. */
  put(bytes: Uint8Array): Promise<Buffer>
  /** Null when there is no such object. Rejects with ObjectStoreError, also when the bytes are not those of the key. */
  get(key: Buffer): Promise<Buffer | null>
  /** Resolves also when it was not there. */
  remove(key: Buffer): Promise<void>
}

/** The store does not answer, or refuses: it is tried again later. */
export class ObjectStoreError extends OperatorError {
  override name = 'ObjectStoreError'
}

const answerMs = 30_000
/** Of the same question; then whoever asked tries again in his own time. */
const retries = 2

/** A bucket that speaks the S3 API, addressed by path as every server of that API understands it. Connects when it is asked. */
export function openObjectStore({ endpoint, region, bucket, prefix, accessKey, secretKey }: ObjectStoreSettings): ObjectStore {
  const client = new AwsClient({ accessKeyId: accessKey, secretAccessKey: secretKey, service: 's3', region, retries })
  const { host } = new URL(endpoint)

  async function ask(method: 'PUT' | 'GET' | 'DELETE', key: Buffer, body?: Uint8Array): Promise<Response> {
    const url = `${endpoint.replace(/\/+$/, '')}/${bucket}/${prefix}${key.toString('hex')}`
    let answer: Response
    try {
      answer = await client.fetch(url, {
        method,
        signal: AbortSignal.timeout(answerMs),
        redirect: 'error',
        // The key is the hash that the server checks what it received against.
        ...(body ? { body: body as Uint8Array<ArrayBuffer>, headers: { 'x-amz-content-sha256': key.toString('hex') } } : {}),
      })
    } catch (error) {
      throw new ObjectStoreError(`The object storage at ${host} does not answer.`, 'See that it runs, and RUADAR_S3_ENDPOINT.', {
        cause: error,
      })
    }
    if (answer.ok || (answer.status === 404 && method !== 'PUT' && !(await isBucketMissing(answer)))) return answer
    await answer.body?.cancel().catch(() => undefined)
    throw new ObjectStoreError(
      `The object storage at ${host} refuses to ${words[method]} ${bucket} (${answer.status}).`,
      'Check RUADAR_RAW_MAIL and the keys RUADAR_S3_ACCESS_KEY and RUADAR_S3_SECRET_KEY.',
    )
  }
  return {
    async put(bytes) {
      const key = sha256(bytes)
      await (await ask('PUT', key, bytes)).arrayBuffer()
      return key
    },
    async get(key) {
      const answer = await ask('GET', key)
      if (answer.status === 404) return null
      const bytes = Buffer.from(await answer.arrayBuffer().catch(cut(host)))
      if (!sha256(bytes).equals(key)) throw new ObjectStoreError(`The object storage at ${host} gives other bytes than it was given.`)
      return bytes
    },
    async remove(key) {
      await (await ask('DELETE', key)).arrayBuffer()
    },
  }
}

const words = { PUT: 'write to', GET: 'read from', DELETE: 'delete from' }

/** A bucket that does not exist must not look like mails that are gone. */
async function isBucketMissing(answer: Response): Promise<boolean> {
  return (await answer.clone().text()).includes('NoSuchBucket')
}

function cut(host: string) {
  return (error: unknown): never => {
    throw new ObjectStoreError(`The object storage at ${host} ended its answer early.`, undefined, { cause: error })
  }
}
