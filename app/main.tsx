import './styles/page.css'
import type { Role } from '../src/config/role'
import { createRoot } from 'react-dom/client'
import { followAddress } from './address'
import { App } from './App'
import { Catch } from './Catch'
import { guardLeaving } from './leaving'
import { followOtherPages } from './otherPages'
import { AppProvider } from './store'
import { createApp } from './store/app'
import { openRecords } from './store/kept/records'
import { openVault } from './store/kept/vault'
import { shelfOf } from './store/shelf'
import { runsKey } from './store/kept/oldRuns'
import { connect } from './trainer'
import { shareTraining, takeClaim } from './training'
import { followVisibility } from './visibility'

const root = document.getElementById('root')
if (root && new URLSearchParams(location.search).has('bench')) void openBench(root)
else if (root) openPlayground(root)

function openPlayground(root: HTMLElement): void {
  const channel = new BroadcastChannel(runsKey)
  // Pages without https have none.
  const locks = 'locks' in navigator ? navigator.locks : null
  const app = createApp({
    connect,
    shelf: shelfOf(() => localStorage),
    vault: openVault(),
    records: openRecords(),
    weights: async () => (await import('../src/host/weightFiles')).weightFiles(),
    tell: (keys) => channel.postMessage(keys),
    persist: () => void askToPersist(),
    ...(locks ? { takeClaim: (claim: string) => takeClaim(locks, claim) } : {}),
    now: () => Date.now(),
    random: () => Math.random(),
    search: location.search,
  })
  followAddress(app, window)
  followVisibility(app, document)
  followOtherPages(app, window, channel)
  guardLeaving(app, window)
  void (
    locks ? shareTraining(app, locks, new BroadcastChannel('pruning-playground/training')) : Promise.resolve()
  ).then(() => (startsAlone(app.store.getState().role) ? app.actions.autostart() : undefined))
  if (import.meta.env.PROD) setTimeout(() => void openOffline(app), 1000)
  createRoot(root).render(
    <Catch what="The page">
      <AppProvider value={app}>
        <App />
      </AppProvider>
    </Catch>,
  )
}

/** Late: nothing of the first minute waits for it, and a page that cannot load it goes without. */
async function openOffline(app: ReturnType<typeof createApp>): Promise<void> {
  const late = await import('./offline/offline').catch(() => null)
  await late?.offline(app)
}

/** A stand begins its runs itself. */
function startsAlone({ autostart, kiosk }: Role): boolean {
  return autostart && kiosk.length === 0
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
