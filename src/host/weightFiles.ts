import type { ListedStore } from '../core/host'
import { databaseFiles } from './databaseFiles'
import { originFiles } from './originFiles'

/** Where the browser keeps weights of finished runs, for the page and its worker. */
export function weightFiles(): ListedStore {
  return originFiles('weights') ?? databaseFiles('pruning-playground-weights')
}
