import { useEffect } from 'react'
import { Announcer } from './Announcer'
import { Catch } from './Catch'
import { useDark } from './controls/useDark'
import { panels } from './panels'
import type { Panel } from './panels/panel'
import { runControls } from './panels/runControls'
import { useActions, useApp } from './store'
import type { UiState } from './store/ui'

/** The whole page: a head, the run controls, a column of settings, and the panels in two columns. */
export function App() {
  return (
    <>
      <SkipLink />
      <header className="page-head">
        <h1>Pruning playground</h1>
        <p>A small transformer learns in this tab. Prune it, and watch every weight.</p>
        <Column place="head" />
        <ThemePicker />
      </header>
      <main>
        <Column place="top" />
        <div className="columns">
          <Column place="side" />
          <div className="board">
            <Column place="over" />
            <Column place="wide" />
            <Column place="narrow" />
          </div>
        </div>
      </main>
      <Announcer />
    </>
  )
}

/** Moves the focus, not the address: that holds the experiment, and `#run` would open another one. */
function SkipLink() {
  return (
    <a
      className="skip"
      href={`#${runControls.id}`}
      onClick={(event) => {
        event.preventDefault()
        document.getElementById(runControls.id)?.focus()
      }}
    >
      To the run controls
    </a>
  )
}

function Column({ place }: { readonly place: Panel['place'] }) {
  return (
    <div className={`column ${place}`}>
      {panels
        .filter((panel) => panel.place === place)
        .map((panel) => (
          <Framed key={panel.id} {...panel} />
        ))}
    </div>
  )
}

function Framed({ id, title, shown, Component }: Panel) {
  const visible = useApp((s) => shown?.(s) ?? true)
  if (!visible) return null
  return (
    <section className="panel" id={id} tabIndex={-1} aria-labelledby={`${id}-title`}>
      <h2 id={`${id}-title`}>{title}</h2>
      <Catch what={`The panel "${title}"`}>
        <Component />
      </Catch>
    </section>
  )
}

const themes: readonly UiState['theme'][] = ['auto', 'light', 'dark']
const themeNames: Readonly<Record<UiState['theme'], string>> = { auto: 'System colours', light: 'Light', dark: 'Dark' }

function ThemePicker() {
  const theme = useApp((s) => s.ui.theme)
  const { setUi } = useActions()
  const dark = useDark(theme)
  useEffect(() => {
    document.documentElement.dataset.theme = dark ? 'dark' : 'light'
  }, [dark])
  return (
    <select
      className="theme"
      aria-label="Colours of the page"
      value={theme}
      onChange={(event) => setUi({ theme: themes.find((name) => name === event.target.value) ?? 'auto' })}
    >
      {themes.map((name) => (
        <option key={name} value={name}>
          {themeNames[name]}
        </option>
      ))}
    </select>
  )
}
