/**
 * The whole page in a state made by hand, for looking at: /app/testing/?state=running. Served by `npm run dev` only.
 */
import '../styles/page.css'
import { createRoot } from 'react-dom/client'
import { App } from '../App'
import { AppProvider } from '../store'
import { createApp } from '../store/app'
import { handTrainer } from './handTrainer'
import { states } from './states'

const app = createApp({ connect: handTrainer, shelf: null, now: () => 0, random: () => 0.5, search: '' })
states[new URLSearchParams(location.search).get('state') ?? 'empty']?.(app)
const root = document.getElementById('root')
if (root)
  createRoot(root).render(
    <AppProvider value={app}>
      <App />
    </AppProvider>,
  )
