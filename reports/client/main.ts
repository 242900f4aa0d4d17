// Makes the page answer: filters, links into closed groups, failures that are unpacked on demand. The address says what is shown.
import { quantity } from '../figures.ts'
import { chunkOf, filterCases, watchCases } from './case-list.ts'
import { watchCopy, withCopy } from './copy.ts'
import { chunk } from './data.ts'

type Section = 'requirements' | 'cases'
const typingPause = 150

function formOf(section: Section): HTMLFormElement | null {
  return document.querySelector<HTMLFormElement>(`form[data-for="${section}"]`)
}

function chosen(form: HTMLFormElement): URLSearchParams {
  const fields = [...form.querySelectorAll<HTMLSelectElement | HTMLInputElement>('select, input')]
  return new URLSearchParams(fields.filter(({ value }) => value !== '').map(({ name, value }) => [name, value.trim()]))
}

function choose(form: HTMLFormElement, wanted: URLSearchParams): void {
  for (const field of form.querySelectorAll<HTMLSelectElement | HTMLInputElement>('select, input')) {
    field.value = wanted.get(field.name) ?? ''
  }
}

async function apply(section: Section, form: HTMLFormElement): Promise<void> {
  const wanted = chosen(form)
  const verdict = wanted.get('verdict') ?? ''
  const search = wanted.get('search') ?? ''
  const left = section === 'cases' ? await filterCases({ verdict, search }) : filterRequirements(wanted)
  const output = form.querySelector('output')
  const { one = 'requirement', many = 'requirements' } = form.dataset
  if (output !== null) output.textContent = left === undefined ? '' : quantity(left, one, many)
}

function filterRequirements(wanted: URLSearchParams): number | undefined {
  let left = 0
  for (const row of document.querySelectorAll<HTMLElement>('.requirements tbody tr')) {
    const text = row.textContent.toLowerCase()
    row.hidden = ![...wanted].every(([name, value]) =>
      name === 'search'
        ? value
            .toLowerCase()
            .split(/\s+/)
            .every((word) => text.includes(word))
        : row.dataset[name] === value,
    )
    if (!row.hidden) left++
  }
  return wanted.size === 0 ? undefined : left
}

function watchForm(section: Section): void {
  const form = formOf(section)
  if (form === null) return
  form.hidden = false
  let timer: ReturnType<typeof setTimeout> | undefined
  form.addEventListener('input', () => {
    clearTimeout(timer)
    timer = setTimeout(() => {
      const wanted = chosen(form).toString()
      // Replaced, not pushed: typing a word is not a way of many pages back.
      history.replaceState(null, '', `#${section}${wanted === '' ? '' : `?${wanted}`}`)
      void apply(section, form)
    }, typingPause)
  })
  form.addEventListener('submit', (event) => event.preventDefault())
}

/** Shows what the address names: a filter, a failure that is still packed, or anything inside closed groups. */
async function follow(): Promise<void> {
  const hash = decodeURIComponent(location.hash.slice(1))
  const filter = /^(requirements|cases)(?:\?(.*))?$/s.exec(hash)
  if (filter !== null) {
    const section = filter[1] === 'cases' ? 'cases' : 'requirements'
    const form = formOf(section)
    const wanted = new URLSearchParams(filter[2] ?? '')
    if (form !== null && chosen(form).toString() !== wanted.toString()) {
      choose(form, wanted)
      await apply(section, form)
    }
    document.getElementById(section)?.scrollIntoView()
    return
  }
  const packed = /^p-(\d+)$/.exec(hash)
  const target = document.getElementById(hash) ?? (packed === null ? null : await unpack(Number(packed[1])))
  if (target !== null) reveal(target)
}

async function unpack(place: number): Promise<HTMLElement | null> {
  const where = await chunkOf(place)
  if (where === undefined) return null
  const markup = (await chunk(where[0]))[where[1]]
  const list = document.getElementById('failure-list')
  const id = `p-${place}`
  if (markup !== undefined && list !== null && document.getElementById(id) === null) {
    list.insertAdjacentHTML('beforeend', markup)
    withCopy(list)
  }
  return document.getElementById(id)
}

function reveal(target: HTMLElement): void {
  unfilter(target)
  for (let element: HTMLElement | null = target; element !== null; element = element.parentElement) {
    if (element instanceof HTMLDetailsElement) element.open = true
  }
  target.scrollIntoView()
  const focused = target.querySelector<HTMLElement>(':scope > summary') ?? target
  focused.focus({ preventScroll: true })
}

/** A link to what a filter hides clears that filter. */
function unfilter(target: HTMLElement): void {
  if (target.closest('[hidden]') === null) return
  for (const section of ['requirements', 'cases'] as const) {
    const form = formOf(section)
    if (form === null || document.getElementById(section)?.contains(target) !== true) continue
    choose(form, new URLSearchParams())
    void apply(section, form)
    for (let element: HTMLElement | null = target; element !== null; element = element.parentElement)
      element.hidden = false
  }
}

watchCopy()
watchCases()
watchForm('requirements')
watchForm('cases')
addEventListener('hashchange', () => void follow())
// The same link a second time changes no address, yet should lead somewhere.
document.addEventListener('click', (event) => {
  const link = event.target instanceof Element ? event.target.closest<HTMLAnchorElement>('a[href^="#"]') : null
  if (link !== null && link.hash === location.hash) void follow()
})
if (location.hash !== '') void follow()
