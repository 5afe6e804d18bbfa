import { describe, expect, it, test, vi } from 'vitest'
import * as shaders from '../../shaders'
import flat from '../../shaders/parts/flat.wgsl?raw'
import { storageBuffer, write } from './buffers'
import { watchCompilations } from './compiling'
import { openDevice } from './device'
import { compileKernel, createKernel, encode, reflect, workgroups } from './kernel'
import { Readback } from './readback'
import { copies, dawn, problemOf, runKernel, testDevice } from './testing'

const double = `
// @group(0) @binding(9) var<storage> commentedOut: array<f32>;
@group(0) @binding(1) var<storage, read_write> result: array<f32>;
/* @group(0) @binding(8) var<uniform> alsoCommentedOut: f32; */
@group(0) @binding(0) var<storage> values: array<f32>;
override factor: f32 = 2.0;
@compute @workgroup_size(64) fn main(@builtin(global_invocation_id) id: vec3u) {
  if (id.x < arrayLength(&values)) { result[id.x] = values[id.x] * factor; }
}`

test('bindings come from the text, by number, without comments', () => {
  expect(reflect(double)).toEqual([
    { name: 'values', binding: 0, type: 'read-only-storage' },
    { name: 'result', binding: 1, type: 'storage' },
  ])
})

test('override constants reach the kernel', async () => {
  const buffers = { values: Float32Array.of(1, 2, 3, 4), result: new Float32Array(4) }
  expect([...(await runKernel(double, copies(buffers), [1, 1, 1])).result]).toEqual([2, 4, 6, 8])
  expect([...(await runKernel(double, copies(buffers), [1, 1, 1], { constants: { factor: 3 } })).result]).toEqual([
    3, 6, 9, 12,
  ])
})

test('a slice of a buffer can be bound, and dispatches see each other in order', async () => {
  const device = await testDevice()
  const kernel = await createKernel(device, 'double', double)
  const [values, result] = [await storageBuffer(device, 'values', 512), await storageBuffer(device, 'result', 256)]
  write(device, values, Float32Array.of(1, 2), 256)
  const slice = { buffer: values, offset: 256, size: 256 }
  const encoder = device.createCommandEncoder()
  const pass = encoder.beginComputePass()
  const again = await createKernel(device, 'double', double, { constants: { factor: 5 } })
  const back = await storageBuffer(device, 'back', 256)
  encode(pass, [kernel.bind({ values: slice, result }, [1]), again.bind({ values: result, result: back }, [1])])
  pass.end()
  const readback = new Readback(device)
  const pending = readback.encode(encoder, back, 0, 8)
  device.queue.submit([encoder.finish()])
  expect([...new Float32Array(await pending.read())]).toEqual([10, 20])
})

describe('a device compiles a kernel once', () => {
  /** Pipelines that `work` makes the device compile. */
  async function compilations(device: GPUDevice, work: () => Promise<unknown>): Promise<number> {
    const spies = [vi.spyOn(device, 'createComputePipeline'), vi.spyOn(device, 'createComputePipelineAsync')]
    await work()
    const count = spies.reduce((sum, spy) => sum + spy.mock.calls.length, 0)
    for (const spy of spies) spy.mockRestore()
    return count
  }
  const kernel = (factor: number) => `${double}// ${factor}`

  it('asked twice at once, later, or without waiting', async () => {
    const device = await testDevice()
    expect(
      await compilations(device, () =>
        Promise.all([createKernel(device, 'a', kernel(1)), createKernel(device, 'b', kernel(1))]),
      ),
    ).toBe(1)
    expect(await compilations(device, () => createKernel(device, 'a', kernel(1)))).toBe(0)
    expect(await compilations(device, () => Promise.resolve(compileKernel(device, 'a', kernel(1))))).toBe(0)
  })

  it('again for other constants, in whatever order they are named, and on another device', async () => {
    const device = await testDevice()
    const two = kernel(2).replace('override', 'override other: f32 = 1.0; override')
    expect(
      await compilations(device, () => createKernel(device, 'a', two, { constants: { factor: 3, other: 1 } })),
    ).toBe(1)
    expect(
      await compilations(device, () => createKernel(device, 'a', two, { constants: { other: 1, factor: 3 } })),
    ).toBe(0)
    expect(
      await compilations(device, () => createKernel(device, 'a', two, { constants: { factor: 4, other: 1 } })),
    ).toBe(1)
    const { device: another } = await openDevice(dawn(), { allowSoftware: true })
    expect(
      await compilations(another, () => createKernel(another, 'a', two, { constants: { factor: 4, other: 1 } })),
    ).toBe(1)
  })

  it('and tells how far it is', async () => {
    const device = await testDevice()
    const heard: [number, number][] = []
    const end = watchCompilations(device, (...progress) => heard.push(progress))
    await Promise.all([
      createKernel(device, 'a', kernel(5)),
      createKernel(device, 'a', kernel(6)),
      createKernel(device, 'a', kernel(6)),
    ])
    end()
    await createKernel(device, 'a', kernel(7))
    expect(heard).toEqual([
      [0, 1],
      [0, 2],
      [1, 2],
      [2, 2],
    ])
  })
})

