/** The test files that run on a GPU host, by what they show, most telling first. None needs a file of the project. */
export const testFiles = {
  twins: import.meta.glob([
    '/shaders/**/*.test.ts',
    '/src/gpu/{buffers,kernel,readback}.test.ts',
    '/src/tf/**/*.test.ts',
    '!/src/tf/{alternatives,backend}.test.ts',
    '!/src/tf/ops/{replay,wasm}.test.ts',
    '!/src/tf/wasmRecording/**',
  ]),
  replay: import.meta.glob([
    '/src/tf/ops/replay.test.ts',
    '/src/tf/{alternatives,backend}.test.ts',
    '/src/engine/eager.test.ts',
  ]),
}
