/** Who takes part, and what a peer must be able to do. */
/** The columns of the table, in its order. PyTorch's come from another program on the same device. */
export const peerNames = [
  'ours',
  'tfjs',
  'jaxjs',
  'wasmThreads',
  'wasm',
  'tfjsWasm',
  'torchEager',
  'torchCompiled',
] as const
export type PeerName = (typeof peerNames)[number]

/** Those that need no WebGPU. */
export const portablePeers: readonly PeerName[] = ['wasmThreads', 'wasm', 'tfjsWasm']

/** Those that run beside `ours` in one process, unless others are asked for. */
export const defaultPeers: readonly PeerName[] = ['tfjs', 'jaxjs', ...portablePeers]

/** How a peer is called by people. */
export const peerTitles: Readonly<Record<PeerName, string>> = {
  ours: 'this engine',
  tfjs: 'tfjs 4.22, eager',
  jaxjs: 'jax-js 0.1.25, jit',
  wasmThreads: 'this engine, wasm, all threads',
  wasm: 'this engine, wasm, one thread',
  tfjsWasm: 'tfjs 4.22, wasm, eager',
  torchEager: 'PyTorch, eager',
  torchCompiled: 'PyTorch, torch.compile',
}

/**
 * One way to train a task. A step is: batch in, forward, backward, AdamW, SEVEN's statistics, exact global top-K of the
 * importance, mask. Nothing waits for the device but `loss`.
 */
export interface Peer {
  readonly name: PeerName
  /** Makes it the one whose turn it is; libraries with one current device need that. */
  activate?(): Promise<void>
  /**
   * Hands a 0-based step to the device, its last command included; a promise only in the first step, while it compiles.
   */
  step(step: number): Promise<void> | undefined
  /** Loss of the last step, before its update; waits for everything that was handed over. */
  loss(): Promise<number>
  dispose(): void
}
