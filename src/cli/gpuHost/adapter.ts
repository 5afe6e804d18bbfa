import { Problem } from '../../core/problem'
import { describe } from '../../gpu/device'
import { openDawn } from '../gpu'

/** The adapter that WebGPU gives, as far as kernels depend on it. */
export interface AdapterReport {
  readonly device: string
  readonly vendor: string
  readonly architecture: string
  /** The driver as it describes itself. */
  readonly driver: string
  /** It computes on the processor. */
  readonly software: boolean
  /** Lanes of a subgroup, from the smallest to the largest. */
  readonly subgroups: readonly [number, number]
  readonly f16: boolean
  readonly features: readonly string[]
  readonly workgroupBytes: number
  readonly workgroupThreads: number
  readonly bindingBytes: number
}

/** @throws Problem where there is none */
export async function reportAdapter(): Promise<AdapterReport> {
  const gpu = await openDawn()
  const adapter = await gpu?.requestAdapter({ powerPreference: 'high-performance' })
  if (!adapter)
    throw new Problem(
      gpu ? 'WebGPU found no adapter.' : "Dawn's module does not load on this machine.",
      'Install a Vulkan driver.',
    )
  const { info, features, limits } = adapter
  const { device, software } = describe(adapter)
  return {
    device: info.device || device,
    vendor: info.vendor,
    architecture: info.architecture,
    driver: info.description,
    software,
    subgroups: [info.subgroupMinSize, info.subgroupMaxSize],
    f16: features.has('shader-f16'),
    features: [...features].sort(),
    workgroupBytes: limits.maxComputeWorkgroupStorageSize,
    workgroupThreads: limits.maxComputeInvocationsPerWorkgroup,
    bindingBytes: limits.maxStorageBufferBindingSize,
  }
}
