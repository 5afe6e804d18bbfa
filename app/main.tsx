import './styles/page.css'
import { createRoot } from 'react-dom/client'
import { followAddress } from './address'
import { App } from './App'
import { Catch } from './Catch'
import { guardLeaving } from './leaving'
import { followOtherPages } from './otherPages'
import { AppProvider } from './store'
import { createApp } from './store/app'
import { openVault } from './store/kept/vault'
import { shelfOf } from './store/shelf'
import { runsKey } from './store/kept/takeOver'
import { connect, engineLock } from './trainer'
import { followVisibility } from './visibility'

const root = document.getElementById('root')
if (root && new URLSearchParams(location.search).has('bench')) void openBench(root)
else if (root) openPlayground(root)

function openPlayground(root: HTMLElement): void {
  const channel = new BroadcastChannel(runsKey)
  const app = createApp({
    connect,
    shelf: shelfOf(() => localStorage),
    vault: openVault(),
    tell: (keys) => channel.postMessage(keys),
    persist: () => void askToPersist(),
    busyElsewhere,
    now: () => Date.now(),
    random: () => Math.random(),
    search: location.search,
  })
  followAddress(app, window)
  followVisibility(app, document)
  followOtherPages(app, window, channel)
  guardLeaving(app, window)
  createRoot(root).render(
    <Catch what="The page">
      <AppProvider value={app}>
        <App />
      </AppProvider>
    </Catch>,
  )
}

/** Engines hold locks. The one of this tab before it was loaded again may need a moment to let go. */
async function busyElsewhere(): Promise<boolean> {
  if (!('locks' in navigator)) return false
  for (let tries = 0; tries < 10; tries++) {
    const { held = [] } = await navigator.locks.query().catch(() => ({ held: [] }))
    if (!held.some(({ name }) => name?.startsWith(engineLock))) return false
    await new Promise((resolve) => setTimeout(resolve, 200))
  }
  return true
}

/** So that the browser does not clear kept runs when it needs room; some ask the reader, some decide by themselves. */
async function askToPersist(): Promise<void> {
  try {
    if (!(await navigator.storage.persisted())) await navigator.storage.persist()
  } catch {
    // Without a secure connection there is nobody to ask; runs are kept all the same.
  }
}

async function openBench(root: HTMLElement): Promise<void> {
  const { BenchPage } = await import('./bench/BenchPage')
  createRoot(root).render(
    <Catch what="The benchmark">
      <BenchPage />
    </Catch>,
  )
}
