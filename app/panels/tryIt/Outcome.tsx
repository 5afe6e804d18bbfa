import type { Answer } from '../../../src/core/attempt'
import { count, percent } from '../../controls/format'
import { Parts } from './Parts'

/** What the model makes of an example: the probability of each class, and the parts that its answer rests on. */
export function Outcome({ answer }: { readonly answer: Answer }) {
  const { classes, probabilities, given, right } = answer
  const shown = classes
    .map((name, i) => ({ name, i, share: probabilities[i] ?? 0 }))
    .sort((a, b) => b.share - a.share)
    .filter(({ i }, at) => at < most || i === right)
  return (
    <div className="try-outcome">
      <Parts answer={answer} />
      <div>
        <p>
          <strong>{sentenceOf(answer)}</strong>
        </p>
        <table className="layers">
          <thead>
            <tr>
              <th scope="col">Class</th>
              <th scope="col" colSpan={2}>
                Probability
              </th>
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

function sentenceOf({ index, classes, probabilities, given, right }: Answer): string {
  const says = `The model says ${classes[given] ?? given} (${percent(probabilities[given] ?? 0)})`
  if (index === null || right === null) return `${says}.`
  const truth = right === given ? ', which is right' : `; it is ${classes[right] ?? right}`
  return `Held-out example ${count(index + 1)}. ${says}${truth}.`
}
