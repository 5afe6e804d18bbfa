import * as Comlink from 'comlink'
import { expect, test, vi } from 'vitest'
import { defaultExperiment } from '../src/config/defaults'
import type { Trainer, TrainerEvent } from '../src/core/trainer'
import { handTrainer } from './testing/handTrainer'
import { connect } from './trainer'

const options = { backend: 'auto', allowSoftware: false, files: [] } as const

/** What a page holds of a worker: one end of a channel, on whose other end `trainer` is exposed, or nobody. */
function workerOf(trainer: Trainer | null) {
  const { port1, port2 } = new MessageChannel()
  if (trainer) Comlink.expose(trainer, port2)
  port1.start()
  const died = new EventTarget()
  const threads: MessagePort[] = []
  port2.addEventListener('message', ({ data, ports }) => {
    if (data === null) threads.push(...ports)
  })
  port2.start()
  const worker = {
    postMessage: port1.postMessage.bind(port1),
    addEventListener: (type: string, listener: EventListener) =>
      (type === 'error' ? died : port1).addEventListener(type, listener),
    removeEventListener: port1.removeEventListener.bind(port1),
    terminate: () => {
      port1.close()
      port2.close()
    },
    threads,
    die: (message?: string) => died.dispatchEvent(Object.assign(new Event('error'), { message })),
  }
  return worker as unknown as Worker & Pick<typeof worker, 'threads' | 'die'>
}

test('calls reach the trainer, answers and events come back', async () => {
  let listener: (event: TrainerEvent) => void = () => undefined
  const opened: unknown[] = []
  const worker = workerOf({
    ...handTrainer(),
    listen: (listen) => {
      listener = listen
      return Promise.resolve()
    },
    open: (experiment) => {
      opened.push(experiment)
      listener({ type: 'phase', phase: 'ready', text: 'Ready' })
      return Promise.resolve()
    },
  })
  const receive = vi.fn()
  const trainer = connect(receive, () => worker)
  expect(await trainer.inspect(1, 1)).toBeNull()
  await trainer.open(defaultExperiment, options)
  expect(opened).toEqual([defaultExperiment])
  await vi.waitFor(() => expect(receive).toHaveBeenCalledWith({ type: 'phase', phase: 'ready', text: 'Ready' }))
  expect(await trainer.inspect(1, 1)).toMatchObject({ row: 1, column: 1 })
  worker.terminate()
})

test('a worker that cannot be loaded ends every wait with a problem, and the next opening gets a new one', async () => {
  const workers = [workerOf(null), workerOf(handTrainer())]
  const make = vi.fn(() => workers[make.mock.calls.length - 1]!)
  const events: TrainerEvent[] = []
  const trainer = connect((event) => events.push(event), make)
  const opening = trainer.open(defaultExperiment, options)
  workers[0]!.die()
  await expect(opening).rejects.toMatchObject({ what: 'The training engine could not be loaded.' })
  expect(events.map((event) => event.type)).toEqual(['problem', 'phase'])
  await trainer.attachMap(null, false)
  expect(make).toHaveBeenCalledTimes(1)
  await trainer.open(defaultExperiment, options)
  expect(make).toHaveBeenCalledTimes(2)
  workers[1]!.terminate()
})

test('a worker that throws says what it threw, whether or not anybody waits', () => {
  const worker = workerOf(null)
  const receive = vi.fn()
  const trainer = connect(receive, () => worker)
  void trainer.pause().catch(() => undefined)
  worker.die('out of memory.')
  expect(receive).toHaveBeenCalledWith({
    type: 'problem',
    problem: expect.objectContaining({ what: 'The training engine failed: out of memory.' }) as unknown,
  })
})

test('a worker that dies while it is loaded, and has no lock yet, is noticed', async () => {
  const worker = workerOf(null)
  const receive = vi.fn()
  const opening = connect(receive, () => worker).open(defaultExperiment, options)
  await vi.waitFor(() => expect(worker.threads).toHaveLength(1))
  // The browser closes the ports of a worker that is gone.
  worker.threads[0]!.close()
  const what = 'The training engine failed: it ended without saying why.'
  await expect(opening).rejects.toMatchObject({ what })
  expect(receive.mock.calls).toMatchObject([
    [{ type: 'problem', problem: { what } }],
    [{ type: 'phase', phase: 'failed' }],
  ])
})

test('a worker that does not obey Cancel is ended without a problem, and the next opening gets a new one', async () => {
  const stuck = { ...handTrainer(), open: () => new Promise<void>(() => undefined) }
  const workers = [workerOf(stuck), workerOf(handTrainer())]
  const make = vi.fn(() => workers[make.mock.calls.length - 1]!)
  const events: TrainerEvent[] = []
  const trainer = connect((event) => events.push(event), make, 50)
  const opening = trainer.open(defaultExperiment, options)
  const ended = expect(opening).rejects.toMatchObject({ name: 'AbortError' })
  await trainer.cancel()
  await ended
  expect(events).toEqual([{ type: 'phase', phase: 'idle', text: 'Cancelled' }])
  await trainer.open(defaultExperiment, options)
  expect(make).toHaveBeenCalledTimes(2)
  workers[1]!.terminate()
})

test('a worker that obeys Cancel stays, and no later opening is ended, however often it was pressed', async () => {
  const openings: (() => void)[] = []
  const worker = workerOf({
    ...handTrainer(),
    open: () => new Promise<void>((resolve) => openings.push(resolve)),
    cancel: () => {
      openings.at(-1)?.()
      return Promise.resolve()
    },
  })
  const make = vi.fn(() => worker)
  const events: TrainerEvent[] = []
  const trainer = connect((event) => events.push(event), make, 100)
  const opening = trainer.open(defaultExperiment, options)
  await Promise.all([trainer.cancel(), trainer.cancel(), opening])
  const next = trainer.open(defaultExperiment, options)
  await new Promise((resolve) => setTimeout(resolve, 300))
  await trainer.setHidden(true)
  expect([make.mock.calls.length, openings.length, events.length]).toEqual([1, 2, 0])
  openings.at(-1)?.()
  await next
  worker.terminate()
})
