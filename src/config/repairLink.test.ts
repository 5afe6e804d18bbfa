import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { check } from './check'
import { defaultExperiment } from './defaults'
import { fromLink, toLink } from './link'
import { isLinkLike, repairLink } from './repairLink'
import { anyExperiment } from './testing'

const page = 'https://example.org/play/'
const settings = 'seed=3&data=sst2&method=snip&method.sparsity=0.7'
const experiment = check(
  { seed: 3, data: 'sst2', method: 'snip', 'method.sparsity': 0.7 },
  defaultExperiment,
).experiment
const hash = `#/v1?${settings}`

it('leaves a link as it is that is whole', () => {
  for (const link of [hash, page + hash, `example.org/play/${hash}`])
    expect(repairLink(link)).toEqual({ hash, repairs: [] })
  expect(repairLink('#/v1?compare.methods=dense_magnitude*schedule*once&compare.seeds=1_2').repairs).toEqual([])
})

const undone = 'percent-encoding was undone'
const unseen = 'characters that nobody sees were taken out'

it.each([
  [`${page}#%2Fv1%3F${encodeURIComponent(settings)}`, [undone]],
  [`${page}#${encodeURIComponent(encodeURIComponent(hash.slice(1)))}`, [undone]],
  [`${page}#/v1%3F${settings}`, [undone]],
  [`${page}#/v1?${settings.replaceAll('=', '%3D').replaceAll('&', '%26')}`, [undone]],
  [`${page}%23/v1?${settings}`, [undone]],
  [`${page}?${settings}`, ['its # was missing']],
  [`${page}?utm_source=mail&${settings}`, ['its # was missing']],
  [`${page}v1?${settings}`, ['its # was missing']],
  [page + hash.replaceAll('&', '&amp;'), ['HTML escapes were undone']],
  [page + hash.replaceAll('&', '&amp;amp;'), ['HTML escapes were undone']],
  [page + hash.replaceAll('&', '&#38;').replace('#/', '&#x23;/'), ['HTML escapes were undone']],
  [page + hash.replaceAll('&', '\\u0026'), ['escapes were undone']],
  [page + hash.replace(/[#?&=]/g, '\\$&'), ['escapes were undone']],
  ...['.', ',', ')', ']', '>', '"', "'", ').', '”', '...', '*', '/'].map((mark): [string, string[]] => [
    page + hash + mark,
    [`"${mark}" beside it was left out`],
  ]),
  [`(${page}${hash})`, ['"()" beside it was left out']],
  [`<${page}${hash}>`, ['"<>" beside it was left out']],
  [`see example.org/play/${hash}, please`, ['"see , please" beside it was left out']],
  [`${page}${hash}\n`, []],
  [`${page}${hash}\u200B`, [unseen]],
  [`\uFEFF${page}${hash.replace('sst2', 's\u00ADst\u20602')}\u00A0`, [unseen]],
  [
    `${page}${hash.replaceAll('=', '=3D').replace('&data', '&da=\r\nta')}`,
    ['its lines were joined', 'quoted-printable was undone'],
  ],
  [`${page}${hash.replace('sparsity', 'spar\r\n> sity')}`, ['its lines were joined']],
  [`${page}${hash.replace('&data', ' &data')}`, ['its lines were joined']],
  [page + hash.replaceAll('&', '＆').replaceAll('=', '＝'), ['wide characters were made plain']],
  [
    `https://safe.example/?url=${encodeURIComponent(page + hash)}&data=05%7C02&reserved=0`,
    ['it was taken out of another link', undone],
  ],
  [`https://search.example/url?q=${page}${hash}`, ['it was taken out of another link']],
  [`${page}${hash}:~:text=pruning`, ['a mark for browsers was taken off']],
])('mends %s', (link, repairs) => {
  expect(repairLink(link).repairs).toEqual(repairs)
  const told = repairs.length > 0 ? [`The link was repaired: ${repairs.join('; ')}.`] : []
  expect(fromLink(link)).toEqual({ experiment, notes: told })
  expect(isLinkLike(link) || link.includes('?')).toBe(true)
})

it.each(['<script>', '<img src="a b?c">', 'a b', '"'])('of a bad value %s only that part goes', (bad) => {
  const link = (start: string) => `${page}#/v1?seed=3${start}&data=sst2&method=snip&method.sparsity=0.7`
  const { experiment: opened, notes } = fromLink(link(`&start=${bad}`))
  expect(opened).toEqual(experiment)
  expect(notes[0]).toMatch(/^The link was repaired: .*" beside it was left out\.$/)
  // What belongs to the next link, or to nothing here, is no part of this one.
  for (const after of ['<br>https://a.example/?data=mrpc', '<br>#/v1?data=mrpc', ' x &other=3'])
    expect(fromLink(`${link('')}${after}`).experiment).toEqual(experiment)
})

describe('an address without an experiment', () => {
  it.each([page, `${page}#`, `${page}#/`, `${page}?utm_source=mail`, 'https://example.org', 'rubbish'])(
    'says so: %s',
    (link) => {
      expect(fromLink(link)).toEqual({
        experiment: defaultExperiment,
        notes: [
          `The link "${link}" holds no experiment: there is no # with settings after it. `
            + 'The default experiment is open.',
        ],
      })
    },
  )
})

type Mangle = (link: string) => string
const insert = (text: string, at: number, what: string) =>
  text.slice(0, Math.floor(at * text.length)) + what + text.slice(Math.floor(at * text.length))

/** What is done to the text of a link, then to the text around it, in the order in which it happens on the way. */
const inside: fc.Arbitrary<Mangle> = fc.oneof(
  fc.constantFrom<Mangle>(
    (link) => link,
    (link) => link.replace(/#.*/s, (fragment) => `#${encodeURIComponent(fragment.slice(1))}`),
    (link) => encodeURIComponent(link),
    (link) => encodeURIComponent(encodeURIComponent(link)),
    (link) => link.replace('#', '%23'),
    (link) => link.replaceAll('?', '%3F'),
    (link) => link.replaceAll('=', '%3D').replaceAll('&', '%26'),
    (link) => link.replaceAll('&', '&amp;'),
    (link) => link.replaceAll('&', '&#38;'),
    (link) => link.replace(/#\/v1\?/, '?'),
  ),
  fc
    .tuple(
      fc.double({ min: 0, max: 1, noNaN: true }),
      fc.constantFrom('\u200B', '\u00AD', '\u2060', '\u00A0', '\uFEFF', '\u202F'),
    )
    .map(
      ([at, what]): Mangle =>
        (link) =>
          insert(link, at, what),
    ),
)
const around: fc.Arbitrary<Mangle> = fc.oneof(
  fc.constantFrom('.', ',', ')', ']', '>', '"', "'", '\n', '\u200B', '.\u00A0', '”').map(
    (mark): Mangle =>
      (link) =>
        link + mark,
  ),
  fc.constantFrom(['<', '>'], ['(', ')'], ['"', '"'], [' ', ' ']).map(
    ([open, close]): Mangle =>
      (link) =>
        `${open}${link}${close}`,
  ),
  fc.tuple(fc.double({ min: 0, max: 1, noNaN: true }), fc.constantFrom('\n', '\r\n', '\r\n> ', '\n\t')).map(
    ([at, what]): Mangle =>
      (link) =>
        insert(link, at, what),
  ),
)
/** A redirect is made of a link as it came, with keys of its own that have the names of ours. */
const redirect: Mangle = (link) => `https://safe.example/?url=${encodeURIComponent(link)}&data=05&reserved=0`
const printable: Mangle = (link) =>
  link.includes('=') ? link.replaceAll('=', '=3D').replace(/.{60}(?=..)/g, '$&=\r\n') : link

it('any experiment comes back from its link, whatever was done to it on the way', () => {
  const ways = fc.tuple(
    fc.array(inside, { maxLength: 2 }),
    fc.array(around, { maxLength: 2 }),
    fc.boolean(),
    fc.boolean(),
  )
  fc.assert(
    fc.property(anyExperiment(), ways, (any, [deeds, marks, redirected, asMail]) => {
      const link = `${page}${toLink(any)}`
      const changed = [...deeds, ...(redirected ? [redirect] : []), ...marks, ...(asMail ? [printable] : [])].reduce(
        (text, deed) => deed(text),
        link,
      )
      const again = fromLink(changed)
      expect(again.experiment, changed).toEqual(any)
      expect(again.notes.length, changed).toBeLessThanOrEqual(1)
    }),
    { numRuns: 400 },
  )
})

it('takes no longer than a long text is', () => {
  const long = ['.', ' ', '%25', '&amp;', '=\n', '(', '#', '/v1', '\\', '?u=https:/', '\u200B', ' a'].map(
    (part) => `${page}#/v1?seed=${part.repeat(30_000)}x`,
  )
  const begun = performance.now()
  for (const text of long) repairLink(text)
  expect(performance.now() - begun).toBeLessThan(4000)
})
