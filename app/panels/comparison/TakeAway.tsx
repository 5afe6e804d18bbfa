import type { RefObject } from 'react'
import type { Outcome } from '../../../src/config/comparison'
import { toCsv, toMarkdown, toRunsCsv } from '../../../src/config/takeaway'
import { pictureOf, toPng } from '../../charts/picture'
import { download } from '../../controls/download'
import { Sheet } from '../../controls/Sheet'
import { useActions } from '../../store'

interface TakeAwayProps {
  readonly outcomes: readonly Outcome[]
  readonly title: string
  readonly link: string
  readonly frame: RefObject<HTMLElement | null>
}

/** Saves the comparison: a table, numbers or the picture of the chart in `frame`. */
export default function TakeAway({ outcomes, title, link, frame }: TakeAwayProps) {
  const { receive } = useActions()
  const nothing = outcomes.length === 0
  const heading = () => ({ title, link: new URL(link, location.href).href })
  const picture = async (kind: 'svg' | 'png') => {
    const drawn = frame.current && pictureOf(frame.current, title)
    if (!drawn) receive({ type: 'note', text: 'There is no chart to save. Choose the view "Chart" first.' })
    else if (kind === 'svg') download('comparison.svg', drawn.svg, 'image/svg+xml')
    else download('comparison.png', await toPng(drawn))
  }
  return (
    <Sheet summary="Export">
      <div className="buttons">
        <button
          type="button"
          disabled={nothing}
          onClick={() => download('comparison.md', toMarkdown(outcomes, heading()), 'text/markdown')}
        >
          Markdown
        </button>
        <button
          type="button"
          disabled={nothing}
          onClick={() => download('comparison.csv', toCsv(outcomes), 'text/csv')}
        >
          CSV of means
        </button>
        <button
          type="button"
          disabled={nothing}
          onClick={() => download('comparison-runs.csv', toRunsCsv(outcomes), 'text/csv')}
        >
          CSV of runs
        </button>
        <button type="button" disabled={nothing} onClick={() => void picture('svg')}>
          Chart as SVG
        </button>
        <button type="button" disabled={nothing} onClick={() => void picture('png')}>
          Chart as PNG
        </button>
      </div>
    </Sheet>
  )
}
