// The frame of a drawing: a picture with a name, in a box that scrolls by itself where the page is narrow.
import { html, type Markup } from './markup.ts'

export interface Drawing {
  /** What the box is called, and what the picture in it shows. */
  readonly name: string
  readonly label: string
  /** Classes of the picture. */
  readonly kind: string
  readonly width: number
  readonly height: number
}

export function scrolledDrawing({ name, label, kind, width, height }: Drawing, shapes: Markup): Markup {
  return html`<div class="scroll" role="group" aria-label="${name}" tabindex="0">
    <svg
      class="${kind}"
      role="img"
      aria-label="${label}"
      width="${width}"
      height="${height}"
      viewBox="0 0 ${width} ${height}"
    >
      ${shapes}
    </svg>
  </div>`
}
