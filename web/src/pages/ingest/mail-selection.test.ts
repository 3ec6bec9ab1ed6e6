import { expect, it } from 'vitest'
import { requestsFor } from './mail-selection.tsx'

it('asks for as many mails at once as the API takes, and for each of them once', () => {
  const ids = Array.from({ length: 2_300 }, (_, index) => String(index))
  const requests = requestsFor(ids)
  expect(requests.map((request) => request.ids?.length)).toEqual([1000, 1000, 300])
  expect(requests.flatMap((request) => request.ids)).toEqual(ids)
  expect(requestsFor([])).toEqual([])
})
