import { afterEach, describe, expect, it, vi } from 'vitest'
import { countBytes, testDevice } from './testing'
import { fastest, openTuner, type Tunable, version } from './tuner'

/** Adds 1 to every number after `rounds` rounds of work that cancels. */
const code = (rounds: number) => `
@group(0) @binding(0) var<storage> x: array<f32>;
@group(0) @binding(1) var<storage, read_write> y: array<f32>;
@group(0) @binding(2) var<uniform> shape: vec4u;
@compute @workgroup_size(64) fn main(@builtin(global_invocation_id) id: vec3u) {
  var sum = x[id.x];
  for (var i = 0u; i < ${rounds}u; i++) { sum = fract(sum * 1.7 + f32(i)); }
  y[id.x] = select(x[id.x], sum, shape.x == 9u) + 1.0;
}`

const variant = (name: string, rounds: number) => ({ name, code: code(rounds), grid: [64, 1, 1] as const })

const slowByDefault: Tunable = {
  name: 'plus 4096',
  label: 'plus',
  variants: [variant('default', 5000), variant('quick', 5), variant('quicker', 4)],
  buffers: { x: { bytes: 4 * 4096, kind: 'float32' }, y: { bytes: 4 * 4096, kind: 'float32', written: true } },
  uniform: new ArrayBuffer(16),
}

function memory(entries: [string, ArrayBuffer][] = []) {
  const stored = new Map(entries)
  return {
    stored,
    get: (key: string) => Promise.resolve(stored.get(key) ?? null),
    put: (key: string, bytes: ArrayBuffer) => {
      stored.set(key, bytes)
      return Promise.resolve(true)
    },
  }
}

const silent = () => undefined

afterEach(() => {
  vi.restoreAllMocks()
})

describe('a tuner', () => {
  it('takes a faster variant, remembers it for the adapter, and does not time again', async () => {
    const device = await testDevice()
    const cache = memory()
    const tuner = await openTuner(device, cache)
    expect(tuner.choice(slowByDefault)).toBeUndefined()
    const heard: [number, number][] = []
    await tuner.measure([slowByDefault, slowByDefault], (...progress) => heard.push(progress))
    expect(heard).toEqual([[0, 1]])
    const choice = tuner.choice(slowByDefault)
    expect(['quick', 'quicker']).toContain(choice?.variant)
    expect(choice!.defaultNs / choice!.ns).toBeGreaterThan(1.05)

    const later = await openTuner(device, cache)
    expect(later.choice(slowByDefault)).toEqual(choice)
    const submit = vi.spyOn(device.queue, 'submit')
    await later.measure([slowByDefault], silent)
    expect(submit).not.toHaveBeenCalled()
  })

  it('times again when a text, a grid or the shapes are others', async () => {
    const tuner = await openTuner(await testDevice(), memory())
    await tuner.measure([slowByDefault], silent)
    const { variants } = slowByDefault
    expect(tuner.choice({ name: 'plus 8192', variants })).toBeUndefined()
    expect(tuner.choice({ name: 'plus 4096', variants: [...variants, variant('quickest', 3)] })).toBeUndefined()
    expect(
      tuner.choice({ name: 'plus 4096', variants: variants.map((v) => ({ ...v, grid: [32, 1, 1] as const })) }),
    ).toBeUndefined()
  })

  it('takes no faster variant that gives other bits', async () => {
    const tuner = await openTuner(await testDevice(), memory())
    const wrong = { ...variant('wrong', 1), code: code(1).replace('+ 1.0', '+ 1.0001') }
    const idle = { ...variant('idle', 1), code: code(1).replace('y[id.x] =', 'let unused =') }
    for (const other of [wrong, idle]) {
      const tunable = { ...slowByDefault, variants: [variant('default', 5000), other] }
      await tuner.measure([tunable], silent)
      expect(tuner.choice(tunable)?.variant).toBe('default')
    }
  })

  it('leaves out variants that this device does not compile', async () => {
    const tuner = await openTuner(await testDevice(), memory())
    const broken = { name: 'broken', code: code(1).replace('sum =', 'total ='), grid: [64, 1, 1] as const }
    const tunable = { ...slowByDefault, variants: [variant('default', 5), broken] }
    await tuner.measure([tunable], silent)
    expect(tuner.choice(tunable)?.variant).toBe('default')
  })

  it('stops when the budget is spent; what is left runs as its default and is timed later', async () => {
    const tuner = await openTuner(await testDevice(), memory())
    let now = 0
    const clock = vi.spyOn(performance, 'now').mockImplementation(() => (now += 10_000))
    await tuner.measure([slowByDefault], silent)
    expect(tuner.choice(slowByDefault)).toBeUndefined()
    clock.mockRestore()
    await tuner.measure([slowByDefault], silent)
    expect(tuner.choice(slowByDefault)).toBeDefined()
  })

  it('frees what it timed on', async () => {
    const device = await testDevice()
    const bytes = countBytes(device)
    const create = vi.spyOn(device, 'createBuffer')
    const tuner = await openTuner(device, memory())
    await tuner.measure([slowByDefault], silent)
    expect(create.mock.calls.length).toBeGreaterThan(2)
    expect(bytes.live()).toBe(0)
    create.mockRestore()
    bytes.end()
  })
})

describe('what is remembered', () => {
  const choice = { variant: 'quick', ns: 10, defaultNs: 20 }
  const entry = (value: unknown) =>
    new TextEncoder().encode(typeof value === 'string' ? value : JSON.stringify(value)).buffer

  it.each([
    ['bytes that are no text', new Uint8Array([0xff, 0, 1]).buffer],
    ['half of an entry', entry(`{"version":${version},"choices":{"a":`)],
    ['null', entry('null')],
    ['another version', entry({ version: 0, choices: { all: choice } })],
    ['a list', entry({ version, choices: [1, 2] })],
    [
      'choices of other types',
      entry({ version, choices: { all: 'quick', more: { ...choice, ns: '10' }, none: null } }),
    ],
  ])('is ignored when it is %s', async (_name, bytes) => {
    const tuner = await openTuner(await testDevice(), {
      get: () => Promise.resolve(bytes),
      put: () => Promise.resolve(true),
    })
    expect(tuner.choice(slowByDefault)).toBeUndefined()
    await tuner.measure([slowByDefault], silent)
    expect(tuner.choice(slowByDefault)).toBeDefined()
  })

  it('is not missed when the cache fails', async () => {
    const broken = { get: () => Promise.reject(new Error('full')), put: () => Promise.reject(new Error('full')) }
    const tuner = await openTuner(await testDevice(), broken)
    await tuner.measure([slowByDefault], silent)
    expect(tuner.choice(slowByDefault)).toBeDefined()
  })

  it('belongs to one adapter', async () => {
    const device = await testDevice()
    const cache = memory()
    await (await openTuner(device, cache)).measure([slowByDefault], silent)
    const other = new Proxy(device, {
      get: (target, name) => (name === 'adapterInfo' ? { vendor: 'other' } : (Reflect.get(target, name) as unknown)),
    })
    expect((await openTuner(other, cache)).choice(slowByDefault)).toBeUndefined()
  })
})

it('a variant must beat the default by 5 %', () => {
  const times = (a: number, b: number, c: number) => [
    { name: 'default', ns: a },
    { name: 'b', ns: b },
    { name: 'c', ns: c },
  ]
  expect(fastest(times(100, 96, 110))).toEqual({ variant: 'default', ns: 100, defaultNs: 100 })
  expect(fastest(times(100, 94, 93))).toEqual({ variant: 'c', ns: 93, defaultNs: 100 })
})
