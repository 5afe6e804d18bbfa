/**
 * The one door to tfjs. The umbrella package is needed, not tfjs-core alone: it registers the gradients and the chained
 * operations that models use.
 */
import * as tf from '@tensorflow/tfjs'

// In Node, tfjs advertises its own binding at each start otherwise.
tf.enableProdMode()

export { tf }
export type { Scalar, Tensor, TensorInfo, Variable } from '@tensorflow/tfjs'
