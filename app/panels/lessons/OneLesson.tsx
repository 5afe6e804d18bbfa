import { useEffect, useId } from 'react'
import { lessons } from '../../../src/lessons'
import type { Lesson, Task } from '../../../src/lessons/lesson'
import { lessonLooks, type LessonId } from '../../../src/lessons/lessonIds'
import { taskExperiment } from '../../../src/lessons/taskExperiment'
import { useActions, useApp } from '../../store'
import { isBusy } from '../../store/run'
import { useSlow } from '../../store/slow'
import { idOf, type AppState } from '../../store/state'
import { outcomeOf } from './outcomeOf'
import { pointedBy } from './pointedBy'
import { usePointing } from './usePointing'

interface OneLessonProps {
  readonly id: LessonId
  /** Remembers the learner's own set-up, before the first run is set up. */
  readonly onBegin: () => void
}

const selectState = (state: AppState) => state

/** Say, predict, do, see: each part comes when the learner has done the one before. */
export function OneLesson({ id, onBegin }: OneLessonProps) {
  const lesson = lessons[id]
  const guesses = useApp((s) => s.ui.guesses)
  const { setUi } = useActions()
  const guess = Object.hasOwn(lesson.answers, guesses[id] ?? '') ? (guesses[id] ?? null) : null
  const state = useSlow(selectState)
  const outcomes = lesson.tasks.map((task) => outcomeOf(state, taskExperiment(task), lesson.open === true))
  const current = outcomes.indexOf(null)
  const task = guess !== null && current >= 0 ? lesson.tasks[current] : undefined
  const isSetUp = task !== undefined && idOf(state.setup.experiment) === idOf(taskExperiment(task))
  usePointing(isSetUp && !isBusy(state.run.phase) ? '#progress button.primary' : null)
  return (
    <article className="lesson" aria-label={lesson.title}>
      <h3>{lesson.title}</h3>
      <p>{lesson.say}</p>
      <Prediction
        lesson={lesson}
        guess={guess}
        onGuess={(answer) => setUi({ guesses: { ...guesses, [id]: answer } })}
      />
      {guess !== null && (
        <ol className="lesson-tasks">
          {lesson.tasks.map((each, i) => (
            <li key={each.name}>
              <b>{each.name}.</b> {each.text}{' '}
              <i>{outcomes[i] ? 'Done.' : each === task ? waitText(state, isSetUp) : ''}</i>
              {each === task && !isSetUp && <SetUp task={each} onBegin={onBegin} />}
            </li>
          ))}
        </ol>
      )}
      {guess !== null && current < 0 && <Findings id={id} guess={guess} outcomes={outcomes} />}
    </article>
  )
}

function waitText({ run }: AppState, isSetUp: boolean): string {
  if (!isSetUp) return 'Waiting for you.'
  return isBusy(run.phase) ? 'The run goes on.' : 'Set up: press Start.'
}

interface PredictionProps {
  readonly lesson: Lesson
  readonly guess: string | null
  readonly onGuess: (guess: string) => void
}

function Prediction({ lesson, guess, onGuess }: PredictionProps) {
  const name = useId()
  return (
    <fieldset className="lesson-answers">
      <legend>{lesson.question}</legend>
      {Object.entries(lesson.answers).map(([id, text]) => (
        <label key={id} className="flag">
          <input type="radio" name={name} checked={guess === id} onChange={() => onGuess(id)} />
          {text}
        </label>
      ))}
    </fieldset>
  )
}

function SetUp({ task, onBegin }: { readonly task: Task; readonly onBegin: () => void }) {
  const { setExperiment } = useActions()
  return (
    <button
      type="button"
      onClick={() => {
        onBegin()
        setExperiment(taskExperiment(task))
      }}
    >
      Set it up for me
    </button>
  )
}

interface FindingsProps {
  readonly id: LessonId
  readonly guess: string
  readonly outcomes: readonly ReturnType<typeof outcomeOf>[]
}

function Findings({ id, guess, outcomes }: FindingsProps) {
  const lesson = lessons[id]
  const finding = lesson.see(outcomes.filter((outcome) => outcome !== null))
  if (!finding) return <p role="status">These runs lack the numbers that this lesson reads. Press Start again.</p>
  return (
    <div className="lesson-found" role="status">
      <dl className="facts">
        <div>
          <dt>You predicted</dt>
          <dd>{lesson.answers[guess]}</dd>
        </div>
        <div>
          <dt>What came</dt>
          <dd>{lesson.answers[finding.came]}</dd>
        </div>
      </dl>
      <p>{finding.text}</p>
      <LookOn id={id} />
    </div>
  )
}

/** Where to look on. The page waits for the look, which may be at another tab, and says so when it was taken. */
function LookOn({ id }: { readonly id: LessonId }) {
  const wanted = lessonLooks[id]
  const look = useApp((s) => s.ui.look)
  const { setUi } = useActions()
  const asks = wanted !== undefined && look === null
  useEffect(() => {
    if (asks) setUi({ look: 'asked' })
  }, [asks, setUi])
  usePointing(wanted !== undefined && look === 'asked' ? pointedBy[wanted] : null)
  return (
    <p>
      {lessons[id].next} {wanted !== undefined && <i>{look === 'taken' ? 'Done.' : 'Waiting for you.'}</i>}
    </p>
  )
}
