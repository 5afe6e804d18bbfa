/**
 * `npm run attack`: the attacks of the tests in the size of a night. Damaged files, links, JSON and stored runs;
 * devices, workers and commands that die in mid-run; long runs; somebody who presses anything. `npm run attack -- COUNT
 * FROM` reads COUNT damaged files alone, from seed FROM on. What is found names its seed; it becomes a case of the
 * tests beside.
 */
import { spawnSync } from 'node:child_process'
import { ensureBrowser } from './browser.mjs'
import { ensureVulkan } from './vulkan.mjs'

const files = process.argv.slice(2).filter((arg) => arg !== '--')
const steps = [
  ['vite-node', '-c', 'vite.node.config.ts', 'src/cli/attack.ts', '--', ...files],
  ...(files.length > 0
    ? []
    : [
        [
          'vitest',
          'run',
          '--maxWorkers=1',
          'Attack.test',
          'losses.test',
          'kill.test',
          'many.test',
          'runQueue.test',
          'engine/memory.test',
        ],
        ['vite', 'build', '--logLevel', 'warn'],
        ['playwright', 'test', '--workers=1', '--timeout=3600000', 'attack.spec'],
      ]),
]

const env = {
  ...process.env,
  PLAYGROUND_ATTACK: 'nightly',
  PLAYGROUND_CHROMIUM: ensureBrowser(),
  ...ensureVulkan().env,
}
const failed = steps.filter(([command, ...args]) => spawnSync(command, args, { stdio: 'inherit', env }).status !== 0)
for (const step of failed) console.error(`Faults were found by: ${step.join(' ')}`)
process.exitCode = failed.length > 0 ? 1 : 0
