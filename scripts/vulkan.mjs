/** Finds (and for tests installs) a Vulkan driver that Dawn, WebGPU for Node, accepts. */
import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { dirname } from 'node:path'
import { fileURLToPath } from 'node:url'
import { addBackports, canInstall, install } from './apt.mjs'

/** Chromium contains SwiftShader, a software GPU that Dawn always accepts; it is slow. */
const swiftshader = ['/usr/lib/chromium', '/opt/google/chrome', '/usr/lib/chromium-browser'].map(
  (folder) => `${folder}/vk_swiftshader_icd.json`,
)

const probe = `import('webgpu').then(async ({ create }) => {
  const gpu = globalThis.gpu = create([])
  const info = (await gpu.requestAdapter())?.info
  if (info) process.stdout.write(info.description || info.device || info.vendor || 'an unnamed adapter')
  process.exit(0)
})`

/** The adapter that Dawn sees with these environment variables, in a process of its own; undefined for none. */
function adapter(env) {
  const cwd = dirname(dirname(fileURLToPath(import.meta.url)))
  const { status, stdout } = spawnSync(process.execPath, ['--input-type=module', '-e', probe], {
    cwd,
    encoding: 'utf8',
    env: { ...process.env, ...env },
    timeout: 60_000,
  })
  return status === 0 && stdout ? stdout : undefined
}

/**
 * The first of the installed drivers that works: `{ adapter, env }` with the variables that choose it; undefined for
 * none.
 */
export function findVulkan() {
  for (const env of [{}, ...swiftshader.filter(existsSync).map((file) => ({ VK_DRIVER_FILES: file }))]) {
    const found = adapter(env)
    if (found) return { adapter: found, env }
  }
  return undefined
}

/** As `findVulkan`, after installing lavapipe, or SwiftShader where that fails. @throws Error saying what to install */
export function ensureVulkan() {
  const found = findVulkan() ?? afterInstall(installLavapipe) ?? afterInstall(() => install(['chromium', 'libvulkan1']))
  if (!found)
    throw new Error(
      'The tests need a Vulkan driver: install Mesa 24 or newer (mesa-vulkan-drivers), '
        + 'or Chromium together with libvulkan1.',
    )
  return found
}

function afterInstall(installer) {
  return canInstall() && installer() ? findVulkan() : undefined
}

/** Debian 12's own Mesa 22.3 is refused by Dawn; its backport is about 15 times faster than SwiftShader. */
function installLavapipe() {
  return install(['mesa-vulkan-drivers', 'libvulkan1'], addBackports())
}

if (process.argv[1] === fileURLToPath(import.meta.url)) console.log(ensureVulkan())
