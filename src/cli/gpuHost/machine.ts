/** What this machine has for the steps. */
import { spawnSync } from 'node:child_process'
import { accessSync, constants, mkdirSync } from 'node:fs'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { Problem } from '../../core/problem'
import type { AdapterReport } from './adapter'
import { driverEnvs, firstDriver, type Driver, type DriverEnv } from './driver'

/** What the steps inherit: drivers and compilers keep what they compiled in these folders. */
export function environment(scratch: string): NodeJS.ProcessEnv {
  const home = join(scratch, 'home')
  mkdirSync(home)
  return {
    ...process.env,
    XDG_RUNTIME_DIR: process.env.XDG_RUNTIME_DIR ?? home,
    ...(canWrite(homedir()) ? {} : { HOME: home }),
  }
}

function canWrite(folder: string): boolean {
  try {
    accessSync(folder, constants.W_OK)
    return true
  } catch {
    return false
  }
}

/**
 * Tries what may lead to a driver, each in a process of its own; `log` hears what came of it.
 * @throws Problem where there is no adapter
 */
export function findDriver(pack: string, env: NodeJS.ProcessEnv, scratch: string, log: (text: string) => void): Driver {
  const found = firstDriver(driverEnvs(pack, scratch), (driver: DriverEnv) => {
    const { stdout, stderr } = spawnSync(process.execPath, [join(pack, 'gpuHost.mjs'), 'adapter'], {
      env: { ...env, ...driver },
      encoding: 'utf8',
      timeout: 60_000,
    })
    log(`--- adapter with ${JSON.stringify(driver)}\n${stdout || stderr}\n`)
    return stdout ? (JSON.parse(stdout) as AdapterReport) : undefined
  })
  if (found) return found
  throw new Problem(
    'Vulkan finds no GPU on this machine, so nothing was run; log.txt says what was tried.',
    "Install NVIDIA's driver with its Vulkan part (libGLX_nvidia.so.0); in a container, give it the capability "
      + '"graphics" (NVIDIA_DRIVER_CAPABILITIES=all).',
  )
}

/** Card and driver as `nvidia-smi` names them; empty without. */
export function cardOf(env: NodeJS.ProcessEnv): string {
  const query = ['--query-gpu=name,driver_version,memory.total', '--format=csv,noheader']
  return (spawnSync('nvidia-smi', query, { env, encoding: 'utf8', timeout: 20_000 }).stdout || '').trim()
}

/** Whether this Python has PyTorch; it is looked for, not loaded, which takes seconds. */
export function hasTorch(python: string, env: NodeJS.ProcessEnv): boolean {
  const script = 'import importlib.util, sys; sys.exit(importlib.util.find_spec("torch") is None)'
  return spawnSync(python, ['-c', script], { env, timeout: 20_000 }).status === 0
}
