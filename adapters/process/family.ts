// An adapter's process with all that it started, so that nothing of it outlives its end, or this process, however that ends.
import { randomUUID } from 'node:crypto'
import { readFileSync, readdirSync } from 'node:fs'
import process from 'node:process'
import { Guard } from './guard.ts'

/** The variable of the environment that marks a family. */
const markName = 'VIADUCT_ADAPTER'

const families = new Set<Family>()

/**
 * The process group of an adapter, and whatever left the group but kept the environment it was started with: a daemon has
 * a session of its own, and only its environment tells whose it is. That is looked up where /proc exists.
 */
export class Family {
  /** What its processes are started with. */
  readonly environment: Readonly<Record<string, string>>
  private readonly mark: string
  private readonly guard: Guard
  /** Undefined until its first process is started. */
  private group: number | undefined

  constructor() {
    const value = randomUUID()
    this.environment = { [markName]: value }
    this.mark = `${markName}=${value}`
    this.guard = new Guard(this.mark)
  }

  /** `group` is the pid of its first process; undefined if that could not be started. */
  begin(group: number | undefined): void {
    if (group === undefined) {
      this.guard.dismiss()
      return
    }
    this.group = group
    this.guard.watch(group)
    if (families.size === 0) process.once('exit', killAll)
    families.add(this)
  }

  /** How many processes of it are alive, as far as they can be seen. */
  get size(): number {
    return this.group === undefined ? 0 : strays(this.mark).length
  }

  /** Octets of memory that its processes hold, together; undefined where that cannot be told. */
  get heldOctets(): number | undefined {
    const held = this.group === undefined ? [] : strays(this.mark).flatMap(residentOf)
    return held.length === 0 ? undefined : held.reduce((sum, octets) => sum + octets, 0)
  }

  /** Sends a signal to the group, while it is known to be ours. */
  signal(name: NodeJS.Signals): void {
    if (this.group !== undefined && families.has(this)) signalOne(-this.group, name)
  }

  /** It has ended by itself: what it left behind on purpose is left alone, and its numbers may be another's. */
  release(): void {
    if (!families.delete(this)) return
    if (families.size === 0) process.removeListener('exit', killAll)
    this.guard.dismiss()
  }

  /** Kills every process of it, once: later its numbers may be another's. */
  kill(): void {
    if (this.group === undefined || !families.delete(this)) return
    if (families.size === 0) process.removeListener('exit', killAll)
    signalOne(-this.group, 'SIGKILL')
    for (const pid of strays(this.mark)) signalOne(pid, 'SIGKILL')
    this.guard.dismiss()
  }
}

function killAll(): void {
  for (const family of families) family.kill()
}

function signalOne(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(pid, name)
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

/** What of a process lies in memory, in octets; empty where that is not told. */
function residentOf(pid: number): readonly number[] {
  try {
    const [, kibibytes] = /^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'latin1')) ?? []
    return kibibytes === undefined ? [] : [Number(kibibytes) * 1024]
  } catch {
    return [] // gone meanwhile
  }
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
