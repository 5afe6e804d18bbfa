import './styles/page.css'
import { createRoot } from 'react-dom/client'
import { followAddress } from './address'
import { App } from './App'
import { Catch } from './Catch'
import { AppProvider } from './store'
import { createApp } from './store/app'
import { shelfOf } from './store/shelf'
import { connect } from './trainer'
import { followVisibility } from './visibility'

const app = createApp({ connect, shelf: shelfOf(() => localStorage), now: () => Date.now(), random: () => Math.random(), search: location.search })
followAddress(app, window)
followVisibility(app, document)
const root = document.getElementById('root')
if (root) createRoot(root).render(<Catch what="The page"><AppProvider value={app}><App /></AppProvider></Catch>)
