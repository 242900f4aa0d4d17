// An adapter's process with all that it started, so that nothing of it outlives its end, or this process.
import { readFileSync, readdirSync } from 'node:fs'
import process from 'node:process'

const families = new Set<Family>()

/**
 * The process group of an adapter, and whatever left the group but kept the environment it was started with: a daemon has
 * a session of its own, and only its environment tells whose it is. That is looked up where /proc exists.
 */
export class Family {
  /** The variable of the environment that marks the family. */
  static readonly markName = 'VIADUCT_ADAPTER'
  private readonly group: number | undefined
  private readonly mark: string

  /** `group` is the pid of its first process; undefined if that was not started. */
  constructor(group: number | undefined, mark: string) {
    this.group = group
    this.mark = `${Family.markName}=${mark}`
    if (group === undefined) return
    if (families.size === 0) process.once('exit', killAll)
    families.add(this)
  }

  /** Kills every process of it, once: later its numbers may be another's. */
  kill(): void {
    if (this.group === undefined || !families.delete(this)) return
    if (families.size === 0) process.removeListener('exit', killAll)
    killOne(-this.group)
    for (const pid of strays(this.mark)) killOne(pid)
  }
}

function killAll(): void {
  for (const family of families) family.kill()
}

function killOne(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL')
  } catch {
    // No process of it is left.
  }
}

/** Processes whose environment holds the mark. */
function strays(mark: string): readonly number[] {
  const pids = processNumbers()
  return pids.filter((pid) => {
    try {
      return readFileSync(`/proc/${pid}/environ`, 'latin1').split('\0').includes(mark)
    } catch {
      return false // gone meanwhile, or another user's
    }
  })
}

function processNumbers(): readonly number[] {
  try {
    return readdirSync('/proc')
      .map(Number)
      .filter((pid) => Number.isInteger(pid) && pid !== process.pid)
  } catch {
    return []
  }
}
