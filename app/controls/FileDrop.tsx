import { useId } from 'react'
import { pickedFiles } from './droppedFiles'
import { bytes, count } from './format'
import type { DroppedFiles } from './useDroppedFiles'

interface FileDropProps {
  /** Named by their paths. */
  readonly files: readonly File[]
  readonly onChange: (files: readonly File[]) => void
  readonly dropped: DroppedFiles
  readonly help: string
}

/** The user's files: pickers for files and for a folder, and what was chosen or dropped. */
export function FileDrop({ files, onChange, dropped: { over, reading, add }, help }: FileDropProps) {
  const id = useId()
  const takeAway = (inside: readonly File[]) => {
    const gone = new Set(inside)
    onChange(files.filter((file) => !gone.has(file)))
  }
  return (
    <div className={over ? 'drop over' : 'drop'}>
      <label htmlFor={id}>Drop files here, or choose them</label>
      <input
        id={id}
        type="file"
        multiple
        aria-describedby={`${id}-help`}
        onChange={(event) => {
          add(pickedFiles(event.target.files))
          event.target.value = ''
        }}
      />
      <label htmlFor={`${id}-folder`}>Choose a folder</label>
      <input
        id={`${id}-folder`}
        type="file"
        multiple
        aria-describedby={`${id}-help`}
        {...{ webkitdirectory: '' }}
        onChange={(event) => {
          add(pickedFiles(event.target.files))
          event.target.value = ''
        }}
      />
      <p className="help" id={`${id}-help`}>
        {help}
      </p>
      <p className="range" role="status">
        {reading ? 'Reading the folder' : ''}
      </p>
      <ul>
        {pilesOf(files).map(({ name, inside }) => (
          <li key={name}>
            {name}
            <span className="range">
              {name.endsWith('/') ? `${count(inside.length)} files, ` : ''}
              {bytes(sizeOf(inside))}
            </span>
            <button type="button" className="reset" aria-label={`Take ${name} away`} onClick={() => takeAway(inside)}>
              ×
            </button>
          </li>
        ))}
      </ul>
    </div>
  )
}

/** Files by themselves, and those of a folder together: `pets/`. */
function pilesOf(files: readonly File[]): { readonly name: string; readonly inside: readonly File[] }[] {
  const piles = new Map<string, File[]>()
  for (const file of files) {
    const name = /^[^/]*\//.exec(file.name)?.[0] ?? file.name
    const pile = piles.get(name)
    if (pile) pile.push(file)
    else piles.set(name, [file])
  }
  return [...piles].map(([name, inside]) => ({ name, inside }))
}

function sizeOf(files: readonly File[]): number {
  return files.reduce((sum, { size }) => sum + size, 0)
}
