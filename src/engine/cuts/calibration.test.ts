import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { bit } from '../../core/bits'
import { openTensorFile } from '../../cli/trace'
import { plugin } from '../../config/registries'
import type { CutView } from '../../core/cut'
import { defaults } from '../../core/knob'
import { placeTensors } from '../../core/layout'
import type { View } from '../../core/view'
import { lehmer } from '../../gpu/testing'
import { cutByInputs, cutMatrices, scoresOf, type CutChoice } from './calibration'
import { countsByOutliers } from './outliers'
import { surgeonFactor } from './surgeon'

/** The score of a registered method with its defaults. */
function scoreOf(id: string): CutChoice['score'] {
  const { score, knobs } = plugin('method', id)
  return (w, input, share = 0) => score.js({ w, input, share } as View, defaults(knobs))
}

/** Sums of x_i x_j over rows x [rows, width]. */
function gramOf(x: ArrayLike<number>, width: number): Float64Array {
  const gram = new Float64Array(width * width)
  for (let row = 0; row < x.length; row += width) {
    for (let i = 0; i < width; i++) for (let j = 0; j < width; j++) gram[i * width + j]! += x[row + i]! * x[row + j]!
  }
  return gram
}

function squaresOf(x: ArrayLike<number>, width: number): Float64Array {
  return gramOf(x, width).filter((_, k) => k % (width + 1) === 0)
}

function expectNear(found: ArrayLike<number>, expected: ArrayLike<number>, tolerance: number): void {
  expect(found.length).toBe(expected.length)
  const largest = Math.max(...Array.from(expected, Math.abs))
  for (let i = 0; i < found.length; i++) {
    expect(Math.abs(found[i]! - expected[i]!), `${i}: ${found[i]} and ${expected[i]}`).toBeLessThanOrEqual(
      tolerance * (Math.abs(expected[i]!) + largest * 0.01),
    )
  }
}

describe('Wanda', () => {
  const wanda: CutChoice = { scope: 'output', score: scoreOf('wanda') }
  // Norms of the inputs: 1, 2, 3. Scores |w| * norm by output (column): 3, 2, 3 and 1, 4, 9.
  const matrix = { weights: Float32Array.of(3, -1, -1, 2, 1, 3), inputs: 3, outputs: 2, sums: Float64Array.of(1, 4, 9) }

  it('compares within each output, ties to the lowest index', async () => {
    expect([...scoresOf(matrix, wanda)]).toEqual([3, 1, 2, 4, 3, 9])
    // Three of six are kept: one in the first column, two in the second; 3 = 3 in the first goes to input 0.
    expect([...(await cutMatrices([matrix], [3], wanda))[0]!.mask]).toEqual([1, 0, 0, 1, 0, 1])
    expect([...(await cutMatrices([matrix], [3], wanda))[0]!.weights]).toEqual([3, 0, 0, 2, 0, 3])
  })

  it('compares within a layer or over all of them where the scope says so', async () => {
    // The three largest of 3 1 2 4 3 9 are 9, 4 and the first 3.
    expect([...(await cutMatrices([matrix], [3], { ...wanda, scope: 'layer' }))[0]!.mask]).toEqual([1, 0, 0, 1, 0, 1])
    const louder = { ...matrix, sums: matrix.sums.map((s) => 100 * s) }
    // Ten times the norms: the four largest of both are 90, 40 and two of 30, all of the second.
    const masks = (await cutMatrices([matrix, louder], [4], { ...wanda, scope: 'global' })).map(({ mask }) => [...mask])
    expect(masks).toEqual([
      [0, 0, 0, 0, 0, 0],
      [1, 0, 0, 1, 1, 1],
    ])
  })

  it('takes the same share of the total of each output where shares are ranked', async () => {
    // Of 3 2 3, smallest first and the later of equals first: 2, 5, 8 of 8. Of 1 4 9: 1, 5, 14 of 14.
    const masks = (kept: number) => cutMatrices([matrix], [kept], { ...wanda, scope: 'layer', shares: true })
    expect([...(await masks(3))[0]!.mask]).toEqual([1, 0, 0, 0, 1, 1])
    expect([...(await masks(4))[0]!.mask]).toEqual([1, 0, 0, 1, 1, 1])
  })

  it('keeps N of every M inputs of each output where that is asked for, whatever the count', async () => {
    // Columns 3 2 | 3 and 1 4 | 9: the better of the first two inputs, and of the last group, which has one, half of it
    // rounded up.
    const ratio = { kind: 'n:m', keep: 1, of: 2 } as const
    expect([...(await cutMatrices([matrix], [], { ...wanda, ratio }))[0]!.mask]).toEqual([1, 0, 0, 1, 1, 1])
  })

  it('agrees with PyTorch on 2:4', async () => {
    const { layer, inputs, file } = goldenLayer('wandaGroups')
    const [cut] = await cutMatrices([{ ...layer, sums: squaresOf(file.floats('x'), inputs) }], [], {
      ...wanda,
      ratio: twoOfFour,
    })
    expect([...cut!.mask]).toEqual([...file.bytes('mask')])
    expect([...cut!.weights]).toEqual([...file.floats('pruned').map((w) => w + 0)])
  })

  it('agrees with PyTorch', async () => {
    const file = golden('wanda')
    const [inputs, outputs] = file.tensors.get('w')!.shape as [number, number]
    const sums = squaresOf(file.floats('x'), inputs)
    const layer = { weights: file.floats('w'), inputs, outputs, sums }
    expectNear(scoresOf(layer, wanda), file.floats('score'), 1e-5)
    const [cut] = await cutMatrices([layer], [(inputs * outputs) / 2], wanda)
    expect([...cut!.mask]).toEqual([...file.bytes('mask')])
    expect([...cut!.weights]).toEqual([...file.floats('pruned').map((w) => w + 0)])
  })
})

