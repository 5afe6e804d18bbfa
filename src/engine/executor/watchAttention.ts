import { tf } from '../../tf/tfjs'
import { logitsOf, type Watch } from './inputs'

/**
 * For every attention of the model queries, keys and values of the batch's first example, [tokens, 3 width], named by
 * its number from 0. @param tell hears how many heads it has
 */
export function watchAttention(tell: (block: number, heads: number) => void): Watch {
  return (watched) => {
    const { nn } = watched.ops
    const seen = tf.tidy(() => {
      const first: ReturnType<typeof nn.attention>[] = []
      const attention: typeof nn.attention = (stacked, heads, ids) => {
        tell(first.length, heads)
        first.push(stacked.slice([0, 0, 0], [1, -1, -1]))
        return nn.attention(stacked, heads, ids)
      }
      logitsOf({ ...nn, attention }, watched)
      return first
    })
    return seen.map((sum, block) => ({ names: [String(block)], sum }))
  }
}
