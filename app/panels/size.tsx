import { useState } from 'react'
import {
  bytesText,
  storages,
  valueKinds,
  type Extent,
  type SizeReport,
  type Storage,
  type ValueKind,
} from '../../src/core/sizes'
import type { RunResult } from '../../src/core/trainer'
import { download } from '../controls/download'
import { percent, times, value } from '../controls/format'
import { Segments } from '../controls/Segments'
import { useActions, useApp } from '../store'
import { shownKept, shownRun } from '../store/shownRun'
import { panel } from './panel'

/** What the weights take to store, in floats and in int8, and what int8 does to accuracy. */
export const size = panel({
  id: 'size',
  title: 'Size',
  place: 'cost',
  Component() {
    const result = useApp((s) => shownRun(s).result)
    const kept = useApp((s) => shownKept(s) !== null)
    if (kept) return <p className="empty">The sizes of a kept run are not kept. Start makes this run again.</p>
    if (!result)
      return (
        <p className="empty">
          When a run has ended, the size of its weights appears here: dense, sparse and deflated, as floats and as int8.
          So does the accuracy with int8.
        </p>
      )
    if (!result.sizes) return <p className="empty">The sizes of this run were not measured.</p>
    return <Report result={result} sizes={result.sizes} />
  },
})

const extents: Readonly<Record<keyof Extent, string>> = { all: 'All parameters', prunable: 'Prunable matrices' }
const names: Readonly<Record<Storage, string>> = { dense: 'Dense', bitmap: 'Bitmap', csr: 'CSR', deflated: 'Deflated' }
const values: Readonly<Record<ValueKind, string>> = { f32: 'floats', int8: 'int8' }

function Report({ result, sizes }: { readonly result: RunResult; readonly sizes: SizeReport }) {
  const [extent, setExtent] = useState<keyof Extent>('all')
  const dense = sizes.f32.dense[extent]
  return (
    <div className="measured">
      <p>{sizes.verdict}</p>
      <Accuracy {...result} />
      <Segments label="Bytes of" options={extents} value={extent} onChange={setExtent} />
      <table>
        <thead>
          <tr>
            <th scope="col">Stored</th>
            <th scope="col" className="figures">
              Bytes
            </th>
            <th scope="col" colSpan={2}>
              Times smaller
            </th>
          </tr>
        </thead>
        {storages.map((storage) => (
          <tbody key={storage}>
            {valueKinds.map((kind) => (
              <tr key={kind}>
                <th scope="row">
                  {kind === 'f32' ? `${names[storage]}, ${values.f32}` : <span className="inner">{values.int8}</span>}
                </th>
                <td className="figures">{bytesText(sizes[kind][storage][extent])}</td>
                <td className="figures">{times(dense / sizes[kind][storage][extent])}</td>
                <td>
                  <div className="bar" aria-hidden="true">
                    <div style={{ transform: `scaleX(${Math.min(1, sizes[kind][storage][extent] / dense)})` }} />
                  </div>
                </td>
              </tr>
            ))}
          </tbody>
        ))}
      </table>
      <p className="help">
        Bitmap: one bit for every place. CSR: {sizes.indexBits.join(' or ')} bits for a column, 32 for the start of a
        row. Deflated: the dense values, compressed by zlib. int8 has a scale of 32 bits for each output of a layer and
        each row of a table. Biases and norms stay floats.{' '}
        {extent === 'all' && 'What is never pruned is stored dense. '}A bar is the share of dense floats.
      </p>
      <Files runId={result.runId} />
    </div>
  )
}

function Accuracy({ evaluations, quantized, experiment }: RunResult) {
  const end = evaluations.findLast((e) => e.moment === 'end')
  if (!end || !quantized) return null
  return (
    <dl className="facts">
      <div>
        <dt>Accuracy</dt>
        <dd>
          {percent(end.accuracy)} {experiment.training.weightBits === '8' ? 'as trained' : 'in floats'},{' '}
          {percent(quantized.accuracy)} in int8
        </dd>
      </div>
      <div>
        <dt>Loss</dt>
        <dd>
          {value(end.loss)} and {value(quantized.loss)}
        </dd>
      </div>
    </dl>
  )
}

function Files({ runId }: { readonly runId: string }) {
  const { weights, forPyTorch, receive } = useActions()
  const say = (text: string) => receive({ type: 'note', text })
  const gone = 'The weights of this run are gone. Start it again to save them.'
  const save = async (kind: ValueKind) => {
    const file = await weights(kind)
    if (file) download(`weights-${runId}.${kind}.safetensors`, new Blob([Uint8Array.from(file)]))
    else say(gone)
  }
  const saveForPyTorch = async () => {
    const made = await forPyTorch()
    if (made?.zip) download(`pytorch-${runId}.zip`, new Blob([Uint8Array.from(made.zip)], { type: 'application/zip' }))
    else say(made?.problem ? `${made.problem.what} ${made.problem.fix}` : gone)
  }
  return (
    <div className="buttons">
      {valueKinds.map((kind) => (
        <button key={kind} type="button" onClick={() => void save(kind)}>
          Save in {values[kind]}
        </button>
      ))}
      <button
        type="button"
        title="A folder that transformers opens, with masks and a script that compares logits, as a zip"
        onClick={() => void saveForPyTorch()}
      >
        Save for PyTorch
      </button>
    </div>
  )
}
