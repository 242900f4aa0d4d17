// Markup from templates: whatever is put into a template is escaped, unless it is markup itself.

/** Text that is known to be well-formed markup. Made by `html` and `trusted` only. */
export class Markup {
  readonly text: string
  constructor(text: string) {
    this.text = text
  }
}

/** What a template takes. `undefined` and `false` leave nothing. */
export type Content = string | number | Markup | readonly Content[] | undefined | false

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
}

/**
 * Safe between tags and inside quoted attributes. Control characters, which an implementation may well have printed,
 * become their visible pictures (U+2400 and following): HTML forbids some, and a reader should see that they were
 * there. Halves of surrogate pairs become U+FFFD.
 */
export function escapeHtml(text: string): string {
  return text
    .replace(/[&<>"']/g, (character) => entities[character] ?? '')
    .replace(/[^\P{Cc}\t\n]/gu, (control) =>
      String.fromCharCode(control < ' ' ? 0x2400 + control.charCodeAt(0) : 0x2421),
    )
    .replace(/\p{Surrogate}/gu, '\uFFFD')
}

/** Indentation of the templates themselves, which would be half of the page. What is put into them keeps its own. */
const unindented = new WeakMap<TemplateStringsArray, readonly string[]>()

function partsOf(template: TemplateStringsArray): readonly string[] {
  const known = unindented.get(template)
  if (known !== undefined) return known
  const parts = template.map((part) => part.replace(/\s*\n\s*/g, '\n'))
  unindented.set(template, parts)
  return parts
}

export function html(template: TemplateStringsArray, ...contents: readonly Content[]): Markup {
  const parts = partsOf(template)
  let text = parts[0] ?? ''
  contents.forEach((content, place) => {
    text += textOf(content) + (parts[place + 1] ?? '')
  })
  return new Markup(text)
}

/** Declares that `text` is markup already: styles, scripts, attributes that were put together from constants. */
export function trusted(text: string): Markup {
  return new Markup(text)
}

function textOf(content: Content): string {
  if (content === undefined || content === false) return ''
  if (typeof content === 'number') return String(content)
  if (typeof content === 'string') return escapeHtml(content)
  if (content instanceof Markup) return content.text
  return content.map(textOf).join('')
}