describe('OWL', () => {
  const layout = placeTensors(
    ['block0/a', 'block1/a', 'block1/b'].map((name) => ({
      name,
      shape: [10, 2] as const,
      init: { kind: 'constant' as const, value: 0 },
      prunable: true,
      decay: true,
    })),
  )
  const alike = () => Float32Array.from({ length: 20 }, () => 1)
  const scores = (...standOut: readonly number[]) =>
    new Map(
      layout.prunable.map(({ name }, i) => [
        name,
        alike().map((score, k) => (k < (standOut[i] ?? 0) ? 100 * score : score)),
      ]),
    )

  it('by hand: the block with outliers keeps more, and the total stays', () => {
    // Of 60 weights 30. Block 0 has 2 of 20 above 5 times its mean of 10.9, block 1 none: 0.3 and 0 of reach 0.15,
    // whose mean by size is 0.1. Densities 0.7 and 0.4.
    const counts = countsByOutliers(layout, scores(2), 30, { times: 5, reach: 0.15 })
    expect([...counts.values()]).toEqual([14, 8, 8])
  })

  it('by hand: blocks that are alike keep alike, and no reach brings a block beyond all of its weights', () => {
    const alike = countsByOutliers(layout, scores(), 30, { times: 5, reach: 0.1 })
    expect([...alike.values()]).toEqual([10, 10, 10])
    // Density 0.9: the range is 0.1 and not 1.
    const dense = countsByOutliers(layout, scores(2), 54, { times: 5, reach: 0.5 })
    expect([...dense.values()].reduce((a, b) => a + b, 0)).toBe(54)
    expect(dense.get('block0/a')).toBeGreaterThan(18)
  })
})

describe('RIA', () => {
  const ria: CutChoice = { scope: 'layer', score: scoreOf('ria') }

  it('by hand: keeps the only weight of an input, however small it is', async () => {
    // |w| (4, 4 | 0, 1), inputs alike. Of outputs: 1, 0.8 | 0, 0.2; of inputs: 0.5, 0.5 | 0, 1. In all 1.5, 1.3 | 0,
    // 1.2.
    const matrix = { weights: Float32Array.of(4, -4, 0, 1), inputs: 2, outputs: 2, sums: Float64Array.of(1, 1) }
    expectNear(scoresOf(matrix, ria), [1.5, 1.3, 0, 1.2], 1e-6)
    // An input of norm 16 counts 4 times.
    const louder = { ...matrix, sums: Float64Array.of(1, 256) }
    expectNear(scoresOf(louder, ria), [1.5, 1.3, 0, 4.8], 1e-6)
    expect([...(await cutMatrices([louder], [2], ria))[0]!.mask]).toEqual([1, 0, 0, 1])
  })

  it('agrees with PyTorch', async () => {
    const { layer, inputs, file } = goldenLayer('ria')
    const measured = { ...layer, sums: squaresOf(file.floats('x'), inputs) }
    expectNear(scoresOf(measured, ria), file.floats('score'), 1e-5)
    const [cut] = await cutMatrices([measured], [layer.weights.length / 2], ria)
    expect([...cut!.mask]).toEqual([...file.bytes('mask')])
  })
})

