import type { Answer } from '../../../src/core/attempt'
import { count, percent } from '../../controls/format'
import { Parts } from './Parts'

export interface OutcomeProps {
  readonly answer: Answer
  /** Of the model before its first cut, where it is known. */
  readonly before: Answer | undefined
  /** Of the model when it is pruned further, for a look. */
  readonly further: { readonly answer: Answer; readonly sparsity: number } | undefined
}

/** What the model makes of an example: the probability of each class, and the parts that its answer rests on. */
export function Outcome({ answer, before, further }: OutcomeProps) {
  const { classes, probabilities, given, right } = answer
  const shown = classes
    .map((name, i) => ({ name, i, share: probabilities[i] ?? 0 }))
    .sort((a, b) => b.share - a.share)
    .filter(({ i }, at) => at < most || i === right)
  return (
    <div className="try-outcome">
      <div className="try-rests">
        <Parts answer={answer} />
        {before && (
          <>
            <p className="try-then">The same example, before the first cut:</p>
            <Parts answer={before} then />
          </>
        )}
      </div>
      <div>
        <p>
          <strong>{sentenceOf(answer)}</strong>
        </p>
        {before && (
          <p>
            Before its first cut it said {saidBy(before)}
            {before.given === given ? ', the same.' : '.'}
          </p>
        )}
        {further && (
          <p role="status">
            Pruned further, to {percent(further.sparsity)}, it would say {saidBy(further.answer)}.
          </p>
        )}
        <table className="layers">
          <thead>
            <tr>
              <th scope="col">Class</th>
              <th scope="col" colSpan={2}>
                Probability
              </th>
              {before && (
                <th scope="col" className="figures">
                  Before
                </th>
              )}
              {further && (
                <th scope="col" className="figures">
                  At {percent(further.sparsity)}
                </th>
              )}
            </tr>
          </thead>
          <tbody>
            {shown.map(({ name, i, share }) => (
              <tr key={name} aria-current={i === given || undefined}>
                <th scope="row">
                  {name}
                  {i === right && <span className="range"> right</span>}
                </th>
                <td>
                  <div className="bar">
                    <div style={{ transform: `scaleX(${share})` }} />
                  </div>
                </td>
                <td className="figures">{percent(share)}</td>
                {before && <td className="figures">{percent(before.probabilities[i] ?? 0)}</td>}
                {further && <td className="figures">{percent(further.answer.probabilities[i] ?? 0)}</td>}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </div>
  )
}

/** Classes that are listed, from the most probable one on, and the right one. */
const most = 6

/** The class that is answered, and its probability. */
function saidBy({ classes, probabilities, given }: Answer): string {
  return `${classes[given] ?? given} (${percent(probabilities[given] ?? 0)})`
}

function sentenceOf(answer: Answer): string {
  const { index, classes, given, right } = answer
  const says = `The model says ${saidBy(answer)}`
  if (index === null || right === null) return `${says}.`
  const truth = right === given ? ', which is right' : `; it is ${classes[right] ?? right}`
  return `Held-out example ${count(index + 1)}. ${says}${truth}.`
}
