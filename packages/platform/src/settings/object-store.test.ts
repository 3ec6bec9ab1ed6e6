import { expect, test } from 'vitest'
import { loadSettings } from './load.ts'

const keys = { RUADAR_S3_ACCESS_KEY: 'access', RUADAR_S3_SECRET_KEY: 'secret' }

test('keeps raw mails in the database unless told otherwise', () => {
  expect(loadSettings(keys).rawMail).toBeNull()
})

test('reads bucket and prefix, and knows where AWS has a region', () => {
  expect(loadSettings({ ...keys, RUADAR_RAW_MAIL: 's3://dmarc-mails/raw/2026/', RUADAR_S3_REGION: 'eu-central-1' }).rawMail).toEqual({
    endpoint: 'https://s3.eu-central-1.amazonaws.com',
    region: 'eu-central-1',
    bucket: 'dmarc-mails',
    prefix: 'raw/2026/',
    accessKey: 'access',
    secretKey: 'secret',
  })
  expect(loadSettings({ ...keys, RUADAR_RAW_MAIL: 's3://mails', RUADAR_S3_ENDPOINT: 'http://127.0.0.1:9000' }).rawMail).toMatchObject({
    endpoint: 'http://127.0.0.1:9000',
    prefix: '',
  })
})

test.each([
  [{ ...keys, RUADAR_RAW_MAIL: 's3://' }, 'RUADAR_RAW_MAIL must be database, or s3://bucket/prefix'],
  [{ ...keys, RUADAR_RAW_MAIL: 'https://s3.example.org/mails' }, 'RUADAR_RAW_MAIL must be database, or s3://bucket/prefix'],
  [{ ...keys, RUADAR_RAW_MAIL: 's3://mails/a?b' }, 'RUADAR_RAW_MAIL must be database, or s3://bucket/prefix'],
  [{ ...keys, RUADAR_RAW_MAIL: 's3://mails', RUADAR_S3_ENDPOINT: 'https://s3.example.org/x' }, 'RUADAR_S3_ENDPOINT must be a URL'],
  [{ RUADAR_RAW_MAIL: 's3://mails' }, 'RUADAR_RAW_MAIL needs RUADAR_S3_ACCESS_KEY and RUADAR_S3_SECRET_KEY'],
])('says what is wrong with %j', (env, message) => {
  expect(() => loadSettings(env)).toThrow(message)
})
