import { describe } from 'vitest'
import { kernelTest, type Buffers } from '../../src/gpu/testing'
import { curvature as text } from '..'
import { back, differenceStruct, forth, home, type CurvatureBuffers, type Difference } from './curvature'
import { padded } from '../fixtures'

const amount = 0.25
const share = 3

/**
 * Half of the arena is prunable; initial weights and curvature are of that part alone, so a thread past its end would
 * be seen.
 */
function arena(size: number, random: () => number) {
  const length = padded(size)
  const floats = (n: number) => Float32Array.from({ length: n }, random)
  return {
    difference: differenceStruct.write({ length, amount, share }),
    initial: floats(length),
    moment1: floats(length + 64),
    moment2: floats(length + 64),
    grads: floats(length + 64),
    weights: floats(length + 64),
    curvature: floats(length),
  } satisfies Buffers
}

type Arena = ReturnType<typeof arena>
type Reference = Partial<Record<'weights' | 'curvature' | 'moment2', number[]>>

const cases: Record<
  string,
  { twin: (b: CurvatureBuffers, d: Difference) => void; reference: (b: Arena) => Reference }
> = {
  forth: { twin: forth, reference: (b) => ({ weights: moved(b, amount) }) },
  back: { twin: back, reference: (b) => ({ weights: moved(b, -amount), moment2: ahead(b) }) },
  home: { twin: home, reference: (b) => ({ weights: moved(b, 0), curvature: gathered(b) }) },
}

const moved = (b: Arena, by: number) =>
  Array.from(b.weights, (w, i) => (i < b.initial.length ? b.initial[i]! + by * b.moment1[i]! : w))
const ahead = (b: Arena) => Array.from(b.moment2, (m, i) => (i < b.initial.length ? b.grads[i]! : m))
const gathered = (b: Arena) => Array.from(b.curvature, (c, i) => c + share * (b.moment2[i]! - b.grads[i]!))

describe.each(Object.entries(cases))('%s', (entryPoint, { twin, reference }) => {
  kernelTest('curvature', {
    code: text,
    options: { entryPoint },
    buffers: arena,
    reference,
    threads: (size) => padded(size) / 4,
    twin: (b) => {
      twin(b, differenceStruct.read(b.difference))
    },
    tolerance: { absolute: 3e-7, relative: 1e-6 },
  })
})
