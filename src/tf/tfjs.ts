/**
 * The one door to tfjs: its core, the gradients and the chained operations that models use, and the backend in
 * JavaScript. The umbrella package would bring layers, converter, data and WebGL as well, twice the worker's bytes.
 */
import * as tf from '@tensorflow/tfjs-core'
import '@tensorflow/tfjs-core/dist/register_all_gradients'
import '@tensorflow/tfjs-core/dist/public/chained_ops/register_all_chained_ops'
import '@tensorflow/tfjs-backend-cpu'

// In Node, tfjs advertises its own binding at each start otherwise.
tf.enableProdMode()

export { tf }
export type { Scalar, Tensor, TensorInfo, Variable } from '@tensorflow/tfjs-core'
