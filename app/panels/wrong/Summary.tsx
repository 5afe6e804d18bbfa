import { count, percent, unbroken } from '../../controls/format'
import { isBeyondChance, lossOf, type Change, type changesOf, type Pair } from './changes'
import { isSame, type Chosen } from './chosen'

export interface PairProps {
  readonly pair: Pair
  readonly changes: ReturnType<typeof changesOf>
  readonly chosen: Chosen | null
  readonly onChoose: (chosen: Chosen) => void
}

/** What pruning broke and mended in all, whether that is more than chance, and who pays for it. */
export function Summary({ pair, changes, chosen, onChoose }: PairProps) {
  const { all } = changes
  return (
    <div>
      <p>
        {unbroken(totalText(pair, all))} {unbroken(payersText(pair, changes))}
      </p>
      <div className="buttons" role="group" aria-label="Examples whose answer changed">
        {(['broken', 'mended'] as const).map((kind) => (
          <button
            key={kind}
            type="button"
            disabled={all[kind] === 0}
            aria-pressed={isSame(chosen, { kind, right: null })}
            onClick={() => onChoose({ kind, right: null })}
          >
            {count(all[kind])} {kind}
          </button>
        ))}
      </div>
    </div>
  )
}

function totalText({ before, after }: Pair, all: Change): string {
  const { broken, mended, p } = all
  const [was, is] = [percent(all.before / all.count), percent(all.after / all.count)]
  const sizes = `${before.label}: ${was} of ${count(all.count)} right; ${after.label}: ${is}.`
  if (broken + mended === 0) return `${sizes} Both answer the same examples right.`
  const value = p < 0.001 ? '< 0.001' : `= ${p.toFixed(p < 0.05 ? 3 : 2)}`
  const test = `(McNemar, p ${value})`.replaceAll(' ', '\u00a0')
  const chance = `Chance ${p < 0.05 ? 'rarely makes that' : 'can make as much'} of two equal models ${test}.`
  return `${sizes} ${count(broken)} answers were broken, ${count(mended)} mended. ${chance}`
}

/** Who pays for sparsity (Hooker et al., arXiv:1911.05248), where that can be told. */
function payersText({ classes }: Pair, { all, classes: found }: PairProps['changes']): string {
  const [worst, best] = [found[0], found.at(-1)]
  if (!worst || !best || found.length < 2 || all.broken + all.mended === 0) return ''
  const name = ({ of }: Change) => `'${classes[of ?? 0] ?? of}'`
  const paying = found.filter((one) => isBeyondChance(one) && lossOf(one) > 0)
  const overall = `overall ${points(-lossOf(all))}`
  if (paying.length === 0)
    return (
      `Most was lost in ${name(worst)}, ${points(-lossOf(worst))} (n = ${count(worst.count)}; ${overall}), `
      + 'but for no single class is it more than chance explains: more held-out examples would tell.'
    )
  const payers = paying.slice(0, 3).map((one) => `${name(one)} ${points(-lossOf(one))} (n = ${count(one.count)})`)
  const more = paying.length > 3 ? ` and ${paying.length - 3} more classes` : ''
  return (
    `Who pays: ${payers.join(', ')}${more}, beyond chance; ` + `${name(best)} ${points(-lossOf(best))}; ${overall}.`
  )
}

function points(change: number): string {
  return `${signed(100 * change)} points`
}

/** A number with one digit and its sign: −12.0, ±0.0. */
export function signed(n: number): string {
  const size = Math.abs(n).toFixed(1)
  return `${size === '0.0' ? '±' : n < 0 ? '−' : '+'}${size}`
}
