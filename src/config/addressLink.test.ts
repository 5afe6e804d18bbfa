import { expect, it } from 'vitest'
import { linkIn, withoutLink } from './addressLink'

const address = (text: string) => {
  const { pathname, search, hash } = new URL(text, 'https://example.org')
  return { pathname, search, hash }
}

it.each([
  ['/play/', '', '/play/'],
  ['/play/?backend=wasm&software=1', '', '/play/?backend=wasm&software=1'],
  ['/play/?bench', '', '/play/?bench'],
  ['/play/?bench#', '', '/play/?bench'],
  ['/play/?backend=wasm#/v1?seed=3', '#/v1?seed=3', '/play/?backend=wasm'],
  ['/play/?seed=3&data=sst2', '/play/?seed=3&data=sst2', '/play/'],
  ['/play/?backend=wasm&seed=3', '/play/?backend=wasm&seed=3', '/play/?backend=wasm'],
  ['/play/%23/v1?seed=3&data=sst2', '/play/%23/v1?seed=3&data=sst2', '/play/'],
  ['/play/?backend=wasm%23/v1?seed=3&data=sst2', '/play/?backend=wasm%23/v1?seed=3&data=sst2', '/play/?backend=wasm'],
  ['/play/v1?seed=3', '/play/v1?seed=3', '/play/'],
  ['/play/?start=rotation&start.seed=2', '/play/?start=rotation&start.seed=2', '/play/'],
  ['/play/?backend=wasm&stage=1#/v1?seed=3', '#/v1?seed=3&stage=1', '/play/?backend=wasm'],
  ['/play/?autostart#/v1', '#/v1?autostart=', '/play/'],
  ['/play/?autostart', '#/v1?data=shapes&autostart=', '/play/'],
])('finds the link in %s', (text, link, rest) => {
  expect(linkIn(address(text), '#/v1?data=shapes')).toBe(link)
  expect(withoutLink(address(text))).toBe(rest)
})
