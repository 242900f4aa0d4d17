// The list of cases: fills a case when it is opened, and hides what a filter leaves out.
import { wentWrong } from '../../harness/result/verdict.ts'
import { permutationRow, type LazyCase, type LazyRow } from '../case-row.ts'
import { cases } from './data.ts'
import { withCopy } from './copy.ts'

/** Rows put into the page at a time; a button brings the next. */
const pageSize = 200
/** With no more rows than this left by a filter, cases open by themselves. */
const openMax = 40

export interface Wanted {
  readonly verdict: string
  readonly search: string
}

let wanted: Wanted = { verdict: '', search: '' }
let known: ReadonlyMap<string, LazyCase> | undefined

export function watchCases(): void {
  for (const element of all('.case')) {
    element.addEventListener('toggle', () => {
      if (element.open) void fill(element)
    })
  }
}

/** Shows only what is wanted; answers how many permutations are left, or undefined if nothing is filtered. */
export async function filterCases(now: Wanted): Promise<number | undefined> {
  wanted = now
  const filtering = now.verdict !== '' || now.search !== ''
  known ??= await cases('rows')
  let total = 0
  for (const suite of all('.suite')) {
    let left = 0
    for (const element of suite.querySelectorAll<HTMLDetailsElement>('.case')) {
      const matching = rowsOf(element).length
      element.hidden = matching === 0
      element.querySelector('.rows')?.replaceChildren()
      left += matching
    }
    suite.hidden = left === 0
    suite.open = filtering && left > 0
    total += left
  }
  for (const element of all('.case')) {
    if (element.hidden) continue
    element.open = filtering && total <= openMax
    if (element.open) await fill(element)
  }
  return filtering ? total : undefined
}

/** Which chunk holds the details of a permutation, if one does. */
export async function chunkOf(place: number): Promise<LazyRow['chunk']> {
  known ??= await cases('rows')
  for (const { rows } of known.values()) {
    const row = rows.find((one) => one.place === place)
    if (row !== undefined) return row.chunk
  }
  return undefined
}

function all(selector: string): NodeListOf<HTMLDetailsElement> {
  return document.querySelectorAll<HTMLDetailsElement>(selector)
}

async function fill(element: HTMLDetailsElement): Promise<void> {
  const rows = element.querySelector('.rows')
  if (rows === null || rows.childElementCount > 0) return
  known ??= await cases('rows')
  if (rows.childElementCount > 0) return
  const list = document.createElement('ul')
  rows.append(list)
  const matching = rowsOf(element)
  const more = document.createElement('button')
  more.type = 'button'
  let shown = 0
  const next = (): void => {
    const part = matching.slice(shown, shown + pageSize)
    const before = list.childElementCount
    list.insertAdjacentHTML('beforeend', part.map((row) => permutationRow(row).text).join(''))
    shown += part.length
    more.textContent = `Show ${Math.min(pageSize, matching.length - shown)} more of ${matching.length - shown}`
    more.hidden = shown >= matching.length
    withCopy(list)
    if (before > 0) list.children[before]?.querySelector<HTMLElement>('summary, a')?.focus()
  }
  more.addEventListener('click', next)
  next()
  rows.append(more)
}

function rowsOf(element: HTMLElement): readonly LazyRow[] {
  const found = known?.get(element.dataset['case'] ?? '')
  if (found === undefined) return []
  const words = wanted.search
    .toLowerCase()
    .split(/\s+/)
    .filter((word) => word !== '')
  return found.rows.filter((row) => {
    if (wanted.verdict === 'bad' ? !wentWrong(row.verdict) : wanted.verdict !== '' && row.verdict !== wanted.verdict)
      return false
    if (words.length === 0) return true
    const text =
      `${found.name}/${row.tail} ${found.title} ${row.reason} ${wentWrong(row.verdict) ? row.broken : ''} ${found.covers}`.toLowerCase()
    return words.every((word) => text.includes(word))
  })
}
