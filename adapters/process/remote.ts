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
  /** Throws if the world has ended. */
  readonly check: () => void
  readonly close: () => Promise<void>
}

export function remoteHosts({ conversation, check, close }: FarWorld): RemoteHosts {
  let resetting: Promise<void> | undefined
  return {
    exchange: async (turns) => {
      check()
      const answers = turns.map((turn) => request(conversation, turnQuestion(turn)))
      conversation.send()
      const answered = inOrder(answers)
      await Promise.all([resetting, answered])
      resetting = undefined
      return answered
    },
    reset: (seeds) => {
      check()
      conversation.forgetStderr()
      resetting = request(conversation, { op: 'reset', members: writeSeeds(seeds), read: ignore })
      resetting.catch(ignore) // the exchange that it goes out with tells
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
