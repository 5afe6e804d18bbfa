/** Devices are lost at many points of a run's life; each run ends with the numbers of one that lost none. */
import { expect, it } from 'vitest'
import { attackSeeds, attackSize } from '../cli/attack/size'
import type { TrainerEvent } from '../core/trainer'
import { RandomStream, streams } from '../core/random'
import { dawn } from '../gpu/testing'
import { nodeHost } from '../host/node'
import { openDevices } from './run/runtime'
import { experimentOf, smallMlp } from './testing'
import { EngineTrainer } from './run/trainer'

const steps = 120
/** Scored before training, cut in it, evaluated all along. */
const experiments = ['snip', 'sevenDyn', 'wanda'].map((method) =>
  experimentOf({
    ...smallMlp,
    method,
    'training.steps': steps,
    'training.evaluateEvery': 10,
    ...(method === 'snip' ? { 'method.batches': 12 } : {}),
  }),
)
/** After a third loss a run goes on without a GPU. */
const lossesOfRun = 2

/** A run to its end. @param lose is asked at every event whether the device is lost now */
async function ran(experiment: (typeof experiments)[number], lose: (event: TrainerEvent) => boolean) {
  const events: TrainerEvent[] = []
  const trainer = new EngineTrainer({
    host: () => nodeHost({ dataDir: 'no-such-folder' }),
    gpu: dawn(),
    wasm: '',
    saveEveryMs: 1,
  })
  const ended = new Promise<void>((resolve) => {
    void trainer.listen((event) => {
      events.push(event)
      if (lose(event)) for (const device of openDevices()) device.destroy()
      if (event.type === 'phase' && (event.phase === 'finished' || event.phase === 'failed')) resolve()
    })
  })
  await trainer.open(experiment, { backend: 'webgpu', allowSoftware: true, files: [] })
  await trainer.start()
  await ended
  const told = events.flatMap((event) =>
    event.type === 'loading' || event.type === 'compiling' ? [] : [event.type === 'phase' ? event.text : event.type],
  )
  const results = events.flatMap((event) => (event.type === 'finished' ? [event.result] : []))
  const problems = events.flatMap((event) => (event.type === 'problem' ? [event.problem.what] : []))
  const { evaluations, layers, classes, kept, cuts } = results[0] ?? {}
  return { problems, told, numbers: { evaluations, layers, classes, kept, cuts } }
}

const { seeds, drawn } = attackSeeds(attackSize(20, 100))

it(`${seeds.length} losses at any point: no run fails, and no number differs (new seeds from ${drawn})`, async () => {
  const alone: Awaited<ReturnType<typeof ran>>['numbers'][] = []
  for (const experiment of experiments) alone.push((await ran(experiment, () => false)).numbers)
  let losses = 0
  for (let i = 0; i < seeds.length; i += lossesOfRun) {
    const which = (i / lossesOfRun) % experiments.length
    const points = seeds.slice(i, i + lossesOfRun).map((seed) => new RandomStream(seed, streams.attack).below(45))
    // An event is a point: steps, evaluations, looks, scoring; some hundred of them to a run. A new opening tells of
    // all steps so far again.
    let seen = -1
    const lose = ({ type }: TrainerEvent) => {
      if (['loading', 'compiling', 'opened', 'finished'].includes(type)) return false
      seen++
      if (!points.includes(seen)) return false
      losses++
      return true
    }
    const experiment = experiments[which]
    if (!experiment) continue
    const where = `${experiment.method.id}, seeds ${seeds.slice(i, i + lossesOfRun).join(' and ')}`
    const { problems, numbers, told } = await ran(experiment, lose)
    expect(problems, `${where}: ${told.join(', ')}`).toEqual([])
    expect(numbers, where).toEqual(alone[which])
  }
  expect(losses).toBeGreaterThan(seeds.length / 2)
}, 3_600_000)
