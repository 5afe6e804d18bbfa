import { Problem } from '../core/problem'

/** What runs the kernels, as shown to people. */
export interface DeviceReport {
  /** The adapter as it names itself. */
  readonly device: string
  /** True for an adapter that computes on the processor: correct, slow. */
  readonly software: boolean
}

/** An open device, with its adapter, whose info tfjs reads. */
export interface OpenDevice {
  readonly device: GPUDevice
  readonly adapter: GPUAdapter
  readonly report: DeviceReport
}

/** Limits are raised to what the adapter offers; with the default limits everything works but big models. */
const wantedLimits = [
  'maxStorageBufferBindingSize',
  'maxBufferSize',
  'maxStorageBuffersPerShaderStage',
  'maxComputeWorkgroupStorageSize',
  'maxComputeInvocationsPerWorkgroup',
  'maxComputeWorkgroupSizeX',
  'maxComputeWorkgroupSizeY',
  'maxComputeWorkgroupsPerDimension',
] as const

const wantedFeatures: readonly GPUFeatureName[] = ['timestamp-query', 'shader-f16', 'subgroups']

const softwareName = /swiftshader|llvmpipe|lavapipe|softpipe|software|\bwarp\b|basic render/i

/**
 * Opens the fastest adapter with every limit and feature that the engine can use.
 * @param gpu `navigator.gpu`, or Dawn's in Node
 * @throws Problem without WebGPU, without an adapter, with only a software adapter that was not allowed, or when the
 * device is refused
 */
export async function openDevice(
  gpu: GPU | undefined,
  { allowSoftware }: { allowSoftware: boolean },
): Promise<OpenDevice> {
  const adapter = await requestAdapter(gpu)
  const report = describe(adapter)
  if (report.software && !allowSoftware) {
    throw new Problem(
      `The only WebGPU adapter here is ${report.device}, which computes on the processor.`,
      'Switch hardware acceleration on in the browser settings, take the wasm backend, or allow software adapters '
        + '(--allow-software on a command line).',
    )
  }
  return { device: await requestDevice(adapter, report.device), adapter, report }
}

async function requestAdapter(gpu: GPU | undefined): Promise<GPUAdapter> {
  if (!gpu) {
    throw new Problem(
      'WebGPU is not available here: navigator.gpu is missing.',
      'Open the page over https or from localhost in a current Chrome, Edge, Safari or Firefox, '
        + 'or take the wasm backend.',
    )
  }
  const adapter = await gpu.requestAdapter({ powerPreference: 'high-performance' }).catch(() => null)
  if (adapter) return adapter
  throw new Problem(
    'WebGPU is available, but it found no adapter: navigator.gpu.requestAdapter() answered null.',
    'Update the graphics driver, switch hardware acceleration on, or take the wasm backend.',
  )
}

async function requestDevice(adapter: GPUAdapter, name: string): Promise<GPUDevice> {
  const requiredLimits: Record<string, number> = {}
  for (const limit of wantedLimits) requiredLimits[limit] = adapter.limits[limit]
  const requiredFeatures = wantedFeatures.filter((feature) => adapter.features.has(feature))
  try {
    return await adapter.requestDevice({ label: 'playground', requiredLimits, requiredFeatures })
  } catch (error) {
    throw new Problem(
      `The adapter ${name} refused a device: ${error instanceof Error ? error.message : String(error)}.`,
      'Close other pages that use the GPU, restart the browser, or take the wasm backend.',
      { cause: error },
    )
  }
}

/** Names the adapter and says whether it is a software one. Browsers may blank any part of the info. */
export function describe(adapter: Pick<GPUAdapter, 'info'>): DeviceReport {
  const { vendor, architecture, device, description, isFallbackAdapter } = adapter.info
  const name = description || device || [vendor, architecture].filter(Boolean).join(' ') || 'an adapter without a name'
  const software = isFallbackAdapter || softwareName.test([vendor, architecture, device, description].join(' '))
  return { device: name, software }
}
