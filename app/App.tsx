import { lazy, Suspense, useEffect } from 'react'
import { Announcer } from './Announcer'
import { Catch } from './Catch'
import { useDark } from './controls/useDark'
import { useNarrow } from './controls/useNarrow'
import { Column } from './Column'
import { panels } from './panels'
import { progress } from './panels/progress'
import { useActions, useApp } from './store'
import { narrowTabs, tabs, type NarrowTabId } from './store/tabs'
import { TabList } from './TabList'

const TabColumn = lazy(() => import('./TabColumn'))
const RolePage = lazy(() => import('./roles/RolePage'))
const KioskStrip = lazy(() => import('./roles/KioskStrip'))

/** The page, and the strip that looks after it where it stands alone. Each visitor of a stand finds it as new. */
export function App() {
  const isKiosk = useApp((s) => s.role.kiosk.length > 0)
  const visit = useApp((s) => s.ui.visit)
  if (!isKiosk) return <Page />
  return (
    <>
      <Catch key={visit} what="The page">
        <Page />
      </Catch>
      <Suspense>
        <KioskStrip />
      </Suspense>
    </>
  )
}

/**
 * The whole page: a bar with the experiment, Start and how far the run is; the map beside what happens and the curves;
 * tabs with all else. On a narrow page map and curves are tabs, too, and Start stands at the lower edge.
 */
function Page() {
  const narrow = useNarrow()
  const dark = useDark(useApp((s) => s.ui.theme))
  useEffect(() => {
    document.documentElement.dataset.theme = dark ? 'dark' : 'light'
  }, [dark])
  const look = useApp((s) => (s.role.embed ? 'embed' : s.role.stage ? 'stage' : null))
  const chosen = useApp((s) => s.ui.tab)
  const { setUi } = useActions()
  const names: Partial<Record<NarrowTabId, string>> = narrow ? narrowTabs : tabs
  const first = narrow ? 'map' : 'compare'
  const tab = chosen !== null && chosen in names ? chosen : first
  const tabList = <TabList names={names} value={tab} onChange={(next) => setUi({ tab: next })} />
  if (look)
    return (
      <>
        <Suspense>
          <RolePage look={look} />
        </Suspense>
        <Announcer />
      </>
    )
  return (
    <>
      <SkipLink />
      <header className="page-bar">
        <h1>Pruning playground</h1>
        <Column panels={panels} place="bar" />
      </header>
      <main>
        <Column panels={panels} place="top" />
        <Column panels={panels} place="over" />
        {narrow && <Column panels={panels} place="aside" />}
        {narrow && tabList}
        <div className="stage">
          <Column panels={panels} place="map" tab={narrow} away={narrow && tab !== 'map'} />
          <div className="beside">
            {!narrow && <Column panels={panels} place="aside" />}
            <Column panels={panels} place="curves" tab={narrow} away={narrow && tab !== 'curves'} />
          </div>
        </div>
        {!narrow && tabList}
        {tab !== 'map' && tab !== 'curves' && (
          <Suspense fallback={<div id={`tab-${tab}`} className="column" role="tabpanel" aria-busy />}>
            <TabColumn key={tab} place={tab} />
          </Suspense>
        )}
      </main>
      <Announcer />
    </>
  )
}

/** Moves the focus, not the address: that holds the experiment, and `#progress` would open another one. */
function SkipLink() {
  return (
    <a
      className="skip"
      href={`#${progress.id}`}
      onClick={(event) => {
        event.preventDefault()
        document.getElementById(progress.id)?.focus()
      }}
    >
      To the run controls
    </a>
  )
}
