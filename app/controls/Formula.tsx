import { lazy, Suspense } from 'react'

const Tex = lazy(() => import('./Tex'))

/** A formula in TeX on a line of its own; KaTeX and its fonts are loaded when the first one is shown. */
export function Formula({ tex }: { readonly tex: string }) {
  return (
    <span className="formula">
      <Suspense fallback={<code>{tex}</code>}>
        <Tex tex={tex} />
      </Suspense>
    </span>
  )
}
