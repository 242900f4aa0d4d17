// Mutants whose probes find what is not there, miss what is, or leave a mark.
import type { Answer } from '../../../reference/core/buffers.ts'
import { empAny } from '../../../spec/vocabulary/emp.ts'
import { HostLibrary } from '../../../reference/emp/host.ts'
import { Matching } from '../../../reference/emp/matching.ts'
import { messageState } from '../../../reference/emp/unfinished.ts'
import { mutantsOf, withEmpParts, type Mutant } from '../mutant.ts'

/** Finds each message once. */
class FindsOnce extends HostLibrary {
  private readonly found = new Set<string>()

  override clear(): void {
    super.clear()
    this.found.clear()
  }

  protected override look(from: number, tag: number): Answer {
    const answer = super.look(from, tag)
    const key = JSON.stringify(answer.message)
    if (answer.message && this.found.has(key)) return { status: 'pending' }
    this.found.add(key)
    return answer
  }
}

class IgnoresTag extends HostLibrary {
  protected override look(from: number, _tag: number): Answer {
    return super.look(from, empAny)
  }
}

class IgnoresNode extends HostLibrary {
  protected override look(_from: number, tag: number): Answer {
    return super.look(empAny, tag)
  }
}

/** The length of the part that the first frame brought. */
class FrameLength extends HostLibrary {
  protected override look(from: number, tag: number): Answer {
    const { message, ...answer } = super.look(from, tag)
    return message ? { ...answer, message: { ...message, bytes: Math.min(message.bytes, 1480) } } : answer
  }
}

class FindsNothing extends HostLibrary {
  protected override look(from: number, tag: number): Answer {
    const { status } = super.look(from, tag)
    return { status: status === 'ok' ? 'pending' : status }
  }
}

class FindsLatest extends Matching {
  protected override firstOf(peer: number, tag: number): number {
    const { unfinished } = this
    for (let i = unfinished.count(peer) - 1; i >= 0; i--) {
      const record = unfinished.at(peer, i)
      if (unfinished.state(record) !== messageState.waiting) continue
      if ((tag === empAny || unfinished.tags[record] === tag) && !this.heldBack(record)) return record
    }
    return -1
  }
}

class FindsTaken extends HostLibrary {
  protected override look(from: number, tag: number): Answer {
    const answer = super.look(from, tag)
    if (answer.status !== 'pending') return answer
    const { unfinished } = this.means
    const record = unfinished.ids.findIndex(
      (_, at) => unfinished.state(at) === messageState.active && unfinished.tags[at] === tag,
    )
    const message = { peer: from, tag, bytes: unfinished.totals[record] ?? 0 }
    return record < 0 ? answer : { status: 'ok', message }
  }
}

/** Does not mind that the header of an earlier message is missing. */
class FindsHeldBack extends Matching {
  protected override firstOf(peer: number, tag: number): number {
    const { unfinished } = this
    for (let i = 0; i < unfinished.count(peer); i++) {
      const record = unfinished.at(peer, i)
      if (unfinished.state(record) !== messageState.waiting) continue
      if (tag === empAny || unfinished.tags[record] === tag) return record
    }
    return -1
  }
}

/** Takes a message that was found out of the row, by a tag that no receive is for. */
class TakesWhatItFinds extends HostLibrary {
  protected override look(from: number, tag: number): Answer {
    const answer = super.look(from, tag)
    const { matching, unfinished } = this.means
    const record = matching.find(from, tag)
    if (record >= 0) unfinished.tags[record] = empAny - 1
    return answer
  }
}

export const probingMutants: readonly Mutant[] = mutantsOf('emp', [
  {
    name: 'emp-probe-finds-once',
    words: 'Finds each message by one probe only.',
    violates: ['EMP-MATCH-020', 'EMP-MATCH-017'],
    make: withEmpParts({ host: FindsOnce }),
  },
  {
    name: 'emp-probe-ignores-tag',
    words: 'Finds messages with another tag than was asked for.',
    violates: ['EMP-MATCH-017'],
    make: withEmpParts({ host: IgnoresTag }),
  },
  {
    name: 'emp-probe-ignores-node',
    words: 'Finds messages of another node than was asked for.',
    violates: ['EMP-MATCH-017'],
    make: withEmpParts({ host: IgnoresNode }),
  },
  {
    name: 'emp-probe-frame-length',
    words: 'Tells the length of what the first frame brought as that of the message.',
    violates: ['EMP-MATCH-017'],
    make: withEmpParts({ host: FrameLength }),
  },
  {
    name: 'emp-probe-finds-nothing',
    words: 'Says of every probe that no message waits.',
    violates: ['EMP-MATCH-017'],
    make: withEmpParts({ host: FindsNothing }),
  },
  {
    name: 'emp-probe-finds-latest',
    words: 'Finds the latest message of a sender, not the oldest.',
    violates: ['EMP-MATCH-017'],
    make: withEmpParts({ matching: FindsLatest }),
  },
  {
    name: 'emp-probe-finds-taken',
    words: 'Finds a message that a receive has taken.',
    violates: ['EMP-MATCH-020', 'EMP-MATCH-017'],
    make: withEmpParts({ host: FindsTaken }),
  },
  {
    name: 'emp-probe-finds-held-back',
    words: 'Finds a message though the header of an earlier one of its sender is missing.',
    violates: ['EMP-MATCH-017'],
    make: withEmpParts({ matching: FindsHeldBack }),
  },
  {
    name: 'emp-probe-takes',
    words: 'Takes a message that a probe has found from its place, so that no receive for its tag takes it.',
    violates: ['EMP-MATCH-020'],
    make: withEmpParts({ host: TakesWhatItFinds }),
  },
])
