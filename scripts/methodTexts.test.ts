import { texts } from 'virtual:method-texts'
import { describe, expect, it } from 'vitest'
import type { Method } from '../src/core/method'
import * as registry from '../src/methods'
import { parted } from './methodTexts.mjs'

const code = "export const one = method({\n  label: 'One',\n  about:\n    'All, '\n    + 'of it.',\n  knobs: {},\n})\n"

describe('the texts of methods', () => {
  it('by hand: leave a module without them', () => {
    expect(parted(code)).toEqual({
      texts: { about: 'All, of it.' },
      rest: "export const one = method({\n  label: 'One',\n  \n  knobs: {},\n})\n",
    })
  })

  it('are plain strings', () => {
    expect(() => parted(code.replace("'of it.'", 'name'))).toThrow('strings')
  })

  it.each(Object.entries(registry) as [string, Method][])('%s: are those that the method has', (id, method) => {
    const { about, formula, shines, fails, adapted } = method
    const said = Object.entries({ about, formula, shines, fails, adapted }).filter(([, text]) => text !== undefined)
    expect(texts[id]).toEqual(Object.fromEntries(said))
  })
})
