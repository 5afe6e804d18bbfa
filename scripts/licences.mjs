import { readdirSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'

/** Licences under which code may ship with the page: they ask for their text and a name, and for no more. */
const allowed = new Set(['0BSD', 'Apache-2.0', 'BSD-2-Clause', 'BSD-3-Clause', 'ISC', 'MIT', 'OFL-1.1'])

/** Texts for packages that bring none. */
const known = { 'Apache-2.0': readFileSync(join(import.meta.dirname, '..', 'LICENSE'), 'utf8').trim() }

/**
 * A plugin of Vite that lists the packages whose code ships: `licences.txt` holds their licences, `sbom.cdx.json` is a
 * bill of materials (CycloneDX 1.5). The build fails at a licence that is not allowed. One instance is for the page and
 * for its workers, whose parts come first.
 */
export function licences() {
  const folders = new Set()
  return {
    name: 'licences',
    apply: 'build',
    generateBundle(_, bundle) {
      // Of code the modules, of fonts and WebAssembly the files.
      for (const { moduleIds = [], originalFileNames = [] } of Object.values(bundle))
        for (const id of [...moduleIds, ...originalFileNames]) {
          const folder = packageFolder(resolve(id))
          if (folder) folders.add(folder)
        }
      const isPage = Object.values(bundle).some(({ facadeModuleId }) => facadeModuleId?.endsWith('/index.html'))
      if (!isPage) return
      const packages = [...folders].map(packageIn).sort((a, b) => (a.purl < b.purl ? -1 : 1))
      this.emitFile({ type: 'asset', fileName: 'licences.txt', source: licencesText(packages) })
      this.emitFile({ type: 'asset', fileName: 'sbom.cdx.json', source: bill(packages) })
    },
  }
}

/** Folder of the package that a module is of; undefined for our own. */
export function packageFolder(id) {
  return /^(.*\/node_modules\/(?:@[^/]+\/)?[^/?]+)\//.exec(id)?.[1]
}

/** @throws Error where its licence is none of those that may ship */
function packageIn(folder) {
  const { name, version, license } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'))
  if (!isAllowed(license))
    throw new Error(
      `${name} ${version} has the licence ${license ?? 'none'}. Take another package, or add it to scripts/licences.mjs.`,
    )
  const file = readdirSync(folder).find((entry) => /^(licen[cs]e|copying)/i.test(entry))
  const text = file ? readFileSync(join(folder, file), 'utf8').trim() : (known[license] ?? `Licence: ${license}`)
  return { name, version, license, text, purl: `pkg:npm/${name.replace('@', '%40')}@${version}` }
}

/** Whether all licences of an expression such as "MIT AND ISC" are allowed. */
export function isAllowed(license) {
  return (
    typeof license === 'string'
    && license
      .replace(/[()]/g, '')
      .split(/ AND /)
      .every((one) => allowed.has(one))
  )
}

function licencesText(packages) {
  const entries = packages.map(({ name, version, license, text }) => `${name} ${version} (${license})\n\n${text}\n`)
  return `Code of others that this page is made of, and its licences.\n\n${entries.join(`\n${'-'.repeat(80)}\n\n`)}`
}

function bill(packages) {
  const components = packages.map(({ name, version, license, purl }) => ({
    type: 'library',
    'bom-ref': purl,
    name,
    version,
    purl,
    licenses: license.includes(' ') ? [{ expression: license }] : [{ license: { id: license } }],
  }))
  return `${JSON.stringify({ bomFormat: 'CycloneDX', specVersion: '1.5', version: 1, components }, null, 2)}\n`
}
