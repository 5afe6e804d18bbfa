/**
 * Worlds: processes that load tfjs, Dawn and all of our modules once for many test files, which halves the suite. In
 * each of them one backend of tfjs is at work: none, or that of kernels under test, or that of the engine.
 */
const shared = {
  page: '{app,scripts,shaders,src/{cli,config,core,data,host,lessons,maths,methods,past,queue,starts}}/**/*.test.{ts,tsx}',
  kernels: 'src/{gpu,tf,wasm}/**/*.test.ts',
  engine: 'src/{engine,hub,models}/**/*.test.ts',
}

/** Tests of what a fresh process does, or of a device of their own: each has a world for itself. */
const apart = 'src/{bench/*,engine/{attack,memory,precision,startup}}.test.ts'

/** The worlds by name: patterns of their test files, and whether each file has a process for itself. */
export const worlds = [
  // Not by an `exclude` of their own, which would take the place of the command line's.
  ...Object.entries(shared).map(([name, include]) => ({ name, include: [include, `!${apart}`], isolate: false })),
  { name: 'apart', include: [apart], isolate: true },
]
