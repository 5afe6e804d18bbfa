import { useId, useState, type DragEvent } from 'react'
import { bytes } from './format'

interface FileDropProps {
  readonly files: readonly File[]
  readonly onChange: (files: readonly File[]) => void
  readonly help: string
}

/** A place to drop files on, which is also a file picker; more files join those that are there, a same name replaces. */
export function FileDrop({ files, onChange, help }: FileDropProps) {
  const id = useId()
  const [over, setOver] = useState(false)
  const add = (more: FileList | null) => {
    const added = [...(more ?? [])]
    const names = new Set(added.map((file) => file.name))
    if (added.length > 0) onChange([...files.filter((file) => !names.has(file.name)), ...added])
  }
  const drop = (event: DragEvent) => {
    event.preventDefault()
    setOver(false)
    add(event.dataTransfer.files)
  }
  return (
    <div className={over ? 'drop over' : 'drop'} onDragOver={(event) => { event.preventDefault(); setOver(true) }} onDragLeave={() => setOver(false)} onDrop={drop}>
      <label htmlFor={id}>Drop files here, or choose them</label>
      <input id={id} type="file" multiple aria-describedby={`${id}-help`} onChange={(event) => { add(event.target.files); event.target.value = '' }} />
      <p className="help" id={`${id}-help`}>{help}</p>
      <ul>
        {files.map((file) => (
          <li key={file.name}>
            {file.name} <span className="range">{bytes(file.size)}</span>
            <button type="button" className="reset" aria-label={`Take ${file.name} away`} onClick={() => onChange(files.filter((f) => f !== file))}>×</button>
          </li>
        ))}
      </ul>
    </div>
  )
}
