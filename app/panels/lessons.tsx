import { lazy, Suspense } from 'react'
import { panel } from './panel'

const Course = lazy(() => import('./lessons/Course'))

/** Lessons that ask first, run for real, and show what was predicted beside what came. */
export const lessons = panel({
  id: 'lessons',
  title: 'Lessons',
  place: 'learn',
  Component: () => (
    <Suspense fallback={<p className="empty">Loading</p>}>
      <Course />
    </Suspense>
  ),
})
