import * as Comlink from 'comlink'
import { expect, test, vi } from 'vitest'
import type { Examples, LoadOptions } from '../core/dataset'
import { loadApart, type Decoder } from './loadApart'

const examples = { classes: ['a', 'b'] } as unknown as Examples
const data = { id: 'dropped', values: {} }
const counts = { bytes: 0, bytesTotal: 0, rows: 0, rowsTotal: 0 }

/** A worker in which `load` runs, or nobody. */
function workerOf(load: Decoder['load'] | null) {
  const { port1, port2 } = new MessageChannel()
  if (load) Comlink.expose({ load }, port2)
  port1.start()
  const died = new EventTarget()
  return {
    postMessage: port1.postMessage.bind(port1),
    addEventListener: (type: string, listener: EventListener) =>
      (type === 'error' ? died : port1).addEventListener(type, listener),
    removeEventListener: port1.removeEventListener.bind(port1),
    terminate: vi.fn(() => {
      port1.close()
      port2.close()
    }),
    die: (message: string) => died.dispatchEvent(Object.assign(new Event('error'), { message })),
  }
}

function loading(worker: ReturnType<typeof workerOf>, more: Partial<LoadOptions> = {}, silence?: number) {
  const load = loadApart([], () => worker as unknown as Worker, silence)
  return load(data, {
    seed: 1,
    progress: () => undefined,
    signal: new AbortController().signal,
    ...more,
  } as LoadOptions)
}

test('gives the examples, tells how far it is, and ends the worker', async () => {
  const progress = vi.fn()
  const worker = workerOf(async (job, hear) => {
    expect(job).toEqual({ data, seed: 1, files: [] })
    await hear({ text: 'Reading a.csv', ...counts })
    return { examples }
  })
  expect(await loading(worker, { progress })).toEqual(examples)
  expect(progress).toHaveBeenCalledWith({ text: 'Reading a.csv', ...counts })
  expect(worker.terminate).toHaveBeenCalledOnce()
})

test('passes the Problem of a file on', async () => {
  const worker = workerOf(() => Promise.resolve({ problem: { what: 'a.csv is no table.', fix: 'Give one.' } }))
  await expect(loading(worker)).rejects.toMatchObject({ what: 'a.csv is no table.', fix: 'Give one.' })
  expect(worker.terminate).toHaveBeenCalledOnce()
})

test('ends a worker that hangs, and says at which file', async () => {
  const worker = workerOf(async (_, hear) => {
    await hear({ text: 'Reading a.csv', ...counts })
    return new Promise(() => undefined)
  })
  await expect(loading(worker, {}, 1000)).rejects.toThrow(
    'Reading a.csv: nothing was heard of it for 1 s, so it was ended',
  )
  expect(worker.terminate).toHaveBeenCalledOnce()
})

test('waits for as long as there are signs of life', async () => {
  const worker = workerOf(async (_, hear) => {
    for (let i = 0; i < 20; i++) {
      await new Promise((resume) => setTimeout(resume, 50))
      await hear({ text: '', ...counts })
    }
    return { examples }
  })
  expect(await loading(worker, {}, 600)).toEqual(examples)
})

test('ends the worker at a cancel, whatever it does', async () => {
  const control = new AbortController()
  const worker = workerOf(() => new Promise(() => undefined))
  const load = loading(worker, { signal: control.signal })
  control.abort()
  await expect(load).rejects.toMatchObject({ name: 'AbortError' })
  expect(worker.terminate).toHaveBeenCalledOnce()
})

test('says so where the worker dies', async () => {
  const worker = workerOf(null)
  const load = loading(worker)
  worker.die('out of memory')
  await expect(load).rejects.toThrow('Opening your files: what reads your files stopped (out of memory)')
  expect(worker.terminate).toHaveBeenCalledOnce()
})
