import { describe, expect, it } from 'vitest'
import { safeReturnPath } from './session.ts'

describe('the way back after signing in', () => {
  it('keeps path and filter', () => {
    expect(safeReturnPath('/sources?dmarc=fail&domain=example.com')).toBe('/sources?dmarc=fail&domain=example.com')
  })

  it('never leaves the site', () => {
    const paths = ['https://evil.example', '//evil.example', '/\\evil.example', 'javascript:alert(1)', '/\t/evil.example', '', undefined]
    const followed = paths.map(safeReturnPath)
    expect(followed.filter((path) => !/^\/(?!\/)/.test(path) || path.includes('evil'))).toEqual([])
  })

  it('does not lead back to the door', () => {
    expect(safeReturnPath('/login?return=/login')).toBe('/')
    expect(safeReturnPath('/setup')).toBe('/')
  })
})
