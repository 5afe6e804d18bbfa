import { describe, expect, it } from 'vitest'
import { sidesOf, type Side } from './splits'

/** What each path says; of pictures, ending in `.png`, the folder is the class. */
function sides(...names: string[]): Record<string, Side> {
  const told = sidesOf(names.map((name) => ({ name, byFolder: name.endsWith('.png') })))
  return Object.fromEntries(names.map((name, i) => [name, told[i]!]))
}

describe('what paths say', () => {
  it.each([
    'test',
    'testing',
    'evaluation',
    'eval',
    'validation',
    'val',
    'val2017',
    'dev',
    'held_out',
    'held-out',
    'holdout',
    'TestSet',
  ])('a folder or file named %s is held out', (word) => {
    expect(Object.values(sides(`train/cat/1.png`, `${word}/cat/1.png`))).toEqual(['train', 'held'])
    expect(Object.values(sides(`x/training.tsv`, `x/${word}.tsv`))).toEqual(['train', 'held'])
  })

  it.each(['contest', 'devices', 'evaluator', 'latest', 'valley'])('one named %s is not', (word) => {
    expect(Object.values(sides(`train/cat/1.png`, `${word}/cat/1.png`))).toEqual(['train', 'train'])
  })

  it('a folder that all share tells nothing, the innermost one decides', () => {
    expect(Object.values(sides('test/train/cat/1.png', 'test/val/cat/1.png'))).toEqual(['train', 'held'])
    expect(Object.values(sides('test/cat/1.png', 'test/dog/1.png'))).toEqual(['train', 'train'])
    expect(Object.values(sides('a/dev/train/cat/1.png', 'a/dev/test/cat/1.png', 'a/more/cat/2.png'))).toEqual([
      'train',
      'held',
      'train',
    ])
    expect(Object.values(sides('eval kit/a.csv', 'eval kit/test.csv'))).toEqual(['train', 'held'])
  })

  it('a class may be called test', () => {
    expect(Object.values(sides('train/test/1.png', 'train/cat/2.png', 'val/test/3.png'))).toEqual([
      'train',
      'train',
      'held',
    ])
    expect(Object.values(sides('test/1.png', 'control/1.png'))).toEqual(['train', 'train'])
    expect(Object.values(sides('study/test/1.png', 'study/control/1.png'))).toEqual(['train', 'train'])
  })

  it('pictures beside folders of classes have none', () => {
    expect(sides('k/train/cat/1.png', 'k/train/dog/1.png', 'k/test/1.png')).toMatchObject({
      'k/test/1.png': 'unlabelled',
    })
    expect(sides('train/cat/1.png', 'test_images1/1.png')).toMatchObject({ 'test_images1/1.png': 'unlabelled' })
    expect(sides('cat/1.png', 'dog/1.png', 'test/1.png')).toMatchObject({
      'test/1.png': 'unlabelled',
      'cat/1.png': 'train',
    })
    expect(sides('pets/cat/1.png', 'pets/dog/1.png', 'pets/overview.png')).toMatchObject({
      'pets/overview.png': 'unlabelled',
    })
    expect(sides('train/1.png', 'test/1.png')).toEqual({ 'train/1.png': 'unlabelled', 'test/1.png': 'unlabelled' })
  })

  it('a folder of what nobody labelled is no class beside two others', () => {
    expect(Object.values(sides('train/pos/1.png', 'train/neg/1.png', 'train/unsup/1.png'))).toEqual([
      'train',
      'train',
      'unsupervised',
    ])
    expect(Object.values(sides('train/pos/1.png', 'train/unlabeled/1.png'))).toEqual(['train', 'train'])
  })
})
