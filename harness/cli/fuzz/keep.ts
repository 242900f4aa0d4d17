// Keeps what a search has caught: the case in a file that is read back at once, and the row that its run makes.
import { writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import type { Caught } from '../../fuzz/hunt.ts'
import { savedCase } from '../../fuzz/saved.ts'
import type { PermutationResult } from '../../result/report.ts'
import { isBad } from '../../result/verdict.ts'
import type { Adapter } from '../../subject/adapter.ts'
import { makeFolder } from '../files/make-folder.ts'
import { openProject, type Project } from '../project/project.ts'
import { permutationsFor, runSession } from '../session/session.ts'
import { shellWord } from '../terminal/shell-word.ts'
import { complain } from '../terminal/terminal.ts'
import { messageOf } from '../../subject/thrown.ts'

export interface Kept {
  readonly caught: Caught
  readonly file: string
  readonly row: PermutationResult
}

export interface Keeping {
  readonly project: Project
  readonly adapter: Adapter
  /** What --adapter says. */
  readonly name: string
  readonly folder: string
  /** The command that found it. */
  readonly command: string
}

/** Writes the case and runs it from there. Undefined: as a case it does not fail, so that there is nothing to keep. */
export async function keep(caught: Caught, keeping: Keeping): Promise<Kept | undefined> {
  const { project, adapter, folder, name } = keeping
  const { suite, text } = savedCase(caught, { pics: adapter.pics, durations: project.durations })
  const file = join(folder, `${suite.slice(suite.indexOf('.') + 1)}.yaml`)
  const own = openProject([{ file, text }])
  // It is a failure all the same; the file is for whoever puts it right.
  if (!own) complain(`${file} is written so that it cannot be read: that is viaduct's own fault.`)
  const repeat = [
    'npx viaduct replay',
    shellWord(file),
    ...(name === 'reference' ? [] : ['--adapter', shellWord(name)]),
  ]
  const permutations = own ? permutationsFor(own, adapter, 1) : [caught.permutation]
  const session = runSession({ project: own ?? project, adapter, permutations, repeat: () => repeat.join(' ') })
  const { value: row } = await session.next()
  if (!row || !(isBad(row.verdict) || row.verdict === 'error')) return undefined
  put(file, `${heading(caught, keeping, row)}${text}`)
  return { caught, file, row }
}

/** Writes the case; where it cannot be written, what was found is not lost, and the search goes on. */
function put(file: string, text: string): void {
  try {
    makeFolder(dirname(file))
    writeFileSync(file, text)
  } catch (thrown) {
    const why = messageOf(thrown)
    complain(`${file} could not be written: ${why}. Save the case yourself, to replay it:\n${text}`)
  }
}

function heading({ run, label }: Caught, { command, adapter }: Keeping, { traceDigest }: PermutationResult): string {
  const { name, version } = adapter.identity
  return [
    `# Found by \`${command}\` in ${name} ${version}, run ${run}; ${labelWords[label]}.`,
    `# Trace digest there: ${traceDigest}`,
    '',
  ].join('\n')
}

export const labelWords: Readonly<Record<Caught['label'], string>> = {
  deterministic: 'deterministic: it fails whatever goes first',
  schedule: 'schedule-dependent: it fails in this order of events, and not when the first always goes first',
  unsteady: 'clock-dependent: the same plan came out differently when it was run again',
}
