import { useId } from 'preact/hooks'

interface LinesFieldProps {
  label: string
  hint: string
  value: string
  onInput: (value: string) => void
  required?: boolean
}

/** A field for several names, one on each line. */
export function LinesField({ label, hint, value, onInput, required = false }: LinesFieldProps) {
  const id = useId()
  return (
    <div class="field">
      <label for={id}>{label}</label>
      <textarea
        id={id}
        class="input mono"
        rows={3}
        value={value}
        spellcheck={false}
        required={required}
        aria-describedby={`${id}-hint`}
        onInput={(event) => onInput(event.currentTarget.value)}
      />
      <p class="hint" id={`${id}-hint`}>
        {hint}
      </p>
    </div>
  )
}
