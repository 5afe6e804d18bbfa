import { expect, it } from 'vitest'
import { openPreset } from '../config/presets'
import { fakeHost } from '../data/testing'
import { openSession } from './openSession'
import { untilTheEnd } from './testing'

it('says of whatever keeps the data from being read that it is about the data', async () => {
  const opening = openSession(openPreset('cifar10-nano'), {
    host: fakeHost(),
    gpu: undefined,
    backend: 'cpu',
    allowSoftware: true,
    wasm: '',
    signal: untilTheEnd,
    emit: () => undefined,
  })
  await expect(opening).rejects.toMatchObject({
    name: 'Problem',
    about: 'data',
    what: expect.stringContaining('cannot be reached') as string,
  })
})
