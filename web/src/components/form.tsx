import type { ComponentChildren } from 'preact'
import { useId, useLayoutEffect, useRef, useState } from 'preact/hooks'
import { toApiError, type ApiError } from '../api/client.ts'
import { words } from '../i18n/language.ts'

interface FieldProps {
  label: string
  hint?: ComponentChildren
  error?: string | undefined
  children: (props: { id: string; 'aria-describedby'?: string; 'aria-invalid'?: boolean }) => ComponentChildren
}

/** A label, its control, a hint and what is wrong, tied together for screen readers. */
function Field({ label, hint, error, children }: FieldProps) {
  const id = useId()
  const described = [hint && `${id}-hint`, error && `${id}-error`].filter(Boolean).join(' ')
  return (
    <div class="field">
      <label for={id}>{label}</label>
      {children({ id, ...(described && { 'aria-describedby': described }), ...(error && { 'aria-invalid': true }) })}
      {hint && (
        <p class="hint" id={`${id}-hint`}>
          {hint}
        </p>
      )}
      {error && (
        <p class="field-error" id={`${id}-error`}>
          {error}
        </p>
      )}
    </div>
  )
}

interface TextFieldProps {
  label: string
  value: string
  onInput: (value: string) => void
  hint?: ComponentChildren
  error?: string | undefined
  type?: 'text' | 'password' | 'number' | 'email'
  required?: boolean
  minLength?: number
  maxLength?: number
  autocomplete?: string
  placeholder?: string
  mono?: boolean
  min?: number
  max?: number
  step?: number | 'any'
}

export function TextField({ label, value, onInput, hint, error, type = 'text', mono, ...rest }: TextFieldProps) {
  // The types of Preact tie a role to each kind of input; every kind allowed here takes the same attributes.
  const kind = type as 'text'
  return (
    <Field label={label} hint={hint} error={error}>
      {(props) => (
        <input
          {...props}
          {...rest}
          type={kind}
          class={mono ? 'input mono' : 'input'}
          value={value}
          spellcheck={false}
          autocapitalize="off"
          onInput={(event) => onInput(event.currentTarget.value)}
        />
      )}
    </Field>
  )
}

interface ChoiceFieldProps<T extends string> {
  label: string
  value: T
  options: readonly (readonly [T, string])[]
  onChoose: (value: T) => void
  hint?: ComponentChildren
}

export function ChoiceField<T extends string>({ label, value, options, onChoose, hint }: ChoiceFieldProps<T>) {
  return (
    <Field label={label} hint={hint}>
      {(props) => (
        <select
          {...props}
          class="input"
          value={value}
          onChange={(event) => {
            const chosen = options.find(([option]) => option === event.currentTarget.value)
            if (chosen) onChoose(chosen[0])
          }}
        >
          {options.map(([option, title]) => (
            <option key={option} value={option} selected={option === value}>
              {title}
            </option>
          ))}
        </select>
      )}
    </Field>
  )
}

export interface Action<Given extends unknown[] = []> {
  busy: boolean
  error: ApiError | undefined
  run(...given: Given): Promise<void>
}

/** Something that is sent to the server: one at a time, its failure kept for the page. */
export function useAction<Given extends unknown[] = []>(work: (...given: Given) => Promise<void>): Action<Given> {
  const [busy, setBusy] = useState(false)
  const [error, setError] = useState<ApiError>()
  return {
    busy,
    error,
    async run(...given) {
      if (busy) return
      setBusy(true)
      setError(undefined)
      try {
        await work(...given)
      } catch (thrown) {
        setError(toApiError(thrown))
      } finally {
        setBusy(false)
      }
    },
  }
}

interface ConfirmProps {
  label: string
  question: string
  onConfirm: () => void
  busy?: boolean
  /** Whether it takes something away. */
  danger?: boolean
}

/** A button that asks once more in its own place; no window opens, so the keyboard stays where it is. */
export function ConfirmButton({ label, question, onConfirm, busy = false, danger = true }: ConfirmProps) {
  const [asking, setAsking] = useState<boolean>()
  const button = useRef<HTMLButtonElement>(null)
  const t = words().states
  const look = danger ? 'button button-danger' : 'button'
  // The button that had the focus is gone: without this the keyboard would start at the top of the page. Before the page is painted, so that
  // a second key, however quick, meets the question that is seen.
  useLayoutEffect(() => {
    if (asking !== undefined) button.current?.focus()
  }, [asking])
  if (!asking)
    return (
      <button type="button" class={look} ref={button} disabled={busy} onClick={() => setAsking(true)}>
        {label}
      </button>
    )
  return (
    <span class="confirm" role="group" aria-label={question}>
      <span>{question}</span>
      <button
        type="button"
        class={look}
        ref={button}
        onClick={() => {
          setAsking(false)
          onConfirm()
        }}
      >
        {label}
      </button>
      <button type="button" class="button" onClick={() => setAsking(false)}>
        {t.cancel}
      </button>
    </span>
  )
}

/**
 * @param about what is copied, for screen readers; needed where several such buttons stand on a page
 */
export function CopyButton({ text, about }: { text: string; about?: string }) {
  const [copied, setCopied] = useState(false)
  const t = words().states
  return (
    <button
      type="button"
      class="button"
      onClick={() =>
        void navigator.clipboard.writeText(text).then(
          () => setCopied(true),
          () => setCopied(false),
        )
      }
    >
      <span aria-live="polite">{copied ? t.copied : t.copy}</span>
      {about && <span class="visually-hidden">, {about}</span>}
    </button>
  )
}
