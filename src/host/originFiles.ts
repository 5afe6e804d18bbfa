import type { ListedStore, StoredFile } from '../core/host'

/**
 * Files that belong to the page's origin alone (the origin private file system), in a folder of it. The browser writes
 * a file aside and swaps it when it is whole.
 * @returns null where the browser has no such files
 */
export function originFiles(folder: string): ListedStore | null {
  if (typeof FileSystemFileHandle === 'undefined' || !('createWritable' in FileSystemFileHandle.prototype)) return null
  const opened = async () => (await navigator.storage.getDirectory()).getDirectoryHandle(folder, { create: true })
  return {
    get: (key) =>
      opened()
        .then((at) => at.getFileHandle(key))
        .then((handle) => handle.getFile())
        .then((file) => file.arrayBuffer())
        .catch(() => null),
    put: (key, bytes) =>
      opened()
        .then((at) => at.getFileHandle(key, { create: true }))
        .then((handle) => write(handle, bytes))
        .catch(() => false),
    remove: (key) =>
      opened()
        .then((at) => at.removeEntry(key))
        .catch(() => undefined),
    list: () =>
      opened()
        .then(filesIn)
        .catch(() => []),
  }
}

async function filesIn(folder: FileSystemDirectoryHandle): Promise<readonly StoredFile[]> {
  const files: StoredFile[] = []
  for await (const entry of folder.values())
    if (entry.kind === 'file') {
      const { name, size, lastModified } = await entry.getFile()
      files.push({ key: name, bytes: size, at: lastModified })
    }
  return files
}

/** Where there is no room, the file stays as it was. */
async function write(handle: FileSystemFileHandle, bytes: ArrayBuffer): Promise<boolean> {
  const file = await handle.createWritable()
  try {
    await file.write(bytes)
    await file.close()
    return true
  } catch {
    await file.abort().catch(() => undefined)
    return false
  }
}
