import { dirname, relative, resolve } from 'node:path'

/** The room of a file: the longest key of the table that the path lies in. */
export function roomOf(path, rooms) {
  const inside = Object.keys(rooms).filter((room) => path === room || path.startsWith(`${room}/`))
  return inside.sort((a, b) => b.length - a.length)[0]
}

/**
 * Why `file` may not import `specifier`, or undefined where it may. Paths are relative to the root, with slashes.
 */
export function objection(file, specifier, typeOnly, { rooms, separate }) {
  const room = roomOf(file, rooms)
  if (room === undefined) return undefined
  const local = specifier.startsWith('.')
  if (!local && typeOnly) return undefined
  const target = local ? relative('.', resolve(dirname(file), specifier)) : specifier.split('?')[0]
  const targetRoom = local ? (roomOf(target.split('?')[0], rooms) ?? roomOf(`${target}.ts`, rooms)) : undefined
  if (local && targetRoom === room) return leaning(file, target, room, separate)
  if (
    rooms[room].some(
      (allowed) => matches(allowed, local ? (targetRoom ?? target) : target) || `${target}.ts` === allowed,
    )
  )
    return undefined
  return `${room} may import only: ${rooms[room].join(', ') || 'nothing'} (rooms.config.js).`
}

function leaning(file, target, room, separate) {
  const free = separate[room]
  const owner = (path) => path.slice(room.length + 1).split(/[./]/)[0]
  if (
    !free
    || file.endsWith('/index.ts')
    || owner(file) === owner(target)
    || free.some((name) => [target, file.replace(/\.tsx?$/, '')].includes(`${room}/${name}`))
  )
    return undefined
  return `Files of ${room} stand alone; only ${free.join(', ')} may be shared (rooms.config.js).`
}

function matches(allowed, target) {
  if (allowed.endsWith('*')) return target.startsWith(allowed.slice(0, -1))
  return target === allowed || target.startsWith(`${allowed}/`)
}

/** ESLint rule: imports run one way. Options: the tables of `rooms.config.js`. */
export const oneWay = {
  meta: {
    type: 'problem',
    schema: [{ type: 'object' }],
    messages: { no: '{{reason}}', late: 'import() is for entries: {{where}} (rooms.config.js).' },
  },
  create(context) {
    const options = context.options[0]
    const file = relative(context.cwd, context.filename).replaceAll('\\', '/')
    const visit = (node, typeOnly) => {
      if (typeof node.source?.value !== 'string') return
      const reason = objection(file, node.source.value, typeOnly, options)
      if (reason) context.report({ node, messageId: 'no', data: { reason } })
    }
    const isType = (node) =>
      node.importKind === 'type'
      || (node.specifiers.length > 0 && node.specifiers.every((s) => s.importKind === 'type'))
    return {
      ImportDeclaration: (node) => visit(node, isType(node)),
      ExportNamedDeclaration: (node) => visit(node, node.exportKind === 'type'),
      ExportAllDeclaration: (node) => visit(node, node.exportKind === 'type'),
      ImportExpression: (node) => {
        visit(node, false)
        const late = options.lateLoaders
        if (
          roomOf(file, options.rooms) !== undefined
          && !late.some((place) => file === place || file.startsWith(`${place}/`))
        ) {
          context.report({ node, messageId: 'late', data: { where: late.join(', ') } })
        }
      },
    }
  },
}
