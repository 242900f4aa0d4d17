// Endpoints that go by a clock of their own: inputs given one by one, and what they tell unasked, heard in order.
import type { AdapterFailure, LiveHosts } from '../../harness/subject/adapter.ts'
import type { LiveOutput } from '../../harness/subject/turn.ts'
import type { Duration, NodeIndex } from '../../spec/vocabulary/units.ts'
import type { Conversation } from './conversation.ts'
import { writeSeeds } from './protocol.ts'
import { ask } from './question.ts'
import type { FarWorld } from './remote.ts'
import { timerMilliseconds } from './timer.ts'
import { readTaken, writeLiveInput } from './turn-members.ts'

export function liveHosts({ conversation, isOpen, check, close }: FarWorld, hearing: Hearing): LiveHosts {
  return {
    get isOpen() {
      return isOpen()
    },
    give: async (node, input) => {
      check()
      await ask(conversation, { op: 'input', members: writeLiveInput(node, input), read: readTaken })
    },
    hear: (within) => {
      check()
      return hearing.hear(within)
    },
    reset: async (seeds) => {
      check()
      conversation.forgetStderr()
      await ask(conversation, { op: 'reset', members: writeSeeds(seeds), read: () => hearing.forget() })
    },
    close,
  }
}

/** With so many outputs told that nobody has taken yet, an endpoint is no longer followed: it tells faster than can be heard. */
export const untakenMax = 50_000

const floods = 'does something in it never come to rest?'

/** Collects what is told in a conversation, for one listener at a time. */
export class Hearing {
  private heard: LiveOutput[] = []
  private readonly latest = new Map<number, number>()
  private wake: (() => void) | undefined
  private failure: AdapterFailure | undefined
  private readonly conversation: Conversation
  private readonly nodes: ReadonlySet<NodeIndex>

  /** `nodes`: the hosts that are at the other end. */
  constructor(conversation: Conversation, nodes: readonly NodeIndex[]) {
    this.conversation = conversation
    this.nodes = new Set(nodes)
    conversation.told = (told) => this.take(told)
    conversation.failed = (failure) => {
      this.failure = failure
      this.wake?.()
    }
  }

  /** Forgets what was told: it belonged to the world before. */
  forget(): void {
    this.heard = []
  }

  /** As `LiveHosts.hear`. */
  async hear(within: Duration): Promise<readonly LiveOutput[]> {
    if (this.heard.length === 0 && !this.failure) await this.wait(within)
    const { heard } = this
    if (heard.length === 0 && this.failure) throw this.failure
    this.heard = []
    return heard
  }

  /** The order of one endpoint's lines is claimed, and its clock must not deny it. */
  private take(told: LiveOutput): void {
    const { endpoint, at } = told
    if (!this.nodes.has(endpoint)) {
      this.conversation.fail('protocol', `the adapter told of endpoint ${endpoint}, which is none of its own`)
      return
    }
    const before = this.latest.get(endpoint) ?? 0
    if (at < before) {
      this.conversation.fail('protocol', `the clock of endpoint ${endpoint} went back, from ${before} to ${at}`)
      return
    }
    this.latest.set(endpoint, at)
    this.heard.push(told)
    if (this.heard.length > untakenMax) {
      this.conversation.fail(
        'protocol',
        `the adapter told ${untakenMax} outputs faster than they can be taken: ${floods}`,
      )
      this.heard = []
    }
    this.wake?.()
  }

  private wait(within: Duration): Promise<void> {
    return new Promise((resolve) => {
      const done = (): void => {
        clearTimeout(timer)
        this.wake = undefined
        resolve()
      }
      const timer = setTimeout(done, timerMilliseconds(within))
      this.wake = done
    })
  }
}
