import { plugin } from '../../config/registries'
import type { Examples, Loader, LoadOptions, LoadProgress } from '../../core/dataset'
import type { Choice } from '../../core/experiment'
import { Problem } from '../../core/problem'
import type { SessionOptions } from './openSession'

/**
 * The examples of a data set. @param vocabulary that their texts are spelt in, where it is not to be learnt from them
 * @throws Problem about the data, whatever fails; AbortError when the signal fires
 */
export async function loadExamples(
  data: Choice,
  seed: number,
  { host, signal, emit, load: loadApart }: Pick<SessionOptions, 'host' | 'signal' | 'emit' | 'load'>,
  vocabulary?: LoadOptions['vocabulary'],
): Promise<Examples> {
  const here: Loader = ({ id, values }, how) => plugin('data', id).load(values, how)
  try {
    const progress = (now: LoadProgress) => emit({ type: 'loading', progress: now })
    return await (loadApart ?? here)(data, { host, signal, seed, progress, ...(vocabulary ? { vocabulary } : {}) })
  } catch (error) {
    if (error instanceof Error && error.name === 'AbortError') throw error
    const { what, fix } = Problem.from(error)
    throw new Problem(what, fix, { cause: error, about: 'data' })
  }
}
