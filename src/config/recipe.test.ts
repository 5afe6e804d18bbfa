import { describe, expect, it } from 'vitest'
import { defaults } from '../core/knob'
import { maskCheckOf, whyUnchecked } from '../core/maskCheck'
import { check } from './check'
import { defaultExperiment } from './defaults'
import { fromLink } from './link'
import {
  compressions,
  defaultRecipe,
  mostRuns,
  plannedRuns,
  readRecipe,
  recipeKeys,
  recipeMethod,
  recipeSettings,
  sameMethod,
  sparsityAt,
  type Recipe,
} from './recipe'
import { idsOf, plugin } from './registries'

const small: Recipe = {
  methods: [
    { id: 'dense', knobs: {} },
    { id: 'snip', knobs: {} },
    { id: 'magnitude', knobs: { schedule: 'once', at: 0.25 } },
  ],
  sparsities: [0.5, 0.875],
  seeds: [1, 7],
}

it('compresses 2, 4, 8, 16 and 32 times', () => {
  expect(compressions.map(sparsityAt)).toEqual([0.5, 0.75, 0.875, 0.9375, 0.96875])
})

it('sets a method against the usual baselines, each once', () => {
  const usual = 'dense_random_magnitude_magnitude*scope*layer_snip'
  const methods = (id: string, knobs = {}) => recipeSettings(defaultRecipe({ id, knobs }))[recipeKeys.methods]
  expect(methods('gradient')).toBe(`${usual}_gradient`)
  expect(['dense', 'magnitude', 'snip'].map((id) => methods(id))).toEqual([usual, usual, usual])
  expect(methods('magnitude', { schedule: 'once' })).toBe(`${usual}_magnitude*schedule*once`)
  // Five methods at five sparsities, and dense, for three seeds; all of them are what they say.
  const recipe = defaultRecipe({ id: 'gradient', knobs: {} })
  expect(plannedRuns(recipe, defaultExperiment)).toHaveLength((5 * 5 + 1) * 3)
  expect(readRecipe(recipeSettings(recipe), small)).toEqual({ recipe, notes: [] })
})

it('is cut to as many seeds as the page can plan, and says so', () => {
  const seeds = Array.from({ length: 64 }, (_, i) => i).join('_')
  const sparsities = Array.from({ length: 32 }, (_, i) => i / 40).join('_')
  const methods = Array.from({ length: 32 }, (_, i) => `magnitude*at*${(i + 1) / 100}`).join('_')
  const asked = (names: string) => ({
    [recipeKeys.methods]: names,
    [recipeKeys.sparsities]: sparsities,
    [recipeKeys.seeds]: seeds,
  })
  expect(readRecipe(asked('snip'), small)).toMatchObject({ recipe: { seeds: { length: 64 } }, notes: [] })
  const { recipe, notes } = readRecipe(asked(methods.replaceAll('*at*', '*schedule*once*at*')), small)
  expect(recipe.seeds).toEqual([0, 1])
  expect(notes).toEqual(['The comparison has 65,536 runs; 2,048 are allowed, so the first 2 seeds are used.'])
  expect(plannedRuns(recipe, defaultExperiment)).toHaveLength(mostRuns)
})

describe('plannedRuns', () => {
  const runs = plannedRuns(small, defaultExperiment)

  it('is methods times sparsities times seeds, seed by seed, dense once a seed', () => {
    expect(
      runs.map(({ experiment: { seed, method } }) => `${seed} ${method.id} ${String(method.values.sparsity ?? '-')}`),
    ).toEqual([
      '1 dense -',
      '1 snip 0.5',
      '1 snip 0.875',
      '1 magnitude 0.5',
      '1 magnitude 0.875',
      '7 dense -',
      '7 snip 0.5',
      '7 snip 0.875',
      '7 magnitude 0.5',
      '7 magnitude 0.875',
    ])
    expect(new Set(runs.map((run) => run.runId)).size).toBe(10)
  })

  it('asks no sparsity of a method whose other knobs make it', () => {
    const methods = [
      { id: 'wanda', knobs: { pattern: 'nm' } },
      { id: 'combination', knobs: { granularity: 'nm' } },
      { id: 'wanda', knobs: {} },
    ]
    const planned = plannedRuns({ methods, sparsities: [0.5, 0.875], seeds: [1] }, defaultExperiment)
    expect(planned.map(({ experiment: { method } }) => method.id)).toEqual(['wanda', 'combination', 'wanda', 'wanda'])
    // The first two stand at their knob's default, which they do not read.
    expect(planned.map(({ experiment: { method } }) => method.values.sparsity)).toEqual([0.5, 0.8, 0.5, 0.875])
  })

  it('takes data, model and training of the experiment, and nothing of its method', () => {
    const base = check(
      { data: 'shapes', method: 'snip', 'method.batches': 77, 'training.steps': 9 },
      defaultExperiment,
    ).experiment
    for (const { experiment } of plannedRuns(small, base)) {
      expect(experiment).toMatchObject({ data: base.data, model: base.model, training: base.training })
      if (experiment.method.id === 'snip')
        expect(experiment.method.values.batches).toBe(plugin('method', 'snip').knobs.batches!.default)
      if (experiment.method.id === 'magnitude')
        expect(experiment.method.values).toMatchObject({ schedule: 'once', at: 0.25 })
    }
  })

  it('runs what is asked for twice once', () => {
    expect(plannedRuns({ ...small, seeds: [1, 1], sparsities: [0.5, 0.5] }, defaultExperiment)).toHaveLength(3)
  })
})

