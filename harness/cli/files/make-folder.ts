// Makes a folder and what leads to it.
import { existsSync, mkdirSync, readdirSync } from 'node:fs'
import { dirname } from 'node:path'

/** Throws what the system says where it cannot be, or is a file. Node's own recursion never ends below some virtual folders. */
export function makeFolder(path: string): void {
  if (existsSync(path)) {
    readdirSync(path)
    return
  }
  makeFolder(dirname(path))
  mkdirSync(path)
}
