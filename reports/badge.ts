// The answer of a report as a picture of one line, for a README.
import type { ClassResult, Report } from '../harness/result/report.ts'
import { excusedWords } from '../harness/result/verdict.ts'
import { escapeHtml } from './markup.ts'

/** Of the picture, in its own units; the text is stretched to what is reckoned, so that no font makes it too wide. */
const height = 20
const letter = 7
const margin = 6

const colours = { good: '#1a7f37', bad: '#b42318', open: '#6b7280' } as const

export function renderBadge(report: Report): string {
  const { text, tone } = answerOf(report)
  const [left, right] = [report.harness.name, text].map((words) => words.length * letter + 2 * margin)
  const [a = 0, b = 0] = [left, right]
  const label = escapeHtml(`${report.harness.name}: ${text}`)
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${a + b}" height="${height}" role="img" aria-label="${label}">`,
    `<title>${label}</title>`,
    `<rect width="${a}" height="${height}" fill="#374151"/>`,
    `<rect x="${a}" width="${b}" height="${height}" fill="${colours[tone]}"/>`,
    '<g fill="#fff" font-family="Verdana,DejaVu Sans,sans-serif" font-size="11">',
    textAt(0, report.harness.name),
    textAt(a, text),
    '</g>',
    '</svg>',
    '',
  ].join('\n')
}

function textAt(x: number, words: string): string {
  return `<text x="${x + margin}" y="14" textLength="${words.length * letter}">${escapeHtml(words)}</text>`
}

interface Answer {
  readonly text: string
  readonly tone: keyof typeof colours
}

/** The largest class that each interface conforms to; or that one does not, or that nobody knows. */
function answerOf({ classes, exit, run }: Report): Answer {
  const failed = classes.filter(({ verdict }) => verdict === 'not-conformant')
  const conformant = largestOf(classes.filter(({ verdict }) => verdict === 'conformant'))
  if (run.interrupted) return { text: 'interrupted', tone: 'open' }
  if (run.selection.length > 0 || classes.length === 0)
    return exit.code === 1 ? { text: 'failed', tone: 'bad' } : { text: 'not assessed', tone: 'open' }
  const whole = conformant.join(', ')
  if (failed.length > 0) return { text: whole === '' ? 'not conformant' : `${whole} only`, tone: 'bad' }
  return whole === '' ? { text: 'indeterminate', tone: 'open' } : { text: whole, tone: 'good' }
}

/** Classes come from the smallest to the largest. */
function largestOf(classes: readonly ClassResult[]): readonly string[] {
  const largest = new Map(classes.map((each) => [each.interface, each]))
  return [...largest].map(([of, result]) => {
    const excused = excusedWords(result)
    return `${of.toUpperCase()} ${result.class}${excused === '' ? '' : ` (${excused})`}`
  })
}
