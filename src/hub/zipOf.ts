import { zipSync } from 'fflate'
import type { ExportedFile } from './exported'

/** Files as a zip, packed: pruned weights are zeros. */
export function zipOf(files: readonly ExportedFile[]): Uint8Array {
  const bytes = files.map(({ name, content }): [string, Uint8Array] => [
    name,
    typeof content === 'string' ? new TextEncoder().encode(content) : content,
  ])
  return zipSync(Object.fromEntries(bytes))
}
