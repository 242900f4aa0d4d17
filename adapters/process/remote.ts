// Endpoints in another process that are told the time: turns that go together, answered in order.
import type { RemoteHosts } from '../../harness/subject/adapter.ts'
import type { Turn, TurnAnswer } from '../../harness/subject/turn.ts'
import type { Conversation } from './conversation.ts'
import { writeSeeds } from './protocol.ts'
import { ignore, put, request, type Question } from './question.ts'
import { readTurnAnswer, writeTurn } from './turn-members.ts'

/** A world of endpoints at the other end of a conversation, which is open when all that was asked before is answered. */
export interface FarWorld {
  readonly conversation: Conversation
  /** Its number among the worlds of the process. */
  readonly world: number
  readonly isOpen: () => boolean
  /** Throws if the world has ended. */
  readonly check: () => void
  readonly close: () => Promise<void>
}

export function remoteHosts({ conversation, world, isOpen, check, close }: FarWorld): RemoteHosts {
  return {
    get isOpen() {
      return isOpen()
    },
    exchange: async (turns) => {
      check()
      return exchange(conversation, world, turns)
    },
    reset: (seeds) => {
      check()
      conversation.forgetStderr()
      // It goes out with the next exchange, which fails if this does.
      request(conversation, { op: 'reset', world, members: writeSeeds(seeds), read: ignore }).catch(ignore)
    },
    close,
  }
}

/** The answers in order, up to the first that failed; rejects if that is the first of all. */
function exchange(conversation: Conversation, world: number, turns: readonly Turn[]): Promise<readonly TurnAnswer[]> {
  return new Promise((resolve, reject) => {
    const answers: TurnAnswer[] = []
    const awaiting = {
      answered: (answer: TurnAnswer): void => {
        answers.push(answer)
        if (answers.length === turns.length) resolve(answers)
      },
      // The requests after it fail as well, and settle what is settled.
      failed: (failure: Error): void => (answers.length === 0 ? reject(failure) : resolve(answers)),
    }
    for (const turn of turns) put(conversation, questionOf(turn, world), awaiting)
    conversation.send()
  })
}

function questionOf(turn: Turn, world: number): Question<TurnAnswer> {
  return { op: 'turn', world, what: whatOf(turn), members: writeTurn(turn), read: readTurnAnswer }
}

/** `turn (emp.isend)`: the first of its inputs tells. */
function whatOf({ inputs: [first] }: Turn): string {
  return `turn (${first?.kind === 'call' ? first.call.body.operation : (first?.kind ?? 'nothing')})`
}
