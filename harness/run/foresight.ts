// Sends calls to hosts in other processes ahead of time, together, where the script will issue them anyway.
import type { NodeIndex } from '../../spec/vocabulary/units.ts'
import type { TurnAnswer } from '../subject/turn.ts'
import type { Offer } from './script.ts'

/** A call that was sent before its time, and what came back. One to a host of this process is neither sent nor answered. */
interface Foreseen {
  readonly offer: Offer
  readonly isRemote: boolean
  answer: TurnAnswer | undefined
}

/** How many calls go together at most. */
const foreseenMax = 64

/**
 * What the script will issue next at this instant if every call returns at once, in order. The world sends all of them
 * with the first, and then takes them up one by one, exactly as if it had asked for each: what is seen does not depend on it.
 */
export class Foresight {
  private readonly list: Foreseen[] = []
  private place = 0

  /** Calls are still to be taken up. */
  get isAhead(): boolean {
    return this.place < this.list.length
  }

  clear(): void {
    this.list.length = this.place = 0
  }

  /** The calls that can go together with the one that is about to be sent. */
  look(upcoming: Iterable<Offer>, isRemote: (node: NodeIndex) => boolean): readonly Offer[] {
    this.clear()
    let last = 0
    for (const offer of upcoming) {
      this.list.push({ offer, isRemote: isRemote(offer.node), answer: undefined })
      if (this.list.at(-1)?.isRemote) last = this.list.length
      if (this.list.length === foreseenMax) break
    }
    this.list.length = last
    return this.list.filter((each) => each.isRemote).map(({ offer }) => offer)
  }

  /** The answers to the calls that went together, in order. Where they end early, nothing further was sent. */
  answered(answers: readonly TurnAnswer[]): void {
    let next = 0
    this.list.forEach((each, i) => {
      if (!each.isRemote || i >= this.list.length) return
      each.answer = answers[next++]
      if (!each.answer) this.list.length = i
    })
  }

  /** Whether the call is the one that is due; it must be while `isAhead`. */
  isDue(offer: Offer): boolean {
    const due = this.list[this.place]?.offer
    return due?.node === offer.node && due.call.id === offer.call.id
  }

  /** Takes the due call up: the answer that is here already, if it went to another process. */
  take(): TurnAnswer | undefined {
    return this.list[this.place++]?.answer
  }
}
