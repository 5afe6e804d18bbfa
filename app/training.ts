import type { App } from './store/app'
import { linkOf } from './store/linkOf'
import { isUnderWay } from './store/queue'
import { isUnfinished } from './store/run'
import type { AppState } from './store/state'

/**
 * Web Locks say who trains. A tab with an unfinished run or comparison holds two: a claim, which names the link of what
 * it trains and which another tab may take away, and the engine's, which it lets go of when the run is saved and closed
 * here.
 */
const claims = 'pruning-playground/training/'
const engineOf = (claim: string) => `engine of ${claim}`

/** Milliseconds that a tab may take to save its run for another one; a frozen tab does not answer. */
const patience = 10_000

/** The part of `navigator.locks` that is needed. */
export interface Locks {
  request(name: string, options: LockOptions, work: () => Promise<void> | void): Promise<unknown>
  query(): Promise<{ held?: { name?: string; mode?: LockMode }[] }>
}

/** The part of a BroadcastChannel that is needed; a message says that somebody began. */
export interface Bell {
  addEventListener(type: 'message', listener: () => void): void
  postMessage(message: null): void
}

/** Tells other tabs what trains here, and this one what trains there. Resolves when it has looked once. */
export async function shareTraining({ store, actions }: App, locks: Locks, bell: Bell): Promise<void> {
  const own = `${claims}${Math.random()} `
  let task: string | null = null
  let end = () => {}
  let handing = false
  const follow = (state: AppState) => {
    const next = taskOf(state)
    // What is handed over is held until it is saved and closed, whatever the page shows of it meanwhile.
    if (handing || next === task) return
    end()
    end = () => {}
    task = next
    if (next === null) return
    end = hold(locks, `${own}${next}`, { held: () => bell.postMessage(null), taken: () => void handOver() })
  }
  const handOver = async () => {
    handing = true
    await actions.handOver()
    handing = false
    end()
    task = null
    follow(store.getState())
  }
  store.subscribe(follow)
  const watched = new Set<string>()
  const look = async (): Promise<void> => {
    const names = await claimsIn(locks)
    const others = names.filter((name) => !name.startsWith(own))
    actions.showElsewhere(others.map((claim) => ({ claim, link: claim.slice(claim.indexOf(' ') + 1) })))
    for (const name of others.filter((name) => !watched.has(name))) {
      watched.add(name)
      // It is there for the asking once the other tab has ended its run, or was closed.
      const over = locks.request(name, { mode: 'shared' }, () => void watched.delete(name))
      void over.catch(() => undefined).then(look)
    }
  }
  bell.addEventListener('message', () => void look())
  await look()
}

/** Takes a claim away from another tab; resolves when that one has saved and closed its run, or does not answer. */
export async function takeClaim(locks: Locks, claim: string): Promise<void> {
  await locks.request(claim, { steal: true }, () => undefined)
  const signal = AbortSignal.timeout(patience)
  await locks.request(engineOf(claim), { signal }, () => undefined).catch(() => undefined)
}

async function claimsIn(locks: Locks): Promise<readonly string[]> {
  // A frame that may have no locks goes without.
  const { held = [] } = await locks.query().catch(() => ({ held: [] }))
  // Who only waits for a claim to end has it shared.
  return held.flatMap(({ name = '', mode }) => (name.startsWith(claims) && mode === 'exclusive' ? [name] : []))
}

/** Holds a claim and its engine. @returns what lets go of both */
function hold(locks: Locks, claim: string, told: { held: () => void; taken: () => void }): () => void {
  let end = () => {}
  const over = new Promise<void>((resolve) => {
    end = resolve
  })
  let isHeld = false
  locks.request(engineOf(claim), {}, () => over).catch(() => undefined)
  locks
    .request(claim, {}, () => {
      isHeld = true
      told.held()
      return over
    })
    .catch(() => {
      if (isHeld) told.taken()
    })
  return end
}

/** Link of what is under way here: '' where it reads the user's files, which no other tab has; null for nothing. */
function taskOf({ run, comparing }: AppState): string | null {
  if (isUnderWay(comparing)) return comparing.queue?.link ?? ''
  if (!isUnfinished(run.phase) || !run.asked) return null
  return run.asked.files.length > 0 ? '' : linkOf(run.asked.experiment)
}
