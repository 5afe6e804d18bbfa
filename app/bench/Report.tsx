import { agreementText, peerHead, peerRows, toMarkdown, workloadTitle } from '../../src/bench/markdown'
import type { BenchResult, WorkloadResult } from '../../src/bench/result'
import { useState } from 'react'
import { download } from '../controls/download'

/** The tables of a finished benchmark, to be copied or saved. */
export function Report({ result }: { readonly result: BenchResult }) {
  const markdown = toMarkdown(result)
  const [copied, setCopied] = useState('')
  const copy = () => {
    navigator.clipboard.writeText(markdown).then(
      () => setCopied('Copied.'),
      () => setCopied('The browser refused; the text is below.'),
    )
  }
  return (
    <>
      <p>
        {result.device}
        {result.software ? ' (computes on the processor)' : ''}
      </p>
      {result.workloads.map((workload) => (
        <PeerTable key={workload.name} workload={workload} />
      ))}
      <div className="buttons">
        <button type="button" onClick={copy}>
          Copy as Markdown
        </button>
        <button
          type="button"
          onClick={() => download('bench.json', JSON.stringify(result, null, 2), 'application/json')}
        >
          Download JSON
        </button>
        <span role="status">{copied}</span>
      </div>
      <details>
        <summary>Everything as Markdown</summary>
        <pre>{markdown}</pre>
      </details>
    </>
  )
}

function PeerTable({ workload }: { readonly workload: WorkloadResult }) {
  return (
    <section className="bench-workload">
      <h3>{workloadTitle(workload)}</h3>
      <table>
        <thead>
          <tr>
            {peerHead.map((head) => (
              <th key={head} scope="col">
                {head}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {peerRows(workload).map(([name, ...cells]) => (
            <tr key={name}>
              <th scope="row">{name}</th>
              {cells.map((cell, i) => (
                <td key={peerHead[i + 1]}>{cell}</td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
      <p className="help">{agreementText(workload)}</p>
    </section>
  )
}
