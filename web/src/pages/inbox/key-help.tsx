import { senderWords } from '../../i18n/language.ts'

const KEYS = [
  ['move', ['J', '↓', 'K', '↑']],
  ['ends', ['Home', 'End']],
  ['decide', ['1', '2', '3', '4']],
  ['select', ['X', 'Space']],
  ['all', ['Ctrl A']],
  ['clear', ['Esc']],
  ['open', ['Enter']],
  ['undo', ['U']],
  ['help', ['?']],
] as const

export function KeyHelp({ isOpen, onToggle }: { isOpen: boolean; onToggle: () => void }) {
  const t = senderWords().inbox
  return (
    <div class="key-help">
      <button type="button" class="button" aria-expanded={isOpen} aria-controls="inbox-keys" onClick={onToggle}>
        {t.keys} <kbd aria-hidden="true">?</kbd>
      </button>
      <dl id="inbox-keys" hidden={!isOpen}>
        {KEYS.map(([name, keys]) => (
          <div key={name}>
            <dt>
              {keys.map((key) => (
                <kbd key={key}>{key}</kbd>
              ))}
            </dt>
            <dd>{t.keyList[name]}</dd>
          </div>
        ))}
      </dl>
    </div>
  )
}
