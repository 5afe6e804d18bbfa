import { beforeAll, describe, expect, test } from 'vitest'
import { expectClose } from '../../gpu/testing'
import type { ArenaBackend, Program } from '../backend'
import { tf, type Tensor } from '../tfjs'
import { fusedNn } from '.'
import type { Precision } from './kept'
import { evaluate, noise, testBackend } from './testing'
import { hardwareTiles, softwareTiles, type Tiles } from './tiles'

let backend: ArenaBackend

beforeAll(async () => {
  backend = await testBackend()
})

function nnOf(precision: Precision, tiles: Tiles) {
  return fusedNn(
    backend,
    { dropoutRate: 0.25, random: tf.tensor([7, 3], [2], 'int32'), training: true, precision },
    tiles,
  )
}

/** The programs that a call runs. */
function programsOf(call: () => unknown): Program[] {
  const programs: Program[] = []
  const run = backend.run.bind(backend)
  backend.run = (program) => {
    programs.push(program)
    return run(program)
  }
  tf.tidy(() => {
    call()
  })
  backend.run = run
  return programs
}

type Call = (nn: ReturnType<typeof nnOf>, inputs: Tensor[]) => Tensor

/** Odd numbers of odd sizes, so that the last of the halves stands alone. */
const calls: [string, Call, () => Tensor[]][] = [
  ['attention', (nn, [stacked]) => nn.attention(stacked!, 3), () => [noise([1, 7, 27], 1).mul(3)]],
  [
    'attention to real keys',
    (nn, [stacked]) => nn.attention(stacked!, 1, tf.tensor([4, 0, 9, 1, 0], [1, 5], 'int32')),
    () => [noise([1, 5, 9], 1)],
  ],
  [
    'linear with GELU and dropout',
    (nn, [x, w, b]) => nn.linear(x!, w!, b!, { activation: 'gelu', dropout: 1 }),
    () => [noise([3, 9], 1), noise([9, 7], 2), noise([7], 3)],
  ],
]

describe.each([
  ['software', softwareTiles],
  ['hardware', hardwareTiles],
] as const)('activations kept as f16, tiles of %s', (_, tiles) => {
  test.each(calls)('%s: the same value, gradients within 2e-3', async (_name, call, inputs) => {
    const results = async (precision: Precision) => evaluate((...xs) => call(nnOf(precision, tiles), xs), inputs())
    const [[value, ...gradients], [expectedValue, ...expected]] = [await results('f16'), await results('f32')]
    expect(value).toEqual(expectedValue)
    gradients.forEach((gradient, i) => {
      const largest = Math.max(...expected[i]!.map(Math.abs))
      expectClose(`gradient of input ${i}`, gradient, expected[i]!, { absolute: 2e-3 * largest, relative: 0 })
    })
    expect(gradients, 'f16 was used').not.toEqual(expected)
  })

  test('take half the memory', () => {
    const kept = (precision: Precision) => {
      const nn = nnOf(precision, tiles)
      const loss = (x: Tensor, w: Tensor, b: Tensor) =>
        nn.attention(nn.linear(x, w, b, { activation: 'gelu' }), 2).sum()
      const programs = programsOf(() => tf.grads(loss)([noise([2, 8, 6], 1), noise([6, 12], 2), noise([12], 3)]))
      const reads = (label: string, name: string) =>
        programs.find((program) => program.label === label)?.inputs[name]?.shape.reduce((a, b) => a * b, 1)
      return [reads('attentionKeyValue', 'probabilities'), reads('slopeGradient', 'slope')]
    }
    // 2 examples x 2 heads x 8 x 8 tokens, and 2 x 8 rows of 12.
    expect(kept('f32')).toEqual([256, 192])
    expect(kept('f16')).toEqual([128, 96])
  })
})

test.each(['f32', 'f16'] as const)('nothing is kept where no gradient is asked for (%s)', (precision) => {
  const nn = nnOf(precision, hardwareTiles)
  const call = (x: Tensor) => nn.attention(nn.linear(x, noise([6, 12], 2), noise([12], 3), { activation: 'gelu' }), 2)
  const outputs = (programs: Program[]) =>
    programs.map((program) => `${program.label} ${Object.keys(program.outputs).join(' ')}`)
  expect(outputs(programsOf(() => call(noise([2, 8, 6], 1))))).toEqual(['linear output', 'attention output'])
  const trained = outputs(programsOf(() => tf.grad(call)(noise([2, 8, 6], 1))))
  expect(trained.slice(0, 2)).toEqual(['linear output slope', 'attention output probabilities'])
})
