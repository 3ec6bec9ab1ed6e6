import type { ObjectStoreSettings } from '../object-store.ts'

interface Raw {
  RUADAR_RAW_MAIL: string
  RUADAR_S3_ENDPOINT: string
  RUADAR_S3_REGION: string
  RUADAR_S3_ACCESS_KEY: string
  RUADAR_S3_SECRET_KEY: string
}

/** Where raw mails are kept: null is the database. What is wrong goes to `problems`. */
export function parseObjectStore(raw: Raw, problems: string[]): ObjectStoreSettings | null {
  if (raw.RUADAR_RAW_MAIL === 'database') return null
  const [, bucket, path = ''] = /^s3:\/\/([a-z0-9][a-z0-9.-]{1,61}[a-z0-9])(?:\/([\w!.*'()/-]*))?$/.exec(raw.RUADAR_RAW_MAIL) ?? []
  if (bucket === undefined) {
    problems.push('RUADAR_RAW_MAIL must be database, or s3://bucket/prefix')
    return null
  }
  const endpoint = raw.RUADAR_S3_ENDPOINT || `https://s3.${raw.RUADAR_S3_REGION}.amazonaws.com`
  if (!/^https?:\/\/[^/?#]+\/?$/.test(endpoint) || !URL.canParse(endpoint)) {
    problems.push('RUADAR_S3_ENDPOINT must be a URL without a path, as https://s3.example.org')
  }
  if (!raw.RUADAR_S3_ACCESS_KEY || !raw.RUADAR_S3_SECRET_KEY) {
    problems.push('RUADAR_RAW_MAIL needs RUADAR_S3_ACCESS_KEY and RUADAR_S3_SECRET_KEY')
  }
  const prefix = path.replace(/^\/+|\/+$/g, '')
  return {
    endpoint,
    region: raw.RUADAR_S3_REGION,
    bucket,
    prefix: prefix && `${prefix}/`,
    accessKey: raw.RUADAR_S3_ACCESS_KEY,
    secretKey: raw.RUADAR_S3_SECRET_KEY,
  }
}
