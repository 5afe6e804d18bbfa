import './styles/page.css'
import { createRoot } from 'react-dom/client'
import { followAddress } from './address'
import { App } from './App'
import { Catch } from './Catch'
import { guardLeaving } from './leaving'
import { followOtherPages } from './otherPages'
import { AppProvider } from './store'
import { createApp } from './store/app'
import { shelfOf } from './store/shelf'
import { connect } from './trainer'
import { followVisibility } from './visibility'

const root = document.getElementById('root')
if (root && new URLSearchParams(location.search).has('bench')) void openBench(root)
else if (root) openPlayground(root)

function openPlayground(root: HTMLElement): void {
  const app = createApp({
    connect,
    shelf: shelfOf(() => localStorage),
    now: () => Date.now(),
    random: () => Math.random(),
    search: location.search,
  })
  followAddress(app, window)
  followVisibility(app, document)
  followOtherPages(app, window)
  guardLeaving(app, window)
  createRoot(root).render(
    <Catch what="The page">
      <AppProvider value={app}>
        <App />
      </AppProvider>
    </Catch>,
  )
}

async function openBench(root: HTMLElement): Promise<void> {
  const { BenchPage } = await import('./bench/BenchPage')
  createRoot(root).render(
    <Catch what="The benchmark">
      <BenchPage />
    </Catch>,
  )
}
