import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { expect, it } from 'vitest'

const command = join(import.meta.dirname, 'test.mjs')

it.each([[['--watch']], [['--changed', 'src/config']]])('the test command refuses %j in one line', (args) => {
  const { status, stderr } = spawnSync(process.execPath, [command, ...args], { encoding: 'utf8' })
  expect({ status, lines: stderr.trimEnd().split('\n') }).toEqual({
    status: 2,
    lines: [expect.stringContaining('name nothing, or paths of unit tests, or --changed[=COMMIT].')],
  })
})
