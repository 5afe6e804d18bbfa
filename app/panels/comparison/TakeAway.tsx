import type { RefObject } from 'react'
import type { Outcome } from '../../../src/config/comparison'
import { toLatex } from '../../../src/config/latex'
import { toCsv, toMarkdown, toRunsCsv } from '../../../src/config/takeaway'
import { pictureOf, toPng } from '../../charts/picture'
import { download } from '../../controls/download'
import { SaveMenu } from '../../controls/SaveMenu'

interface TakeAwayProps {
  readonly outcomes: readonly Outcome[]
  readonly title: string
  readonly link: string
  readonly frame: RefObject<HTMLElement | null>
}

/** Saves the comparison: a table, numbers or the picture of the chart in `frame`. */
export default function TakeAway({ outcomes, title, link, frame }: TakeAwayProps) {
  const heading = () => ({ title, link: new URL(link, location.href).href })
  const picture = () => {
    const drawn = frame.current && pictureOf(frame.current, title)
    if (!drawn) throw new Error('there is no chart here. Choose the view "Chart" first')
    return drawn
  }
  return (
    <SaveMenu
      missing={outcomes.length === 0 ? 'There is something to save when a run has ended.' : null}
      ways={{
        'Chart as PNG': async () => download('comparison.png', await toPng(picture())),
        'Chart as SVG': () => download('comparison.svg', picture().svg, 'image/svg+xml'),
        Markdown: () => download('comparison.md', toMarkdown(outcomes, heading()), 'text/markdown'),
        LaTeX: () => download('comparison.tex', toLatex(outcomes, heading()), 'application/x-tex'),
        'CSV of means': () => download('comparison.csv', toCsv(outcomes), 'text/csv'),
        'CSV of runs': () => download('comparison-runs.csv', toRunsCsv(outcomes), 'text/csv'),
      }}
    />
  )
}
