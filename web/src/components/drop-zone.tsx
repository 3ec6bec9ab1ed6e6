import { useId, useState } from 'preact/hooks'
import { words } from '../i18n/language.ts'
import { UploadList } from './upload-list.tsx'
import { useUploads } from './uploads.ts'

/** Takes report files by drop or by choice and shows what became of each. `onRead` runs after every file that was read. */
export function DropZone({ onRead }: { onRead?: () => void }) {
  const t = words().upload
  const id = useId()
  const [over, setOver] = useState(false)
  const { uploads, add } = useUploads(onRead)
  return (
    <>
      <div
        class={over ? 'drop-zone over' : 'drop-zone'}
        onDragOver={(event) => {
          event.preventDefault()
          setOver(true)
        }}
        onDragLeave={() => setOver(false)}
        onDrop={(event) => {
          event.preventDefault()
          setOver(false)
          add([...(event.dataTransfer?.files ?? [])])
        }}
      >
        <input
          id={id}
          class="visually-hidden"
          type="file"
          multiple
          onChange={(event) => {
            add([...(event.currentTarget.files ?? [])])
            event.currentTarget.value = ''
          }}
        />
        <label for={id}>
          <span class="button">{t.choose}</span> <span>{t.orDrop}</span>
        </label>
        <p class="hint">{t.kinds}</p>
      </div>
      <UploadList uploads={uploads} />
    </>
  )
}
