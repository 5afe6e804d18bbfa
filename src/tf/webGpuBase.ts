import { WebGPUBackend } from '@tensorflow/tfjs-backend-webgpu'
import type { TensorData } from './dryRun'
import type { PipelineCache } from './pendingPipelines'
import type { RecordingEncoder } from './recording'
import type { BufferManager } from './recordingBuffers'
import type { TensorInfo } from './tfjs'

/** What tfjs names the contents of tensors by. */
export type DataId = object

/** What we use of WebGPUBackend, its private members included: TypeScript does not let a subclass touch those. */
interface Internals {
  readonly device: GPUDevice
  readonly tensorMap: { get(id: DataId): TensorData }
  readonly pipelineCache: PipelineCache
  bufferManager: BufferManager
  commandEncoder: GPUCommandEncoder | RecordingEncoder | null
  commandQueueOwnedIds: { add(id: DataId): unknown; has(id: DataId): boolean }
  computePassEncoder: unknown
  uniformPendingDisposal: GPUBuffer[]
  stagingPendingDisposal: GPUBuffer[]
  tensorToBinding(tensor?: TensorInfo): GPUBufferBinding | null
  runWebGPUProgram(...args: readonly unknown[]): TensorInfo
  refCount(id: DataId): number
  incRef(id: DataId): void
  submitQueue(): void
  ensureCommandEncoderReady(): void
  endComputePassEncoder(): void
  makeTensorInfo(shape: number[], dtype: 'float32' | 'int32'): TensorInfo
  uploadToGPU(id: DataId): void
  disposeData(id: DataId, force?: boolean): boolean
  releaseResource(id: DataId): void
  dispose(): void
}

/** tfjs's backend, as a class to extend. */
export const WebGpuBase = WebGPUBackend as unknown as new (device: GPUDevice, info?: GPUAdapterInfo) => Internals
