// Puts the closing questions of a case to its hosts: one after the other, without those that answers have made moot.
import type { Return } from '../../spec/vocabulary/calls.ts'
import type { Range } from '../../spec/vocabulary/memory.ts'
import type { NodeIndex } from '../../spec/vocabulary/units.ts'
import type { ClosingQuestion } from '../judge/questions/closing-question.ts'
import { requestKey } from '../judge/seen/history.ts'
import type { CallNumbers } from '../plan/numbering.ts'
import type { Offer } from './script.ts'

/** Told of every call of the run, since what steps have seen need not be asked. */
export class Interview {
  private readonly questions: readonly ClosingQuestion[]
  private readonly firstId: number
  private readonly thread: number
  /** How many of the questions have been asked or left out. */
  private place = 0
  /** Calls that post, by their ids, with the requests that they make. */
  private readonly posting = new Map<number, string>()
  private readonly accepted = new Set<string>()
  private readonly completed = new Set<string>()
  /** What the ranges hold that were looked at, by host and range. */
  private readonly digests = new Map<string, number>()

  /** The questions are asked on a thread of their own: no call of the case can be in their way. */
  constructor(questions: readonly ClosingQuestion[], { ofStep, next }: CallNumbers) {
    this.questions = questions
    this.firstId = next + 1
    this.thread = Math.max(0, ...[...ofStep.keys()].map((step) => step.thread)) + 1
  }

  issued({ node, call: { id, body } }: Offer): void {
    if (body.operation === 'emp.isend' || body.operation === 'emp.irecv')
      this.posting.set(id, requestKey(node, body.as))
  }

  returned(node: NodeIndex, { id, status, digest, completions }: Return): void {
    const request = this.posting.get(id)
    if (request !== undefined && status === 'ok') this.accepted.add(request)
    const question = this.questions[id - this.firstId]
    if (question?.body.operation === 'memory.digest' && digest !== undefined)
      this.digests.set(rangeKey(question.node, question.body.at), digest)
    for (const completion of completions ?? []) this.completed.add(requestKey(node, completion.request))
  }

  get hasBegun(): boolean {
    return this.place > 0
  }

  /** The operation of the question that was asked last. */
  get asked(): string | undefined {
    return this.questions[this.place - 1]?.body.operation
  }

  /** The next question; undefined after the last. */
  next(): Offer | undefined {
    for (;;) {
      const place = this.place++
      const question = this.questions[place]
      if (!question) return undefined
      if (!this.isMoot(question)) return this.offerOf(question, place)
    }
  }

  /** The questions to come, up to one that answers may make moot. */
  *ahead(): Iterable<Offer> {
    for (let place = this.place; place < this.questions.length; place++) {
      const question = this.questions[place]
      if (question?.unlessDigest !== undefined) return
      if (question && !this.isMoot(question)) yield this.offerOf(question, place)
    }
  }

  private isMoot({ node, body, unlessCompleted, unlessDigest }: ClosingQuestion): boolean {
    if (unlessDigest !== undefined)
      return body.operation === 'memory.read' && this.digests.get(rangeKey(node, body.at)) === unlessDigest
    if (unlessCompleted === undefined) return false
    const request = requestKey(node, unlessCompleted)
    return this.completed.has(request) || !this.accepted.has(request)
  }

  private offerOf({ node, body }: ClosingQuestion, place: number): Offer {
    return { node, call: { id: this.firstId + place, thread: this.thread, body } }
  }
}

function rangeKey(node: NodeIndex, { buffer, offset, bytes }: Range): string {
  return `${node}/${buffer}@${offset}+${bytes}`
}
