import { createHash } from 'node:crypto'
import { basename } from 'node:path'
import { datasets, fileStartId, ownFilesId, readsFiles } from '../config/registries'
import type { Experiment } from '../core/experiment'
import { nodeHost } from '../host/node'
import { UsageProblem } from './usage'

/** What `--files` held; runs with other files are other runs. */
export interface OwnFiles {
  readonly count: number
  /** Of all files together. */
  readonly bytes: number
  /** Hexadecimal; of names, sizes and contents in the order given, since examples are drawn in that order. */
  readonly sha256: string
}

/** Bytes of a file in memory at once. */
const portion = 16 << 20

/**
 * One record of all files; null where there are none. @param paths files, and folders, which stand for all files in
 * them @throws Problem when one cannot be read
 */
export async function ownFiles(paths: readonly string[]): Promise<OwnFiles | null> {
  const { files } = nodeHost({ dataDir: '', files: paths })
  const hash = createHash('sha256')
  for (const { name, bytes } of files) {
    hash.update(`${name}\0${bytes.byteLength}\0`)
    for (let at = 0; at < bytes.byteLength; at += portion)
      hash.update(new Uint8Array(await bytes.slice(at, at + portion)))
  }
  const bytes = files.reduce((sum, file) => sum + file.bytes.byteLength, 0)
  return files.length > 0 ? { count: files.length, bytes, sha256: hash.digest('hex') } : null
}

/** @throws UsageProblem when `--files` names files that neither data nor start of an experiment would read */
export function checkFiles(paths: readonly string[], experiment: Experiment): void {
  const set = datasets[experiment.data.id]
  if (!set || readsFiles(experiment)) return
  const readsVocabulary = Object.hasOwn(set.knobs, 'vocabulary')
  const unread = paths
    .map((path) => basename(path))
    .find((name) => !readsVocabulary || name.toLowerCase() !== 'vocab.txt')
  if (unread === undefined) return
  throw new UsageProblem(
    `--files names ${unread}, but the data set is ${set.label}, which reads `
      + `${readsVocabulary ? 'only a vocab.txt' : 'no files'}.`,
    `Add --set data=${ownFilesId} to train on your files or --set start=${fileStartId} to start from them, `
      + 'or leave --files out.',
  )
}
