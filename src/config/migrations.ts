import type { Settings } from './settings'

/** Rewrites settings of one version of the link for the next version. */
export type Migration = (settings: Settings) => Settings

/** Entry i leads from version i + 1 to version i + 2. */
export const migrations: readonly Migration[] = []

/** Version of the links that `toLink` writes. */
export const linkVersion = migrations.length + 1

/** Brings settings of `version` up to date, one step a version; settings of a newer version stay as they are. */
export function migrate(settings: Settings, version: number, steps: readonly Migration[] = migrations): Settings {
  return steps.slice(version - 1).reduce((older, step) => step(older), settings)
}
