/**
 * `npm test`: every check there is; the last line is `N passed, N failed`, and the exit code agrees with it.
 * Only the last two steps read real data, and say what they leave out where there is none; the others run as if there
 * were none.
 *
 * `npm test -- --changed`, for work in between: types and cycles of everything, format and lint of the files that
 * changed since the last commit, and the unit tests that they can touch; `--changed=main` since a branch.
 * `npm test -- src/config`: the unit tests of these paths alone.
 */
import { execFileSync, spawn } from 'node:child_process'
import { mkdirSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { ensureBrowser, ensureFirefox } from './browser.mjs'
import { placesOfRealData } from './realData.mjs'
import { ensureRedis } from './redis.mjs'
import { ensureVulkan } from './vulkan.mjs'

const root = join(import.meta.dirname, '..')
const reports = join(root, 'test-results', 'reports')
const noData = { PLAYGROUND_DATA: 'none' }

// Each step counts as one test, or as many as its report holds. These four read the code, all at once, one core each.
const types = { name: 'types', command: ['oxlint', '--type-aware', '--type-check', '--deny-warnings'] }
const format = (files) => ({ name: 'format', command: ['prettier', '--check', '-u', '--log-level', 'warn', ...files] })
const lint = (files) => ({ name: 'lint', command: ['eslint', '--max-warnings', '0', '--no-warn-ignored', ...files] })
const cycles = { name: 'cycles', command: ['node', 'scripts/cycles.mjs'] }

/** What a machine may lack: which tests were then left out, and what to do. */
const realData = (tests) =>
  `their data was not found in ${placesOfRealData().join(' or ')}: `
  + `${tests} tests of real data (CIFAR-10, SST-2, GLUE's tables, original files). `
  + 'To run those of CIFAR-10 and SST-2: "npm run data -- cifar10 sst2 && npm test"; '
  + 'the others need a folder that holds the original files: "PLAYGROUND_DATA=FOLDER npm test".'
const firefox = (tests) =>
  `no Firefox was found: ${tests} journeys. Install Firefox, or give its path: "PLAYGROUND_FIREFOX=PATH npm test".`

const everything = {
  reading: [types, format(['.']), lint(['.']), cycles],
  /** These run it, one after the other. */
  running: [
    { name: 'unit', env: noData, ...vitest('unit', '--exclude=**/realData.test.ts') },
    { name: 'build', command: ['vite', 'build', '--logLevel', 'warn'] },
    { name: 'e2e', ...playwright('e2e', noData, '--grep-invert=(realData|stalls|firefox).spec') },
    // These measure the page's main thread: nothing runs beside them.
    { name: 'e2e, stalls', ...playwright('e2e-stalls', noData, '--workers=1', 'stalls.spec') },
    { name: 'e2e, Firefox', mayLack: firefox, ...playwright('e2e-firefox', noData, 'firefox.spec') },
    { name: 'unit, real data', mayLack: realData, ...vitest('unit-real-data', 'realData.test') },
    { name: 'e2e, real data', mayLack: realData, ...playwright('e2e-real-data', {}, 'realData.spec') },
  ],
}

/** What work since a commit can have broken, browser tests left out. */
function changedSince(commit) {
  const git = (...args) => execFileSync('git', args, { encoding: 'utf8' }).split('\n').filter(Boolean)
  const files = [
    ...git('diff', '--name-only', '--relative', '--diff-filter=d', commit),
    ...git('ls-files', '--others', '--exclude-standard'),
  ]
  const code = files.filter((file) => /\.(?:tsx?|m?js)$/.test(file))
  const tests = vitest('unit', `--changed=${commit}`, '--passWithNoTests', '--exclude=**/realData.test.ts')
  return {
    reading: [types, ...(files.length ? [format(files)] : []), ...(code.length ? [lint(code)] : []), cycles],
    running: [{ name: 'unit', env: noData, mayBeEmpty: true, ...tests }],
  }
}

/** Unit tests of these files and folders. */
function inPaths(paths) {
  return { reading: [], running: [{ name: 'unit', mayLack: realData, ...vitest('unit', ...paths) }] }
}

/** The steps that were asked for; says what is allowed and ends with code 2 where that is none. */
function asked(args) {
  try {
    const { values, positionals } = parseArgs({
      args,
      options: { changed: { type: 'string' } },
      allowPositionals: true,
    })
    if (positionals.length > 0 && values.changed === undefined) return inPaths(positionals)
    if (positionals.length === 0) return values.changed === undefined ? everything : changedSince(values.changed)
  } catch (error) {
    if (!error.code?.startsWith('ERR_PARSE_ARGS')) throw error
  }
  console.error(`"${args.join(' ')}" is not understood: name nothing, or paths of unit tests, or --changed[=COMMIT].`)
  process.exit(2)
}

const seconds = (since) => `${((performance.now() - since) / 1000).toFixed(0)} s`

async function main() {
  process.chdir(root)
  // A flag without a value means the last commit.
  const args = process.argv.slice(2).map((word) => (word === '--changed' ? '--changed=HEAD' : word))
  const { reading, running } = asked(args)
  rmSync(reports, { recursive: true, force: true })
  mkdirSync(reports, { recursive: true })
  const env = { ...process.env, PATH: `${join(root, 'node_modules', '.bin')}:${process.env.PATH}`, ...setUp() }
  const total = { passed: 0, failed: 0 }
  /** Tests left out, by what the machine lacks. */
  const leftOut = new Map()
  const count = async (step, output) => {
    const since = performance.now()
    if (output === 'inherit') console.log(`\n--- ${step.name} ---`)
    const { passed, failed, left, text } = await result(step, { ...env, ...step.env }, output)
    if (output === 'pipe') console.log(`\n--- ${step.name} ---\n${text.trim()}`)
    console.log(`--- ${step.name}: ${passed} passed, ${failed} failed, ${seconds(since)} ---`)
    total.passed += passed
    total.failed += failed
    if (left > 0) leftOut.set(step.mayLack, left + (leftOut.get(step.mayLack) ?? 0))
  }
  // What runs beside others is printed when it is done, each by itself.
  await Promise.all(reading.map((step) => count(step, 'pipe')))
  for (const step of running) await count(step, 'inherit')
  for (const [lacking, tests] of leftOut) console.log(`\nNot run, because ${lacking(tests)}`)
  console.log(`\n${total.passed} passed, ${total.failed} failed`)
  process.exitCode = total.failed > 0 ? 1 : 0
}

/** What the tests need from the system; without it they would fail one by one for the same reason. */
function setUp() {
  try {
    const browser = ensureBrowser()
    const { adapter, env } = ensureVulkan()
    const firefox = ensureFirefox() ?? ''
    console.log(`Browsers: ${browser} ${firefox}\nWebGPU in Node: ${adapter}\nRedis: ${ensureRedis() ?? 'none'}`)
    return { PLAYGROUND_CHROMIUM: browser, PLAYGROUND_FIREFOX: firefox, ...env }
  } catch (error) {
    console.error(error.message)
    console.log('0 passed, 1 failed')
    process.exit(1)
  }
}

async function result(step, env, output) {
  const { code, text } = await run(step.command, env, output)
  const { passed, failed, skipped } = step.count
    ? counted(step.count)
    : { passed: code === 0 ? 1 : 0, failed: 0, skipped: 0 }
  // No test may be skipped because something is missing, except those that need real data.
  const [left, unmet] = step.mayLack ? [skipped, 0] : [0, skipped]
  // A runner that crashes, or fails without a failing test, must not look green.
  const silent = failed + unmet === 0 && (code !== 0 || (passed + left === 0 && !step.mayBeEmpty))
  return { passed, failed: silent ? 1 : failed + unmet, left, text }
}

/** @param output 'inherit' shows what the command prints, 'pipe' gathers it */
function run([command, ...args], env, output) {
  return new Promise((resolve) => {
    const child = spawn(command, args, { stdio: ['inherit', output, output], env })
    let text = ''
    for (const stream of [child.stdout, child.stderr])
      stream?.setEncoding('utf8').on('data', (part) => {
        text += part
      })
    child.on('error', (error) => {
      console.error(error.message)
      resolve({ code: 1, text })
    })
    child.on('close', (code) => {
      resolve({ code: code ?? 1, text })
    })
  })
}

function counted(count) {
  try {
    return count()
  } catch (error) {
    console.error(`The report cannot be read: ${error.message}`)
    return { passed: 0, failed: 1, skipped: 0 }
  }
}

function vitest(name, ...args) {
  const file = join(reports, `${name}.json`)
  const count = () => {
    const report = JSON.parse(readFileSync(file, 'utf8'))
    const deadFiles = report.testResults.filter(
      (test) => test.status === 'failed' && test.assertionResults.length === 0,
    ).length
    return { passed: report.numPassedTests, failed: report.numFailedTests + deadFiles, skipped: report.numPendingTests }
  }
  return {
    command: ['vitest', 'run', ...args, '--reporter=default', '--reporter=json', `--outputFile.json=${file}`],
    count,
  }
}

function playwright(name, env, ...args) {
  const file = join(reports, `${name}.json`)
  const count = () => {
    const { expected, unexpected, flaky, skipped } = JSON.parse(readFileSync(file, 'utf8')).stats
    return { passed: expected + flaky, failed: unexpected, skipped }
  }
  return {
    command: ['playwright', 'test', ...args, '--reporter=list,json'],
    env: { ...env, PLAYWRIGHT_JSON_OUTPUT_FILE: file },
    count,
  }
}

await main()
