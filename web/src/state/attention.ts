import type { Attention } from '@ruadar/contract'
import { signal } from '@preact/signals'
import { ask } from '../api/client.ts'
import { attention } from '../api/alert-questions.ts'

/** What waits for a person, as last asked; the navigation and the overview show it. */
export const waiting = signal<Attention | undefined>(undefined)

/** Asks again: once a minute, and after every decision. */
export async function askAttention(): Promise<void> {
  try {
    waiting.value = await ask<Attention>(attention().path)
  } catch {
    // The number stays as it was: the page below asks the same server and says what is wrong.
  }
}
