import type { Frame, Recorded } from '../../src/core/recorded'
import { noisePoints } from '../../src/past/noisePoints'
import type { RunState } from './run'

type Seen = Pick<RunState, 'classes' | 'noise' | 'bounds'>

/** Each is made once: charts check whether what they draw is still the same object. */
const seen = new WeakMap<Frame, Seen>()
const made = new WeakMap<RunState, { readonly frame: Frame; readonly run: RunState }>()

/** A run with its weights as they were in a frame: its layers, classes, and the sample nearest before. */
export function runAt(run: RunState, frame: Frame): RunState {
  const known = made.get(run)
  if (known?.frame === frame) return known.run
  const layers = run.layers.map((layer, i) => ({ ...layer, kept: frame.kept[i] ?? layer.kept }))
  const past = { ...run, layers, ...seenIn(frame, run.record) }
  made.set(run, { frame, run: past })
  return past
}

function seenIn(frame: Frame, record: Recorded): Seen {
  const known = seen.get(frame)
  if (known) return known
  const sampled = record.frames.findLast(({ step, sample }) => step <= frame.step && sample !== null)
  const next: Seen = {
    classes: { type: 'classes', counts: frame.classes },
    noise: sampled?.sample ? noisePoints(record, sampled.sample) : [],
    bounds: sampled?.bounds ?? [],
  }
  seen.set(frame, next)
  return next
}
