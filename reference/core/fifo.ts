// A first-in first-out queue of anything, whose oldest element is taken without moving the others.

/** Elements in the order of their arrival. */
export class Fifo<Element> {
  private items: Element[] = []
  private head = 0

  get count(): number {
    return this.items.length - this.head
  }

  get front(): Element | undefined {
    return this.items[this.head]
  }

  push(element: Element): void {
    this.items.push(element)
  }

  /** Takes the oldest element. */
  shift(): Element | undefined {
    const element = this.items[this.head]
    if (element === undefined) return undefined
    this.head++
    if (this.head === this.items.length) this.clear()
    else if (this.head > 1024) {
      this.items.splice(0, this.head)
      this.head = 0
    }
    return element
  }

  /** Takes all elements that `wanted` picks, in order. */
  take(wanted: (element: Element) => boolean): Element[] {
    const rest = this.items.slice(this.head)
    this.items = rest.filter((element) => !wanted(element))
    this.head = 0
    return rest.filter((element) => wanted(element))
  }

  has(wanted: (element: Element) => boolean): boolean {
    for (let i = this.head; i < this.items.length; i++) {
      const element = this.items[i]
      if (element !== undefined && wanted(element)) return true
    }
    return false
  }

  /** Takes the oldest element that `wanted` picks. */
  takeFirst(wanted: (element: Element) => boolean): Element | undefined {
    const { front } = this
    if (front === undefined || wanted(front)) return this.shift()
    const i = this.items.findIndex((element, at) => at > this.head && wanted(element))
    return i < 0 ? undefined : this.items.splice(i, 1)[0]
  }

  clear(): void {
    this.items.length = 0
    this.head = 0
  }
}
