// Turns the moves of a drawn plan into calls of VIPL.
import type { Configuration } from '../../../spec/vocabulary/endpoint.ts'
import { pick } from '../drawn.ts'
import { calmAfter, type Program } from '../language.ts'
import type { Plan } from '../plan.ts'
import { meetAgain } from './again.ts'
import { carryBeside } from './beside.ts'
import { blunder } from './blunders.ts'
import { foreignFrames } from './foreign.ts'
import { part, withdrawals } from './leaving.ts'
import { Links, otherEnd, turned, type Link, type LinkEnd, type OfLink } from './links.ts'
import { meet } from './meeting.ts'
import type { ViaMove } from './moves.ts'
import {
  across,
  beforeLatest,
  drain,
  fill,
  latest,
  look,
  plainly,
  post,
  reuse,
  rewrite,
  sizeOf,
  take,
  transfer,
  wantedBy,
} from './posting.ts'
import { rdma } from './rdma.ts'
import { Script } from './script.ts'
import { spoil } from './spoiling.ts'
import { stream } from './streams.ts'
import { tries } from './tries.ts'

/** Nanoseconds that a program may let pass. */
const pauses = [1_000, 6_000, 20_000, 60_000, 250_000, 1_000_000, 6_000_000, 30_000_000] as const

/** Out of so many plans one ends with taking what was posted. */
const takenOutOf = 3

/** What an implementation lets be done to it, beside what every one does. */
export interface ViaMeans {
  /** Frames that pass its link are seen, and others can be put there. */
  readonly seesWire: boolean
}

/** The calls that a plan of VIA stands for. */
export function viaProgram(plan: Plan<ViaMove>, configuration: Configuration, means: ViaMeans): Program {
  const program = new ViaProgram(new Script(plan.hosts, configuration), means)
  for (const move of plan.moves) program.move(move)
  return program.program(plan.seed % takenOutOf === 0)
}

class ViaProgram {
  private readonly script: Script
  private readonly links: Links
  private readonly means: ViaMeans

  constructor(script: Script, means: ViaMeans) {
    this.script = script
    this.means = means
    this.links = new Links(script)
  }

  move(move: ViaMove): void {
    const { script } = this
    switch (move.act) {
      case 'pause':
        script.pause(pick(pauses, move.span))
        return
      case 'foreign':
        if (this.means.seesWire) this.foreign(move)
        return
      case 'transfer':
        this.at(move, (end, link) => transfer(script, link, end, move))
        return
      case 'rdma':
        this.at(move, (end, link) => rdma(script, link, end, move))
        return
      case 'send':
      case 'receive':
        this.at(move, (end) => {
          const queue = move.act === 'send' ? 'send' : 'recv'
          post(script, end, queue, wantedBy(move, sizeOf(script, end, move.size), queue))
        })
        return
      case 'take':
        this.at(move, (end) => take(script, end, move))
        return
      case 'fill':
        this.at(move, (end) => fill(script, end, move.queue % 2 === 0 ? 'send' : 'recv', move.queue >> 1))
        return
      case 'stream':
        this.at(move, (from, link) => stream(script, { from, to: otherEnd(link, from) }, move))
        return
      case 'beside':
        this.beside(move)
        return
      case 'reuse':
        this.reuse(move)
        return
      case 'spoil':
        this.spoil(move)
        return
      case 'query':
        this.at(move, (end) => look(script, end, move.kind))
        return
      default:
        this.otherMove(move)
    }
  }

  /** Lets everything happen that still must, and looks at what came of it. */
  program(isTaken: boolean): Program {
    const calm = calmAfter(this.script.value('via.connection-timeout'))
    this.script.pause(calm)
    this.script.lookAtWatched()
    if (this.script.hasEntries) {
      this.script.takeEntries()
      this.script.pause(calm)
    }
    if (isTaken) this.script.takePosted()
    return { memory: this.script.memory(), steps: this.script.whole() }
  }

