import { useState, type ComponentProps } from 'react'
import { fileStartId, ownFilesId, plugin, readsFiles } from '../../../src/config/registries'
import { kindsOf } from '../../../src/core/trainedFiles'
import type { FileDrop } from '../../controls/FileDrop'
import { count } from '../../controls/format'
import { useDroppedFiles } from '../../controls/useDroppedFiles'
import { useActions, useApp } from '../../store'

/**
 * Files that are dropped anywhere, or picked: those of a trained model make it the start, others become the data.
 * @param onAdded hears of new files
 */
export function useOwnFiles(onAdded: () => void): OwnFiles & { readonly said: string } {
  const { files, experiment } = useApp((s) => s.setup)
  const { choose, setFiles } = useActions()
  const [told, setTold] = useState<{ readonly text: string; readonly files: readonly File[] } | null>(null)
  const dropped = useDroppedFiles(files, (all) => {
    const added = all.filter((file) => !files.includes(file))
    const { model, data } = kindsOf(namesOf(added), namesOf(files))
    const isData = data || (!model && !readsFiles(experiment))
    if (model) choose('start', fileStartId)
    if (isData && !plugin('data', experiment.data.id).ownFiles) choose('data', ownFilesId)
    setFiles(all)
    setTold({
      files: all,
      text: `${count(added.length)} ${added.length === 1 ? 'file' : 'files'} added${usesText(isData, model)}.`,
    })
    onAdded()
  })
  return { files, onChange: setFiles, dropped, said: told?.files === files ? told.text : '' }
}

/** The user's files, as a picker shows them. */
export type OwnFiles = Pick<ComponentProps<typeof FileDrop>, 'files' | 'onChange' | 'dropped'>

function namesOf(files: readonly File[]): string[] {
  return files.map(({ name }) => name)
}

function usesText(isData: boolean, isModel: boolean): string {
  const uses = [...(isData ? ['the data'] : []), ...(isModel ? ['what the run starts from'] : [])]
  return uses.length > 0 ? `: ${uses.join(', and ')}` : ''
}
