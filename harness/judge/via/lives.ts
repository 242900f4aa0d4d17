// The lives of VIs and other handles: when each was made and destroyed, and what was called on it in between.
import { onceFor } from '../../plan/once-for.ts'
import type { CallBody } from '../../../spec/vocabulary/calls.ts'
import type { NodeIndex } from '../../../spec/vocabulary/units.ts'
import type { ViaQueue } from '../../../spec/vocabulary/via-returns.ts'
import { returned, type CallSeen } from '../seen/history.ts'
import type { View } from '../seen/view.ts'
import { succeeded } from './sessions.ts'

/** Calls on one work queue. */
export interface QueueCalls {
  readonly posts: CallSeen[]
  readonly takes: CallSeen[]
  /** Entries of it that were taken from a completion queue. */
  readonly entries: CallSeen[]
}

/** A VI whose name stands for it alone in the whole run. */
export interface ViLife {
  readonly node: NodeIndex
  readonly name: string
  readonly made: CallSeen
  readonly body: Extract<CallBody, { operation: 'VipCreateVi' }>
  /** Calls that may connect it, peer requests among them; and those that disconnect it. */
  readonly connects: CallSeen[]
  readonly disconnects: CallSeen[]
  readonly queries: CallSeen[]
  /** Calls that set its attributes. */
  readonly settings: CallSeen[]
  readonly send: QueueCalls
  readonly recv: QueueCalls
  /** Descriptors may be taken off by a handler, or its attributes be changed: less is known then. */
  isNotified: boolean
  isChanged: boolean
  /** Calls that would destroy it, and the one that did. */
  readonly destroys: CallSeen[]
  destroyed: CallSeen | undefined
}

export type HandleKind = 'nic' | 'vi' | 'cq' | 'ptag' | 'memory' | 'connection'

/** What was made and destroyed under one name. */
export interface HandleLife {
  readonly kind: HandleKind
  readonly node: NodeIndex
  readonly name: string
  /** The NIC handle that it was made with. */
  readonly nic: string | undefined
  /** Calls that made it, and those that have not returned but may. */
  readonly made: CallSeen[]
  /** Calls that made it invalid. */
  readonly ended: CallSeen[]
}

export interface Lives {
  readonly vis: readonly ViLife[]
  readonly handles: readonly HandleLife[]
}

/** The lives of a run. */
export const livesOf: (view: View) => Lives = onceFor((view) => {
  const lives = new LivesReader()
  for (const call of view.history.calls) lives.read(call)
  // A call may wait on a completion queue from before the VI is made whose entry it is handed.
  for (const call of view.history.calls) lives.readEntry(call)
  return { vis: lives.singles, handles: lives.handles }
})

/** What was made and destroyed under a name. */
export function handleOf(view: View, kind: HandleKind, node: NodeIndex, name: string): HandleLife | undefined {
  return livesOf(view).handles.find((life) => life.name === name && life.kind === kind && life.node === node)
}

/** The VI of that name; undefined when no such was made, or several were. */
export function viOf(view: View, node: NodeIndex, name: string): ViLife | undefined {
  for (const life of livesOf(view).vis) if (life.node === node && life.name === name) return life
  return undefined
}

/** Whether a handle was surely invalid when a call began: destroyed before, and not made again until the call had ended. */
export function isDead({ made, ended }: HandleLife, call: CallSeen): boolean {
  const end = ended.findLast((one) => returned(one) < call.record)
  return end !== undefined && !made.some((one) => returned(one) > end.record && one.record < returned(call))
}

class LivesReader {
  readonly handles: HandleLife[] = []
  private readonly byName = new Map<string, HandleLife[]>()
  private readonly byVi = new Map<string, (ViLife | 'several' | undefined)[]>()

  get singles(): readonly ViLife[] {
    const singles: ViLife[] = []
    for (const lives of this.byVi.values()) for (const life of lives) if (typeof life === 'object') singles.push(life)
    return singles
  }

