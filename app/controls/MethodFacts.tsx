import type { CutPasses } from '../../src/core/cut'
import type { Recipe } from '../../src/core/method'
import { count } from './format'

/** What a method costs beyond training the dense model. */
interface Cost {
  readonly floats: number
  readonly prunable: number | null
  readonly copied: number
  readonly own: number
  readonly passesBefore: number
  readonly maskChanges: number
  readonly cutPasses: CutPasses
  readonly trainings: number
  readonly relative: number
}

interface MethodFactsProps {
  readonly said: Pick<Recipe, 'shines' | 'fails' | 'adapted'> | undefined
  readonly cost: Cost
}

/**
 * Where a method does well and where it does not, how it is adapted here, and what it costs on the model that is set
 * up.
 */
export function MethodFacts({ said, cost }: MethodFactsProps) {
  return (
    <dl className="method-facts">
      {said?.shines && (
        <div>
          <dt>Shines</dt>
          <dd>{said.shines}</dd>
        </div>
      )}
      {said?.fails && (
        <div>
          <dt>Fails</dt>
          <dd>{said.fails}</dd>
        </div>
      )}
      {said?.adapted && (
        <div>
          <dt>Adapted</dt>
          <dd>{said.adapted}</dd>
        </div>
      )}
      <div>
        <dt>Memory</dt>
        <dd>{memory(cost)}</dd>
      </div>
      <div>
        <dt>Work</dt>
        <dd>{work(cost)}</dd>
      </div>
    </dl>
  )
}

function memory({ floats, prunable, copied, own }: Cost): string {
  const parts = [
    ...(floats === 0 ? [] : [each(floats, prunable)]),
    ...(copied === 0 ? [] : [`a copy of all parameters, to go back to: ${size(4 * copied)}`]),
    ...(own === 0
      ? []
      : [`${count(own)} ${own === 1 ? 'number' : 'numbers'} of its own, with gradient and moments: ${size(16 * own)}`]),
  ]
  return parts.length === 0 ? 'Nothing but the mask, one bit a weight.' : sentence(parts.join('; '))
}

function each(floats: number, prunable: number | null): string {
  const numbers = `${floats} ${floats === 1 ? 'number' : 'numbers'} (${4 * floats} bytes) a prunable weight`
  return prunable === null
    ? numbers
    : `${numbers}: ${size(4 * floats * prunable)} for the ${count(prunable)} of this model`
}

function sentence(text: string): string {
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}.`
}

function size(bytes: number): string {
  return bytes < 1e6 ? `${(bytes / 1e3).toFixed(bytes < 1e4 ? 1 : 0)} kB` : `${(bytes / 1e6).toFixed(1)} MB`
}

function work({ passesBefore, maskChanges, cutPasses, trainings, relative }: Cost): string {
  const before =
    passesBefore === 0 ? 'No gradient pass before training' : `${passes(passesBefore, 'gradient')} before training`
  const during =
    maskChanges === 0
      ? 'no mask change in training'
      : `${count(maskChanges)} mask ${maskChanges === 1 ? 'change' : 'changes'} in training${atCuts(cutPasses)}`
  const more = relative >= 1.005 ? ` In all ${relative.toFixed(2)} times the passes of dense training.` : ''
  return `${before}, ${during}${trainings > 1 ? `, and ${trainings} trainings in all` : ''}.${more}`
}

function atCuts({ forward, gradients }: CutPasses): string {
  const parts = [
    ...(gradients === 0 ? [] : [passes(gradients, 'gradient')]),
    ...(forward === 0 ? [] : [passes(forward, 'forward')]),
  ]
  return parts.length === 0 ? '' : ` with ${parts.join(' and ')}`
}

function passes(number: number, kind: string): string {
  return `${count(number)} ${kind} ${number === 1 ? 'pass' : 'passes'}`
}
