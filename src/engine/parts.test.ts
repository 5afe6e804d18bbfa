import { describe, expect, it } from 'vitest'
import { placeTensors } from '../core/layout'
import type { TensorSpec } from '../core/model'
import { noWeight } from '../../shaders/show/paint'
import { burst } from './run/bursts'
import { layerSparsity } from './measures/counts'
import { noiseOf } from './run/display'
import { initialWeights } from './executor/initial'
import { score } from './measures/quality'
import { fullMask } from './executor/settings'
import { mapLayout, mapPixels } from './executor/weightMap'

function matrix(
  name: string,
  rows: number,
  columns: number,
  init: TensorSpec['init'] = { kind: 'normal', deviation: 0.02 },
): TensorSpec {
  return { name, shape: [rows, columns], init, prunable: true, decay: true }
}

describe('initial weights', () => {
  const layout = placeTensors([
    matrix('normal', 50, 40),
    matrix('uniform', 50, 40, { kind: 'uniform', limit: 0.1 }),
    { ...matrix('ones', 1, 5, { kind: 'constant', value: 1 }), prunable: false, decay: false },
  ])
  const weights = initialWeights(layout, 1)
  const of = (name: string) => {
    const t = layout.tensors.find((x) => x.name === name)!
    return weights.subarray(t.offset, t.offset + t.size)
  }

  it('have the deviation and the limits that the recipe says', () => {
    // A normal cut at two deviations has 0.8796 of the deviation.
    const deviation = Math.sqrt(of('normal').reduce((sum, w) => sum + w * w, 0) / 2000)
    expect(deviation / 0.02).toBeGreaterThan(0.84)
    expect(deviation / 0.02).toBeLessThan(0.92)
    expect(Math.max(...of('normal').map(Math.abs))).toBeLessThanOrEqual(0.04)
    expect(Math.max(...of('uniform').map(Math.abs))).toBeLessThanOrEqual(0.1)
    expect(of('uniform').reduce((a, b) => a + b) / 2000).toBeCloseTo(0, 2)
    expect([...of('ones')]).toEqual([1, 1, 1, 1, 1])
  })

  it('depend on the seed and on the name, not on the other tensors', () => {
    const alone = placeTensors([matrix('uniform', 50, 40, { kind: 'uniform', limit: 0.1 })])
    expect(initialWeights(alone, 1).slice(0, 2000)).toEqual(of('uniform').slice())
    expect(initialWeights(alone, 2).slice(0, 10)).not.toEqual(of('uniform').slice(0, 10))
  })
})

describe('the weight map', () => {
  const layout = placeTensors([matrix('a', 3, 5), matrix('b', 7, 2), matrix('c', 4, 4), matrix('d', 75, 2)])
  const map = mapLayout(layout)

  it('shows every prunable weight at exactly one pixel inside its tile', () => {
    const stride = map.width + 3
    const pixels = mapPixels(layout, map, stride)
    const seen = [...pixels].filter((i) => i !== noWeight).sort((x, y) => x - y)
    const expected = layout.prunable.flatMap((t) => Array.from({ length: t.size }, (_, k) => t.offset + k))
    expect(seen).toEqual(expected)
    layout.prunable.forEach((t, n) => {
      const tile = map.tiles[n]!
      const place = pixels.indexOf(t.offset)
      expect([place % stride, Math.floor(place / stride)]).toEqual([tile.x, tile.y])
    })
  })

  it('lays tall matrices on their side, folds long ones, and keeps tiles apart', () => {
    expect(map.tiles[1]).toMatchObject({ width: 7, height: 2 })
    // 75 x 2 is 37 times longer than high: ceil(sqrt(75 / 2 / 4)) = 4 bands of ceil(75 / 4) = 19.
    expect(map.tiles[3]).toMatchObject({ width: 19, height: 8 })
    map.tiles.forEach((s, i) =>
      map.tiles.slice(i + 1).forEach((t) => {
        expect(s.x + s.width < t.x || t.x + t.width < s.x || s.y + s.height < t.y || t.y + t.height < s.y).toBe(true)
      }),
    )
  })
})

it('quality: accuracy and loss by hand, padding rows left out', () => {
  // Rows (2, 0) and (0, 0) with labels 0 and 1: the first is right, the tie goes to class 0 and is wrong.
  // Losses ln(1 + e^-2) = 0.126928 and ln 2 = 0.693147; mean 0.410038.
  const { accuracy, loss } = score(Float32Array.of(2, 0, 0, 0, 9, 9), [0, 1], 2)
  expect(accuracy).toBe(0.5)
  expect(loss).toBeCloseTo(0.410038, 6)
})

it('counts: kept weights by tensor, padding never', () => {
  const layout = placeTensors([matrix('a', 5, 7), matrix('b', 10, 10)])
  const mask = fullMask(layout)
  expect(layerSparsity(layout, mask).map((l) => l.kept)).toEqual([35, 100])
  mask[0] = 0b1011
  // 32 of the 35 weights of `a` are in word 0, of which 3 stay; 3 are in word 1.
  expect(layerSparsity(layout, mask)[0]).toEqual({ name: 'a', size: 35, kept: 6 })
})

it('noise: coefficient of variation from the first two moments', () => {
  // |g| of 1 and 3: mean 2, mean square 5, variance 1, coefficient 0.5.
  expect(noiseOf({ noiseMean: 2, noiseSquare: 5 })).toBe(0.5)
  expect(noiseOf({ noiseMean: 0, noiseSquare: 0 })).toBeNull()
})

it('a burst is a twentieth of a second of steps, at least one and at most 64', () => {
  expect([burst(0), burst(1000), burst(25), burst(0.1)]).toEqual([1, 1, 2, 64])
})
