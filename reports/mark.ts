// How a verdict looks: always its word, a shape, and a colour, so that no one of them is needed.
import type { GateTerm } from '../harness/result/report.ts'
import type { ClassVerdict, RequirementVerdict, Verdict } from '../harness/result/verdict.ts'
import { html, trusted, type Markup } from './markup.ts'

export type AnyVerdict = Verdict | RequirementVerdict | ClassVerdict | GateTerm['standing']

interface Look {
  readonly words: string
  readonly sign: Sign
  /** Class of the style sheet that gives the colour. */
  readonly tone: 'good' | 'bad' | 'worse' | 'ours' | 'doubt' | 'quiet'
}

const looks: Readonly<Record<AnyVerdict, Look>> = {
  pass: { words: 'pass', sign: 'check', tone: 'good' },
  inconclusive: { words: 'inconclusive', sign: 'half', tone: 'doubt' },
  fail: { words: 'fail', sign: 'cross', tone: 'bad' },
  timeout: { words: 'timeout', sign: 'clock', tone: 'bad' },
  crash: { words: 'crash', sign: 'burst', tone: 'worse' },
  error: { words: 'error', sign: 'warning', tone: 'ours' },
  'not-applicable': { words: 'not applicable', sign: 'dash', tone: 'quiet' },
  skipped: { words: 'skipped', sign: 'open', tone: 'quiet' },
  verified: { words: 'verified', sign: 'check', tone: 'good' },
  violated: { words: 'violated', sign: 'cross', tone: 'bad' },
  partly: { words: 'partly verified', sign: 'half', tone: 'doubt' },
  unverified: { words: 'unverified', sign: 'open', tone: 'doubt' },
  untestable: { words: 'untestable', sign: 'slash', tone: 'quiet' },
  waived: { words: 'waived', sign: 'slash', tone: 'doubt' },
  disputed: { words: 'disputed', sign: 'half', tone: 'doubt' },
  deferred: { words: 'deferred', sign: 'dots', tone: 'quiet' },
  'not-assessed': { words: 'not assessed', sign: 'open', tone: 'quiet' },
  met: { words: 'met', sign: 'check', tone: 'good' },
  missed: { words: 'missed', sign: 'cross', tone: 'bad' },
  'not-judged': { words: 'not judged', sign: 'open', tone: 'quiet' },
  conformant: { words: 'conformant', sign: 'check', tone: 'good' },
  'not-conformant': { words: 'not conformant', sign: 'cross', tone: 'bad' },
  indeterminate: { words: 'indeterminate', sign: 'half', tone: 'doubt' },
}

const ring = '<circle cx="8" cy="8" r="6.6" fill="none" stroke="currentColor" stroke-width="1.5"/>'
const disc = '<circle cx="8" cy="8" r="7.4" fill="currentColor"/>'
const inside = (path: string): string =>
  `<path d="${path}" fill="none" stroke="var(--paper)" stroke-width="1.9" stroke-linecap="round" stroke-linejoin="round"/>`

/** Drawings in a box of 16 by 16, in the colour of the text. */
const signs = {
  check: disc + inside('M4.6 8.3 7 10.7 11.4 5.8'),
  cross: '<rect x=".8" y=".8" width="14.4" height="14.4" rx="2.4" fill="currentColor"/>' + inside('M5 5l6 6M11 5l-6 6'),
  half: ring + '<path d="M8 1.4a6.6 6.6 0 0 1 0 13.2z" fill="currentColor"/>',
  clock: disc + inside('M8 4v4.2l2.8 1.8'),
  burst:
    '<path d="M8.0 0.1L10.2 2.7L13.6 2.4L13.3 5.8L15.9 8.0L13.3 10.2L13.6 13.6L10.2 13.3L8.0 15.9L5.8 13.3L2.4 13.6L2.7 10.2L0.1 8.0L2.7 5.8L2.4 2.4L5.8 2.7z" fill="currentColor"/>' +
    inside('M8 4.6v3.8M8 11v.1'),
  warning: '<path d="M8 .8 15.8 14.8H.2z" fill="currentColor"/>' + inside('M8 6v4M8 12.4v.1'),
  dash: ring + '<path d="M5 8h6" stroke="currentColor" stroke-width="1.6"/>',
  open: ring,
  slash: ring + '<path d="M3.6 12.4 12.4 3.6" stroke="currentColor" stroke-width="1.5"/>',
  dots: ring + '<path d="M4.4 8h1.4M7.3 8h1.4M10.2 8h1.4" stroke="currentColor" stroke-width="1.6"/>',
} as const
type Sign = keyof typeof signs

/** The drawings, once for the page. */
export const signSheet: Markup = trusted(
  `<svg width="0" height="0" class="sheet" aria-hidden="true" focusable="false">${Object.entries(signs)
    .map(([name, drawing]) => `<symbol id="sign-${name}" viewBox="0 0 16 16">${drawing}</symbol>`)
    .join('')}</svg>`,
)

export function wordsOf(verdict: AnyVerdict): string {
  return looks[verdict].words
}

export function toneOf(verdict: AnyVerdict): string {
  return looks[verdict].tone
}

/** The sign of a verdict and its word, or other words that say it. */
export function mark(verdict: AnyVerdict, words: string = wordsOf(verdict)): Markup {
  const { sign, tone } = looks[verdict]
  return html`<span class="mark ${tone}"
    ><svg aria-hidden="true" focusable="false"><use href="#sign-${sign}" /></svg>${words}</span
  >`
}
