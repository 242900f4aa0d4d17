// How many cases a second go through an adapter process, beside a bare echo over the same pipe.
import { spawnSync } from 'node:child_process'
import { mkdirSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { startProcessAdapter } from '../adapters/process/adapter.ts'
import { childTransport } from '../adapters/process/child.ts'
import { runJobs, worldsBeside } from '../harness/cli/session/jobs.ts'
import { harnessIdentity, packageRoot } from '../harness/cli/files/package.ts'
import { concerning, openProject, type Project } from '../harness/cli/project/project.ts'
import { permutationsFor } from '../harness/cli/session/session.ts'
import type { Permutation } from '../harness/plan/permutation.ts'
import { counted } from '../spec/vocabulary/units.ts'
import type { Adapter } from '../harness/subject/adapter.ts'
import { remark, row, runs, stopwatch, warmUps } from './figures.ts'

/** Cases of one small message: their buffers hold no more octets than this. */
const smallMax = 4096

/** Turns that an adapter process of the echo is sent, one after the other answered. */
const roundTrips = 5000

/** How many worlds of an adapter's process are open at once: while one is waited for, the others' answers are judged. */
const worldsAtOnce = [1, 32] as const

const sources: Readonly<Record<string, readonly string[]>> = {
  idle: ['bench/idle/adapter.c', 'sdk/c/viaduct.c'],
  emp: ['adapter', 'host', 'sender', 'receiver', 'descriptor', 'frame'].map((name) => `sdk/c/emp/${name}.c`),
}

/** The program, compiled from its sources; or why there is none. */
function compiled(name: 'idle' | 'emp'): { readonly program: string } | { readonly problem: string } {
  const program = join(packageRoot, 'build/bench', `adapter-${name}`)
  mkdirSync(dirname(program), { recursive: true })
  const files = [...(sources[name] ?? []), ...(name === 'emp' ? ['sdk/c/viaduct.c'] : [])]
  const words = ['-O2', '-std=c11', '-pthread', '-Isdk/c', '-o', program, ...files]
  const { status, error, stderr } = spawnSync('cc', words, { cwd: packageRoot, encoding: 'utf8' })
  return status === 0 ? { program } : { problem: error?.message ?? stderr }
}

/** Lines a second to `cat` and back, one at a time. */
async function echo(): Promise<number[]> {
  let heard: (() => void) | undefined
  const open = childTransport({ command: 'exec cat' })
  const transport = open({ octets: () => heard?.(), ended: () => undefined, unreachable: () => undefined })
  const line = `${JSON.stringify({ id: 1, op: 'turn', now: 15_840, endpoint: 1, inputs: [{ kind: 'wake' }] })}\n`
  // The pipes of an adapter keep nobody running.
  const running = setInterval(() => undefined, 1000)
  const rates: number[] = []
  for (let run = -warmUps; run < runs; run++) {
    const start = stopwatch()
    for (let i = 0; i < roundTrips; i++) {
      await new Promise<void>((resolve) => {
        heard = resolve
        transport.write(line)
      })
    }
    if (run >= 0) rates.push(roundTrips / (stopwatch() - start))
  }
  clearInterval(running)
  transport.end()
  return rates
}

function smallCases(project: Project, adapter: Adapter): readonly Permutation[] {
  return permutationsFor(project, adapter, 1).filter(
    ({ notApplicable, ordersMax, explored, roles, memory, steps }) =>
      notApplicable === undefined &&
      ordersMax === undefined &&
      explored === undefined &&
      roles === 'iut-iut' &&
      steps.length < 8 &&
      memory.reduce((sum, { allocate }) => sum + allocate.bytes, 0) <= smallMax,
  )
}

/** Cases a second of one thread through so many worlds of one process, and how many cases there are. */
async function caseRates(
  project: Project,
  program: string,
  worlds: number,
): Promise<{ rates: number[]; cases: number }> {
  const adapter = await startProcessAdapter(program, { command: `exec ${program}` }, { harness: harnessIdentity })
  const further = worldsBeside(adapter, worlds)
  const small = smallCases(project, adapter)
  const permutations = Array.from({ length: 40 }, () => small).flat()
  const rates: number[] = []
  for (let run = -warmUps; run < runs; run++) {
    const began = stopwatch()
    const session = runJobs(further, { project, adapter, permutations, ...believing })
    for await (const { verdict, name, reason } of session)
      if (verdict === 'crash' || verdict === 'error') throw new Error(`${name}: ${reason}`)
    if (run >= 0) rates.push(permutations.length / (stopwatch() - began))
  }
  await adapter.close()
  return { rates, cases: small.length }
}

/** Failures are not run again: they are no news here. */
const believing = { repeat: () => '', brief: true, believesAtOnce: true } as const

/** Prints the rows. */
export async function pipeRows(): Promise<void> {
  const whole = openProject()
  if (!whole) throw new Error('the suites cannot be read')
  const project = concerning(whole, ['emp'])
  const bare = row('bare echo over a pipe', await echo(), 'round trips/s')
  for (const name of ['idle', 'emp'] as const) {
    const made = compiled(name)
    if ('problem' in made) {
      remark(`no row for the ${name} adapter in C: ${made.problem}`)
      continue
    }
    const who = name === 'idle' ? 'an idle process' : "the C SDK's EMP"
    for (const worlds of worldsAtOnce) {
      const { rates, cases } = await caseRates(project, made.program, worlds)
      const median = row(`cases through ${who}, ${counted(worlds, 'world')}`, rates, 'cases/s')
      remark(`${cases} small cases, again and again; ${(median / bare).toFixed(3)} of the bare echo`)
    }
  }
}
