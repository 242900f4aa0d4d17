// A drawn plan as a permutation that the runner can play and that can be written down as a case.
import { interfaceDefaults, type Configuration } from '../../spec/vocabulary/endpoint.ts'
import type { FaultRule } from '../../spec/vocabulary/faults.ts'
import { ethernetOctets } from '../judge/frames/dissect.ts'
import type { Outcome, Permutation } from '../plan/permutation.ts'
import { configurationFor } from '../plan/configuration.ts'
import type { Pics } from '../subject/pics.ts'
import { linkUsual, onlyOutcome } from '../plan/usual.ts'
import { drawn, pick } from './drawn.ts'
import type { Language } from './language.ts'
import { hostsMax, type Mishap, type Move, type Plan } from './plan.ts'

/** Names of hosts, the first ones as in suites. */
const hostNames = ['left', 'right', 'third', 'fourth', 'fifth', 'sixth', 'seventh', 'eighth'] as const

/** By their number, all of them the implementation; made once, so that worlds are known again. */
const casts: readonly Permutation['hosts'][] = Array.from({ length: hostsMax + 1 }, (_, hosts) =>
  hostNames.slice(0, hosts).map((name) => ({ name, role: 'iut' })),
)

/** Nothing is expected of a drawn run but what holds in every run, and that the model allows it. */
const anyOutcome: readonly Outcome[] = [
  {
    ...onlyOutcome,
    expectations: [{ kind: 'allowed', requirements: [], position: drawn, text: 'model.allows: everything' }],
  },
]

/** Nanoseconds of delay, from less than a frame takes to more than several timeouts. */
const delays = [2_000, 15_000, 60_000, 150_000, 250_000, 600_000, 1_200_000, 3_000_000] as const

/** What a partition's length is counted in, and its beginning; a finer one, so that it begins within a message. */
const spell = 50_000
const fineSpell = 7_000

/** The amount of a mishap that lasts longest; of one that begins within a message, from which on it does. */
const longestAmount = 7
const longWithinMessage = 4

/** Makes permutations of plans in the words of one interface, for what one implementation declares. */
export class Permuter<Drawn extends Move> {
  readonly language: Language<Drawn>
  private readonly pics: Pics
  /** The settings that the implementation can be given. */
  private readonly configurations: readonly Configuration[]
  private made = 0

  constructor(language: Language<Drawn>, pics: Pics) {
    this.language = language
    this.pics = pics
    this.configurations = [...language.settings, {}].flatMap((wanted) => {
      const configured = configurationFor(pics, language.interface, wanted)
      return 'configuration' in configured ? [configured.configuration] : []
    })
  }

  permute(plan: Plan<Drawn>): Permutation {
    const configuration = pick(this.configurations, plan.setting)
    const { memory, steps } = this.language.compile(plan, configuration)
    const { interface: of, class: level } = this.language
    const suite = `${of}.drawn`
    const id = `drawn-${++this.made}`
    const stepped = plan.choices.length > 0 && this.pics.options['stepped'] === true
    return {
      name: `${suite}/${id}/roles=iut-iut`,
      suite,
      case: id,
      title: 'a drawn run',
      interface: of,
      class: level,
      axes: noAxes,
      roles: 'iut-iut',
      hosts: casts[plan.hosts] ?? [],
      seed: plan.seed,
      configuration,
      link: linkUsual,
      memory,
      faults: plan.mishaps.map((mishap) => this.ruleOf(mishap, plan.hosts, configuration)),
      steps,
      outcomes: anyOutcome,
      proves: [],
      position: drawn,
      ...(stepped ? { schedule: plan.choices } : {}),
    }
  }

  private ruleOf(
    { fate, host, ordinal, full, amount }: Mishap,
    hosts: number,
    configuration: Configuration,
  ): FaultRule {
    const from = host % hosts
    const mtu = configuration['wire.mtu'] ?? interfaceDefaults[this.language.interface]['wire.mtu'] ?? 0
    const which = full > 0 ? { from, octets: ethernetOctets + mtu, occurrence: ordinal + 1 } : { from, ordinal }
    switch (fate) {
      case 'drop':
      case 'corrupt':
        return { fate, amount: 0, ...which }
      case 'duplicate':
        return { fate, amount: 1 + (amount % 2), ...which }
      case 'reorder':
        return { fate, amount: 1 + (amount % 4), ...which }
      case 'delay':
        return { fate, amount: pick(delays, amount), ...which }
      case 'partition': {
        const { blackout } = this.language
        const after = full > 0 ? (blackout?.after ?? 0) + ordinal * fineSpell : ordinal * spell
        const isLong = amount >= (full > 0 ? longWithinMessage : longestAmount)
        const lasts = blackout && isLong ? blackout.lasts : (1 + amount) * spell
        return { fate, amount: 0, from, after, before: after + lasts }
      }
    }
  }
}

const noAxes: Permutation['axes'] = {}
