import { expect, it } from 'vitest'
import type { Meter } from './meter'
import type { Peer, PeerName } from './peers/peer'
import { timePeers, type Entrant } from './turns'

const meter: Meter = {
  tally: { dispatches: 0, submits: 0 },
  own: () => undefined,
  bytes: () => 0,
  listen: () => [],
  remove: () => undefined,
}

/** A peer whose losses are 2, 2 - slope, 2 - 2 slope, ...; it notes in `freed` that it was disposed. */
function peer(name: PeerName, slope: number, freed: PeerName[], failsAt = Infinity): Entrant {
  let done = 0
  const made: Peer = {
    name,
    step(step) {
      if (step === failsAt) throw new Error('no such operation')
      done = step
      return undefined
    },
    loss: () => Promise.resolve(2 - slope * done),
    dispose: () => void freed.push(name),
  }
  return { name, open: () => Promise.resolve(made) }
}

const time = (entrants: Entrant[], patienceMs = Infinity) =>
  timePeers('w', entrants, meter, { rounds: 1, turnMs: 1, budgetMs: 1, patienceMs }, () => undefined)

it('leaves out a peer that fails and one that computes something else, says why, and frees all', async () => {
  const freed: PeerName[] = []
  const { peers, absent, losses } = await time([
    peer('ours', 0.1, freed),
    peer('tfjs', 0.1, freed, 4),
    peer('jaxjs', 0.101, freed),
    peer('torchEager', 0.1, freed),
  ])
  expect(Object.keys(peers)).toEqual(['ours', 'torchEager'])
  expect(absent.tfjs).toContain('no such operation')
  expect(absent.jaxjs).toMatch(/w, step 2: the loss of jax-js 0\.1\.25, jit is 1\.899, that of this engine is 1\.9/)
  expect(losses).toHaveLength(10)
  expect(freed.sort()).toEqual(['jaxjs', 'ours', 'tfjs', 'torchEager'])
})

it('times nothing without its reference', async () => {
  const freed: PeerName[] = []
  await expect(time([peer('ours', 0.1, freed, 3), peer('tfjs', 0.1, freed)])).rejects.toThrow('no such operation')
  expect(freed).toEqual(['ours'])
})

it('waits for its reference as long as it takes, and for no other peer longer than it was told to', async () => {
  const freed: PeerName[] = []
  const { peers, absent } = await time([peer('ours', 0.1, freed), peer('tfjs', 0.1, freed)], 0)
  expect(Object.keys(peers)).toEqual(['ours'])
  expect(absent.tfjs).toMatch(/^It took \d+ s to its step 1, more than 0 s/)
})
