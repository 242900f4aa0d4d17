// Tells whether a process that a test knows by its number has ended.
import { readFileSync } from 'node:fs'
import process from 'node:process'

/** Waits a little for a process to be gone; one that nobody reaps counts as gone. */
export async function isGone(pid: number): Promise<boolean> {
  for (let tries = 0; tries < 400; tries++) {
    try {
      process.kill(pid, 0)
      if (/\) [ZX] /.test(readFileSync(`/proc/${pid}/stat`, 'utf8'))) return true
    } catch {
      return true
    }
    await new Promise((done) => setTimeout(done, 5))
  }
  return false
}
