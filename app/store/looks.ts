import type { StoreApi } from 'zustand/vanilla'
import { lessonLooks, type Look } from '../../src/lessons/lessonIds'
import type { AppState } from './state'

/** Whether what a lesson asks for is looked at. */
const isTaken: Readonly<Record<Look, (state: AppState) => boolean>> = {
  compare: ({ ui }) => ui.tab === 'compare',
  inside: ({ ui }) => ui.tab === 'inside',
  cost: ({ ui }) => ui.tab === 'cost',
  follow: ({ pointed }) => pointed.followed !== null,
  lookBack: ({ past }) => past !== null,
}

/** Notes when the look is taken that a lesson waits for. It may be at a tab on which the lesson cannot be seen. */
export function watchLooks(store: StoreApi<AppState>): void {
  store.subscribe((state) => {
    const { look, lesson } = state.ui
    const wanted = lesson === null ? undefined : lessonLooks[lesson]
    if (look === 'asked' && wanted !== undefined && isTaken[wanted](state))
      store.setState({ ui: { ...state.ui, look: 'taken' } })
  })
}
