import { accessSync, constants, mkdirSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
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
    mkdirSync(folder, { recursive: true })
    writeFileSync(probe, '')
    rmSync(probe)
  } catch (error) {
    throw refusalOf(option, folder, error)
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
