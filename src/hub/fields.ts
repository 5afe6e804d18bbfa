import { Problem } from '../core/problem'

/** A record of JSON whose fields are checked as they are read. */
export interface Fields {
  /** A whole number from 1. @throws Problem otherwise */
  count(name: string, otherwise?: number): number
  /** A number from 0 to `most`. @throws Problem otherwise */
  number(name: string, otherwise: number, most: number): number
  /** @throws Problem unless the field is absent, or one of these */
  oneOf(name: string, allowed: readonly unknown[], fix: string): void
}

/** @param file as messages call it */
export function fieldsOf(record: Readonly<Record<string, unknown>>, file: string): Fields {
  const refuse = (name: string, wanted: string): never => {
    throw new Problem(
      `${file} has ${name}: ${shown(record[name])}, where ${wanted} is expected.`,
      "Take the file as the model's own repository has it.",
    )
  }
  return {
    count(name, otherwise) {
      const value = record[name] ?? otherwise
      return Number.isSafeInteger(value) && (value as number) > 0 ? (value as number) : refuse(name, 'a whole number')
    },
    number(name, otherwise, most) {
      const value = record[name] ?? otherwise
      return typeof value === 'number' && value >= 0 && value <= most ? value : refuse(name, `a number up to ${most}`)
    },
    oneOf(name, allowed, fix) {
      const value = record[name]
      if (value === undefined || value === null || allowed.includes(value)) return
      throw new Problem(
        `${file} has ${name}: ${shown(value)}; the playground reads models with ${allowed.map(shown).join(' or ')}.`,
        fix,
      )
    },
  }
}

/** A value as messages show it. */
export function shown(value: unknown): string {
  return value === undefined ? 'nothing' : JSON.stringify(value).slice(0, 60)
}
