// A question to an adapter: an operation with its members, and how its answer is read. A bad answer ends the conversation.
import type { Conversation } from './conversation.ts'
import { quote } from './lines.ts'
import { WrongShape } from './shape.ts'
import type { Members } from './shape.ts'

export interface Question<T> {
  readonly op: string
  readonly members: Members
  readonly read: (ok: Members) => T
  /** Called when the answer is there, before any line that follows it. */
  readonly atOnce?: () => void
}

/** Makes a request and sends it with all that were made before. */
export function ask<T>(conversation: Conversation, question: Question<T>): Promise<T> {
  const answer = request(conversation, question)
  conversation.send()
  return answer
}

/** Makes a request and reads what is answered; every answer but a good one is the end of the process. */
export async function request<T>(conversation: Conversation, { op, members, read, atOnce }: Question<T>): Promise<T> {
  const { answer, text } = await conversation.request(op, members, atOnce)
  if (answer.kind === 'error') {
    throw conversation.fail('crash', `the adapter failed in ${op}: ${answer.stack ?? answer.message}`)
  }
  if (answer.kind === 'unsupported') {
    throw conversation.fail('protocol', `the adapter does not support ${op}: ${answer.what}`)
  }
  try {
    return read(answer.ok)
  } catch (thrown) {
    if (!(thrown instanceof WrongShape)) throw thrown
    throw conversation.fail('protocol', `in the answer to ${op}, ${thrown.message}: ${quote(text)}`)
  }
}

export function ignore(): void {}
