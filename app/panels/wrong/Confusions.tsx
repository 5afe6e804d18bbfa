import { useMemo, type KeyboardEvent } from 'react'
import { count } from '../../controls/format'
import { confusionOf, mostConfused, type Side } from './changes'
import { isSame, type Chosen } from './chosen'
import type { HalfPair } from './pairs'

interface ConfusionsProps {
  readonly pair: HalfPair
  readonly chosen: Chosen | null
  readonly onChoose: (chosen: Chosen) => void
}

/** Classes of a matrix that can still be read. */
const most = 10

/** What was taken for what, by both models; a cell opens its examples. */
export function Confusions({ pair, ...props }: ConfusionsProps) {
  const { classes, right, before, after } = pair
  const shown = useMemo(
    () => mostConfused({ classes, right, before: before ?? after, after }, most),
    [classes, right, before, after],
  )
  return (
    <div>
      <p className="help">
        A row is what examples are, a column what the model says. A cell opens its examples; arrow keys go from cell to
        cell.
        {shown.length < classes.length
          && ` Of ${classes.length} classes these are the ${shown.length} with the commonest mistakes; `
            + 'other answers are counted together.'}
      </p>
      <div className="wrong-matrices">
        {before && <Matrix side="before" of={before} shown={shown} pair={pair} {...props} />}
        <Matrix side="after" of={after} shown={shown} pair={pair} {...props} />
      </div>
    </div>
  )
}

interface MatrixProps extends ConfusionsProps {
  readonly side: 'before' | 'after'
  readonly of: Side
  readonly shown: readonly number[]
}

interface Cell {
  readonly given: readonly number[]
  readonly name: string
}

function Matrix({ side, of, shown, pair, chosen, onChoose }: MatrixProps) {
  const { classes, right } = pair
  const counts = useMemo(() => confusionOf({ classes, right }, of), [classes, right, of])
  const rest = [...classes.keys()].filter((label) => !shown.includes(label))
  const columns: readonly Cell[] = [
    ...shown.map((given) => ({ given: [given], name: classes[given] ?? '' })),
    ...(rest.length > 0 ? [{ given: rest, name: 'others' }] : []),
  ]
  const countOf = (row: number, given: readonly number[]) =>
    given.reduce((sum, label) => sum + (counts[row * classes.length + label] ?? 0), 0)
  const first = shown.flatMap((row, r) =>
    columns.flatMap(({ given }, c) => (countOf(row, given) ? [`${r} ${c}`] : [])),
  )[0]
  return (
    <div className="wrong-matrix" tabIndex={-1}>
      <table onKeyDown={goOn}>
        <caption>{of.label}</caption>
        <thead>
          <tr>
            <td />
            {columns.map(({ name }) => (
              <th key={name} scope="col">
                <span>{name}</span>
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {shown.map((row, r) => {
            const all = countOf(row, [...classes.keys()])
            return (
              <tr key={row}>
                <th scope="row" title={classes[row]}>
                  {classes[row]}
                </th>
                {columns.map(({ given, name }, c) => {
                  const n = countOf(row, given)
                  const cell: Chosen = { kind: 'cell', side, right: row, given }
                  const tone = `var(${given.includes(row) ? '--try-against' : '--try-for'})`
                  const depth = Math.round(8 + (n / all) * 34)
                  if (n === 0)
                    return (
                      <td key={name} className="none">
                        0
                      </td>
                    )
                  return (
                    <td key={name}>
                      <button
                        type="button"
                        data-at={`${r} ${c}`}
                        tabIndex={`${r} ${c}` === first ? 0 : -1}
                        aria-label={`${classes[row]} taken for ${name}: ${count(n)} of ${count(all)}`}
                        aria-pressed={isSame(chosen, cell)}
                        style={{ background: `color-mix(in srgb, ${tone} ${depth}%, var(--panel))` }}
                        onClick={() => onChoose(cell)}
                      >
                        {n}
                      </button>
                    </td>
                  )
                })}
              </tr>
            )
          })}
        </tbody>
      </table>
    </div>
  )
}

const ways: Readonly<Record<string, readonly [number, number]>> = {
  ArrowUp: [-1, 0],
  ArrowDown: [1, 0],
  ArrowLeft: [0, -1],
  ArrowRight: [0, 1],
}

/** Arrow keys go to the next cell that has examples; that one is where Tab comes back to. */
function goOn(event: KeyboardEvent<HTMLTableElement>): void {
  const way = ways[event.key]
  const [row = NaN, column = NaN] = at(event.target as HTMLElement)
  if (!way || Number.isNaN(row)) return
  event.preventDefault()
  const cells = [...event.currentTarget.querySelectorAll<HTMLElement>('button')]
  const ahead = cells
    .map((cell) => ({ cell, place: at(cell) }))
    .map(({ cell, place: [r = NaN, c = NaN] }) => ({
      cell,
      along: way[0] * (r - row) + way[1] * (c - column),
      beside: Math.abs(way[1] * (r - row)) + Math.abs(way[0] * (c - column)),
    }))
    .filter(({ along }) => along > 0)
    .sort((a, b) => a.beside - b.beside || a.along - b.along)[0]
  if (!ahead) return
  for (const cell of cells) cell.tabIndex = cell === ahead.cell ? 0 : -1
  ahead.cell.focus()
}

function at(cell: HTMLElement): readonly number[] {
  return (cell.dataset.at ?? '').split(' ').map((n) => (n === '' ? NaN : Number(n)))
}
