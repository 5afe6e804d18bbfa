import { accessSync, constants, existsSync, mkdirSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { messageOf, Problem } from '../core/problem'
import { codeOf } from './codeOf'

/**
 * Makes a folder and writes a file into it for a moment, so that hours of training are not lost because results cannot
 * be written.
 * @param option that named it, such as `--out`
 * @throws Problem where results could not be written there
 */
export function tryFolder(option: string, folder: string): void {
  const probe = join(folder, `.probe.${process.pid}`)
  try {
    makeFolder(folder)
    writeFileSync(probe, '')
    rmSync(probe)
  } catch (error) {
    throw refusalOf(option, folder, error)
  }
}

/** One folder after the other: Node's own loop for `recursive` never ends under /proc, where no folder can be made. */
function makeFolder(folder: string): void {
  const missing: string[] = []
  for (let at = resolve(folder); !existsSync(at); at = dirname(at)) missing.unshift(at)
  for (const path of missing) {
    try {
      mkdirSync(path)
    } catch (error) {
      // Another command may have made it meanwhile.
      if (!statSync(path, { throwIfNoEntry: false })?.isDirectory()) throw error
    }
  }
}

/**
 * Makes the folder of a file and tries to write beside it, or to the file where it is no ordinary one. @throws Problem
 * as `tryFolder`
 */
export function tryFile(option: string, path: string): void {
  try {
    const there = statSync(path, { throwIfNoEntry: false })
    if (there?.isDirectory())
      throw new Problem(
        `${option} was given "${path}", which is a folder.`,
        'Name a file, which may lie in that folder.',
      )
    if (there && !there.isFile()) return accessSync(path, constants.W_OK)
  } catch (error) {
    throw refusalOf(option, path, error)
  }
  tryFolder(option, dirname(path))
}

const reasons: Readonly<Record<string, string>> = {
  EEXIST: 'where a file is in the way of a folder',
  ENOTDIR: 'where a file is in the way of a folder',
  EACCES: 'where you may not write',
  EPERM: 'where you may not write',
  EROFS: 'which can only be read',
  ENOSPC: 'where no space is left',
  ENOENT: 'where no folder can be made',
}

/** What is said where results could not be written. */
export function refusalOf(option: string, path: string, error: unknown): Problem {
  if (error instanceof Problem) return error
  const reason = reasons[codeOf(error)] ?? `where nothing can be written (${messageOf(error)})`
  return new Problem(
    `${option} was given "${path}", ${reason}.`,
    'Name a place that you may write to; folders are made where they are missing.',
    { cause: error },
  )
}
