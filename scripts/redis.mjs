/** Finds (and for tests installs) Redis or Valkey. */
import { existsSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { canInstall, install } from './apt.mjs'

/** Path of the server; undefined where there is none. */
export function findRedis() {
  const folders = (process.env.PATH ?? '').split(delimiter)
  return ['redis-server', 'valkey-server']
    .flatMap((name) => folders.map((folder) => join(folder, name)))
    .find(existsSync)
}

/** As `findRedis`, after installing it where that may be done. */
export function ensureRedis() {
  return findRedis() ?? (canInstall() && install(['redis-server']) ? findRedis() : undefined)
}
