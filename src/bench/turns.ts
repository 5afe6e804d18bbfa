/**
 * Times peers on one workload: agreement first, then rounds in turns (A B C A B C), so that whatever else the machine
 * does meets all.
 */
import { Problem } from '../core/problem'
import { comparedSteps, requireAgreement } from './agreement'
import type { Meter } from './meter'
import type { Peer, PeerName } from './peers/peer'
import type { PeerResult } from './result'
import { middle, spread } from './statistics'

/** How long is measured. */
export interface Effort {
  readonly rounds: number
  /** Milliseconds that a peer's turn lasts at least, where one step is shorter. */
  readonly turnMs: number
  /** No round begins later than so many milliseconds after the first; one is always finished. */
  readonly budgetMs: number
  /** A peer beside the first one whose compared steps take longer is not timed. */
  readonly patienceMs: number
}

/** Makes a peer ready for the task at hand. */
export interface Entrant {
  readonly name: PeerName
  readonly open: () => Promise<Peer>
}

/** A peer that has done its compared steps. */
interface Runner {
  readonly peer: Peer
  readonly firstStepMs: number
  readonly stepMs: number
  readonly bytesBefore: number
  readonly losses: number[]
  readonly dispatches: number
  readonly submits: number
  /** Next 0-based step. */
  next: number
}

/** Results by peer, why others have none, and the losses of the first one. */
export interface PeerTimes {
  readonly peers: Partial<Record<PeerName, PeerResult>>
  readonly absent: Partial<Record<PeerName, string>>
  readonly losses: readonly number[]
}

/**
 * The first entrant is the reference: what it throws is thrown. Another one that fails, or whose losses of ten steps
 * differ from its in the first four digits, is not timed, and says why.
 */
export async function timePeers(
  workload: string,
  entrants: readonly Entrant[],
  meter: Meter,
  effort: Effort,
  say: (text: string) => void,
  inspect?: (peer: Peer, step: number) => Promise<void>,
): Promise<PeerTimes> {
  const runners: Runner[] = []
  const absent: Partial<Record<PeerName, string>> = {}
  try {
    for (const entrant of entrants) {
      say(`${workload}: ${comparedSteps} steps of ${entrant.name}`)
      const [first] = runners
      try {
        runners.push(await admitted(workload, entrant, meter, first, effort.patienceMs))
      } catch (error) {
        if (!first) throw error
        const { message } = Problem.from(error)
        absent[entrant.name] = message
        say(`${workload}: ${entrant.name} is not timed. ${message}`)
      }
    }
    const times = await takeTurns(runners, meter, effort, (round) =>
      say(`${workload}: round ${round} of ${effort.rounds}`),
    )
    const peers = Object.fromEntries(
      runners.map((r, i) => [r.peer.name, resultOf(r, times[i] ?? { ms: [], js: [] }, meter)]),
    )
    const ours = runners[0]
    if (inspect && ours) await inspect(ours.peer, ours.next)
    return { peers, absent, losses: ours?.losses ?? [] }
  } finally {
    for (const { peer } of runners) {
      meter.own(peer.name)
      await peer.activate?.()
      peer.dispose()
    }
  }
}

/** A peer after its compared steps, in agreement with the first one; any other is freed. */
async function admitted(
  workload: string,
  { name, open }: Entrant,
  meter: Meter,
  first: Runner | undefined,
  patienceMs: number,
): Promise<Runner> {
  meter.own(name)
  const bytesBefore = meter.bytes(name)
  const begun = performance.now()
  const peer = await open()
  try {
    const runner = {
      peer,
      bytesBefore,
      next: comparedSteps,
      ...(await comparedStepsOf(peer, begun, meter, first ? patienceMs : Infinity)),
    }
    if (first) requireAgreement(workload, { [first.peer.name]: first.losses, [name]: runner.losses })
    return runner
  } catch (error) {
    peer.dispose()
    throw error
  }
}

async function comparedStepsOf(peer: Peer, begun: number, meter: Meter, patienceMs: number) {
  await peer.step(0)
  const losses = [await peer.loss()]
  const firstStepMs = performance.now() - begun
  requirePatience(1, firstStepMs, patienceMs)
  let [dispatches, submits] = [0, 0]
  const second = performance.now()
  for (let step = 1; step < comparedSteps; step++) {
    const before = { ...meter.tally }
    await peer.step(step)
    dispatches = meter.tally.dispatches - before.dispatches
    submits = meter.tally.submits - before.submits
    losses.push(await peer.loss())
    requirePatience(step + 1, performance.now() - begun, patienceMs)
  }
  const stepMs = (performance.now() - second) / (comparedSteps - 1)
  return { firstStepMs, stepMs, losses, dispatches, submits }
}

/** @throws Problem where so many steps, and what comes before them, took too long */
function requirePatience(steps: number, ms: number, patienceMs: number): void {
  if (ms <= patienceMs) return
  throw new Problem(
    `It took ${(ms / 1000).toFixed(0)} s to its step ${steps}, more than ${patienceMs / 1000} s.`,
    'Give it more time: --patience.',
  )
}

interface Times {
  readonly ms: number[]
  readonly js: number[]
}

async function takeTurns(
  runners: readonly Runner[],
  meter: Meter,
  { rounds, turnMs, budgetMs }: Effort,
  say: (round: number) => void,
): Promise<Times[]> {
  const times: Times[] = runners.map(() => ({ ms: [], js: [] }))
  const end = performance.now() + budgetMs
  for (let round = 0; round < rounds && (round === 0 || performance.now() < end); round++) {
    say(round + 1)
    for (const [i, runner] of runners.entries()) {
      meter.own(runner.peer.name)
      const { ms, js } = await takeTurn(runner, turnMs)
      times[i]?.ms.push(ms)
      times[i]?.js.push(js)
    }
  }
  return times
}

/** Steps that a turn may queue before it waits: the engine keeps the losses of 256. */
const mostQueued = 64

async function takeTurn(runner: Runner, turnMs: number): Promise<{ ms: number; js: number }> {
  const { peer } = runner
  const steps = Math.max(1, Math.min(mostQueued, Math.round(turnMs / runner.stepMs)))
  await peer.activate?.()
  const begun = performance.now()
  await peer.step(runner.next++)
  const js = performance.now() - begun
  for (let i = 1; i < steps; i++) await peer.step(runner.next++)
  await peer.loss()
  return { ms: (performance.now() - begun) / steps, js }
}

function resultOf(
  { peer, firstStepMs, dispatches, submits, bytesBefore }: Runner,
  { ms, js }: Times,
  meter: Meter,
): PeerResult {
  return {
    msPerStep: middle(ms),
    spread: spread(ms),
    jsMsPerStep: middle(js),
    dispatches,
    submits,
    gpuBytes: meter.bytes(peer.name) - bytesBefore,
    firstStepMs,
  }
}
