import type { Resource } from '../gpu/kernel'
import { type EndingStep, type Program } from './program'
import { tf, type TensorInfo } from './tfjs'

/** The kernel that was asked for last, while it has not been compiled and bound: it may still end in more. */
export class LastKernel {
  private readonly steps = new Set<EndingStep>()

  /** @param change puts another program in its place; the resource is what that binds as well */
  constructor(
    private program: Program,
    private readonly outputs: Readonly<Record<string, TensorInfo>>,
    private readonly change: (program: Program, name: EndingStep, resource: Resource | null) => void,
  ) {}

  /** Whether it can do that to this result of its own before it stores it. */
  canEnd(result: TensorInfo, step: EndingStep, tensor: TensorInfo): boolean {
    const { ending } = this.program
    return (
      ending !== undefined
      && this.outputs[ending.of]?.dataId === result.dataId
      && ending.steps.includes(step)
      && tensor.dataId !== result.dataId
      && (step === 'slope' || tf.util.arraysEqual(tensor.shape, result.shape))
      // The slope comes last.
      && !this.steps.has(step)
      && !this.steps.has('slope')
    )
  }

  end(step: EndingStep, tensor: TensorInfo, resource: Resource | null): void {
    this.steps.add(step)
    const { program } = this
    const inputs = { ...program.inputs, [step]: tensor }
    this.program = { ...program, ...program.ending?.code(this.steps), inputs }
    this.change(this.program, step, resource)
  }
}
