/**
 * What test files import as `vitest` in the bundle for a GPU host: the parts that vitest itself is made of, without its
 * processes, its file watcher and node_modules.
 */
import { chai, JestAsymmetricMatchers, JestChaiExpect, JestExtend } from '@vitest/expect'
import { fn, restoreAllMocks, spyOn } from '@vitest/spy'

for (const plugin of [JestExtend, JestChaiExpect, JestAsymmetricMatchers]) chai.use(plugin)

export { afterAll, afterEach, beforeAll, beforeEach, describe, it, test } from '@vitest/runner'
export const expect = chai.expect
export const vi = { fn, restoreAllMocks, spyOn }
