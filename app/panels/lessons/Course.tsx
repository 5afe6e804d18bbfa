import { lessons } from '../../../src/lessons'
import { lessonIds, type LessonId } from '../../../src/lessons/lessonIds'
import { useActions, useApp } from '../../store'
import { pageLink } from '../../store/state'
import { OneLesson } from './OneLesson'

/** The list of lessons, or the one that is taken. */
export default function Course() {
  const id = useApp((s) => s.ui.lesson)
  const own = useApp((s) => s.ui.ownSetUp)
  const link = useApp(pageLink)
  const guesses = useApp((s) => s.ui.guesses)
  const { setUi, openLink } = useActions()
  const keepSetUp = () => setUi({ ownSetUp: own ?? link })
  /** A lesson that is taken again asks again. */
  const take = (lesson: LessonId) => {
    const { [lesson]: _, ...others } = guesses
    keepSetUp()
    setUi({ lesson, guesses: others, look: null })
  }
  const leave = () => {
    if (own !== null) openLink(own)
    setUi({ lesson: null, ownSetUp: null, look: null })
  }
  if (id === null)
    return (
      <>
        <p>Each asks for a prediction, then you make a run, and what came stands beside it. A minute or two each.</p>
        <ol className="lesson-list">
          {lessonIds.map((lesson) => (
            <li key={lesson}>
              <button type="button" className="link" onClick={() => take(lesson)}>
                {lessons[lesson].title}
              </button>
            </li>
          ))}
        </ol>
      </>
    )
  const next = lessonIds[lessonIds.indexOf(id) + 1]
  return (
    <>
      <OneLesson key={id} id={id} onBegin={keepSetUp} />
      <div className="buttons">
        {next !== undefined && (
          <button type="button" onClick={() => take(next)}>
            Next: {lessons[next].title}
          </button>
        )}
        <button type="button" onClick={leave}>
          Leave the lesson
        </button>
      </div>
      <p className="help">Leaving gives you back your own set-up. The address holds the lesson, to be shared.</p>
    </>
  )
}