describe('SparseGPT', () => {
  /** With two examples, H is what was summed. */
  const surgeon = (damping: number, block: number, examples = 2): CutChoice => ({
    scope: 'layer',
    repair: { damping, block, examples },
    score: scoreOf('sparseGpt'),
  })

  it('moves what it prunes to the input that says the same', async () => {
    // Two inputs, x = (1, 1) and (1, 0): Gram [[2, 1], [1, 1]], no damping. H^-1 = [[1, -1], [-1, 2]], U = [[1, -1],
    // [0, 1]]. w = (1, 2), scores 1 / 1 and 4 / 1: input 0 goes, and input 1 becomes 2 - (-1) * 1 / 1 = 3: of the
    // outputs 3 and 1, 3 stays.
    const matrix = { weights: Float32Array.of(1, 2), inputs: 2, outputs: 1, sums: Float64Array.of(2, 1, 1, 1) }
    expect([...(await surgeonFactor(matrix.sums, { inputs: 2, examples: 2, damping: 0 }))]).toEqual([1, -1, 0, 1])
    const [cut] = await cutMatrices([matrix], [1], surgeon(0, 128))
    expect([...cut!.mask]).toEqual([0, 1])
    expect([...cut!.weights]).toEqual([0, 3])
  })

  it('chooses N of M inputs when it reaches the first of them, by what those before left', async () => {
    // Inputs 0 and 2 as above, 1 and 3 alone: U_02 = -1, the others 1. 1:2 of (1, 2 | 1, 1.5): 1 < 4, input 0 goes,
    // input 2 becomes 1 + 1 = 2, and 4 > 2.25 keeps it, where its 1 would have gone.
    const sums = Float64Array.of(2, 0, 1, 0, 0, 1, 0, 0, 1, 0, 1, 0, 0, 0, 0, 1)
    const matrix = { weights: Float32Array.of(1, 2, 1, 1.5), inputs: 4, outputs: 1, sums }
    const [cut] = await cutMatrices([matrix], [], { ...surgeon(0, 128), ratio: { kind: 'n:m', keep: 1, of: 2 } })
    expect([...cut!.mask]).toEqual([0, 1, 1, 0])
    expect([...cut!.weights]).toEqual([0, 2, 2, 0])
  })

  it('agrees with PyTorch on 2:4', async () => {
    const { layer, inputs, examples, file } = goldenLayer('sparseGptGroups')
    const [cut] = await cutMatrices([{ ...layer, sums: gramOf(file.floats('x'), inputs) }], [], {
      ...surgeon(0.01, 8, examples),
      ratio: twoOfFour,
    })
    expect([...cut!.mask]).toEqual([...file.bytes('mask')])
    expectNear(cut!.weights, file.floats('pruned'), 1e-4)
  })

  // Of the dead layer three inputs are always 0, and the others so small that the ones on the diagonal make almost all
  // of the damping.
  it.each([
    ['sparseGpt', 8],
    ['sparseGptDead', 16],
  ])('agrees with PyTorch on factor, mask and repaired weights: %s', async (name, block) => {
    const { layer, inputs, examples, file } = goldenLayer(name)
    const sums = gramOf(file.floats('x'), inputs)
    expectNear(await surgeonFactor(sums, { inputs, examples, damping: 0.01 }), file.floats('upper'), 1e-4)
    const [cut] = await cutMatrices([{ ...layer, sums }], [layer.weights.length / 2], surgeon(0.01, block, examples))
    expect([...cut!.mask]).toEqual([...file.bytes('mask')])
    expectNear(cut!.weights, file.floats('pruned'), 1e-4)
  })

  it('rests between the rows of a matrix, so that it can be given up within each part of the work', async () => {
    const { layer, inputs, examples, file } = goldenLayer('sparseGpt')
    const matrix = { ...layer, sums: gramOf(file.floats('x'), inputs) }
    const restsUntil = async (most: number) => {
      let rests = 0
      const rest = () => (++rests === most ? Promise.reject(new Error('given up')) : Promise.resolve())
      return [await cutMatrices([matrix], [9], surgeon(0.01, 8, examples), rest).catch(String), rests]
    }
    const [, all] = await restsUntil(Infinity)
    expect(all).toBe(3 * inputs)
    for (const most of [1, inputs + 1, 3 * inputs]) expect(await restsUntil(most)).toEqual(['Error: given up', most])
  })

  it('counts the examples of its batches, not their rows', async () => {
    const {
      layer: { weights, outputs },
      inputs,
      examples,
      file,
    } = goldenLayer('sparseGptDead')
    const layout = placeTensors([
      { name: 'block0/a', shape: [inputs, outputs], init: { kind: 'constant', value: 0 }, prunable: true, decay: true },
    ])
    const view: CutView = {
      layout,
      weights: Float32Array.from({ length: layout.length }, (_, i) => weights[i] ?? 0),
      mask: new Uint32Array(layout.prunableLength / 32),
      groups: [{ tensors: layout.prunable, kept: weights.length / 2 }],
      seed: 1,
      step: 0,
      batch: examples / 3,
      rest: () => Promise.resolve(),
      inputs: () => Promise.resolve(new Map([['block0/a', gramOf(file.floats('x'), inputs)]])),
      gradients: () => Promise.reject(new TypeError()),
      gateGradients: () => Promise.reject(new TypeError()),
      controlGates: () => Promise.reject(new TypeError()),
      quality: () => Promise.reject(new TypeError()),
    }
    const { score } = plugin('method', 'sparseGpt')
    const { mask } = await cutByInputs(
      view,
      { scope: 'layer', criteria: { score }, values: {} },
      { batches: 3, repair: { damping: 0.01, block: 16 } },
    )
    expect(weights.map((_, i) => Number(bit(mask, i)))).toEqual(Float32Array.from(file.bytes('mask')))
  })

  it('keeps as many weights as it is told, zeroes the others, and keeps outputs nearer than a mask alone', async () => {
    const [inputs, outputs, rows] = [37, 11, 90]
    const random = lehmer(5)
    const x = Float32Array.from({ length: rows * inputs }, random)
    for (let row = 0; row < rows; row++)
      for (let i = 1; i < inputs; i++) x[row * inputs + i]! += 0.7 * x[row * inputs + i - 1]!
    const weights = Float32Array.from({ length: inputs * outputs }, random)
    const gram = gramOf(x, inputs)
    const kept = 201
    const lost = (w: Float32Array) => {
      let sum = 0
      for (let row = 0; row < rows; row++)
        for (let j = 0; j < outputs; j++) {
          let error = 0
          for (let i = 0; i < inputs; i++)
            error += x[row * inputs + i]! * (w[i * outputs + j]! - weights[i * outputs + j]!)
          sum += error * error
        }
      return sum
    }
    const layer = { weights, inputs, outputs }
    const [repaired] = await cutMatrices([{ ...layer, sums: gram }], [kept], surgeon(0.01, 16, rows))
    const [masked] = await cutMatrices([{ ...layer, sums: squaresOf(x, inputs) }], [kept], {
      scope: 'output',
      score: scoreOf('wanda'),
    })
    const [small] = await cutMatrices([{ ...layer, sums: new Float64Array(inputs).fill(1) }], [kept], {
      scope: 'layer',
      score: scoreOf('wanda'),
    })
    for (const cut of [repaired, masked, small]) {
      expect(cut!.mask.reduce((a, b) => a + b, 0)).toBe(kept)
      cut!.mask.forEach((bit, i) => {
        if (!bit) expect(cut!.weights[i]).toBe(0)
      })
    }
    expect(lost(repaired!.weights)).toBeLessThan(0.8 * Math.min(lost(masked!.weights), lost(small!.weights)))
  })
})

const twoOfFour = { kind: 'n:m', keep: 2, of: 4 } as const

/** A layer of `golden/calibration.py`, whose inputs [examples, rows, inputs] are still to be summed. */
function goldenLayer(name: string) {
  const file = golden(name)
  const [inputs, outputs] = file.tensors.get('w')!.shape as [number, number]
  const [examples = 0] = file.tensors.get('x')!.shape
  return { file, inputs, examples, layer: { weights: file.floats('w'), inputs, outputs } }
}

const files: ReturnType<typeof openTensorFile>[] = []
afterAll(() => {
  for (const file of files) file.close()
})

function golden(name: string): ReturnType<typeof openTensorFile> {
  const file = openTensorFile(join(import.meta.dirname, '../../methods/golden', `${name}.safetensors`))
  files.push(file)
  return file
}
