import { useCallback, useEffect, useRef, useState } from 'react'
import { droppedFiles, withFiles } from './droppedFiles'

/** How far files dropped on the page have come. */
export interface DroppedFiles {
  /** Whether some are held over the page. */
  readonly over: boolean
  /** Whether the files of a folder are being looked for. */
  readonly reading: boolean
  /** Adds files to those that are there; a file with the same path is replaced. */
  readonly add: (files: readonly File[]) => void
}

/** Takes files and folders dropped anywhere on the page; else the browser would leave the page and open them. */
export function useDroppedFiles(files: readonly File[], onChange: (files: readonly File[]) => void): DroppedFiles {
  const [over, setOver] = useState(false)
  const [reading, setReading] = useState(false)
  const now = useRef({ files, onChange })
  useEffect(() => {
    now.current = { files, onChange }
  })
  const add = useCallback((added: readonly File[]) => {
    if (added.length > 0) now.current.onChange(withFiles(now.current.files, added))
  }, [])
  useEffect(() => {
    const hold = (event: DragEvent) => {
      if (!holdsFiles(event)) return
      event.preventDefault()
      setOver(true)
    }
    const leave = (event: DragEvent) => {
      if (event.relatedTarget === null) setOver(false)
    }
    const drop = (event: DragEvent) => {
      if (!event.dataTransfer || !holdsFiles(event)) return
      event.preventDefault()
      setOver(false)
      setReading(true)
      void droppedFiles(event.dataTransfer.items)
        .then(add)
        .finally(() => setReading(false))
    }
    const listeners = { dragover: hold, dragleave: leave, drop } as const
    const all = Object.entries(listeners) as [keyof typeof listeners, (event: DragEvent) => void][]
    for (const [name, listener] of all) window.addEventListener(name, listener)
    return () => {
      for (const [name, listener] of all) window.removeEventListener(name, listener)
    }
  }, [add])
  return { over, reading, add }
}

function holdsFiles({ dataTransfer }: DragEvent): boolean {
  return dataTransfer?.types.includes('Files') === true
}
