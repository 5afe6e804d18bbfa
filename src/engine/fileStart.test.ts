import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { weightsFile } from './run/weightsFile'
import { experimentOf, sessionOf, smallBert, smallMlp, smallVit } from './testing'

const golden = join(import.meta.dirname, '../hub/golden/bert')
const bert = { ...smallBert, 'model.width': 16, 'model.depth': 2, method: 'magnitude', start: 'file' }
const vit = { ...smallVit, method: 'magnitude', 'method.sparsity': 0.5 }

let folder = ''
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'start-'))
})
afterAll(() => rm(folder, { recursive: true }))

/** The weights file of a run that was trained for ten steps, and what its model reads. */
async function saved() {
  const { session } = await sessionOf(experimentOf(vit), { backend: 'cpu' })
  await session.advance(10)
  await session.settle()
  const tensors = await session.tensors()
  const file = weightsFile('f32', session.experiment, session.executor, tensors)
  session.dispose()
  const path = join(folder, 'weights.safetensors')
  await writeFile(path, file ?? new Uint8Array())
  return { path, tensors }
}

/** What a run begins with, by the names of its tensors, and its notes. */
async function begun(settings: Readonly<Record<string, unknown>>, files: readonly string[]) {
  const { session, events } = await sessionOf(experimentOf(settings), { backend: 'cpu', files })
  const weights = await session.executor.weights()
  const tensors = session.executor.layout.tensors.map(
    ({ name, offset, size }) => [name, weights.slice(offset, offset + size)] as const,
  )
  session.dispose()
  return { tensors: new Map(tensors), notes: events.flatMap((e) => (e.type === 'note' ? [e.text] : [])), session }
}

describe('a run that starts from the files of the user', () => {
  it("has a BERT's weights from a folder of transformers", async () => {
    const { notes, session } = await begun(bert, [golden])
    expect(notes.join(' ')).toContain('From your files: ')
    expect(session.opened.source.text).toContain('pieces of the model')
  })

  it('has the weights that another run saved, head and all', async () => {
    const { path, tensors } = await saved()
    const same = await begun({ ...vit, start: 'file' }, [path])
    for (const { name, values } of tensors) expect(same.tensors.get(name), name).toEqual(values)
    expect(same.notes).toContainEqual(expect.stringMatching(/^From your files: [\d,]+ weights\.$/))
  })

  it('spells texts in the words that the weights were saved with, whatever the data set would learn', async () => {
    const table = join(folder, 'words.csv')
    const rows = Array.from({ length: 120 }, (_, i) => `word${i} and the film,${i % 2}`)
    await writeFile(table, `text,label\n${rows.join('\n')}\n`)
    const { 'data.train': _train, 'data.held': _held, ...rest } = smallBert
    const own = { ...rest, data: 'dropped', 'data.vocabulary': 300, 'data.length': 16, method: 'dense' }
    const place = { backend: 'cpu', files: [table] } as const
    const { session } = await sessionOf(experimentOf(own), place)
    const words = session.examples.vocabulary
    const tensors = await session.tensors()
    const file = weightsFile('f32', session.experiment, session.executor, tensors, words)
    session.dispose()
    const path = join(folder, 'words.safetensors')
    await writeFile(path, file ?? new Uint8Array())
    const other = await sessionOf(experimentOf({ ...own, seed: 5, start: 'file' }), { ...place, files: [table, path] })
    expect(other.session.examples.vocabulary).toEqual(words)
    other.session.dispose()
  })

  it('goes on with any model, an MLP too', async () => {
    const settings = { ...smallMlp, method: 'dense' }
    const { session } = await sessionOf(experimentOf(settings), { backend: 'cpu' })
    const tensors = await session.tensors()
    const path = join(folder, 'mlp.safetensors')
    const file = weightsFile('f32', session.experiment, session.executor, tensors)
    session.dispose()
    await writeFile(path, file ?? new Uint8Array())
    const { notes } = await begun({ ...settings, start: 'file', seed: 3 }, [path])
    expect(notes.join(' ')).toContain('From your files: ')
  })

  it('reads its own examples beside the files of a model', async () => {
    const table = join(folder, 'mine.csv')
    const rows = Array.from({ length: 120 }, (_, i) => `a fine film number ${i},${i % 2}`)
    await writeFile(table, `text,label\n${rows.join('\n')}\n`)
    const { 'data.train': _train, 'data.held': _held, ...rest } = bert
    const { session, notes } = await begun({ ...rest, data: 'dropped', 'data.length': 16 }, [golden, table])
    expect(session.opened.source.text).not.toMatch(/config\.json|safetensors/)
    expect(notes.join(' ')).toContain('From your files: ')
  })

  it.each([
    ['no files', vit, [], 'Your files hold no weights.'],
    ['a model of other sizes', { ...bert, 'model.heads': 1 }, [golden], '2 heads'],
    ['a text model for images', vit, [golden], 'a BERT, which reads text'],
  ])('is refused with %s', async (_, settings, files, told) => {
    await expect(begun({ ...settings, start: 'file' }, files)).rejects.toThrow(told)
  })

  it('is refused with weights of another shape, and names the tensor', async () => {
    const { path } = await saved()
    await expect(begun({ ...vit, start: 'file', 'model.width': 16 }, [path])).rejects.toThrow(
      /The tensor ".+" of your files has the shape \[.+\]; the model here needs \[.+\]/,
    )
  })
})
