import { Termed } from '../controls/Termed'
import { useApp } from '../store'
import { shownKept } from '../store/shownRun'
import { isElsewhere, type AppState } from '../store/state'
import { useOpenRun } from '../store/useOpenRun'
import { Buttons } from './now/Buttons'
import { Facts } from './now/Facts'
import { Notes } from './now/Notes'
import { courseText, nowText } from './now/nowText'
import { ProblemAlert } from './now/ProblemAlert'
import { RealData } from './now/RealData'
import { SlowOffer } from './now/SlowOffer'
import { panel } from './panel'

/** What the run does and comes to, in words, what can be done with it, and whatever went wrong. */
export const now = panel({
  id: 'now',
  title: 'What happens now',
  place: 'aside',
  Component() {
    return (
      <>
        <Words />
        <Buttons />
        <Notes />
        <SlowOffer />
        <ProblemAlert />
        <RealData />
        <Facts />
      </>
    )
  },
})

/** While the page shows a kept run, what is told here is still about the open one. */
const selectAside = (s: AppState) => s.run.asked !== null && shownKept(s) !== null

/** The run in words: what it does, and what comes next. */
export function Words() {
  const run = useOpenRun()
  const aside = useApp(selectAside)
  const elsewhere = useApp(isElsewhere)
  const experiment = useApp((s) => s.setup.experiment)
  const text = nowText(run, elsewhere)
  return (
    <div className="now-words">
      <p>
        <strong>
          <Termed text={aside && !elsewhere ? `Open run: ${text}` : text} />
        </strong>
      </p>
      {!elsewhere
        && courseText(run, experiment).map((sentence) => (
          <p key={sentence}>
            <Termed text={sentence} />
          </p>
        ))}
    </div>
  )
}
