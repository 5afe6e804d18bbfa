import { useApp, useOwner } from './index'
import type { RunState } from './run'
import { useSlow } from './slow'
import type { AppState } from './state'

const selectRun = (s: AppState) => s.run
const selectEnded = (s: AppState) => (s.run.phase === 'finished' ? s.run : null)

/**
 * The open run, at most four times a second. Its end comes and goes at once, with the button that starts the next one:
 * until a look later the run before would seem to be this one.
 */
export function useOpenRun(): RunState {
  const { store } = useOwner()
  const slow = useSlow(selectRun)
  const ended = useApp(selectEnded)
  return ended ?? (slow.phase === 'finished' ? store.getState().run : slow)
}
