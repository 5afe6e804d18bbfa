/**
 * Prints every import cycle of app/, src/ and shaders/ and fails where there is one. Type-only imports do not count.
 */
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { dirname, join, relative, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import ts from 'typescript'

/**
 * Groups of files that import each other in a circle (Tarjan's strongly connected components, of two files or more).
 */
export function cyclesOf(graph) {
  const order = new Map()
  const low = new Map()
  const stack = []
  const cycles = []
  const visit = (file) => {
    order.set(file, order.size)
    low.set(file, order.get(file))
    stack.push(file)
    for (const next of graph.get(file) ?? []) {
      if (!order.has(next)) visit(next)
      if (stack.includes(next)) low.set(file, Math.min(low.get(file), low.get(next)))
    }
    if (low.get(file) !== order.get(file)) return
    const group = stack.splice(stack.indexOf(file))
    if (group.length > 1 || graph.get(file)?.includes(file)) cycles.push(group.sort())
  }
  for (const file of graph.keys()) if (!order.has(file)) visit(file)
  return cycles
}

/** Specifiers that a source loads at run time, `import()` included. */
export function importsOf(source) {
  const found = []
  const isType = (clause) =>
    clause?.isTypeOnly === true
    || (clause?.namedBindings?.elements?.length > 0
      && !clause.name
      && clause.namedBindings.elements.every((e) => e.isTypeOnly))
  const walk = (node) => {
    if (ts.isImportDeclaration(node) && !isType(node.importClause)) found.push(node.moduleSpecifier.text)
    if (ts.isExportDeclaration(node) && node.moduleSpecifier && !node.isTypeOnly) found.push(node.moduleSpecifier.text)
    if (
      ts.isCallExpression(node)
      && node.expression.kind === ts.SyntaxKind.ImportKeyword
      && ts.isStringLiteral(node.arguments[0])
    )
      found.push(node.arguments[0].text)
    ts.forEachChild(node, walk)
  }
  walk(ts.createSourceFile('x.tsx', source, ts.ScriptTarget.Latest, false, ts.ScriptKind.TSX))
  return found
}

function resolved(file, specifier) {
  if (!specifier.startsWith('.')) return undefined
  const base = resolve(dirname(file), specifier)
  return ['.ts', '.tsx', '/index.ts', '']
    .map((end) => base + end)
    .find((path) => /\.tsx?$/.test(path) && existsSync(path))
}

function graphOf(root) {
  const files = ['app', 'src', 'shaders']
    .filter((folder) => existsSync(join(root, folder)))
    .flatMap((folder) => readdirSync(join(root, folder), { recursive: true }).map((name) => join(root, folder, name)))
    .filter((file) => /\.tsx?$/.test(file))
  return new Map(
    files.map((file) => [file, importsOf(readFileSync(file, 'utf8')).flatMap((s) => resolved(file, s) ?? [])]),
  )
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const root = resolve(import.meta.dirname, '..')
  const graph = graphOf(root)
  const cycles = cyclesOf(graph)
  for (const cycle of cycles)
    console.error(
      `These files import each other in a circle:\n  ${cycle.map((file) => relative(root, file)).join('\n  ')}`,
    )
  console.log(`${graph.size} files, ${cycles.length} import cycles`)
  process.exitCode = cycles.length > 0 ? 1 : 0
}
