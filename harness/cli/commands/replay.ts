// viaduct replay: one failure again, bit for bit, from the file that keeps it or by the name of its case.
import { existsSync } from 'node:fs'
import { exitCodes } from '../../gate/exit-codes.ts'
import { strengthOf } from '../mutants/strength.ts'
import { openProject } from '../project/project.ts'
import { shellWord } from '../terminal/shell-word.ts'
import { orRefuse, Refusal } from '../refusal.ts'
import { say } from '../terminal/terminal.ts'
import { readText } from '../files/yaml-files.ts'
import type { RunFlags } from '../session/run-flags.ts'
import { run, runAsked } from './run.ts'

/** Where a file says which digest its run had when it was kept. */
const digestLine = /^# Trace digest there: ([0-9a-f]{8})$/m

/** A target that is no file is a case of the project, or whatever else `run` takes. */
export async function replay(target: string, flags: RunFlags): Promise<number> {
  if (!existsSync(target)) {
    if (!/\.ya?ml$/.test(target)) return run([target], flags)
    throw new Refusal(`There is no file ${target}. viaduct fuzz says where it keeps what it found.`)
  }
  const source = orRefuse(readText(target))
  const project = openProject([source])
  if (!project) return exitCodes.usage
  const command = `npx viaduct replay ${shellWord(target)}`
  const asked = {
    project,
    patterns: [],
    selection: [target],
    strength: strengthOf([target]),
    command,
    repeat: () => command,
  }
  const { report, exit } = await runAsked(asked, flags)
  const before = digestLine.exec(source.text)?.[1]
  if (exit === report.exit) for (const { name, traceDigest } of report.cases) sayDigest(name, traceDigest, before)
  return exit.code
}

function sayDigest(name: string, digest: string, before: string | undefined): void {
  if (digest === '') return
  const known =
    before === undefined ? '' : before === digest ? ', as when it was found' : `; it was ${before} when it was found`
  say(`trace digest of ${name}: ${digest}${known}`)
}
