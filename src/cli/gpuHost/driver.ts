/**
 * Finds a Vulkan driver. A machine made for computing often has NVIDIA's driver without the file that says so to
 * Vulkan, or without Vulkan's loader; the pack brings the loader and the libraries that the driver asks for.
 */
import { existsSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { AdapterReport } from './adapter'

/** Variables that lead the loader to a driver. */
export type DriverEnv = Readonly<Record<string, string>>

/** Files that say to the loader where NVIDIA's driver is, outside of the places where it looks by itself. */
const icdFiles = [
  '/usr/local/nvidia/share/vulkan/icd.d/nvidia_icd.json',
  '/opt/nvidia/share/vulkan/icd.d/nvidia_icd.json',
]

/** Where NVIDIA's libraries lie; of the two that hold Vulkan the second needs no display. */
const folders = [
  '/usr/lib/x86_64-linux-gnu',
  '/usr/lib64',
  '/usr/local/nvidia/lib64',
  '/usr/lib/nvidia',
  '/usr/lib/wsl/lib',
]
const libraries = ['libGLX_nvidia.so.0', 'libEGL_nvidia.so.0']

/**
 * What to try: the machine as it is first, then with the pack's libraries, then with each driver that can be found.
 * @param scratch where files are written that name a driver
 */
export function driverEnvs(pack: string, scratch: string, exists: (path: string) => boolean = existsSync): DriverEnv[] {
  const own = join(pack, 'lib')
  const found = folders.flatMap((folder) => libraries.map((name) => join(folder, name))).filter(exists)
  const written = found.map((library, i) => {
    const file = join(scratch, `icd${i}.json`)
    writeFileSync(
      file,
      JSON.stringify({ file_format_version: '1.0.0', ICD: { library_path: library, api_version: '1.3.0' } }),
    )
    return file
  })
  const named = [...icdFiles.filter(exists), ...written]
  const paths = ['', [own, ...folders.filter((folder) => folder.includes('nvidia') && exists(folder))].join(':')]
  return [undefined, ...named].flatMap((file) =>
    paths.map((path) => ({
      ...(path ? { LD_LIBRARY_PATH: path } : {}),
      ...(file === undefined ? {} : { VK_DRIVER_FILES: file, VK_ICD_FILENAMES: file }),
    })),
  )
}

/** An adapter, and the variables that lead to it. */
export interface Driver {
  readonly env: DriverEnv
  readonly adapter: AdapterReport
}

/** The first real GPU; else the first adapter that computes on the processor; undefined for none. */
export function firstDriver(
  envs: readonly DriverEnv[],
  probe: (env: DriverEnv) => AdapterReport | undefined,
): Driver | undefined {
  let software: Driver | undefined
  for (const env of envs) {
    const adapter = probe(env)
    if (adapter && !adapter.software) return { env, adapter }
    if (adapter) software ??= { env, adapter }
  }
  return software
}
