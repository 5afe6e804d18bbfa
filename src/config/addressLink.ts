import { isOurs, settingsIn } from './repairLink'
import { isRoleKey } from './role'

/** The parts of a page's address. */
export interface Address {
  readonly pathname: string
  readonly search: string
  readonly hash: string
}

/**
 * The link in a page's address: its hash, or all of the address where the # was lost on the way; `''` where there is
 * none. A role may stand in the query, as in `?stage=1`. @param usual the link of a page whose address has only a role
 */
export function linkIn({ pathname, search, hash }: Address, usual = ''): string {
  const role = new URLSearchParams([...new URLSearchParams(search)].filter(([key]) => isRoleKey(key))).toString()
  if (hash.length > 2) return withRole(hash, role)
  if (mangled.test(pathname + search) || settingsIn(search) !== '') return pathname + search
  return role === '' ? '' : withRole(usual, role)
}

function withRole(hash: string, role: string): string {
  return role === '' ? hash : `${hash}${/\?|%3f/i.test(hash) ? '&' : '?'}${role}`
}

/** The path and query of a page, without a part that was meant as its hash. */
export function withoutLink({ pathname, search }: Address): string {
  const [path = '', lost] = pathname.split(mangled)
  if (lost !== undefined) return path
  const [query = ''] = search.split(mangled)
  const all = new URLSearchParams(query)
  const kept = [...all].filter(([key]) => !isOurs(key))
  if (kept.length === all.size) return path + query
  return kept.length > 0 ? `${path}?${new URLSearchParams(kept).toString()}` : path
}

/** The beginning of a hash whose # was encoded or lost. */
const mangled = /%(?:25)*23.*|(?<=\/)v\d+(?=\?|$)/is
