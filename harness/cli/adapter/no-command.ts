// Says why what --adapter names cannot be a command, before anything is started.
import { accessSync, constants, statSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { nearest } from '../../plan/yaml/nearest.ts'
import { adapterFileName } from './adapter-file.ts'
import { knownAdapters } from './named-adapters.ts'

/** A word that the shell takes as it stands; only the shell knows what a quoted path or a setting in front comes to. */
const plainWord = /^[\w./:@%+-]*$/

/** Why the name is no command; undefined if it may be one. */
export function noCommand(name: string): string | undefined {
  const [program = ''] = name.trim().split(/\s+/)
  if (!plainWord.test(program) || isExecutable(program)) return undefined
  if (isFolder(name)) return withoutFile(name)
  if (isFile(program)) return notExecutable(program)
  return unknown(name)
}

function withoutFile(folder: string): string {
  return [
    `${folder} is a folder without ${adapterFileName}, which says how the adapter in it is built and started.`,
    `Write it there; at the least it says \`command: ./my-adapter\`.`,
    `viaduct init NEW-FOLDER --lang c (or python, typescript) makes an adapter with such a file.`,
  ].join('\n')
}

function notExecutable(program: string): string {
  return [
    `${program} is a file, but no program: it is not executable.`,
    `Try: chmod +x ${program}, or name what runs it, such as 'python3 ${program}'`,
  ].join('\n')
}

function unknown(name: string): string {
  const names = knownAdapters().map((known) => known.name)
  const close = nearest(name, names)
  const hint = close === undefined ? 'viaduct list --adapters shows the names.' : `Did you mean ${close}?`
  return `${name} is neither an adapter that viaduct knows nor a program that can be started. ${hint}`
}

/** Whether the shell would find the program. */
function isExecutable(program: string): boolean {
  const places = program.includes('/')
    ? [program]
    : (process.env['PATH'] ?? '').split(delimiter).map((folder) => join(folder, program))
  return places.some((place) => {
    try {
      accessSync(place, constants.X_OK)
      return !isFolder(place)
    } catch {
      return false
    }
  })
}

function isFile(path: string): boolean {
  return path.includes('/') && statSync(path, { throwIfNoEntry: false })?.isFile() === true
}

function isFolder(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() === true
}
