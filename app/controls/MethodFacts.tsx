import type { Method } from '../../src/core/method'
import { count } from './format'

/** What a method costs beyond training the dense model. */
interface Cost {
  readonly floats: number
  readonly prunable: number | null
  readonly passesBefore: number
  readonly maskChanges: number
  readonly trainings: number
}

interface MethodFactsProps {
  readonly method: Method
  readonly cost: Cost
}

/** Where a method does well and where it does not, how it is adapted here, and what it costs on the model that is set up. */
export function MethodFacts({ method, cost }: MethodFactsProps) {
  return (
    <dl className="method-facts">
      {method.shines && <div><dt>Shines</dt><dd>{method.shines}</dd></div>}
      {method.fails && <div><dt>Fails</dt><dd>{method.fails}</dd></div>}
      {method.adapted && <div><dt>Adapted</dt><dd>{method.adapted}</dd></div>}
      <div><dt>Memory</dt><dd>{memory(cost)}</dd></div>
      <div><dt>Work</dt><dd>{work(cost)}</dd></div>
    </dl>
  )
}

function memory({ floats, prunable }: Cost): string {
  if (floats === 0) return 'Nothing beside the mask of one bit a weight.'
  const each = `${floats} ${floats === 1 ? 'number' : 'numbers'} (${4 * floats} bytes) a prunable weight`
  return prunable === null ? `${each}.` : `${each}: ${size(4 * floats * prunable)} for the ${count(prunable)} of this model.`
}

function size(bytes: number): string {
  return bytes < 1e6 ? `${(bytes / 1e3).toFixed(bytes < 1e4 ? 1 : 0)} kB` : `${(bytes / 1e6).toFixed(1)} MB`
}

function work({ passesBefore, maskChanges, trainings }: Cost): string {
  const before = passesBefore === 0 ? 'No gradient pass before training' : `${count(passesBefore)} gradient ${passesBefore === 1 ? 'pass' : 'passes'} before training`
  const during = maskChanges === 0 ? 'no mask change in it' : `${count(maskChanges)} mask ${maskChanges === 1 ? 'change' : 'changes'} in it`
  return `${before}, ${during}${trainings > 1 ? `, and ${trainings} trainings in all` : ''}.`
}
