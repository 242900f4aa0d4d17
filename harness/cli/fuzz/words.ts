// What a search says on the terminal: how far it is, and what it has caught.
import { clearLine, cursorTo } from 'node:readline'
import { counted } from '../../../spec/vocabulary/units.ts'
import { isFlat } from '../../result/flat.ts'
import type { FuzzFacts } from '../../result/report.ts'
import { numberedSteps } from '../../result/steps-alike.ts'
import { blamedRule } from '../terminal/summary.ts'
import { say, styled } from '../terminal/terminal.ts'
import { labelWords, type Kept } from './keep.ts'
import type { Seen } from './search.ts'

const repaintMilliseconds = 100
const plainMilliseconds = 5_000

/** A live line on a terminal, and a plain one every few seconds elsewhere. */
export class FuzzProgress {
  private readonly stream: NodeJS.WriteStream
  private readonly began = performance.now()
  private paintedAt = performance.now()

  constructor(stream: NodeJS.WriteStream = process.stderr) {
    this.stream = stream
  }

  show(of: string, seen: Seen): void {
    const time = performance.now()
    if (time - this.paintedAt < (this.stream.isTTY ? repaintMilliseconds : plainMilliseconds)) return
    this.paintedAt = time
    const line = `${of}: ${this.words(seen)}`
    if (!this.stream.isTTY) {
      this.stream.write(`${line}\n`)
      return
    }
    cursorTo(this.stream, 0)
    this.stream.write(line.slice(0, (this.stream.columns || 80) - 1))
    clearLine(this.stream, 1)
  }

  end(): void {
    if (!this.stream.isTTY) return
    cursorTo(this.stream, 0)
    clearLine(this.stream, 0)
  }

  private words({ runs, pairs, grownAt, failures }: Seen): string {
    const rate = Math.round(runs / ((performance.now() - this.began) / 1000))
    const kinds = [...failures].map(([kind, count]) => `${requirementOf(kind)} x${count}`)
    const failed = kinds.length === 0 ? 'no failures' : kinds.join(', ')
    return `${counted(runs, 'run')}, ${rate}/s; ${coverageWords(pairs, grownAt, runs)}; ${failed}`
  }
}

function coverageWords(pairs: number, grownAt: number, runs: number): string {
  return `${pairs} state pairs, ${isFlat({ runs, grownAt }) ? `flat since run ${grownAt}` : 'growing'}`
}

/** The first requirement of a kind, or what it is without one. */
function requirementOf(kind: string): string {
  const [judge = '', verdict = '', ...rest] = kind.split(' ')
  if (rest[0]?.includes('-') === true) return rest[0]
  // What the harness tells of is a crash of the implementation, or a run that came to no end.
  return judge === 'harness' ? verdict : `${judge} ${verdict}`
}

/** One failure: what is forbidden, what was seen, the plan that shows it, where it is kept and how it is repeated. */
export function printKept({ caught, file, row }: Kept, count: number): void {
  const { finding, label, run } = caught
  say(`${styled('red', row.verdict)} ${blamedRule(finding)}: ${finding.expected}`)
  say(`  seen: ${finding.seen}`)
  say(`  ${counted(count, 'run')}, the first was ${run}; ${labelWords[label]}`)
  const { failure } = row
  for (const [place, value] of (failure?.faultPlan ?? []).entries()) say(`    fault ${place}: ${value}`)
  for (const line of numberedSteps(failure?.steps ?? [])) say(`    ${line}`)
  say(`  kept: ${file}`)
  say(`  ${styled('dim', `${row.repeat} --trace`)}`)
  say()
}

export function printSearch({
  interface: of,
  seed,
  runs,
  realMilliseconds,
  pairs,
  grownAt,
  failures,
}: FuzzFacts): void {
  const rate = Math.round(runs / Math.max(0.001, realMilliseconds / 1000))
  const found = failures.length === 0 ? 'nothing forbidden' : `${counted(failures.length, 'kind')} of failure`
  say(`${of}: ${counted(runs, 'run')}, ${rate}/s, seed ${seed}; ${coverageWords(pairs, grownAt, runs)}; ${found}`)
}
