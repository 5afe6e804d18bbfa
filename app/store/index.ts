import { createContext, useContext } from 'react'
import { useStore } from 'zustand'
import type { Actions, App } from './app'
import type { AppState } from './state'

const AppContext = createContext<App | null>(null)

/** Gives the panels below it their store. */
export const AppProvider = AppContext.Provider

/** A part of the state; the component renders again when that part changes. */
export function useApp<T>(select: (state: AppState) => T): T {
  return useStore(useOwner().store, select)
}

/** All actions; the object never changes. */
export function useActions(): Actions {
  return useOwner().actions
}

/** The store itself, for code that reads it sometimes and is not drawn at each change. */
export function useOwner(): App {
  const app = useContext(AppContext)
  if (!app) throw new Error('A panel was drawn outside AppProvider.')
  return app
}
