// Checks of options of VIA: what VipQueryNic tells of them, and calls that are there or not.
import type { Greeting } from '../../../adapters/process/protocol.ts'
import type { Return } from '../../../spec/vocabulary/calls.ts'
import { viaLimitAttributes, type ViaNicAttributes } from '../../../spec/vocabulary/via-attributes.ts'
import { viaReliabilityLevels } from '../../../spec/vocabulary/via-constants.ts'
import { greeted, right, unasked, wrong, type Check, type Outcome } from './check.ts'
import { openWorld } from './open-world.ts'
import { makeCalls, makingVi, openNic, peerRequest, type TrafficCall } from './traffic.ts'
import type { World } from './world.ts'

export const viaOptionChecks: readonly Check[] = [
  {
    name: 'via.attributes',
    words: 'VipQueryNic tells the limits, levels, RDMA reads and threads that are declared',
    advice: 'Declare options and values as VipQueryNic of the implementation tells them.',
    run: inVia([openNic], async (world, { pics }) => {
      const answer = await world.call(0, { operation: 'VipQueryNic', nic: 'nic' })
      const told = answer?.vip?.nicAttributes
      if (!told) return wrong(`VipQueryNic ${returned(answer)}`)
      const unlike = [...unlikeLimits(told, pics.values), ...unlikeOptions(told, pics.options)]
      return unlike.length === 0 ? right : wrong(unlike.join('; '))
    }),
  },
  {
    name: 'via.rdma-write',
    words: 'a VI that allows RDMA writes is made where via.rdma-write is declared',
    advice:
      'Declare the option via.rdma-write only if VIs can have EnableRdmaWrite, and their peers write into memory.',
    run: declared(
      'via.rdma-write',
      inVia(makingVi(0, { enableRdmaWrite: true }), async () => right),
    ),
  },
  asDeclared('via.peer-to-peer', peerRequest),
  asDeclared('via.notify', {
    node: 0,
    body: { operation: 'VipRecvNotify', vi: 'vi', handler: 'received', context: 7 },
  }),
]

type Run = Check['run']

type Look = (world: World, greeting: Greeting) => Promise<Outcome>

/** A check in a world in which these calls were made. Where one was not made well, the check fails by it. */
function inVia(calls: readonly TrafficCall[], look: Look, orElse: (words: string) => Outcome = wrong): Run {
  return greeted(async (patient, greeting) => {
    if (!greeting.pics.interfaces.includes('via')) return unasked('it does not offer via')
    const world = await openWorld(patient, greeting, { interface: 'via' })
    const hindrance = await makeCalls(world, calls)
    if (hindrance?.kind === 'unsupported') return unasked(`${hindrance.words}: not filled in yet`)
    return hindrance ? orElse(hindrance.words) : look(world, greeting)
  })
}

function declared(option: string, run: Run): Run {
  return greeted((patient, { pics }) => {
    if (!pics.interfaces.includes('via')) return unasked('it does not offer via')
    return pics.options[option] === true ? run(patient) : unasked('it is not declared')
  })
}

/** A check that a call of an option is made where that is declared, and refused where it is not. */
function asDeclared(option: string, { node, body }: TrafficCall): Check {
  return {
    name: option,
    words: `${body.operation} is there where ${option} is declared, and refused where it is not`,
    advice: `Declare the option ${option} if the provider has ${body.operation}; if not, leave it out, and return the status unsupported.`,
    run: inVia(
      makingVi(0),
      async (world, { pics }) => {
        const answer = await world.call(node, body)
        const isThere = answer?.status === 'ok' && answer.vip?.code !== 'VIP_ERROR_NOT_SUPPORTED'
        if (isThere === (pics.options[option] === true)) return right
        return wrong(`${body.operation} ${returned(answer)}, and ${option} is ${isThere ? 'not declared' : 'declared'}`)
      },
      unasked,
    ),
  }
}

/** In words, each limit that is declared in another way. */
function unlikeLimits(told: ViaNicAttributes, values: Greeting['pics']['values']): readonly string[] {
  return viaLimitAttributes.flatMap(([attribute, key]) => {
    const { value } = values[key] ?? {}
    if (value === undefined || value === told[attribute]) return []
    return [`${attribute} is ${told[attribute]}, and ${key} is declared as ${value}`]
  })
}

function unlikeOptions(told: ViaNicAttributes, options: Greeting['pics']['options']): readonly string[] {
  const { reliabilityLevelSupport: levels, rdmaReadSupport, threadSafe } = told
  const shown = [
    ['via.reliable-delivery', (levels & viaReliabilityLevels['reliable-delivery']) !== 0, `levels are ${levels}`],
    ['via.reliable-reception', (levels & viaReliabilityLevels['reliable-reception']) !== 0, `levels are ${levels}`],
    ['via.rdma-read', rdmaReadSupport !== 0, `rdmaReadSupport is ${rdmaReadSupport}`],
    ['via.thread-safe', threadSafe, `threadSafe is ${threadSafe}`],
  ] as const
  return shown.flatMap(([option, isThere, words]) =>
    isThere === (options[option] === true) ? [] : [`${words}, and ${option} is ${isThere ? 'not ' : ''}declared`],
  )
}

function returned(answer: Return | undefined): string {
  return answer ? `returned ${JSON.stringify(answer)}` : 'did not return at once'
}
