/**
 * `node kernelTests.mjs twins FILE`: the project's own tests of kernels, on the adapter of this machine, without
 * node_modules. FILE holds what came of them so far at any time.
 */
import { startTests, type Task, type VitestRunner, type VitestRunnerConfig } from '@vitest/runner'
import { basename, dirname } from 'node:path'
import { writeWhole } from '../../writeWhole'
import type { TestFile, TestReport } from '../testReport'
import { testFiles } from './testFiles'

const [group, to = ''] = process.argv.slice(2) as [keyof typeof testFiles, string?]
const load = testFiles[group]

/** Fields that none of these tests uses are left out. */
const config: Partial<VitestRunnerConfig> = {
  root: '/',
  setupFiles: [],
  passWithNoTests: false,
  allowOnly: false,
  sequence: { seed: 1, hooks: 'stack', setupFiles: 'list' },
  maxConcurrency: 1,
  testTimeout: 60_000,
  hookTimeout: 60_000,
  retry: 0,
  includeTaskLocation: false,
  tags: [],
}

const runner: VitestRunner = {
  config: config as VitestRunnerConfig,
  importFile: (path) => load[path]?.(),
}

const files: TestFile[] = []
for (const path of Object.keys(load)) {
  write(path)
  const begun = performance.now()
  const tasks = await startTests([path], runner)
  files.push(reported(path, tasks, (performance.now() - begun) / 1000))
}
write(null)
// Dawn's threads would keep the process alive.
process.exit(files.some(({ failures }) => failures.length) ? 1 : 0)

function write(running: string | null): void {
  const report: TestReport = { files, running }
  console.log(running ?? `${files.reduce((sum, f) => sum + f.passed, 0)} passed`)
  writeWhole(dirname(to), basename(to), `${JSON.stringify(report, null, 2)}\n`)
}

function reported(file: string, tasks: readonly Task[], seconds: number): TestFile {
  const all = tasks.flatMap(withParts)
  const failures = all
    .filter(({ result }) => result?.state === 'fail' && result.errors?.length)
    .map(({ name, result }) => ({ name, message: (result?.errors?.[0]?.message ?? '').slice(0, 500) }))
  const passed = all.filter(({ type, result }) => type === 'test' && result?.state === 'pass').length
  for (const { name, message } of failures) console.log(`failed: ${name}: ${message}`)
  return { file, passed, seconds, failures }
}

/** A test; or a file or group, whose own errors count, with all in it. */
function withParts(task: Task): Task[] {
  return task.type === 'suite' ? [task, ...task.tasks.flatMap(withParts)] : [task]
}