describe('a recipe in a link', () => {
  it('is written without escapes and comes back', () => {
    const settings = recipeSettings(small)
    expect(settings).toEqual({
      [recipeKeys.methods]: 'dense_snip_magnitude*at*0.25*schedule*once',
      [recipeKeys.sparsities]: '0.5_0.875',
      [recipeKeys.seeds]: '1_7',
    })
    expect(new URLSearchParams(Object.entries(settings) as [string, string][]).toString()).not.toContain('%')
    expect(readRecipe(settings, defaultRecipe({ id: 'snip', knobs: {} }))).toEqual({ recipe: small, notes: [] })
  })

  it('comes back with any method in any of its choices', () => {
    const methods = idsOf('method')
      .flatMap((id) =>
        Object.entries(plugin('method', id).knobs).flatMap(([name, knob]) =>
          knob.kind === 'choice'
            ? Object.keys(knob.options)
                .filter((option) => option !== knob.default)
                .map((option) => ({ id, knobs: { [name]: option } }))
            : [],
        ),
      )
      // A check that a method cannot take as the rest of its knobs stand is no choice of its.
      .filter(
        ({ id, knobs }) =>
          whyUnchecked(
            plugin('method', id),
            { ...defaults(plugin('method', id).knobs), ...knobs },
            maskCheckOf(knobs),
            100,
          ) === null,
      )
    for (const method of methods) {
      const { recipe, notes } = readRecipe(recipeSettings({ ...small, methods: [method] }), small)
      expect({ methods: recipe.methods, notes }).toEqual({ methods: [method], notes: [] })
    }
  })

  it('may be typed with commas and equals signs', () => {
    const { recipe } = readRecipe(
      {
        [recipeKeys.methods]: 'dense, snip,magnitude:at=0.25:schedule=once',
        [recipeKeys.sparsities]: '.5,.875',
        [recipeKeys.seeds]: '1,7',
      },
      small,
    )
    expect(recipe).toEqual(small)
  })

  it('says what it could not use and keeps the rest', () => {
    const { recipe, notes } = readRecipe(
      { [recipeKeys.methods]: 'snap_snip', [recipeKeys.sparsities]: '200_0.5', [recipeKeys.seeds]: 'x' },
      small,
    )
    expect(recipe).toEqual({ methods: [{ id: 'snip', knobs: {} }], sparsities: [0.5], seeds: [1, 7] })
    expect(notes).toEqual([
      'The comparison names the method snap, which does not exist. It is left out.',
      'The comparison names the sparsity 200; it can be 0 or more and less than 1, and is left out.',
      'The comparison names the seed x; it can be a whole number from 0 to 2147483647, and is left out.',
      'The seeds of the comparison were x, of which none can be used. The usual ones are.',
    ])
  })

  it.each([
    [
      '50, 80',
      [0.5, 0.8],
      [
        'A sparsity of the comparison was 50, read as 50 %, that is 0.5.',
        'A sparsity of the comparison was 80, read as 80 %, that is 0.8.',
      ],
    ],
    ['0,5; 0,8', [0.5, 0.8], []],
    ['50 % 80 %', [0.5, 0.8], []],
    ['0,5', [0.5], []],
    [
      '-0.1 0.5',
      [0.5],
      ['The comparison names the sparsity -0.1; it can be 0 or more and less than 1, and is left out.'],
    ],
    [
      '100 0.5',
      [0.5],
      ['The comparison names the sparsity 100; it can be 0 or more and less than 1, and is left out.'],
    ],
  ])('reads the sparsities %j', (text, sparsities, notes) => {
    expect(readRecipe({ [recipeKeys.sparsities]: text }, small)).toEqual({ recipe: { ...small, sparsities }, notes })
  })

  it.each([
    ['1, 2;3 4', [1, 2, 3, 4], []],
    ['1-3', [1, 2, 3], []],
    ['1 – 3, 7..8 0-0', [1, 2, 3, 7, 8, 0], []],
    [
      '5-9999999999',
      Array.from({ length: 64 }, (_, i) => 5 + i),
      ['The comparison has more than 64 seeds; the first 64 are used.'],
    ],
    [
      '3-1 2',
      [2],
      ['The comparison names the seed 3-1; it can be a whole number from 0 to 2147483647, and is left out.'],
    ],
    ['2,000; 3', [2000, 3], ['A seed of the comparison was 2,000, read as 2000.']],
    [
      '1,000',
      [1],
      ['The comparison names the seed 000; it can be a whole number from 0 to 2147483647, and is left out.'],
    ],
    [
      '1.5 3',
      [3],
      ['The comparison names the seed 1.5; it can be a whole number from 0 to 2147483647, and is left out.'],
    ],
    [
      '-1 3 9999999999',
      [3],
      [-1, 9999999999].map(
        (seed) =>
          `The comparison names the seed ${seed}; it can be a whole number from 0 to 2147483647, and is left out.`,
      ),
    ],
  ])('reads the seeds %j', (text, seeds, notes) => {
    expect(readRecipe({ [recipeKeys.seeds]: text }, small)).toEqual({ recipe: { ...small, seeds }, notes })
  })

  it('knows methods by the names that the page shows, in any case', () => {
    const { recipe, notes } = readRecipe({ [recipeKeys.methods]: 'SNIP, SEVENpre, magnitude' }, small)
    expect([recipe.methods.map(({ id }) => id), notes]).toEqual([['snip', 'sevenPre', 'magnitude'], []])
  })

  it('says which sparsity stands for one that no method reaches', () => {
    const { recipe, notes } = readRecipe({ [recipeKeys.sparsities]: '0.9_0.99_0.995' }, small)
    expect(recipe.sparsities).toEqual([0.9, 0.99])
    expect(notes).toEqual(['A sparsity of the comparison was 0.995; the largest allowed value 0.99 is used.'])
    const ranges = idsOf('method')
      .flatMap((id) => plugin('method', id).knobs.sparsity ?? [])
      .map((knob) => knob.kind === 'number' && [knob.min, knob.max])
    expect(new Set(ranges.map(String))).toEqual(new Set(['0,0.99']))
  })

  it('says that a sparsity of one method alone is not used', () => {
    const { recipe, notes } = readRecipe({ [recipeKeys.methods]: 'magnitude:sparsity=0.9:schedule=once' }, small)
    expect(recipe).toEqual({ ...small, methods: [{ id: 'magnitude', knobs: { schedule: 'once' } }] })
    expect(notes).toEqual([
      'The comparison gives magnitude its own sparsity. All methods run at those of the comparison.',
    ])
  })

  it('is cut where a link asks for more than anybody would', () => {
    const { recipe, notes } = readRecipe(
      { [recipeKeys.seeds]: Array.from({ length: 500 }, (_, i) => i).join('_') },
      small,
    )
    expect(recipe.seeds).toHaveLength(64)
    expect(notes).toEqual(['The comparison has more than 64 seeds; the first 64 are used.'])
  })

  it('lies beside an experiment, which it does not change', () => {
    const opened = fromLink('#/v1?data=shapes&compare.methods=snip&compare.seeds=4')
    expect(opened.notes).toEqual([])
    expect(opened.experiment.data.id).toBe('shapes')
    expect(opened.recipe).toMatchObject({ methods: [{ id: 'snip', knobs: {} }], seeds: [4] })
    expect(fromLink('#/v1?data=shapes').recipe).toBeUndefined()
    expect(fromLink('#/v1?method=magnitude&method.schedule=once&compare.seeds=4').recipe?.methods.at(-1)).toEqual({
      id: 'magnitude',
      knobs: { schedule: 'once' },
    })
  })
})

it('names the method of an experiment by what differs from its defaults, sparsity aside', () => {
  const { experiment } = check(
    { method: 'magnitude', 'method.sparsity': 0.3, 'method.schedule': 'once' },
    defaultExperiment,
  )
  expect(recipeMethod(experiment)).toEqual({ id: 'magnitude', knobs: { schedule: 'once' } })
  expect(sameMethod(recipeMethod(experiment), { id: 'magnitude', knobs: { schedule: 'once' } })).toBe(true)
  expect(sameMethod(recipeMethod(experiment), { id: 'magnitude', knobs: {} })).toBe(false)
})
