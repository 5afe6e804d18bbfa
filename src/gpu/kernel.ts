import { Problem } from '../core/problem'
import { countCompilation } from './compiling'

/** One compute dispatch, ready to be encoded; a recorded tfjs step is a list of such records. */
export interface Dispatch {
  readonly pipeline: GPUComputePipeline
  readonly bindGroup: GPUBindGroup
  readonly grid: Grid
}

/** Workgroups in x, y, z. */
export type Grid = readonly [number, number, number]

/** A whole buffer, or `size` bytes from `offset` (a multiple of 256). */
export type Resource = GPUBuffer | { readonly buffer: GPUBuffer; readonly offset: number; readonly size: number }

/** A binding as declared in WGSL. */
export interface Binding {
  readonly name: string
  readonly binding: number
  readonly type: 'uniform' | 'read-only-storage' | 'storage'
}

/** A compiled kernel. */
export interface Kernel {
  readonly label: string
  readonly bindings: readonly Binding[]
  readonly pipeline: GPUComputePipeline
  /**
   * Ties buffers to the bindings by their WGSL names.
   * @throws Problem when a name is missing or unknown
   */
  bind(resources: Readonly<Record<string, Resource>>, grid: readonly [number, number?, number?]): Dispatch
}

export interface KernelOptions {
  readonly entryPoint?: string
  /** Values of `override` constants. */
  readonly constants?: Readonly<Record<string, number>>
}

/** Storage buffers that WebGPU promises on every adapter. */
const storageLimit = 8

/** What a device has compiled from a text; `pending` meanwhile. */
interface Slot {
  compiled?: Compiled
  pending?: Promise<Compiled>
}

interface Compiled {
  readonly bindings: readonly Binding[]
  readonly layout: GPUBindGroupLayout
  readonly pipeline: GPUComputePipeline
}

const slotsOf = new WeakMap<GPUDevice, Map<string, Slot>>()

/**
 * The kernel of this WGSL; compiles it unless the device has it already. Its bind group layout is made from the text,
 * so that a binding is declared once, where it is used.
 * @throws Problem with the line on a compile error, or with more than 8 storage buffers
 */
export async function createKernel(
  device: GPUDevice,
  label: string,
  code: string,
  options: KernelOptions = {},
): Promise<Kernel> {
  const slot = slotOf(device, code, options)
  if (!slot.compiled) {
    slot.pending ??= countCompilation(device, compileLater(device, label, code, options))
    try {
      slot.compiled ??= await slot.pending
    } finally {
      delete slot.pending
    }
  }
  return kernelOf(device, label, slot.compiled)
}

/**
 * The same without waiting, for operations inside a tfjs function, which cannot wait. A mistake in the WGSL then
 * arrives as an uncaptured error of the device, not as a Problem. It costs nothing if `createKernel` has compiled it
 * before.
 */
export function compileKernel(device: GPUDevice, label: string, code: string, options: KernelOptions = {}): Kernel {
  const slot = slotOf(device, code, options)
  return kernelOf(device, label, (slot.compiled ??= compileNow(device, label, code, options)))
}

function slotOf(device: GPUDevice, code: string, { entryPoint = 'main', constants = {} }: KernelOptions): Slot {
  const slots = slotsOf.get(device) ?? new Map<string, Slot>()
  slotsOf.set(device, slots)
  const key = JSON.stringify([entryPoint, Object.entries(constants).sort(([a], [b]) => (a < b ? -1 : 1))]) + code
  const slot = slots.get(key) ?? {}
  slots.set(key, slot)
  return slot
}

async function compileLater(device: GPUDevice, label: string, code: string, options: KernelOptions): Promise<Compiled> {
  const { bindings, layout, pipelineLayout } = layoutOf(device, label, code)
  const module = await checkedModule(device, label, code)
  const descriptor = pipelineOf(label, pipelineLayout, module, options)
  const pipeline = await device.createComputePipelineAsync(descriptor).catch((error: unknown) => {
    const message = error instanceof Error ? error.message : String(error)
    throw new Problem(
      `Kernel "${label}" makes no pipeline from entry point "${descriptor.compute.entryPoint}": ${message}`,
      `Correct ${label}.wgsl in shaders.`,
      { cause: error },
    )
  })
  return { bindings, layout, pipeline }
}

function compileNow(device: GPUDevice, label: string, code: string, options: KernelOptions): Compiled {
  const { bindings, layout, pipelineLayout } = layoutOf(device, label, code)
  const module = device.createShaderModule({ label, code })
  return {
    bindings,
    layout,
    pipeline: device.createComputePipeline(pipelineOf(label, pipelineLayout, module, options)),
  }
}

function pipelineOf(
  label: string,
  layout: GPUPipelineLayout,
  module: GPUShaderModule,
  { entryPoint = 'main', constants }: KernelOptions,
) {
  return { label, layout, compute: { module, entryPoint, ...(constants ? { constants: { ...constants } } : {}) } }
}

