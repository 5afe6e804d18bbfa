import katex from 'katex'
import 'katex/dist/katex.min.css'
import { useMemo } from 'react'

/** The one place that draws with KaTeX. The formulas are the registry's own, and a test reads every one. */
export default function Tex({ tex }: { readonly tex: string }) {
  const html = useMemo(() => katex.renderToString(tex, { displayMode: true }), [tex])
  return <span dangerouslySetInnerHTML={{ __html: html }} />
}
