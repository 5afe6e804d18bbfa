import { mkdtempSync, readFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import type { AdapterReport } from './adapter'
import { driverEnvs, firstDriver, type DriverEnv } from './driver'

const scratch = mkdtempSync(join(tmpdir(), 'driver-'))
const envs = (...there: string[]) => driverEnvs('/pack', scratch, (path) => there.includes(path))

it('tries the machine as it is first, then with the libraries of the pack', () => {
  expect(envs()).toEqual([{}, { LD_LIBRARY_PATH: '/pack/lib' }])
})

it('names a driver of NVIDIA to the loader where nothing else does', () => {
  const library = '/usr/local/nvidia/lib64/libEGL_nvidia.so.0'
  const found = envs('/usr/local/nvidia/lib64', library).slice(2)
  const file = join(scratch, 'icd0.json')
  expect(found).toEqual([
    { VK_DRIVER_FILES: file, VK_ICD_FILENAMES: file },
    { VK_DRIVER_FILES: file, VK_ICD_FILENAMES: file, LD_LIBRARY_PATH: '/pack/lib:/usr/local/nvidia/lib64' },
  ])
  expect(JSON.parse(readFileSync(file, 'utf8'))).toMatchObject({ ICD: { library_path: library } })
})

it('takes the first real GPU, else the first adapter there is', () => {
  const report = (software: boolean) => ({ software }) as AdapterReport
  const envs: DriverEnv[] = ['a', 'b', 'c', 'd'].map((name) => ({ name }))
  const given = (answers: Record<string, AdapterReport>) => firstDriver(envs, ({ name }) => answers[name!])?.env.name
  expect(given({ b: report(true), c: report(false), d: report(false) })).toBe('c')
  expect(given({ b: report(true), c: report(true) })).toBe('b')
  expect(given({})).toBeUndefined()
})
