// The process groups that were started here, so that none outlives this process.
import process from 'node:process'

const groups = new Set<number>()

/** Remembers a group until it is killed; at the latest, this process' exit kills it. */
export function watchGroup(group: number): void {
  if (groups.size === 0) process.once('exit', killAll)
  groups.add(group)
}

/** Kills every process of the group, once: later its number may be another's. */
export function killGroup(group: number): void {
  if (!groups.delete(group)) return
  if (groups.size === 0) process.removeListener('exit', killAll)
  try {
    process.kill(-group, 'SIGKILL')
  } catch {
    // No process of it is left.
  }
}

function killAll(): void {
  for (const group of groups) killGroup(group)
}
