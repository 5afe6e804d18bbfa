import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { integer, number, share } from './knob'
import { meaningOf, readNumber } from './readNumber'

const sparsity = share('Sparsity', 0.8, [0, 0.99])
const window = share('End', 0.75, [0, 1])
const steps = integer('Steps', 1000, [1, 200_000])
const rate = number('Rate', 0.001, [1e-6, 10])
const temperature = number('Temperature', 200, [1, 1000])

describe('a share', () => {
  it.each([
    '0.8',
    '.8',
    '0,8',
    ',8',
    '80 %',
    '80%',
    '80\u00A0%',
    ' 0.8 ',
    '+0.8',
    '8e-1',
    '8E−1',
    '０．８',
    '８０％',
    '0.80',
    '0,800',
    '80,0 %',
    '\u200B0.8\u200B',
  ])('is 0.8 for %j, without a word', (text) => {
    expect(readNumber(sparsity, text, 0.5)).toEqual({ value: 0.8, said: '' })
  })

  it.each([
    ['80', 0.8, ', read as 80 %, that is 0.8.'],
    [80, 0.8, ', read as 80 %, that is 0.8.'],
    ['2', 0.02, ', read as 2 %, that is 0.02.'],
    ['12,5', 0.125, ', read as 12.5 %, that is 0.125.'],
    ['100', 0.99, ', read as 100 %, that is 1; the largest allowed value 0.99 is used.'],
    ['0.5 %', 0.005, ''],
    ['1 %', 0.01, ''],
    ['100 %', 0.99, '; the largest allowed value 0.99 is used.'],
    ['1.5', 0.99, '; the largest allowed value 0.99 is used.'],
    ['1,5', 0.99, '; the largest allowed value 0.99 is used.'],
    ['101', 0.99, '; the largest allowed value 0.99 is used.'],
    ['−0,1', 0, '; the smallest allowed value 0 is used.'],
    ['-5 %', 0, '; the smallest allowed value 0 is used.'],
    ['0.5.5', 0.5, ', which is not a number; 0.5 is used.'],
    ['% 80', 0.5, ', which is not a number; 0.5 is used.'],
  ])('makes of %j %d', (text, value, said) => {
    expect(readNumber(sparsity, text, 0.5)).toEqual({ value, said })
  })

  it('is whole at 1 and at 100 %', () => {
    for (const text of ['1', '1.0', '1,000', '100 %', '100%'])
      expect(readNumber(window, text, 0.5)).toEqual({ value: 1, said: '' })
    expect(readNumber(window, '100', 0.5)).toEqual({ value: 1, said: ', read as 100 %, that is 1.' })
  })

  it('in per cent is the decimal fraction that people mean', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 99 }), fc.integer({ min: 0, max: 999 }), (whole, part) => {
        const digits = String(part).padStart(3, '0')
        const meant = Number(`0.${String(whole).padStart(2, '0')}${digits}`)
        expect(readNumber(window, `${whole}.${digits} %`, 0.5)).toEqual({ value: meant, said: '' })
        expect(readNumber(window, `${whole},${digits}%`, 0.5).value).toBe(meant)
      }),
    )
  })
})

describe('a count', () => {
  it.each(['2000', '2e3', '２０００', '2000.0', '2000,00'])('is 2000 for %j, without a word', (text) => {
    expect(readNumber(steps, text, 7)).toEqual({ value: 2000, said: '' })
  })

  it.each([
    '2,000',
    '2.000',
    '2 000',
    '2\u00A0000',
    '2\u202F000',
    '2\u2009000',
    "2'000",
    '2’000',
    '2_000',
    '2,000.0',
    '2.000,0',
    '２，０００',
  ])('is 2000 for %j, and says so', (text) => {
    expect(readNumber(steps, text, 7)).toEqual({ value: 2000, said: ', read as 2000.' })
  })

  it.each([
    ['1,234,567', 200_000, ', read as 1234567; the largest allowed value 200000 is used.'],
    ['10.4', 10, '; the whole number 10 is used.'],
    ['2,5', 3, '; the whole number 3 is used.'],
    ['-3', 1, '; the smallest allowed value 1 is used.'],
    ['0,500', 1, '; the smallest allowed value 1 is used.'],
    ['12,34,567', 7, ', which is not a number; 7 is used.'],
    ['2,000.000', 2000, ', read as 2000.'],
    ['2.000.00', 7, ', which is not a number; 7 is used.'],
    ['2 00', 7, ', which is not a number; 7 is used.'],
    ['80 %', 7, ', which is in per cent, where a count is wanted; 7 is used.'],
  ])('makes of %j %d', (text, value, said) => {
    expect(readNumber(steps, text, 7)).toEqual({ value, said })
  })
})

describe('any other number', () => {
  it.each([
    ['0,001', 0.001],
    ['0.001', 0.001],
    ['1e-3', 0.001],
    ['1,5e-3', 0.0015],
    ['1e−3', 0.001],
    ['2.000', 2],
    ['2,000', 2],
    ['0.1 %', 0.001],
  ])('is a decimal: %j', (text, value) => {
    expect(readNumber(rate, text, 0.5)).toEqual({ value, said: '' })
  })

  it('is refused where a comma could be either mark', () => {
    expect(readNumber(temperature, '1,000', 5)).toEqual({ value: 5, said: ', which can mean 1 or 1000; 5 is used.' })
    expect(readNumber(number('Far', 3000, [1500, 9000]), '2,000', 3000)).toEqual({
      value: 2000,
      said: ', read as 2000.',
    })
  })
})

it.each([
  '',
  ' ',
  '%',
  '0x10',
  'abc',
  '--1',
  '1e',
  'Infinity',
  'NaN',
  '1.2.3',
  '1,2,3',
  true,
  null,
  undefined,
  [3],
  {},
  NaN,
])('takes no number from %j', (written) => {
  expect(meaningOf(rate, written)).toEqual({ refused: 'which is not a number' })
})

it('is never out of range, whatever is written, and says nothing only where it took what was written', () => {
  const text = fc.oneof(
    fc.string({ unit: fc.constantFrom(...Array.from('0123456789.,%e+- ’_')) }),
    fc.double().map(String),
    fc.string(),
  )
  fc.assert(
    fc.property(text, fc.constantFrom(sparsity, steps, rate, temperature), (written, knob) => {
      const { value, said } = readNumber(knob, written, knob.default)
      expect(value >= knob.min && value <= knob.max && (!knob.integer || Number.isInteger(value))).toBe(true)
      const plain = Number(written)
      if (said === '' && Number.isFinite(plain) && written.trim() !== '') expect(value).toBeCloseTo(plain, 12)
    }),
    { numRuns: 2000 },
  )
})

it('takes no longer than a long text is', () => {
  const long = [
    '9'.repeat(1e5),
    `${'9'.repeat(1e5)}x`,
    `1${',000'.repeat(3e4)}x`,
    `${' '.repeat(1e5)}x%`,
    `${'1 '.repeat(5e4)}%`,
  ]
  const begun = performance.now()
  for (const written of long) for (const knob of [steps, sparsity]) readNumber(knob, written, knob.default)
  // A pattern that tries every start of 100,000 digits takes ten seconds for each.
  expect(performance.now() - begun).toBeLessThan(2000)
})
