// Endpoints in another process that are told the time: turns that go together, answered in order.
import type { RemoteHosts } from '../../harness/subject/adapter.ts'
import type { Turn, TurnAnswer } from '../../harness/subject/turn.ts'
import type { Conversation } from './conversation.ts'
import { writeSeeds } from './protocol.ts'
import { ignore, request, type Question } from './question.ts'
import { readTurnAnswer, writeTurn } from './turn-members.ts'

/** A world of endpoints at the other end of a conversation. */
export interface FarWorld {
  readonly conversation: Conversation
  /** Settles when the world is open, or is not. */
  readonly opening: Promise<void>
  /** Throws if the world has ended. */
  readonly check: () => void
  readonly close: () => Promise<void>
}

export function remoteHosts({ conversation, opening, check, close }: FarWorld): RemoteHosts {
  /** What goes out with the next exchange, which tells if it fails. */
  let before: Promise<void> | undefined = opening
  return {
    exchange: async (turns) => {
      check()
      const answers = turns.map((turn) => request(conversation, turnQuestion(turn)))
      conversation.send()
      const answered = inOrder(answers)
      if (before) await Promise.all([before, answered])
      before = undefined
      return answered
    },
    reset: (seeds) => {
      check()
      conversation.forgetStderr()
      before = request(conversation, { op: 'reset', members: writeSeeds(seeds), read: ignore })
      before.catch(ignore)
    },
    close,
  }
}

function turnQuestion(turn: Turn): Question<TurnAnswer> {
  return { op: 'turn', members: writeTurn(turn), read: readTurnAnswer }
}

/** The answers in order, up to the first that failed; rejects if that is the first of all. */
async function inOrder(asked: readonly Promise<TurnAnswer>[]): Promise<readonly TurnAnswer[]> {
  const answers: TurnAnswer[] = []
  for (const each of asked) {
    try {
      answers.push(await each)
    } catch (thrown) {
      for (const later of asked) later.catch(ignore)
      if (answers.length === 0) throw thrown
      break
    }
  }
  return answers
}
