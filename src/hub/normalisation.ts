import type { Examples } from '../core/dataset'
import { isRecord } from '../core/isRecord'
import { Problem } from '../core/problem'
import { fieldsOf, shown } from './fields'
import { recordOf, type Folder } from './folder'

/** By whose mean and deviation pixels are normalised: the data set's, or those that the model learnt with. */
export type PixelsChoice = 'data' | 'model'

type Normalise = NonNullable<Examples['normalise']>

const settings = 'preprocessor_config.json'

/**
 * Mean and deviation of each channel of pixel / 255 that a ViT learnt with: of transformers'
 * `preprocessor_config.json`, or of timm's `config.json`. @throws Problem where neither tells
 */
export async function normalisationOf(folder: Folder): Promise<Normalise> {
  const own = await recordOf(folder, settings)
  if (own) return ofTransformers(own)
  const config = await recordOf(folder, 'config.json')
  const timm = isRecord(config?.['pretrained_cfg']) ? config['pretrained_cfg'] : config
  if (timm?.['mean'] === undefined)
    throw new Problem(
      `The model has neither ${settings} nor a "mean" in config.json, which tell how it reads pixels.`,
      'Take the file from its repository, or set Pixels to "As the data set has them".',
    )
  return { mean: numbers(timm, 'mean', 'config.json'), deviation: deviations(timm, 'std', 'config.json') }
}

function ofTransformers(own: Readonly<Record<string, unknown>>): Normalise {
  const fields = fieldsOf(own, settings)
  const fix = 'Set Pixels to "As the data set has them", or take another model.'
  fields.oneOf('do_rescale', [true], fix)
  fields.oneOf('rescale_factor', [1 / 255], fix)
  if (own['do_normalize'] === false) return { mean: [0, 0, 0], deviation: [1, 1, 1] }
  return { mean: numbers(own, 'image_mean', settings), deviation: deviations(own, 'image_std', settings) }
}

function deviations(record: Readonly<Record<string, unknown>>, name: string, file: string): number[] {
  const found = numbers(record, name, file)
  if (found.every((value) => value > 0)) return found
  throw refused(record, name, file)
}

function numbers(record: Readonly<Record<string, unknown>>, name: string, file: string): number[] {
  const value = record[name]
  if (Array.isArray(value) && value.length > 0 && value.every((v) => Number.isFinite(v))) return value as number[]
  throw refused(record, name, file)
}

function refused(record: Readonly<Record<string, unknown>>, name: string, file: string): Problem {
  return new Problem(
    `${file} has ${name}: ${shown(record[name])}, where one number a channel is expected, deviations above 0.`,
    "Take the file as the model's own repository has it.",
  )
}
