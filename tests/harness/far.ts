// Adapters whose puppets stand in another process, or in one with a clock of its own, as far as the harness can tell.
import type { Adapter, Carrier, LiveHosts, OpenedHosts, RemoteHosts } from '../../harness/subject/adapter.ts'
import type { LiveOutput, Turn, TurnAnswer, TurnInput, TurnOutput } from '../../harness/subject/turn.ts'
import type { Endpoint } from '../../spec/vocabulary/endpoint.ts'
import { Puppet, puppets, type Habits } from './puppet.ts'

/** What the far side of an exchange does. */
export function answerOf(hosts: readonly Endpoint[], turn: Turn, stepped: boolean): TurnAnswer {
  const host = hosts[turn.endpoint]
  if (!host) throw new Error(`no host ${turn.endpoint}`)
  const outputs = turn.inputs.flatMap((input) => outputsOf(host, input, turn.now))
  const runnable = Array.from({ length: host.runnableCount }, (_, i) => host.activity(i))
  return { outputs, wakeAt: host.wakeAt ?? null, ...(stepped ? { runnable } : {}) }
}

function outputsOf(host: Endpoint, input: TurnInput, now: number): readonly TurnOutput[] {
  const outputs: TurnOutput[] = []
  if (input.kind === 'call') host.apply(input.call, now)
  else if (input.kind === 'frame') host.deliver(input.octets, input.octets.length, now)
  else if (input.kind === 'wake') host.wake(now)
  else host.run(input.activity, now)
  host.drain({
    frame: (octets, length) => outputs.push({ kind: 'frame', octets: octets.slice(0, length) }),
    returned: (answer) => outputs.push({ kind: 'return', answer }),
    event: (event) => outputs.push({ kind: 'event', event }),
  })
  return outputs
}

export interface FarPuppets {
  readonly adapter: Adapter
  /** How many turns went together, exchange by exchange. */
  readonly exchanges: readonly number[]
}

/** Puppets that are reached by exchanges, in a process that is fresh until a world was opened in it. */
export function farPuppets(habits: Habits, onRenewal: () => void = () => undefined): FarPuppets {
  const exchanges: number[] = []
  let isFresh = true
  let opened = 0
  const carrier: Carrier = {
    get isFresh() {
      return isFresh
    },
    renew: async () => {
      isFresh = true
      opened++
      onRenewal()
    },
  }
  const open: Adapter['open'] = async (settings): Promise<OpenedHosts> => {
    isFresh = false
    const world = ++opened
    const stepped = settings[0]?.stepped === true
    const hosts: Puppet[] = []
    for (const setting of settings) hosts[setting.node] = new Puppet(habits, setting)
    const far: RemoteHosts = {
      get isOpen() {
        return world === opened
      },
      exchange: async (turns) => {
        exchanges.push(turns.length)
        return turns.map((turn) => answerOf(hosts, turn, stepped))
      },
      reset: () => hosts.forEach((host) => host.reset()),
      close: async () => undefined,
    }
    return { kind: 'remote', far }
  }
  return { adapter: puppets(habits, { open, carrier }), exchanges }
}

export interface LivePuppets {
  readonly adapter: Adapter
  /** Nanoseconds of the clock that they and the harness go by: it passes only while somebody waits. */
  readonly clock: () => number
  /** All inputs that they were given. */
  readonly taken: readonly TurnInput[]
}

/** Puppets with a clock of their own: what they do about the n-th input is told `lag` nanoseconds later. */
export function livePuppets(habits: Habits, lag: number | ((n: number) => number)): LivePuppets {
  let now = 0
  const taken: TurnInput[] = []
  const adapter = puppets(habits, {
    callWithin: 1_000_000_000,
    carrier: { isFresh: true, renew: async () => undefined },
    open: async (settings) => {
      const hosts: Puppet[] = []
      for (const setting of settings) hosts[setting.node] = new Puppet(habits, setting)
      let due: (LiveOutput & { readonly time: number })[] = []
      const far: LiveHosts = {
        isOpen: true,
        give: async (node, input) => {
          const host = hosts[node]
          if (!host) throw new Error(`no host ${node}`)
          taken.push(input)
          const time = now + (typeof lag === 'number' ? lag : lag(taken.length))
          for (const output of outputsOf(host, input, now)) due.push({ endpoint: node, at: time, time, output })
        },
        hear: async (within) => {
          const until = now + within
          const first = due.reduce((least, { time }) => Math.min(least, time), Infinity)
          now = Math.max(now, Math.min(until, first))
          const heard = due.filter(({ time }) => time <= now)
          due = due.filter(({ time }) => time > now)
          return heard
        },
        reset: async () => {
          due = []
          for (const host of hosts) host.reset()
        },
        close: async () => undefined,
      }
      return { kind: 'live', far }
    },
  })
  const { pics } = adapter
  return { adapter: { ...adapter, pics: { ...pics, clock: 'real', wire: 'none' } }, clock: () => now, taken }
}
