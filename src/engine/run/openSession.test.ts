import { afterEach, expect, it, vi } from 'vitest'
import { check } from '../../config/check'
import { openPreset } from '../../config/presets'
import type { TrainerEvent } from '../../core/trainer'
import { cifarParquet, counting, fakeHost } from '../../data/testing'
import type { Host } from '../../core/host'
import { openSession } from './openSession'
import { untilTheEnd } from '../testing'

afterEach(() => vi.unstubAllGlobals())

/** Opens on the processor. */
const openOn = (host: Host, emit: (event: TrainerEvent) => void = () => undefined) =>
  openSession(check({ 'data.train': 100, 'data.held': 100 }, openPreset('cifar10-nano')).experiment, {
    host,
    gpu: undefined,
    backend: 'cpu',
    allowSoftware: true,
    wasm: '',
    signal: untilTheEnd,
    emit,
  })

it('says of whatever keeps the data from being read that it is about the data', async () => {
  await expect(openOn(fakeHost())).rejects.toMatchObject({
    name: 'Problem',
    about: 'data',
    what: expect.stringContaining('cannot be reached') as string,
  })
})

it('builds the model while the examples are hashed', async () => {
  let built = () => {}
  const building = new Promise<void>((resolve) => {
    built = resolve
  })
  const { subtle } = globalThis.crypto
  const digest: SubtleCrypto['digest'] = async (...asked) => {
    await building
    return subtle.digest(...asked)
  }
  vi.stubGlobal('crypto', { subtle: { digest } })
  const file = counting(cifarParquet(100))
  const session = await openOn(fakeHost({ origin: () => Promise.resolve(file) }), (event) => {
    if (event.type === 'phase' && event.phase === 'compiling') built()
  })
  expect(session.opened.source.sha256).toMatch(/^[0-9a-f]{64}$/)
  session.dispose()
})
