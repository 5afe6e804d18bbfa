import { kernelTest, type Buffers } from '../../src/gpu/testing'
import { observe as observeKernel } from '..'
import { controlBlock, maskOf, padded, stepSettings } from '../fixtures'
import { readControl } from './norm'
import { observe } from './observe'
import { stepStruct, stepUniform, type StepSettings } from './step'

/** The third batch of scoring; about half of the arena is prunable, and 64 floats after it are not. */
const settings = (size: number, regrows: boolean): StepSettings =>
  stepSettings(padded(size) + 64, { prunableLength: padded(size / 2), momentAge: 2, noiseAge: 2, regrows })

/** Every fourth weight is pruned. */
function arena(size: number, random: () => number, halted: number, regrows = false) {
  const { length } = settings(size, regrows)
  const floats = () => Float32Array.from({ length }, random)
  return {
    step: stepUniform(settings(size, regrows)),
    control: controlBlock(1, halted),
    weights: floats(),
    grads: floats(),
    mask: maskOf(length, (i) => i % 4 !== 2),
    moment1: floats(),
    noiseMean: floats().map(Math.abs),
    noiseSquare: floats().map(Math.abs),
    importance: floats().map(Math.abs),
  } satisfies Buffers
}

type Arena = ReturnType<typeof arena>

function reference(b: Arena, size: number, regrows = false) {
  const s = settings(size, regrows)
  const out = {
    moment1: [...b.moment1],
    noiseMean: [...b.noiseMean],
    noiseSquare: [...b.noiseSquare],
    importance: [...b.importance],
  }
  for (let i = 0; i < s.prunableLength; i++) {
    const kept = regrows || i % 4 !== 2
    const a = Math.abs(b.grads[i]!)
    // The mean of three: two thirds of the mean of two, and a third of the new one.
    out.moment1[i] = kept ? (b.moment1[i]! * 2 + b.grads[i]!) / 3 : 0
    out.noiseMean[i] = kept ? 0.8 * b.noiseMean[i]! + 0.2 * a : 0
    out.noiseSquare[i] = kept ? 0.9 * b.noiseSquare[i]! + 0.1 * a ** 2 : 0
    const rho = out.noiseMean[i]! / (1 - 0.8 ** 3) / (Math.sqrt(out.noiseSquare[i]! / (1 - 0.9 ** 3)) + 1e-9)
    out.importance[i] = kept ? b.importance[i]! + Math.abs(b.weights[i]! * a * rho) : 0
  }
  return out
}

const twin = (b: Arena) => {
  observe(b, stepStruct.read(b.step), readControl(b.control))
}

kernelTest('observe', {
  code: observeKernel,
  buffers: (size, random) => arena(size, random, 0),
  reference,
  twin,
  tolerance: { absolute: 1e-7, relative: 2e-6 },
})

kernelTest('observe where pruned weights may come back', {
  code: observeKernel,
  buffers: (size, random) => arena(size, random, 0, true),
  reference: (b, size) => reference(b, size, true),
  twin,
  tolerance: { absolute: 1e-7, relative: 2e-6 },
  sizes: [65, 257],
})

kernelTest('observe after a halt', {
  code: observeKernel,
  buffers: (size, random) => arena(size, random, 1),
  reference: () => ({}),
  twin,
  tolerance: { absolute: 0, relative: 0 },
  sizes: [65, 257],
})
