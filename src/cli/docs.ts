/** `npm run docs`: writes the pages that are made from the registries. */
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { methodsPage } from './methodsPage'

const path = join(import.meta.dirname, '../../docs/methods.md')
writeFileSync(path, methodsPage())
console.log(`Wrote ${path}`)
