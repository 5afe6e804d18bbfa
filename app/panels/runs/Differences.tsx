import { sparsityOf } from '../../../src/config/comparison'
import { count, duration, percent } from '../../controls/format'
import type { KeptRun } from '../../store/runs'
import { differing } from './differing'
import { nameOf } from './nameOf'

/** What the chosen runs were told otherwise, and what came of each. */
export function Differences({ runs }: { readonly runs: readonly KeptRun[] }) {
  const settings = differing(runs.map(({ experiment }) => experiment))
  const came: readonly (readonly [string, (run: KeptRun) => string])[] = [
    ['Accuracy at the end', (run) => percent(run.end.accuracy)],
    ['Sparsity', (run) => percent(sparsityOf(run), 2)],
    ['Weights kept', (run) => `${count(run.kept)} of ${count(run.prunable)}`],
    ['Time', (run) => duration(run.seconds)],
    ['Engine', (run) => run.backend.backend],
  ]
  return (
    <div className="run-table" tabIndex={0} role="region" aria-label="What differs between the chosen runs">
      <table>
        <thead>
          <tr>
            <th scope="col">What differs</th>
            {runs.map((run) => (
              <th key={run.runId} scope="col">
                {nameOf(run)}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {settings.map(({ setting, values }, i) => (
            <tr key={i}>
              <th scope="row">{setting}</th>
              {values.map((value, at) => (
                <td key={runs[at]?.runId}>{value ?? '–'}</td>
              ))}
            </tr>
          ))}
          {settings.length === 0 && (
            <tr>
              <td colSpan={runs.length + 1}>No setting. They read other files, or ran on another engine.</td>
            </tr>
          )}
        </tbody>
        <tbody>
          {came.map(([label, read]) => (
            <tr key={label}>
              <th scope="row">{label}</th>
              {runs.map((run) => (
                <td key={run.runId} className="figures">
                  {read(run)}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}
