/**
 * The one door to tfjs: its core, and the gradients and chained operations that models use. The umbrella package would
 * bring layers, converter, data and WebGL as well, twice the worker's bytes; backends are loaded where one is started.
 */
import * as tf from '@tensorflow/tfjs-core'
import '@tensorflow/tfjs-core/dist/register_all_gradients'
import '@tensorflow/tfjs-core/dist/public/chained_ops/register_all_chained_ops'

// In Node, tfjs advertises its own binding at each start otherwise.
tf.enableProdMode()

export { tf }
export type { Scalar, Tensor, TensorInfo, Variable } from '@tensorflow/tfjs-core'
