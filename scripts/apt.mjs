/**
 * Debian's package manager, used only by the test command and only as root, so that no laptop is changed without
 * asking.
 */
import { spawnSync } from 'node:child_process'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'

/** Whether packages may be installed here. */
export function canInstall() {
  return process.getuid?.() === 0 && existsSync('/etc/debian_version') && run('apt-get', ['--version']).status === 0
}

/** Installs packages, quietly; false with the reason on stderr when apt refuses. `release` names a backport. */
export function install(packages, release) {
  console.error(`Installing ${packages.join(', ')} ...`)
  const from = release ? ['-t', release] : []
  run('apt-get', ['update', '-qq'])
  const { status, stderr } = run('apt-get', ['install', '-y', '-qq', '--no-install-recommends', ...from, ...packages])
  if (status !== 0) console.error(stderr.trim().split('\n').slice(-3).join('\n'))
  return status === 0
}

/**
 * Adds the backports of Debian 12 to the sources, signed like Debian itself. Returns the release, or undefined
 * elsewhere.
 */
export function addBackports() {
  const codename = /^VERSION_CODENAME=(\w+)/m.exec(readFileSync('/etc/os-release', 'utf8'))?.[1]
  if (codename !== 'bookworm') return undefined
  const list = '/etc/apt/sources.list.d/bookworm-backports.sources'
  const known =
    spawnSync('grep', ['-rqs', 'bookworm-backports', '/etc/apt/sources.list', '/etc/apt/sources.list.d']).status === 0
  if (!known) {
    writeFileSync(
      list,
      [
        'Types: deb',
        'URIs: http://deb.debian.org/debian',
        'Suites: bookworm-backports',
        'Components: main',
        'Signed-By: /usr/share/keyrings/debian-archive-keyring.gpg',
        '',
      ].join('\n'),
    )
  }
  return 'bookworm-backports'
}

function run(command, args) {
  return spawnSync(command, args, { encoding: 'utf8', env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' } })
}
