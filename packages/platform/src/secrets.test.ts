import { describe, expect, it } from 'vitest'
import { OperatorError } from './operator-error.ts'
import { openSecrets, sealSecrets, sha256 } from './secrets.ts'

const key = Buffer.alloc(32, 1)

describe('sealed secrets', () => {
  it('open to what was sealed', () => {
    const value = { password: 'pässword', refreshToken: 'x'.repeat(5000), none: null }
    expect(openSecrets(sealSecrets(value, key), key)).toEqual(value)
  })

  it('show nothing of the value and differ each time', () => {
    const first = sealSecrets({ password: 'geheim' }, key)
    expect(first.includes('geheim')).toBe(false)
    expect(first.equals(sealSecrets({ password: 'geheim' }, key))).toBe(false)
  })

  it('do not open with another key, in words for the operator', () => {
    const sealed = sealSecrets({ password: 'geheim' }, key)
    expect(() => openSecrets(sealed, Buffer.alloc(32, 2))).toThrow(OperatorError)
    expect(() => openSecrets(sealed, Buffer.alloc(32, 2))).toThrow('RUADAR_SECRET_KEY')
  })

  it('do not open when a single bit was changed anywhere', () => {
    const sealed = sealSecrets('x', key)
    for (let index = 0; index < sealed.length; index++) {
      const changed = Buffer.from(sealed)
      changed.writeUInt8(changed.readUInt8(index) ^ 1, index)
      expect(() => openSecrets(changed, key)).toThrow(OperatorError)
    }
  })

  it('do not open when they were cut', () => {
    const sealed = sealSecrets('x', key)
    for (let length = 0; length < sealed.length; length++) {
      expect(() => openSecrets(sealed.subarray(0, length), key)).toThrow(OperatorError)
    }
  })
})

describe('sha256', () => {
  it('hashes bytes and the UTF-8 of a text alike', () => {
    expect(sha256('').toString('hex')).toBe('e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855')
    expect(sha256('ä')).toEqual(sha256(new Uint8Array([0xc3, 0xa4])))
  })
})
