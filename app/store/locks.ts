import { check } from '../../src/config/check'
import { covers, type Role } from '../../src/config/role'
import { flatten } from '../../src/config/settings'
import type { Experiment } from '../../src/core/experiment'
import type { SetupState } from './setup'
import type { AppState } from './state'

/** A change by hand, with everything that the link locks or hides as it was before. */
export function keepLocked(before: Experiment, after: SetupState, { lock, hide }: Role): SetupState {
  if (lock.length + hide.length === 0) return after
  const locked = Object.entries(flatten(before)).filter(([key]) => covers(lock, key) || covers(hide, key))
  // What another method does not have is no fault of who chose it.
  const { experiment } = check(Object.fromEntries(locked), after.experiment)
  return { ...after, experiment }
}

/** Whether the link keeps a setting from the reader. */
export function isFixed({ role }: Pick<AppState, 'role'>, setting: string): boolean {
  return covers(role.lock, setting) || covers(role.hide, setting)
}

/** Whether the reader may take another preset: it changes data, model and training. */
export function takesPresets(state: Pick<AppState, 'role'>): boolean {
  return !['data', 'model', 'training'].some((part) => isFixed(state, part))
}
