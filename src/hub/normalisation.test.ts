import { expect, it } from 'vitest'
import { normalisationOf } from './normalisation'
import { golden } from './testing'

it('is what transformers and timm write beside a ViT', async () => {
  const half = [0.5, 0.5, 0.5]
  expect(await normalisationOf(golden('vit'))).toEqual({ mean: half, deviation: half })
  expect(await normalisationOf(golden('timm'))).toEqual({ mean: half, deviation: half })
  const unchanged = golden('vit', { 'preprocessor_config.json': '{"do_normalize": false}' })
  expect(await normalisationOf(unchanged)).toEqual({ mean: [0, 0, 0], deviation: [1, 1, 1] })
})

it.each([
  ['{"image_mean": [0.5, 0.5, 0.5], "image_std": [0.5, 0, 0.5]}', 'image_std: [0.5,0,0.5]'],
  ['{"image_mean": "half", "image_std": [1, 1, 1]}', 'image_mean: "half"'],
  ['{"do_rescale": false}', 'do_rescale: false'],
  ['{"rescale_factor": 0.5}', 'rescale_factor: 0.5'],
])('refuses %s, with the field that says so', async (file, said) => {
  await expect(normalisationOf(golden('vit', { 'preprocessor_config.json': file }))).rejects.toThrow(said)
})

it('says which files tell, where there are none', async () => {
  await expect(normalisationOf(golden('vit', { 'preprocessor_config.json': null }))).rejects.toThrow(
    'neither preprocessor_config.json nor a "mean" in config.json',
  )
})
