import type { SlicePlace } from './program'
import type { TensorInfo } from './tfjs'

/** Where the gradient of a parameter belongs. */
export interface Place {
  readonly buffer: GPUBuffer
  /** Bytes. */
  readonly offset: number
}

/** Where gradients belong, and which of them a recording has written already. */
export class GradientPlaces {
  private readonly places = new WeakMap<object, Place>()
  private taken = new WeakSet<object>()

  set(parameter: TensorInfo, place: Place): void {
    this.places.set(parameter.dataId, place)
  }

  /** A new recording begins. */
  begin(): void {
    this.taken = new WeakSet()
  }

  /** The place of a parameter's gradient, if it has one that nobody has taken. */
  private free({ dataId }: TensorInfo): Place | undefined {
    return this.taken.has(dataId) ? undefined : this.places.get(dataId)
  }

  /** The same, and takes it. */
  take(parameter: TensorInfo): Place | undefined {
    const place = this.free(parameter)
    if (place) this.taken.add(parameter.dataId)
    return place
  }

  /** The buffer that has a free place for each of these, if there is one; starts count floats. */
  shared(parameters: readonly TensorInfo[]): { resource: GPUBuffer; place: SlicePlace } | undefined {
    const places = parameters.map((parameter) => this.free(parameter))
    const resource = places[0]?.buffer
    const repeats = new Set(parameters.map(({ dataId }) => dataId)).size < parameters.length
    if (!resource || repeats || places.some((place) => place?.buffer !== resource)) return undefined
    return { resource, place: { starts: places.map((place) => (place?.offset ?? 0) / 4), stride: 0 } }
  }
}
