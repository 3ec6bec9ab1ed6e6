import { expect, test } from 'vitest'
import { effectivePolicy, type PolicyTags } from './effective-policy.ts'

const policy = (tags: Partial<PolicyTags>): PolicyTags => ({ domain: 'example.com', p: 'reject', ...tags })

test('the Policy Domain itself has p', () => {
  expect(effectivePolicy('example.com', policy({ sp: 'none', np: 'none' }))).toBe('reject')
})

test('a subdomain has sp, and p without it', () => {
  expect(effectivePolicy('a.example.com', policy({ sp: 'quarantine' }))).toBe('quarantine')
  expect(effectivePolicy('a.example.com', policy({ sp: null }))).toBe('reject')
})

test('a subdomain that does not exist has np, then sp, then p', () => {
  expect(effectivePolicy('a.example.com', policy({ sp: 'none', np: 'quarantine' }), false)).toBe('quarantine')
  expect(effectivePolicy('a.example.com', policy({ sp: 'none', np: null }), false)).toBe('none')
  expect(effectivePolicy('a.example.com', policy({}), false)).toBe('reject')
})

test('np says nothing about a subdomain that exists', () => {
  expect(effectivePolicy('a.example.com', policy({ np: 'none' }))).toBe('reject')
})

test('testing lowers the policy by one step', () => {
  expect(effectivePolicy('example.com', policy({ testing: 'y' }))).toBe('quarantine')
  expect(effectivePolicy('example.com', policy({ p: 'quarantine', testing: 'y' }))).toBe('none')
  expect(effectivePolicy('example.com', policy({ p: 'none', testing: 'y' }))).toBe('none')
  expect(effectivePolicy('example.com', policy({ testing: 'n' }))).toBe('reject')
})

test('an unknown or absent policy stays what it is', () => {
  expect(effectivePolicy('example.com', policy({ p: 'unknown', testing: 'y' }))).toBe('unknown')
  expect(effectivePolicy('example.com', policy({ p: null, testing: 'y' }))).toBeNull()
})
