import { count, percent } from '../../controls/format'
import { isBeyondChance, lossOf, type Change } from './changes'
import { isSame } from './chosen'
import { signed, type PairProps } from './Summary'

/** Accuracy of each class before and after, the greatest loss first. */
export function PerClass({ pair, changes, chosen, onChoose }: PairProps) {
  return (
    <div>
      <h3>Who pays for sparsity</h3>
      <div className="layers wrong-classes" tabIndex={0} role="region" aria-label="Accuracy of each class, table">
        <table>
          <thead>
            <tr>
              <th scope="col">Class</th>
              <th scope="col">Accuracy</th>
              <th scope="col" className="figures">
                Points
              </th>
              <th scope="col" className="figures">
                Chance
              </th>
              <th scope="col" className="figures">
                Broken
              </th>
              <th scope="col" className="figures">
                Mended
              </th>
            </tr>
          </thead>
          <tbody>
            {changes.classes.map((change) => (
              <tr key={change.of}>
                <th scope="row">
                  {pair.classes[change.of ?? 0]} <span className="range">n = {count(change.count)}</span>
                </th>
                <td>
                  <Accuracies {...change} />
                </td>
                <td className="figures">{signed(-100 * lossOf(change))}</td>
                <td className="figures">
                  {isBeyondChance(change) ? <strong>beyond</strong> : 'within'} {rangeOf(change)}
                </td>
                {(['broken', 'mended'] as const).map((kind) => (
                  <td key={kind} className="figures">
                    <button
                      type="button"
                      className="link"
                      disabled={change[kind] === 0}
                      aria-label={`${count(change[kind])} of ${pair.classes[change.of ?? 0]} ${kind}`}
                      aria-pressed={isSame(chosen, { kind, right: change.of })}
                      onClick={() => onChoose({ kind, right: change.of })}
                    >
                      {count(change[kind])}
                    </button>
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      <p className="help">
        Ring: {pair.before.label}. Dot: {pair.after.label}. Chance: how far the accuracy of a class can move between two
        equal models that disagree on as many of its examples; in 95 of 100 comparisons no class moves further (exact
        McNemar, divided by the number of classes). One run of a method is one draw: other seeds may let other classes
        pay.
      </p>
    </div>
  )
}

function rangeOf({ range, count: n }: Change): string {
  return `± ${((100 * range) / n).toFixed(1)}`
}

function Accuracies({ before, after, count: n }: Change) {
  const [was, is] = [before / n, after / n]
  const [left, right] = [Math.min(was, is), Math.max(was, is)]
  return (
    <div className="wrong-accuracies" role="img" aria-label={`${percent(was)}, then ${percent(is)}`}>
      <i style={{ left: `${100 * left}%`, width: `${100 * (right - left)}%` }} />
      <b className="was" style={{ left: `${100 * was}%` }} />
      <b style={{ left: `${100 * is}%` }} />
    </div>
  )
}
