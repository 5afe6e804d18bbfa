import { describe, expect, it } from 'vitest'
import type { Examples } from '../core/dataset'
import { defaults } from '../core/knob'
import { nodeHost } from '../host/node'
import { cifar10 } from './cifar10'
import { dropped } from './dropped'
import { sst2 } from './sst2'
import { hasReal, loading, realData } from './testing'

describe.skipIf(!hasReal('cifar10'))('the real CIFAR-10 files', () => {
  it('start with labels 0 6 0 2 7 2 1 2 4 1, and have colours around the middle', async () => {
    const host = nodeHost({ dataDir: realData })
    const {
      train: split,
      normalise,
      source,
    } = await cifar10.load({ train: 200, held: 100, revision: 'main' }, loading(host))
    expect([...split.labels.subarray(0, 10)]).toEqual([0, 6, 0, 2, 7, 2, 1, 2, 4, 1])
    expect(normalise?.mean.every((mean) => mean > 0.4 && mean < 0.55)).toBe(true)
    expect(source.kind).toBe('files')
  })
})

describe.skipIf(!hasReal('sst2'))('the real SST-2 files', () => {
  it('have 67,349 sentences of two classes', async () => {
    const { train, held, vocabulary } = await sst2.load(
      { train: 67_349, held: 872, vocabulary: 4000, length: 32, revision: 'main' },
      loading(nodeHost({ dataDir: realData })),
    )
    expect([train.count, held.count, vocabulary?.length]).toEqual([67_349, 872, 4000])
    expect(held.task === 'text' && held.texts[0]).toBe("it 's a charming and often affecting journey . ")
    expect(held.labels.reduce((sum, label) => sum + label, 0)).toBe(444)
  }, 30_000)
})

describe.skipIf(!hasReal('originals'))('the original files', () => {
  const values = { ...defaults(dropped.knobs), vocabulary: 300, length: 12 }
  const original = (...names: string[]) => {
    const host = nodeHost({ dataDir: realData, files: names.map((name) => `${realData}/originals/${name}`) })
    return dropped.load(values, loading(host))
  }

  it("CIFAR-10's binary and its archive give the same pictures", async () => {
    const [alone, packed] = [await original('cifar-10-batches-bin'), await original('cifar-10-binary.tar.gz')]
    expect([alone.train.count, alone.held.count]).toEqual([160, 40])
    const pixels = ({ train }: Examples) => Buffer.from(train.task === 'image' ? train.pixels : [])
    expect(pixels(packed).equals(pixels(alone))).toBe(true)
    expect(packed.train.labels).toEqual(alone.train.labels)
  })

  it("GLUE's zip and its folder give the same sentences", async () => {
    const [folder, zip] = [await original('SST-2'), await original('SST-2.zip')]
    expect([folder.train.count, folder.held.count]).toEqual([698, 174])
    expect(zip.train).toEqual(folder.train)
  })
})

describe.skipIf(!hasReal('glue'))("GLUE's own tables of pairs", () => {
  const load = (task: string) => {
    const host = nodeHost({ dataDir: realData, files: [`${realData}/glue/${task}`] })
    return dropped.load({ ...defaults(dropped.knobs), vocabulary: 1000, length: 64 }, loading(host))
  }
  const share = ({ held }: Examples, label: number) => held.labels.filter((l) => l === label).length

  it('of MRPC: 279 of 408 held-out pairs mean the same', async () => {
    const examples = await load('MRPC')
    expect([examples.train.count, examples.held.count]).toEqual([3667, 408])
    expect(share(examples, examples.positive ?? -1)).toBe(279)
    expect(examples.source.text).not.toContain('Left out')
  }, 30_000)

  it('of RTE: 146 of 277 held-out pairs entail', async () => {
    const examples = await load('RTE')
    expect([examples.train.count, examples.held.count]).toEqual([2490, 277])
    expect(share(examples, examples.classes.indexOf('entailment'))).toBe(146)
  }, 30_000)
})