  read(call: CallSeen): void {
    const { body } = call.call
    switch (body.operation) {
      case 'VipOpenNic':
        this.made('nic', call, body.as)
        return
      case 'VipCreateVi':
        this.made('vi', call, body.as, body.nic)
        this.madeVi(call, body)
        return
      case 'VipCreateCQ':
        this.made('cq', call, body.as, body.nic)
        return
      case 'VipCreatePtag':
        this.made('ptag', call, body.as, body.nic)
        return
      case 'VipRegisterMem':
        this.made('memory', call, body.as, body.nic)
        return
      case 'VipConnectWait':
        this.made('connection', call, body.as, body.nic)
        return
      case 'VipCloseNic':
        this.ended('nic', call, body.nic)
        return
      case 'VipDestroyCQ':
        this.ended('cq', call, body.cq)
        return
      case 'VipDestroyPtag':
        this.ended('ptag', call, body.ptag)
        return
      case 'VipDeregisterMem':
        if (typeof body.memory === 'string') this.ended('memory', call, body.memory)
        return
      case 'VipConnectReject':
        this.ended('connection', call, body.connection)
        return
      case 'VipConnectAccept':
        this.ended('connection', call, body.connection)
        break
      case 'VipDestroyVi':
        this.ended('vi', call, body.vi)
        break
      default:
    }
    if ('vi' in body && body.vi !== null) this.onVi(call, body.vi)
  }

  readEntry(call: CallSeen): void {
    const entry = call.answer?.content.vip?.entry
    const life = entry ? this.byVi.get(entry.vi)?.[call.node] : undefined
    if (!entry || life === undefined || life === 'several') return
    const queue: ViaQueue = entry.queue
    life[queue].entries.push(call)
  }

  private onVi(call: CallSeen, vi: string): void {
    const life = this.byVi.get(vi)?.[call.node]
    if (life === undefined || life === 'several') return
    switch (call.call.body.operation) {
      case 'VipConnectRequest':
      case 'VipConnectAccept':
      case 'VipConnectPeerRequest':
        life.connects.push(call)
        return
      case 'VipDisconnect':
        life.disconnects.push(call)
        return
      case 'VipQueryVi':
        life.queries.push(call)
        return
      case 'VipPostSend':
        life.send.posts.push(call)
        return
      case 'VipPostRecv':
        life.recv.posts.push(call)
        return
      case 'VipSendDone':
      case 'VipSendWait':
        life.send.takes.push(call)
        return
      case 'VipRecvDone':
      case 'VipRecvWait':
        life.recv.takes.push(call)
        return
      case 'VipSendNotify':
      case 'VipRecvNotify':
        life.isNotified = true
        return
      case 'VipSetViAttributes':
        life.isChanged = true
        life.settings.push(call)
        return
      case 'VipDestroyVi':
        life.destroys.push(call)
        if (succeeded(call)) life.destroyed ??= call
        return
      default:
    }
  }

  private madeVi(made: CallSeen, body: ViLife['body']): void {
    if (made.answer && !succeeded(made)) return
    const named = this.byVi.get(body.as) ?? []
    if (named.length === 0) this.byVi.set(body.as, named)
    if (named[made.node]) {
      named[made.node] = 'several'
      return
    }
    named[made.node] = {
      node: made.node,
      name: body.as,
      made,
      body,
      connects: [],
      disconnects: [],
      queries: [],
      settings: [],
      send: { posts: [], takes: [], entries: [] },
      recv: { posts: [], takes: [], entries: [] },
      isNotified: false,
      isChanged: false,
      destroys: [],
      destroyed: undefined,
    }
  }

  private made(kind: HandleKind, call: CallSeen, name: string, nic: string | null = null): void {
    if (call.answer && !succeeded(call)) return
    const known = this.find(kind, call.node, name)
    if (known) {
      known.made.push(call)
      return
    }
    const fresh: HandleLife = { kind, node: call.node, name, nic: nic ?? undefined, made: [call], ended: [] }
    this.handles.push(fresh)
    const named = this.byName.get(name)
    if (named) named.push(fresh)
    else this.byName.set(name, [fresh])
  }

  private find(kind: HandleKind, node: NodeIndex, name: string): HandleLife | undefined {
    return this.byName.get(name)?.find((life) => life.kind === kind && life.node === node)
  }

  private ended(kind: HandleKind, call: CallSeen, name: string | null): void {
    if (name !== null && succeeded(call)) this.find(kind, call.node, name)?.ended.push(call)
  }
}
