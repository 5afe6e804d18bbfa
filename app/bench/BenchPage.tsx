import './bench.css'
import { useRef, useState } from 'react'
import { portablePeers, type PeerName } from '../../src/bench/peers/peer'
import type { BenchAnswer } from '../../src/bench/port'
import { startBench, type Running } from './connect'
import { Report } from './Report'

const choices = {
  quick: ['Quick look', 'One small model and few rounds: whether it runs here, not how fast.'],
  tfjs: ['tfjs, eager', 'The same step in the operations of tfjs 4.22, with its own Adam.'],
  jaxjs: ['jax-js, jit', 'The same step compiled by jax-js 0.1.25.'],
  wasm: ['WebAssembly', 'This engine with all threads and with one, and tfjs, without WebGPU.'],
  kernels: ['Kernels alone', 'Bandwidth of the update pass, products, exact selection.'],
  growth: ['Growth', 'How a step grows with batch, depth and width.'],
} as const
type Choice = keyof typeof choices

const everything: Readonly<Record<Choice, boolean>> = {
  quick: false,
  tfjs: true,
  jaxjs: true,
  wasm: true,
  kernels: true,
  growth: true,
}

/** The benchmark as a page: anyone can run it on their own GPU and copy the table. */
export function BenchPage() {
  const [chosen, setChosen] = useState(everything)
  const [doing, setDoing] = useState('')
  const [answer, setAnswer] = useState<BenchAnswer | null>(null)
  const running = useRef<Running | null>(null)
  const start = () => {
    setAnswer(null)
    setDoing('Loading')
    const { tfjs, jaxjs, wasm, ...parts } = chosen
    const peers: PeerName[] = [
      ...(tfjs ? (['tfjs'] as const) : []),
      ...(jaxjs ? (['jaxjs'] as const) : []),
      ...(wasm ? portablePeers : []),
    ]
    const run = startBench({ ...parts, peers, workloads: [], command: '?bench' }, setDoing)
    running.current = run
    void run.answer.then((found) => {
      setAnswer(found)
      setDoing('')
    })
  }
  const stop = () => {
    running.current?.stop()
    setDoing('')
  }
  return (
    <main className="bench">
      <h1>Benchmark</h1>
      <p>
        Times a training step of this page&apos;s engine on your GPU, with mask cuts, in turns with two other libraries
        on the same weights and data. Peers whose losses do not agree to four digits over ten steps are not timed. It
        takes minutes; leave the tab in front.
      </p>
      <fieldset disabled={doing !== ''}>
        <legend>What to run</legend>
        {(Object.keys(choices) as Choice[]).map((name) => (
          <label key={name} className="flag">
            <input
              type="checkbox"
              checked={chosen[name]}
              onChange={(event) => setChosen({ ...chosen, [name]: event.target.checked })}
            />
            <span>
              {choices[name][0]} <span className="help">{choices[name][1]}</span>
            </span>
          </label>
        ))}
      </fieldset>
      <div className="buttons">
        {doing ? (
          <button type="button" onClick={stop}>
            Stop
          </button>
        ) : (
          <button type="button" className="primary" onClick={start}>
            Run
          </button>
        )}
        <span role="status">{doing}</span>
        <a href="./">Back to the playground</a>
      </div>
      {answer && 'problem' in answer && (
        <div className="problem" role="alert">
          <p>
            <strong>{answer.problem.what}</strong>
          </p>
          <p>{answer.problem.fix}</p>
        </div>
      )}
      {answer && 'result' in answer && <Report result={answer.result} />}
    </main>
  )
}
