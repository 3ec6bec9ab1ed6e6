import { connect } from 'node:net'
import { statSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { describeOutage, isOutage } from './outage.ts'

const coded = (code: string, message = 'said by a server') => Object.assign(new Error(message), { code })

describe('an outage', () => {
  it.each(['53100', '57P01', '08006', '58030', 'NoConnection', 'ETIMEOUT'])('is what has the code %s', (code) => {
    expect(isOutage(coded(code))).toBe(true)
  })

  it('is what the system refuses, and a connection that ended', async () => {
    const refused = await new Promise((resolve) => connect(1, '127.0.0.1').once('error', resolve))
    expect(isOutage(refused)).toBe(true)
    expect(isOutage(new AggregateError([refused, refused]))).toBe(true)
    expect(isOutage(new Error('Connection terminated unexpectedly'))).toBe(true)
    let missing: unknown
    try {
      statSync('/none/at/all')
    } catch (error) {
      missing = error
    }
    expect(isOutage(missing)).toBe(true)
  })

  it('is no fault of the program, which keeps its stack', () => {
    for (const error of [
      new TypeError('x is not a function'),
      coded('23505'),
      coded('42601'),
      new AggregateError([new Error('no')]),
      null,
      'text',
    ])
      expect(isOutage(error)).toBe(false)
  })

  it('is told in its own words', () => {
    expect(describeOutage(coded('53100', 'could not extend file'))).toEqual({
      type: 'Error',
      message: 'could not extend file',
      code: '53100',
    })
    expect(describeOutage(new AggregateError([coded('ECONNREFUSED', 'connect ECONNREFUSED')])).message).toBe('connect ECONNREFUSED')
  })
})