describe('problems', () => {
  test('missing and unknown names', async () => {
    const device = await testDevice()
    const kernel = await createKernel(device, 'double', double)
    const buffer = await storageBuffer(device, 'x', 16)
    expect(() => kernel.bind({ values: buffer, results: buffer }, [1])).toThrow(
      'Kernel "double" misses result and does not know results. Bind exactly: values, result.',
    )
  })

  test('a compile error names its line', async () => {
    const broken = double.replace('values[id.x] * factor', 'values[id.x] * factr')
    const problem = await problemOf(createKernel(await testDevice(), 'double', broken))
    expect(problem.what).toMatch(/^Kernel "double" does not compile: line 8: .*factr.* In: if \(id\.x/)
    expect(problem.fix).toBe('Correct that line of double.wgsl in shaders.')
  })

  test('an unknown entry point', async () => {
    const problem = await problemOf(createKernel(await testDevice(), 'double', double, { entryPoint: 'half' }))
    expect(problem.what).toContain('makes no pipeline from entry point "half"')
  })

  test('nine storage buffers', async () => {
    const nine = Array.from(
      { length: 9 },
      (_, i) => `@group(0) @binding(${i}) var<storage, read_write> b${i}: array<f32>;`,
    ).join('\n')
    await expect(createKernel(await testDevice(), 'wide', nine)).rejects.toThrow(
      'Kernel "wide" binds 9 storage buffers; WebGPU promises 8.',
    )
  })
})

test.each([
  [0, [0, 1]],
  [1, [1, 1]],
  [256, [1, 1]],
  [257, [2, 1]],
  [65535 * 256, [65535, 1]],
  [65535 * 256 + 1, [32768, 2]],
  [200_000 * 256, [50_000, 4]],
] as const)('%i threads fold into %j workgroups', (n, [x, y]) => {
  expect(workgroups(n, 256)).toEqual([x, y, 1])
})

test('folded rows reach every index', async () => {
  // The flat index of the last thread of 3 x 2 workgroups of 256 is 1535.
  const code = `${flat}@group(0) @binding(0) var<storage, read_write> seen: array<u32>;
    @compute @workgroup_size(workgroupSize)
    fn main(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
      let i = flatIndex(id, groups);
      if (i < arrayLength(&seen)) { seen[i] += i; }
    }`
  const { seen } = await runKernel(code, { seen: new Uint32Array(1500) }, [3, 2, 1])
  expect(seen).toEqual(Uint32Array.from({ length: 1500 }, (_, i) => i))
})

/** Every kernel's text with the number of its entry points. */
const kernels = {
  ...Object.fromEntries(
    Object.entries(shaders).filter((e): e is [string, string] => typeof e[1] === 'string' && e[1].includes('@compute')),
  ),
  score: shaders.scoreKernel('p.a * x.w', ['a']).wgsl,
}

test.each(Object.entries(kernels))(
  '%s compiles without a message and binds at most 8 storage buffers',
  async (name, code) => {
    const device = await testDevice()
    for (const [, entryPoint] of code.matchAll(/fn (\w+)\(\s*@builtin/g)) {
      const kernel = await createKernel(device, name, code, { entryPoint: String(entryPoint) })
      expect(kernel.bindings.filter((b) => b.type !== 'uniform').length).toBeLessThanOrEqual(8)
      expect(
        kernel.bindings.map((b) => b.binding),
        'numbers without a gap',
      ).toEqual(kernel.bindings.map((_, i) => i))
    }
    const { messages } = await device.createShaderModule({ code }).getCompilationInfo()
    expect(messages.map((m) => m.message)).toEqual([])
  },
)
