import { Framed } from '../Column'
import { learning } from '../panels/learning'
import { Words } from '../panels/now'
import { ProblemAlert } from '../panels/now/ProblemAlert'
import { progress } from '../panels/progress'
import { shownRun } from '../panels/shownRun'
import { task } from '../panels/task'
import { weightMap } from '../panels/weightMap'
import { toLink } from '../../src/config/link'
import { useApp } from '../store'
import { shownKept } from '../store/shownRun'
import '../styles/roles.css'

interface RolePageProps {
  readonly look: 'stage' | 'embed'
}

/**
 * The page where there is no room for all of it. On a stage: Start, a sentence, map and curve, as large as the last row
 * needs them. In a frame of another page: Start, map and curve, as large as the frame.
 */
export default function RolePage({ look }: RolePageProps) {
  const kept = useApp((s) => shownKept(s) !== null)
  return (
    <main className={`role-page for-${look}`}>
      <h1 className="unseen">Pruning playground</h1>
      <div className="role-head">
        <Framed {...progress} />
        {look === 'embed' && <WholePage />}
      </div>
      {look === 'stage' && (
        <>
          <Framed {...task} />
          {kept ? <shownRun.Component /> : <Words />}
        </>
      )}
      <ProblemAlert />
      <div className="role-views">
        <Framed {...weightMap} />
        <Framed {...learning} />
      </div>
    </main>
  )
}

/** The way from a frame to everything else. */
function WholePage() {
  const link = useApp((s) => toLink(s.setup.experiment, s.comparing.recipe, { ...s.role, embed: false }))
  return (
    <a className="whole-page" href={link} target="_blank" rel="noopener">
      Whole page
    </a>
  )
}
