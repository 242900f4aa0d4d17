// Mutants that are wrong about several requests at once: testall and waitany.
import type { Answer } from '../../../reference/core/buffers.ts'
import { HostLibrary, type OpenWait, type Request } from '../../../reference/emp/host.ts'
import { mutantsOf, withEmpParts, type Mutant } from '../mutant.ts'

/** Has seen what is done even when it says pending. */
class SeesSome extends HostLibrary {
  override test(...names: readonly string[]): Answer {
    const answer = super.test(...names)
    if (answer.status !== 'pending') return answer
    for (const request of this.find(names) ?? []) if (this.isDone(request)) this.see(request)
    return answer
  }
}

/** Looks at the first request, and takes the others to be like it. */
class LooksAtTheFirst extends HostLibrary {
  override test(...names: readonly string[]): Answer {
    const [first] = this.find(names) ?? []
    if (!first || !this.isDone(first)) return super.test(...names)
    return { status: 'ok', completions: this.seeAll(this.find(names) ?? []) }
  }
}

class InSlotOrder extends HostLibrary {
  override test(...names: readonly string[]): Answer {
    const inOrder = this.find(names)?.toSorted((one, other) => one.head - other.head)
    return super.test(...(inOrder?.map(({ name }) => name) ?? names))
  }
}

/** Says ok as soon as one is done, and names what is. */
class TestsAny extends HostLibrary {
  override test(...names: readonly string[]): Answer {
    const done = this.find(names)?.filter((request) => this.isDone(request)) ?? []
    return done.length === 0 ? super.test(...names) : super.test(...done.map(({ name }) => name))
  }
}

class WaitsForAll extends HostLibrary {
  protected override isOver(wait: OpenWait): boolean {
    return super.isOver({ ...wait, any: false })
  }
}

class WaitsForTheFirst extends HostLibrary {
  override waitAny(call: number, names: readonly string[]): Answer | undefined {
    return super.waitAny(call, names.slice(0, 1))
  }
}

class WaitsForTheLast extends HostLibrary {
  protected override isOver(wait: OpenWait): boolean {
    return super.isOver(wait.any ? { ...wait, requests: wait.requests.slice(-1) } : wait)
  }
}

/** Names all that are done. */
class NamesAllDone extends HostLibrary {
  protected override finish(wait: OpenWait): void {
    if (!wait.any) return super.finish(wait)
    super.finish({ ...wait, any: false, requests: wait.requests.filter((request) => this.isDone(request)) })
  }
}

/** Names one, and has seen the others that are done as well. */
class ForgetsTheOthers extends HostLibrary {
  protected override finish(wait: OpenWait): void {
    super.finish(wait)
    if (wait.any) for (const request of wait.requests) this.forget(request)
  }

  private forget(request: Request): void {
    if (this.isDone(request)) this.see(request)
  }
}

/** Leaves the one that it names to be asked for again. */
class NamesWithoutSeeing extends HostLibrary {
  protected override finish(wait: OpenWait): void {
    const [done] = wait.any ? wait.requests.filter((request) => this.isDone(request)) : []
    if (!done) return super.finish(wait)
    this.means.output.returned({ id: wait.call, status: 'ok', completions: [this.completion(done)] })
  }
}

/** Counts as done what went well alone. */
class TestsForGood extends HostLibrary {
  override test(...names: readonly string[]): Answer {
    const requests = names.length > 1 ? (this.find(names) ?? []) : []
    const isBad = requests.some((request) => this.isDone(request) && this.completion(request).outcome !== 'done')
    return isBad ? { status: 'pending' } : super.test(...names)
  }
}

class WaitsForGood extends HostLibrary {
  protected override isOver(wait: OpenWait): boolean {
    const isGood = (request: Request): boolean => !this.isDone(request) || this.completion(request).outcome === 'done'
    return super.isOver(wait.any ? { ...wait, requests: wait.requests.filter(isGood) } : wait)
  }
}

export const severalRequestsMutants: readonly Mutant[] = mutantsOf('emp', [
  {
    name: 'emp-testall-sees-some',
    words: 'Counts requests that are done as seen by a testall that says pending.',
    violates: ['EMP-HOST-005'],
    make: withEmpParts({ host: SeesSome }),
  },
  {
    name: 'emp-testall-looks-at-first',
    words: 'Says that all requests of a testall are done once the first is.',
    violates: ['EMP-HOST-005'],
    make: withEmpParts({ host: LooksAtTheFirst }),
  },
  {
    name: 'emp-testall-in-slot-order',
    words: 'Returns the completions of a testall in the order of their descriptors.',
    violates: ['EMP-HOST-005'],
    make: withEmpParts({ host: InSlotOrder }),
  },
  {
    name: 'emp-testall-tests-any',
    words: 'Returns from a testall with those that are done, if any is.',
    violates: ['EMP-HOST-005'],
    make: withEmpParts({ host: TestsAny }),
  },
  {
    name: 'emp-waitany-waits-for-all',
    words: 'Keeps a waitany open until all of its requests are done.',
    violates: ['EMP-HOST-006'],
    make: withEmpParts({ host: WaitsForAll }),
  },
  {
    name: 'emp-waitany-waits-for-first',
    words: 'Keeps a waitany open until the first of its requests is done.',
    violates: ['EMP-HOST-006'],
    make: withEmpParts({ host: WaitsForTheFirst }),
  },
  {
    name: 'emp-waitany-waits-for-last',
    words: 'Keeps a waitany open until the last of its requests is done.',
    violates: ['EMP-HOST-006'],
    make: withEmpParts({ host: WaitsForTheLast }),
  },
  {
    name: 'emp-waitany-names-all',
    words: 'Returns from a waitany with the completions of all that are done.',
    violates: ['EMP-HOST-006'],
    make: withEmpParts({ host: NamesAllDone }),
  },
  {
    name: 'emp-waitany-forgets-others',
    words: 'Counts all requests of a waitany that are done as seen, and names one of them.',
    violates: ['EMP-HOST-006'],
    make: withEmpParts({ host: ForgetsTheOthers }),
  },
  {
    name: 'emp-waitany-sees-none',
    words: 'Leaves the request that a waitany named to be asked for again, with its descriptor.',
    violates: ['EMP-HOST-006'],
    make: withEmpParts({ host: NamesWithoutSeeing }),
  },
  {
    name: 'emp-testall-for-good',
    words: 'Says pending of a testall for ever when one of its requests was truncated, cancelled or failed.',
    violates: ['EMP-HOST-005'],
    make: withEmpParts({ host: TestsForGood }),
  },
  {
    name: 'emp-waitany-for-good',
    words: 'Keeps a waitany open though one of its requests was truncated, cancelled or failed.',
    violates: ['EMP-HOST-006'],
    make: withEmpParts({ host: WaitsForGood }),
  },
])
