/**
 * Finds the real data sets. They are not part of the project, so tests that read them are skipped where they are
 * missing.
 */
import { existsSync } from 'node:fs'
import { join } from 'node:path'

/**
 * Only PLAYGROUND_DATA where it is set; else the folder that `npm run data` fills, and one that several checkouts
 * share.
 */
export function placesOfRealData() {
  const named = process.env.PLAYGROUND_DATA
  return named === undefined ? ['public/data', '../shared/data'] : [named]
}

/** The first place that holds CIFAR-10 or SST-2, relative to the project; undefined for none. */
export function findRealData() {
  return placesOfRealData().find((place) =>
    ['cifar10', 'sst2'].some((set) => existsSync(join(place, set, 'train.parquet'))),
  )
}
