import { describe, expect, it } from 'vitest'
import { decodeNames } from './names'

const bytes = (hex: string) => Uint8Array.from(hex.match(/../g) ?? [], (byte) => parseInt(byte, 16))

describe('names in archives', () => {
  // Each line was made by Python: 'café'.encode('cp437').hex() and so on.
  it.each([
    ['UTF-8', ['e78cab', 'e78b97'], ['猫', '狗']],
    ['GBK, one name of which could be UTF-8', ['c3a8', 'b9b7'], ['猫', '狗']],
    ['GBK between ASCII', ['63617473c3a82fcafd'], ['cats猫/数']],
    ['code page 866', ['aaaee8aaa0', 'e1aea1a0aaa0'], ['кошка', 'собака']],
    ['code page 866 with capitals', ['8aaee8aaa82f312e706e67', '918e818a'], ['Кошки/1.png', 'СОБК']],
    ['code page 437', ['63616682', '847066656c'], ['café', 'äpfel']],
    ['code page 437, an accent that begins a name', ['82742f31', '827482'], ['ét/1', 'été']],
    ['Windows 1252', ['636166e9', 'c47066656c'], ['café', 'Äpfel']],
    ['Windows 1251', ['eaeef8eae0', 'f1eee1e0eae0'], ['кошка', 'собака']],
    ['Shift JIS', ['836c8352', '8ca2'], ['ネコ', '犬']],
    ['Big5', ['bfdf', 'aaaf'], ['貓', '狗']],
  ])('%s', (_, encoded, names) => {
    expect(decodeNames(encoded.map(bytes))).toEqual(names)
  })

  it('bytes of no known encoding stay different names', () => {
    const names = decodeNames([bytes('b3c4'), bytes('b3c5')])
    expect(new Set(names).size).toBe(2)
  })
})
