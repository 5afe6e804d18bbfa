import type { ComponentProps } from 'react'
import { fileStartId, ownFilesId, readsFiles } from '../../../src/config/registries'
import type { FileDrop } from '../../controls/FileDrop'
import { useDroppedFiles } from '../../controls/useDroppedFiles'
import { useActions, useApp } from '../../store'

/** Files that are dropped anywhere, or picked: those of a trained model make it the start, others become the data. */
export function useOwnFiles(): OwnFiles {
  const { files, experiment } = useApp((s) => s.setup)
  const { choose, setFiles } = useActions()
  const dropped = useDroppedFiles(files, (all) => {
    const added = all.filter((file) => !files.includes(file))
    if (added.some(({ name }) => name.endsWith('.safetensors'))) choose('start', fileStartId)
    else if (!readsFiles(experiment)) choose('data', ownFilesId)
    setFiles(all)
  })
  return { files, onChange: setFiles, dropped }
}

/** The user's files, as a picker shows them. */
export type OwnFiles = Pick<ComponentProps<typeof FileDrop>, 'files' | 'onChange' | 'dropped'>
