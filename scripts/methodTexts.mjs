/**
 * A Vite plugin that takes what methods say about themselves out of the built page and its worker: only who reads about
 * a method loads those texts. `virtual:method-texts` exports them by id.
 */
import { readFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { parseAst } from 'vite'

const folder = join(import.meta.dirname, '..', 'src', 'methods')
const id = 'virtual:method-texts'
const kinds = ['about', 'formula', 'shines', 'fails', 'adapted']

/** @returns {import('vite').Plugin} */
export function methodTexts() {
  return {
    name: 'method-texts',
    enforce: 'pre',
    resolveId: (source) => (source === id ? `\0${id}` : undefined),
    load(resolved) {
      if (resolved !== `\0${id}`) return undefined
      const index = readFileSync(join(folder, 'index.ts'), 'utf8')
      const files = [...index.matchAll(/from '\.\/(\w+)'/g)].map(([, name]) => join(folder, `${name}.ts`))
      for (const file of files) this.addWatchFile(file)
      const entries = files.map((file) => [basename(file, '.ts'), parted(readFileSync(file, 'utf8')).texts])
      return `export const texts = ${JSON.stringify(Object.fromEntries(entries))}\n`
    },
    transform(code, path) {
      if (this.environment.mode !== 'build' || !path.startsWith(`${folder}/`)) return undefined
      return { code: parted(code).rest, map: null }
    },
  }
}

/** The texts of the recipe in a module, and the module without them. @throws Error where a text is not a plain string */
export function parted(code) {
  const texts = {}
  let rest = code
  for (const { start, end, key, value } of recipeOf(parseAst(code, { lang: 'ts' })).reverse()) {
    if (!kinds.includes(key.name)) continue
    texts[key.name] = stringOf(value)
    rest = rest.slice(0, start) + rest.slice(end).replace(/^\s*,/, '')
  }
  return { texts, rest }
}

/** The properties of what is handed to `method`. */
function recipeOf({ body }) {
  const calls = body
    .flatMap(({ declaration }) => declaration?.declarations ?? [])
    .map(({ init }) => init)
    .filter((init) => init?.type === 'CallExpression' && init.callee.name === 'method')
  return calls.flatMap((call) => call.arguments[0].properties).filter(({ type }) => type === 'Property')
}

function stringOf({ type, value, left, right, operator }) {
  if (type === 'Literal' && typeof value === 'string') return value
  if (type === 'BinaryExpression' && operator === '+') return stringOf(left) + stringOf(right)
  throw new Error('What a method says about itself must be a string, or strings that + joins.')
}
