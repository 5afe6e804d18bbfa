import { checkpointSchema, type Checkpoint } from '../run/checkpoint'

/** A checkpoint of a run with one weight, which is the number of steps done. */
export function checkpointAt(step: number, runId = '0123456789abcdef'): Checkpoint {
  return {
    schema: checkpointSchema,
    runId,
    link: '#/v1',
    backend: { backend: 'wasm', device: 'WebAssembly' },
    step,
    executor: { arrays: { weights: Float32Array.of(step) }, statisticsStep: 0, witnessed: 0 },
    parts: {},
  }
}
