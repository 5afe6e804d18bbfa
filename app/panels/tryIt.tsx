import { useEffect, useState } from 'react'
import type { Attempt } from '../../src/core/attempt'
import type { ProblemData } from '../../src/core/problem'
import { useActions, useApp } from '../store'
import { isBusy } from '../store/run'
import { shownKept } from '../store/shownRun'
import { panel } from './panel'
import { Ask } from './tryIt/Ask'
import { Attention, type Place } from './tryIt/Attention'
import { Further } from './tryIt/Further'
import { Outcome, type OutcomeProps } from './tryIt/Outcome'

/** An example goes through the model as it is: what the model makes of it, and what in it that rests on. */
export const tryIt = panel({
  id: 'try-it',
  title: 'Try it',
  place: 'try',
  Component() {
    const runId = useApp((s) => s.run.opened?.runId)
    const generation = useApp((s) => s.run.generation)
    const kept = useApp((s) => shownKept(s) !== null)
    if (kept) return <p className="empty">The weights of a kept run are not kept. Start makes this run again.</p>
    if (runId === undefined)
      return (
        <p className="empty">
          Start a run. Then examples, or your own, go through its model here: what it makes of them, and which parts of
          them its answer rests on.
        </p>
      )
    return <Trial key={`${generation} ${runId}`} />
  },
})

const first: Attempt = { kind: 'held', index: 0 }

/** The first held-out example is asked about by itself, and the same one again whenever the weights have changed. */
function Trial() {
  const busy = useApp((s) => isBusy(s.run.phase))
  const step = useApp((s) => (isBusy(s.run.phase) ? null : (s.run.last?.step ?? 0)))
  const { attempt, tryOut } = useActions()
  const asked = useApp(({ tried, run }) => (tried?.generation === run.generation ? tried.asked : first))
  // The last answer stays where the next question has none, and with it the field to ask again.
  const [found, setFound] = useState<OutcomeProps>()
  const sparsity = useApp((s) => s.run.last?.sparsity ?? 0)
  const [further, setFurther] = useState<number>()
  const [place, setPlace] = useState<Place>()
  const [problem, setProblem] = useState<ProblemData>()
  useEffect(() => {
    if (step === null) return undefined
    let gone = false
    const ask = async () => {
      const told = await attempt({ ...asked, attention: place, ...(further === undefined ? {} : { further }) })
      if (gone || !told) return
      const { answer, before, further: then } = told
      if (answer) setFound({ answer, before, further: then && { answer: then, sparsity: further ?? 0 } })
      setProblem(told.problem)
    }
    // A slider that is drawn along asks once it rests.
    const timer = setTimeout(() => void ask(), further === undefined ? 0 : 150)
    return () => {
      gone = true
      clearTimeout(timer)
    }
  }, [attempt, asked, step, further, place])
  return (
    <div className="try-it">
      <Ask answer={found?.answer} asked={asked} disabled={busy} onAsk={tryOut} />
      {found && <Further sparsity={sparsity} value={further} disabled={busy} onChange={setFurther} />}
      {busy && (
        <p className="help" role="status">
          The run trains, and its weights change: pause it to ask its model.
        </p>
      )}
      {problem && (
        <p className="note" role="status">
          {problem.what} {problem.fix}
        </p>
      )}
      {found && <Outcome {...found} />}
      {found && (
        <Attention answer={found.answer} before={found.before} place={place} disabled={busy} onChange={setPlace} />
      )}
    </div>
  )
}
