/**
 * A method's own numbers of each weight (src/core/method.ts, `Statistics`): a kernel made of its formulas, and its
 * twin. Formulas run in their order, each sees what the ones before it wrote; `gradient` and `step`, if given, then
 * replace the gradient and the weight.
 */
import control from '../parts/control.wgsl?raw'
import flat from '../parts/flat.wgsl?raw'
import random from '../parts/random.wgsl?raw'
import type { Control } from '../train/norm'
import {
  knobsLine,
  movingView,
  viewText,
  type TwinFormula,
  type ViewBuffers,
  type ViewSettings,
  type ViewText,
} from './view'

/** What one pass assigns. */
export interface AssignmentPass {
  /** Own numbers in the order of their buffers. */
  readonly names: readonly string[]
  readonly assignments: Readonly<Record<string, TwinFormula | undefined>>
  /** The gradient that the optimizer follows. */
  readonly gradient?: TwinFormula | undefined
  /** The weight's next value. */
  readonly step?: TwinFormula | undefined
}

/**
 * The kernel of a pass; binds `view`, `control` and the buffers it names. @throws nothing; the text is checked when it
 * is compiled
 */
export function assignKernel(
  { names, assignments, gradient, step }: AssignmentPass,
  knobNames: readonly string[],
): ViewText {
  const assigned = Object.entries(assignments).flatMap(([name, formula]) => (formula ? [{ name, formula }] : []))
  const own = (name: string) => `own${names.indexOf(name)}`
  const replaced = [
    { buffer: 'grads', formula: gradient },
    { buffer: 'weights', formula: step },
  ].flatMap(({ buffer, formula }) => (formula ? [{ buffer, formula }] : []))
  const written = [...assigned.map(({ name }) => own(name)), ...replaced.map(({ buffer }) => buffer)]
  const texts = [...assigned, ...replaced].map(({ formula }) => formula.wgsl)
  const view = viewText(texts, names, knobNames, written)
  const body = [
    ...assigned.map(({ name, formula }) => `  x.${name} = ${formula.wgsl};\n  ${own(name)}[i] = x.${name};`),
    ...replaced.map(({ buffer, formula }) => `  ${buffer}[i] = ${formula.wgsl};`),
  ].join('\n')
  const controlAt = `@group(0) @binding(${view.buffers.length + 1}) var<uniform> control: Control;`
  return {
    buffers: view.buffers,
    wgsl: [flat, random, control, view.wgsl, controlAt, mainText(knobsLine(knobNames) + body)].join('\n'),
  }
}

function mainText(body: string): string {
  return `@compute @workgroup_size(workgroupSize)
fn main(@builtin(global_invocation_id) thread: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let i = flatIndex(thread, groups);
  if (i >= view.length || control.halted != 0u) { return; }
  var x = viewOf(i);
${body}
}`
}

/** Twin of the kernel. @param uniform as in `movingView` */
export function assign(
  b: ViewBuffers,
  { names, assignments, gradient, step }: AssignmentPass,
  knobs: Readonly<Record<string, unknown>>,
  s: ViewSettings,
  control: Control,
  uniform: (seed: number, counter: number) => number,
): void {
  if (control.halted !== 0) return
  const view = movingView(b, names, s, uniform, control.clipFactor)
  for (let i = 0; i < s.length; i++) {
    view.at(i)
    for (const [name, formula] of Object.entries(assignments)) {
      const values = b.own[names.indexOf(name)]
      if (formula && values) values[i] = formula.js(view.x, knobs)
    }
    if (gradient) b.grads[i] = gradient.js(view.x, knobs)
    if (step) b.weights[i] = step.js(view.x, knobs)
  }
}
