import { joined } from '../../core/joined'
import { RandomStream, streams } from '../../core/random'

/** Numbers at which lengths and counts go wrong. */
const extremes = [0, 1, 0x7f, 0x80, 0xff, 0x7fff, 0xffff, 0x7fffffff, 0x80000000, 0xfffffff8, 0xffffffff]

/**
 * A damaged copy: one to three changes, drawn by the seed, of the kinds that disks, networks and attackers make. Bits
 * turn, numbers become extreme, parts are cut out, doubled, overwritten, or taken from another file.
 */
export function mutate(bytes: Uint8Array, other: Uint8Array, seed: number): Uint8Array {
  const random = new RandomStream(seed, streams.attack)
  let changed: Uint8Array = bytes.slice()
  const times = 1 + random.below(3)
  for (let i = 0; i < times; i++) changed = (changes[random.below(changes.length)] as Change)(changed, other, random)
  return changed
}

type Change = (bytes: Uint8Array, other: Uint8Array, random: RandomStream) => Uint8Array

const changes: readonly Change[] = [
  function turnBits(bytes, _, random) {
    const times = 1 + random.below(8)
    for (let i = 0; i < times && bytes.length > 0; i++) {
      const at = random.below(bytes.length)
      bytes[at] = (bytes[at] as number) ^ (1 << random.below(8))
    }
    return bytes
  },
  function setNumber(bytes, _, random) {
    const size = 2 ** random.below(3)
    const value = extremes[random.below(extremes.length)] as number
    const at = random.below(bytes.length + 1)
    const littleEndian = random.below(2) === 0
    for (let i = 0; i < size && at + i < bytes.length; i++)
      bytes[at + i] = value >>> (8 * (littleEndian ? i : size - 1 - i))
    return bytes
  },
  (bytes, _, random) => bytes.slice(0, random.below(bytes.length + 1)),
  (bytes, _, random) => {
    const [from, to] = range(bytes, random)
    return joined([bytes.subarray(0, from), bytes.subarray(to)])
  },
  (bytes, _, random) => {
    const [from, to] = range(bytes, random)
    return joined([bytes.subarray(0, to), bytes.subarray(from)])
  },
  (bytes, _, random) => {
    const [from, to] = range(bytes, random)
    return bytes.fill(random.below(256), from, Math.min(to, from + 64))
  },
  (bytes, other, random) =>
    joined([bytes.subarray(0, random.below(bytes.length + 1)), other.subarray(range(other, random)[0])]),
  (bytes, other, random) => {
    const [from, to] = range(other, random)
    const at = random.below(bytes.length + 1)
    return joined([bytes.subarray(0, at), other.subarray(from, to), bytes.subarray(at)])
  },
]

function range({ length }: Uint8Array, random: RandomStream): [number, number] {
  const ends = [random.below(length + 1), random.below(length + 1)]
  return [Math.min(...ends), Math.max(...ends)]
}
