/** `npm run freeze`: a link for each new plugin, by which tests hold that links keep their meaning. */
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { frozenText, missingLinks, type FrozenLink } from './frozenLinks'

const path = join(import.meta.dirname, '../config/links.json')
const frozen = JSON.parse(readFileSync(path, 'utf8')) as FrozenLink[]
const missing = missingLinks(frozen)
if (missing.length > 0) writeFileSync(path, frozenText([...frozen, ...missing]))
for (const { link } of missing) console.log(`Froze ${link}`)
console.log(`${frozen.length + missing.length} links are in ${path}`)
