import type { NamedFile } from '../core/host'
import type { Folder } from './folder'

const weights = /\.safetensors$/i

/** The user's files as the folder of a model. A single file of weights is the model's, whatever its name. */
export function filesFolder(files: readonly NamedFile[]): Folder {
  const byName = new Map(files.map(({ name, bytes }) => [name.split('/').at(-1) ?? name, bytes]))
  const all = files.filter(({ name }) => weights.test(name) && !/(^|\/)(masks|examples)\.safetensors$/i.test(name))
  const only = all.length === 1 ? all[0] : undefined
  return (name) => Promise.resolve(byName.get(name) ?? (name === 'model.safetensors' ? only?.bytes : undefined) ?? null)
}
