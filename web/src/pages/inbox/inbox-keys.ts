import type { DecisionState } from '../../components/decision-buttons.tsx'

/** What a key of the inbox asks for. */
export type Command =
  | { do: 'move'; by: 1 | -1; extend: boolean }
  | { do: 'end'; of: 'first' | 'last'; extend: boolean }
  | { do: 'decide'; state: DecisionState }
  | { do: 'select' | 'all' | 'none' | 'open' | 'undo' | 'help' }

/** The part of a keyboard event that counts. */
export type Pressed = Pick<KeyboardEvent, 'key' | 'code' | 'shiftKey' | 'ctrlKey' | 'metaKey' | 'altKey'>

const LETTERS: Record<string, Command> = {
  '1': { do: 'decide', state: 'own' },
  '2': { do: 'decide', state: 'approved' },
  '3': { do: 'decide', state: 'forwarder' },
  '4': { do: 'decide', state: 'rejected' },
  o: { do: 'decide', state: 'own' },
  a: { do: 'decide', state: 'approved' },
  f: { do: 'decide', state: 'forwarder' },
  n: { do: 'decide', state: 'rejected' },
  x: { do: 'select' },
  ' ': { do: 'select' },
  u: { do: 'undo' },
  '?': { do: 'help' },
  Enter: { do: 'open' },
  Escape: { do: 'none' },
}

/** The command of a key, by its place on the keyboard where the layout has other letters than ours; null: not one of the inbox. */
export function commandOf({ key, code, shiftKey, ctrlKey, metaKey, altKey }: Pressed): Command | null {
  const name = key.length === 1 ? latinOf(key, code) : key
  if (altKey) return null
  if (ctrlKey || metaKey) return name === 'a' && !shiftKey ? { do: 'all' } : null
  switch (name) {
    case 'j':
    case 'ArrowDown':
      return { do: 'move', by: 1, extend: shiftKey }
    case 'k':
    case 'ArrowUp':
      return { do: 'move', by: -1, extend: shiftKey }
    case 'Home':
      return { do: 'end', of: 'first', extend: shiftKey }
    case 'End':
      return { do: 'end', of: 'last', extend: shiftKey }
    default:
      return Object.hasOwn(LETTERS, name) ? (LETTERS[name] ?? null) : null
  }
}

/** Cyrillic and other layouts: the letter that stands on the same key in ours. */
function latinOf(key: string, code: string): string {
  const isAscii = key <= '~'
  return (isAscii ? key : (/^Key([A-Z])$/.exec(code)?.[1] ?? key)).toLowerCase()
}
