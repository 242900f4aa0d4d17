// What of a case could not be read, so that a name may be unknown only because its declaration is wrong.
import type { NodeIndex } from '../../../spec/vocabulary/units.ts'
import type { Place } from '../yaml/place.ts'
import type { Wrong } from '../yaml/violations.ts'

/** A kind of thing of which some may be there although none was read; of one host, or of any. */
export type Kind = 'hosts' | 'buffers' | 'requests' | 'sends' | 'labels' | 'handles' | 'faults' | 'weather' | 'races'

export class Doubt {
  readonly #names = new Set<string>()
  readonly #lost = new Set<string>()

  /** `wrong`: what a schema found wrong in the case, or above it. */
  constructor(wrong: readonly Wrong[]) {
    for (const { path, place, isUnread, isUnknownKey } of wrong) {
      if (isUnread) this.distrust(place)
      const [key, item, ...inside] = path
        .replace(/^\/cases\/\d+/, '')
        .split('/')
        .slice(1)
      const isWhole = isUnread && inside.length < 2
      // An unknown key may be one of those that a case has.
      if (item === undefined && isUnknownKey) {
        if (place.isMap) this.lose('weather')
        if (place.isList) for (const kind of ['faults', 'races'] as const) this.lose(kind)
      }
      if (key === 'hosts') this.lose('hosts')
      if (key === 'faults' && isWhole) this.lose('faults')
      if (key === 'steps' && isWhole) for (const kind of ['races', 'sends'] as const) this.lose(kind)
    }
  }

  /** The names that this would have declared may be meant wherever they stand. */
  distrust(place: Place): void {
    const text = place.text()
    if (text !== undefined) this.#trustNot(text)
    for (const item of place.items()) this.distrust(item)
    for (const { name, value } of place.entries()) {
      // Buffers are named by their keys, requests and labels by values.
      this.#trustNot(name)
      if (value.text() === undefined || declaring.has(name)) this.distrust(value)
    }
  }

  #trustNot(name: string): void {
    this.#names.add(name).add(name.slice(name.lastIndexOf('.') + 1))
  }

  /** There may be more of this kind than was read, under any name. */
  lose(kind: Kind, node?: NodeIndex): void {
    this.#lost.add(node === undefined ? kind : `${kind} of ${node}`)
  }

  has(kind: Kind, name?: string, node?: NodeIndex): boolean {
    if (name !== undefined && this.#names.has(name)) return true
    return this.#lost.has(kind) || (node !== undefined && this.#lost.has(`${kind} of ${node}`))
  }
}

const declaring: ReadonlySet<string> = new Set(['as', 'label', 'start'])
