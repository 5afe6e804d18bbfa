import type { Step } from './step'

/** What the steps depend on. */
export interface Place {
  /** The folder of the pack. */
  readonly pack: string
  /** Where results go. */
  readonly out: string
  /** Where steps leave what only other steps need. */
  readonly scratch: string
  /** Folder with `cifar10/*.parquet`. */
  readonly data: string | undefined
  /** A Python that has PyTorch. */
  readonly python: string | undefined
  /** The adapter computes on the processor: workloads that need a GPU are left out. */
  readonly software: boolean
  /** How often the usual time all steps have. */
  readonly times: number
}

/** Seconds for all steps together. */
export const usualSeconds = 345

/** The share of a step's time after which a peer that has not even agreed is given up, for the others' sake. */
const slowPeer = 0.25

/**
 * The steps, most valuable first. Their times add up to more than there is: a step that needs less leaves it to those
 * after it.
 */
export function planOf({ pack, out, scratch, data, python, software, times }: Place): readonly Step[] {
  const node = (program: string, ...args: string[]) => [process.execPath, `${pack}/${program}.mjs`, ...args]
  const step = (name: string, title: string, seconds: number, command: readonly string[], leftOut?: string): Step => ({
    name,
    title,
    command,
    seconds: seconds * times,
    ...(leftOut === undefined ? {} : { leftOut }),
  })
  const bench = (...args: string[]) => node('bench', ...args, '--json', `${out}/bench.json`, '--add')
  const only = ['--no-kernels', '--no-growth']
  const beside = ['--peers', 'tfjs,jaxjs', ...only]
  const peers = (name: string, seconds: number, needsGpu = false) =>
    step(
      name,
      `${name} beside tfjs and jax-js`,
      seconds,
      bench('--workloads', name, ...beside, '--patience', String(Math.ceil(seconds * times * slowPeer))),
      software && needsGpu ? 'A step would take minutes on an adapter that computes on the processor.' : undefined,
    )
  const small = ['vit-nano', 'bert-nano']
  const compared = (software ? small : [...small, 'cifar10-micro', 'cifar10-tiny']).join()
  const noTorch = python === undefined ? 'There is no python3 with torch here.' : undefined
  const noData = data === undefined ? 'No folder with cifar10/*.parquet was given (--data).' : undefined
  const training = [
    '--config',
    'cifar10-nano',
    '--set',
    'method=dense',
    '--backend',
    'webgpu',
    ...(software ? ['--allow-software'] : []),
  ]
  const torch = [`${pack}/bench_torch.py`, `${scratch}/tasks`, `${out}/torch.json`, '--workloads', compared]
  return [
    step('kernels', 'every kernel against its twin', 90, node('kernelTests', 'twins', `${out}/kernels.json`)),
    step('replay', 'replay equals eager', 40, node('kernelTests', 'replay', `${out}/replay.json`)),
    // Its own times are kept where a peer takes too long; the next steps measure them again, in turns with the peers.
    step('ours', 'this engine alone', 25, bench('--workloads', small.join(), '--peers', 'none', ...only)),
    peers('vit-nano', 40),
    peers('bert-nano', 40),
    step('alone', 'update pass and products alone', 30, bench('--workloads', 'none', '--no-growth')),
    step(
      'cifar10-nano',
      'cifar10-nano, dense, to its end',
      60,
      node('sentinel', 'run', ...training, '--data', data ?? '', '--out', `${scratch}/runs`),
      noData,
    ),
    peers('cifar10-micro', 40, true),
    peers('cifar10-tiny', 50, true),
    step(
      'tasks',
      'weights and batches for PyTorch',
      20,
      node('bench', '--export', `${scratch}/tasks`, '--workloads', compared),
      noTorch,
    ),
    step('torch', 'PyTorch, eager, then compiled', 150, [python ?? '', ...torch], noTorch),
  ]
}