function layoutOf(device: GPUDevice, label: string, code: string) {
  const bindings = reflect(code)
  checkStorage(label, bindings)
  const layout = device.createBindGroupLayout({
    label,
    entries: bindings.map(({ binding, type }) => ({ binding, visibility: GPUShaderStage.COMPUTE, buffer: { type } })),
  })
  return { bindings, layout, pipelineLayout: device.createPipelineLayout({ label, bindGroupLayouts: [layout] }) }
}

function kernelOf(device: GPUDevice, label: string, { bindings, layout, pipeline }: Compiled): Kernel {
  return {
    label,
    bindings,
    pipeline,
    bind: (resources, [x, y = 1, z = 1]) => ({
      pipeline,
      grid: [x, y, z],
      bindGroup: device.createBindGroup({ label, layout, entries: entriesOf(label, bindings, resources) }),
    }),
  }
}

/** The bindings of group 0, in the order of their numbers. */
export function reflect(code: string): Binding[] {
  const text = code.replace(/\/\/.*$/gm, '').replace(/\/\*[\s\S]*?\*\//g, '')
  const place = /@group\(\s*0\s*\)\s*@binding\(\s*(\d+)\s*\)/.source
  const variable = /var\s*<\s*(uniform|storage)\s*(?:,\s*(read_write|read)\s*)?>\s*(\w+)/.source
  return [...text.matchAll(new RegExp(`${place}\\s*${variable}`, 'g'))]
    .map(([, binding, space, access, name]): Binding => ({
      name: String(name),
      binding: Number(binding),
      type: space === 'uniform' ? 'uniform' : access === 'read_write' ? 'storage' : 'read-only-storage',
    }))
    .sort((a, b) => a.binding - b.binding)
}

function checkStorage(label: string, bindings: readonly Binding[]): void {
  const count = bindings.filter((b) => b.type !== 'uniform').length
  if (count <= storageLimit) return
  throw new Problem(
    `Kernel "${label}" binds ${count} storage buffers; WebGPU promises ${storageLimit}.`,
    'Pack two buffers into one, or bind a read-only one as a uniform.',
  )
}

async function checkedModule(device: GPUDevice, label: string, code: string): Promise<GPUShaderModule> {
  device.pushErrorScope('validation')
  const module = device.createShaderModule({ label, code })
  const failure = device.popErrorScope()
  const { messages } = await module.getCompilationInfo()
  const error = messages.find((message) => message.type === 'error')
  if (error) {
    const line = code.split('\n')[error.lineNum - 1]?.trim() ?? ''
    throw new Problem(
      `Kernel "${label}" does not compile: line ${error.lineNum}: ${error.message} In: ${line}`,
      `Correct that line of ${label}.wgsl in shaders.`,
    )
  }
  const rejected = await failure
  if (rejected)
    throw new Problem(`Kernel "${label}" was refused: ${rejected.message}`, `Correct ${label}.wgsl in shaders.`)
  return module
}

function entriesOf(
  label: string,
  bindings: readonly Binding[],
  resources: Readonly<Record<string, Resource>>,
): GPUBindGroupEntry[] {
  const names = bindings.map((b) => b.name)
  const unknown = Object.keys(resources).filter((name) => !names.includes(name))
  const missing = names.filter((name) => !(name in resources))
  if (unknown.length || missing.length) {
    const parts = [
      missing.length ? `misses ${missing.join(', ')}` : '',
      unknown.length ? `does not know ${unknown.join(', ')}` : '',
    ]
    throw new Problem(`Kernel "${label}" ${parts.filter(Boolean).join(' and ')}.`, `Bind exactly: ${names.join(', ')}.`)
  }
  return bindings.map(({ name, binding }) => {
    const resource = resources[name] as Resource
    return { binding, resource: 'buffer' in resource ? resource : { buffer: resource } }
  })
}

/** Encodes dispatches in order; each sees what the ones before it wrote. */
export function encode(pass: GPUComputePassEncoder, dispatches: readonly Dispatch[]): void {
  let current: GPUComputePipeline | undefined
  for (const { pipeline, bindGroup, grid } of dispatches) {
    if (pipeline !== current) pass.setPipeline(pipeline)
    current = pipeline
    pass.setBindGroup(0, bindGroup)
    pass.dispatchWorkgroups(...grid)
  }
}

/** The most workgroups that WebGPU promises in one dimension. */
const maxGroups = 65535

/**
 * Grid of at least ceil(n / size) workgroups, folded into rows where one dimension does not hold them. Kernels find
 * their flat index with `flatIndex` (shaders/parts/flat.wgsl) and return when it is past the end.
 */
export function workgroups(n: number, size: number): Grid {
  const groups = Math.ceil(n / size)
  const rows = Math.max(1, Math.ceil(groups / maxGroups))
  return [Math.ceil(groups / rows), rows, 1]
}
