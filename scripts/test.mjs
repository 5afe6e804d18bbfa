/** `npm test`: every check there is, in order; the last line is `N passed, N failed`, and the exit code agrees with it. */
import { spawn } from 'node:child_process'
import { mkdirSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { ensureBrowser } from './browser.mjs'
import { ensureVulkan } from './vulkan.mjs'

const root = join(import.meta.dirname, '..')
const reports = join(root, 'test-results', 'reports')
const vitestReport = join(reports, 'unit.json')
const playwrightReport = join(reports, 'e2e.json')

/** Each step counts as one test, or as as many as its report holds. */
const steps = [
  { name: 'types', command: ['tsc', '--noEmit'] },
  { name: 'lint', command: ['eslint', '.', '--max-warnings', '0'] },
  { name: 'cycles', command: ['node', 'scripts/cycles.mjs'] },
  { name: 'unit', command: ['vitest', 'run', '--reporter=default', '--reporter=json', `--outputFile.json=${vitestReport}`], count: countVitest },
  { name: 'build', command: ['vite', 'build', '--logLevel', 'warn'] },
  { name: 'e2e', command: ['playwright', 'test', '--reporter=list,json'], count: countPlaywright },
]

const seconds = (since) => `${((performance.now() - since) / 1000).toFixed(0)} s`

async function main() {
  process.chdir(root)
  rmSync(reports, { recursive: true, force: true })
  mkdirSync(reports, { recursive: true })
  const env = { ...process.env, PATH: `${join(root, 'node_modules', '.bin')}:${process.env.PATH}`, PLAYWRIGHT_JSON_OUTPUT_FILE: playwrightReport, ...setUp() }
  const total = { passed: 0, failed: 0 }
  for (const step of steps) {
    const since = performance.now()
    console.log(`\n--- ${step.name} ---`)
    const { passed, failed } = await result(step, env)
    console.log(`--- ${step.name}: ${passed} passed, ${failed} failed, ${seconds(since)} ---`)
    total.passed += passed
    total.failed += failed
  }
  console.log(`\n${total.passed} passed, ${total.failed} failed`)
  process.exitCode = total.failed > 0 ? 1 : 0
}

/** What the tests need from the system; without it they would fail one by one for the same reason. */
function setUp() {
  try {
    const browser = ensureBrowser()
    const { adapter, env } = ensureVulkan()
    console.log(`Browser: ${browser}\nWebGPU in Node: ${adapter}`)
    return { PLAYGROUND_CHROMIUM: browser, ...env }
  } catch (error) {
    console.error(error.message)
    console.log('0 passed, 1 failed')
    process.exit(1)
  }
}

async function result(step, env) {
  const code = await run(step.command, env)
  const { passed, failed } = step.count ? counted(step.count) : { passed: code === 0 ? 1 : 0, failed: 0 }
  // A runner that dies, or fails without a failing test, must not look green.
  return { passed, failed: failed === 0 && (code !== 0 || passed === 0) ? 1 : failed }
}

function run([command, ...args], env) {
  return new Promise((resolve) => {
    const child = spawn(command, args, { stdio: 'inherit', env })
    child.on('error', (error) => { console.error(error.message); resolve(1) })
    child.on('close', (code) => { resolve(code ?? 1) })
  })
}

function counted(count) {
  try {
    return count()
  } catch (error) {
    console.error(`The report cannot be read: ${error.message}`)
    return { passed: 0, failed: 1 }
  }
}

/** A skipped test counts as failed: none may be skipped for lack of set-up. */
function countVitest() {
  const report = JSON.parse(readFileSync(vitestReport, 'utf8'))
  const deadFiles = report.testResults.filter((file) => file.status === 'failed' && file.assertionResults.length === 0).length
  return { passed: report.numPassedTests, failed: report.numFailedTests + report.numPendingTests + deadFiles }
}

function countPlaywright() {
  const { expected, unexpected, flaky, skipped } = JSON.parse(readFileSync(playwrightReport, 'utf8')).stats
  return { passed: expected + flaky, failed: unexpected + skipped }
}

await main()
