import type { Bytes } from '../core/host'
import { isRecord } from '../core/isRecord'
import { Problem } from '../core/problem'

/** The files of a trained model by their names, wherever they lie; null where there is none of that name. */
export type Folder = (name: string) => Promise<Bytes | null>

/** A file's text, null where there is none. */
export async function textOf(folder: Folder, name: string): Promise<string | null> {
  const file = await folder(name)
  return file && new TextDecoder().decode(await file.slice(0))
}

/** A JSON file's record, null where there is none. @throws Problem when it is no record */
export async function recordOf(folder: Folder, name: string): Promise<Readonly<Record<string, unknown>> | null> {
  const text = await textOf(folder, name)
  if (text === null) return null
  let json: unknown = null
  try {
    json = JSON.parse(text)
  } catch {
    // Reported below, as for JSON that is no record.
  }
  if (isRecord(json)) return json
  throw new Problem(`${name} is no JSON record.`, "Take the file as the model's own repository has it.")
}