  /** Moves that make, connect, part, or go wrong. */
  private otherMove(
    move: Extract<ViaMove, { act: 'prepare' | 'meet' | 'part' | 'blunder' | 'withdraw' | 'try' }>,
  ): void {
    const { script, links } = this
    switch (move.act) {
      case 'prepare':
        links.of(move)
        return
      case 'meet': {
        const link = links.of(move)
        meet(script, links, links.end(link, move) === link.server ? turned(link) : link, move)
        return
      }
      case 'part':
        this.at(move, (end, link) => {
          part(script, link, end, move.who)
          meetAgain({ script, links, link }, move.again)
        })
        return
      case 'blunder':
        this.at(move, (end, link) => this.blunder(move, { end, other: otherEnd(link, end) }))
        return
      case 'withdraw':
        this.at(move, (end) => {
          for (const body of pick(withdrawals, move.kind)(script, end)) script.call(end.node, body)
        })
        return
      case 'try': {
        const link = move.met > 0 ? this.connected(move) : links.of(move)
        pick(tries, move.what)(script, links.end(link, move))
      }
    }
  }

  private foreign(move: Extract<ViaMove, { act: 'foreign' }>): void {
    const { script, links } = this
    const isMet = move.met > 0
    const link = isMet ? this.connected(move) : links.of(move)
    const from = links.end(link, move)
    const to = otherEnd(link, from)
    if (isMet) post(script, to, 'recv', plainly(64))
    for (const frame of foreignFrames(move, { from: from.node, to: to.node })) script.craft(frame)
    if (isMet) post(script, from, 'send', plainly(64))
  }

  /** What the other end posts is there before a send that goes wrong, and comes after a receive that does. */
  private blunder(
    { kind, queue, met }: Extract<ViaMove, { act: 'blunder' }>,
    { end, other }: { end: LinkEnd; other: LinkEnd },
  ): void {
    const what = queue === 0 ? 'send' : 'recv'
    if (met === 3) {
      // Behind something that takes its time.
      post(this.script, other, 'recv', plainly(1_800))
      post(this.script, end, 'send', plainly(1_800))
    }
    if (met > 0 && what === 'send') post(this.script, other, 'recv', plainly(64))
    blunder(this.script, end, { kind, queue: what })
    if (met > 0 && what === 'recv') post(this.script, other, 'send', plainly(16))
    if (met === 2) post(this.script, end, what, plainly(16))
    if (met < 3) return
    // The later one first: what is not complete then was not complete when the later one was.
    this.script.pause(pauses[2])
    for (const which of [latest, beforeLatest]) look(this.script, end, which)
    this.script.pause(across)
    drain(this.script, end, 2)
  }

  /** Two links of which each carries the same as the other. */
  private beside(move: Extract<ViaMove, { act: 'beside' }>): void {
    const { script, links } = this
    const link = links.of(move)
    const ends = [links.copy(link), links.copy(link)].map((each) => {
      meet(script, links, each)
      const from = links.end(each, move)
      // As much as goes at once, or what the move says.
      const bytes = move.size < 8 ? from.attributes.maxTransferSize : sizeOf(script, from, move.size)
      return { from, to: otherEnd(each, from), bytes }
    })
    carryBeside(script, ends, move.what)
  }

  private reuse(move: Extract<ViaMove, { act: 'reuse' }>): void {
    const link = this.links.copy(this.links.of(move))
    const { client, server } = link
    const meets = (): void => meet(this.script, this.links, link)
    const ways = { from: client, to: server }
    if (move.queue % 3 === 2) rewrite(this.script, ways, meets)
    else reuse(this.script, ways, { queue: move.queue % 3 === 0 ? 'send' : 'recv', meets })
  }

  private spoil(move: Extract<ViaMove, { act: 'spoil' }>): void {
    const link = this.links.copy(this.links.of(move))
    const { how, before } = move
    const meets = (): void => meet(this.script, this.links, link)
    const from = this.links.end(link, move)
    const to = otherEnd(link, from)
    spoil(this.script, { from, to }, { how, before, meets })
  }

  private connected(move: OfLink): Link {
    return this.links.of(move, (link) => meet(this.script, this.links, link))
  }

  /** At the end of a link that the move is about, connected unless it was made for something else. */
  private at(move: OfLink, does: (end: LinkEnd, link: Link) => void): void {
    const link = this.connected(move)
    does(this.links.end(link, move), link)
  }
}
