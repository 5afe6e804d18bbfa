import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { Problem } from '../core/problem'
import { memoryCache } from '../data/testing'
import { pageFetch, redirectingHost, type RedirectingHost } from '../host/testing'
import { openTrained } from '../hub/trained'
import { golden } from '../hub/testing'
import { experimentOf, sessionOf, smallBert, type TestPlace } from './testing'

const sha = '0123456789abcdef0123456789abcdef01234567'
const names = ['config.json', 'model.safetensors', 'vocab.txt', 'tokenizer_config.json']
const file = (name: string) => new Uint8Array(readFileSync(join(import.meta.dirname, '../hub/golden/bert', name)))
const listing = (list: readonly string[]) =>
  new TextEncoder().encode(JSON.stringify({ sha, siblings: list.map((rfilename) => ({ rfilename })) }))

/** What the hub has of a repository: its list, and its files at a commit. */
function repository(list: readonly string[]): Record<string, Uint8Array> {
  return {
    '/api/models/tiny/bert/revision/main': listing(list),
    ...Object.fromEntries(list.map((name) => [`/tiny/bert/resolve/${sha}/${name}`, file(name)])),
  }
}

/** A run on phrases that begins with the golden BERT. */
async function begun() {
  const { shape } = await openTrained(golden('bert'))
  return {
    ...smallBert,
    method: 'magnitude',
    start: 'hub',
    'start.repository': 'tiny/bert',
    'model.width': shape.width,
    'model.depth': shape.depth,
    'model.heads': shape.heads,
    'model.ratio': shape.neurons / shape.width,
  }
}

describe('a run that starts from a model of Hugging Face', () => {
  let host: RedirectingHost
  let place: TestPlace = {}
  async function serve(files: Readonly<Record<string, Uint8Array>>, backend: 'cpu' | 'wasm' = 'cpu') {
    host = await redirectingHost(files)
    place = {
      backend,
      cache: memoryCache(),
      fetch: (url, init) => pageFetch(url.replace('https://huggingface.co', host.address), init),
    }
  }
  beforeEach(() => serve(repository(names)))
  afterEach(() => host.close())

  it('has its weights, spells texts in its pieces, says so, and trains', async () => {
    const { session, events } = await sessionOf(experimentOf(await begun()), place)
    const { layout } = session.executor
    const weights = await session.executor.weights()
    const query = layout.tensors.find(({ name }) => name === 'block0/attention/query/weights')
    const trained = await openTrained(golden('bert'))
    const theirs = 'bert.encoder.layer.0.attention.self.query.weight'
    const stored =
      (await trained.tensors.read([theirs], new AbortController().signal)).get(theirs) ?? new Float32Array()
    const [rows = 0, columns = 0] = query?.shape ?? []
    // [out, in] there, [in, out] here.
    const turned = Float32Array.from({ length: rows * columns }, (_, at) => {
      const [i, j] = [Math.floor(at / columns), at % columns]
      return stored[j * rows + i] ?? NaN
    })
    const offset = query?.offset ?? 0
    expect(weights.slice(offset, offset + rows * columns)).toEqual(turned)
    expect(session.opened.source.text).toContain('pieces of the model')
    const notes = events.flatMap((event) => (event.type === 'note' ? [event.text] : []))
    expect(notes.join(' ')).toMatch(
      /From tiny\/bert at 0123456: [\d,]+ weights, with all \d of its blocks; .*head.* new/,
    )
    await session.advance(3)
    await session.settle()
    expect(session.step).toBe(3)
    session.dispose()
  })

  it('opens without a network once it was fetched', async () => {
    const experiment = experimentOf(await begun())
    const first = await sessionOf(experiment, place)
    const expected = await first.session.executor.weights()
    first.session.dispose()
    const offline = { ...place, fetch: () => Promise.reject(new TypeError('no network')) }
    const second = await sessionOf(experiment, offline)
    expect(await second.session.executor.weights()).toEqual(expected)
    second.session.dispose()
  })

  it.each([
    [
      'other sizes',
      { 'model.width': 8 },
      /has 2 blocks, 16 numbers a token, 2 heads and 32 neurons.*Set model\.width=16, model\.depth=2, model\.heads=2/s,
    ],
    ['other heads', { 'model.heads': 1 }, /, 2 heads and/],
    [
      'a repository that is not there',
      { 'start.repository': 'nobody/nothing' },
      /nobody\/nothing at main could not be found/,
    ],
  ])('is refused with %s, and told why', async (_, settings, told) => {
    const opening = sessionOf(experimentOf({ ...(await begun()), ...settings }), place)
    await expect(opening).rejects.toThrow(told)
    await expect(opening).rejects.toBeInstanceOf(Problem)
    await expect(opening).rejects.toMatchObject({ about: 'start' })
  })

  it('is refused where the repository holds no safetensors', async () => {
    await host.close()
    await serve(repository(['config.json', 'vocab.txt']))
    await expect(sessionOf(experimentOf(await begun()), place)).rejects.toThrow('Only safetensors is read')
  })
})
