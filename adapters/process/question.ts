// A question to an adapter: an operation with its members, and how its answer is read. A bad answer ends the conversation.
import type { AdapterFailure } from '../../harness/subject/adapter.ts'
import type { Answered, Awaiting, Conversation, RequestParts } from './conversation.ts'
import { quote } from './lines.ts'
import { WrongShape } from './shape.ts'
import type { Members } from './shape.ts'
import { failureWords } from './protocol.ts'

export interface Question<T> extends RequestParts {
  /** Called when the answer is there, before any line that follows it. */
  readonly read: (ok: Members) => T
}

/** Makes a request and sends it with all that were made before. */
export function ask<T>(conversation: Conversation, question: Question<T>): Promise<T> {
  const answer = request(conversation, question)
  conversation.send()
  return answer
}

/** As `put`. Rejects with an `AdapterFailure`. */
export function request<T>(conversation: Conversation, question: Question<T>): Promise<T> {
  return new Promise((answered, failed) => put(conversation, question, { answered, failed }))
}

/** Makes a request, and has what is answered read; every answer but a good one is the end of the process. */
export function put<T>(conversation: Conversation, question: Question<T>, awaiting: Awaiting<T>): void {
  const answered = (heard: Answered): void => {
    const read = readAnswer(conversation, question, heard)
    if ('failure' in read) awaiting.failed(read.failure)
    else awaiting.answered(read.value)
  }
  conversation.put(question, { answered, failed: awaiting.failed })
}

function readAnswer<T>(
  conversation: Conversation,
  { op, read }: Question<T>,
  { answer, text }: Answered,
): { readonly value: T } | { readonly failure: AdapterFailure } {
  if (answer.kind === 'error') {
    return { failure: conversation.fail('crash', `the adapter failed in ${op}: ${failureWords(answer)}`) }
  }
  if (answer.kind === 'unsupported') {
    return { failure: conversation.fail('protocol', `the adapter does not support ${op}: ${answer.what}`) }
  }
  try {
    return { value: read(answer.ok) }
  } catch (thrown) {
    if (!(thrown instanceof WrongShape)) throw thrown
    return { failure: conversation.fail('protocol', `in the answer to ${op}, ${thrown.message}: ${quote(text)}`) }
  }
}

export function ignore(): void {}
