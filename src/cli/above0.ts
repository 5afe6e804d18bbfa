import { InvalidArgumentError } from 'commander'

/** Reads an option that is a number above 0 and below `most`. @param unit for people, such as `minutes` */
export function above0(unit: string, most: number): (text: string) => number {
  return (text) => {
    const number = Number(text)
    if (number > 0 && number < most) return number
    throw new InvalidArgumentError(`Write a number of ${unit} above 0 and below ${most}.`)
  }
}
