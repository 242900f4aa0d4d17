// Reads fault rules and weather.
import type { FaultRule, Weather } from '../../../spec/vocabulary/faults.ts'
import type { ExploredRule } from '../permutation.ts'
import type { Findings } from '../yaml/findings.ts'
import type { Place } from '../yaml/place.ts'
import { apartUsual, victimsUsual } from '../usual.ts'
import type { Scope } from './scope.ts'
import { setMember } from '../set-member.ts'
import { ordersOf, shuffledMax } from '../shuffled.ts'
import { choiceAt, integerAt, probabilityAt } from '../yaml/scalars.ts'
import { durationAt, frameAt } from './values.ts'

export const frameTypes = ['data', 'acknowledgement'] as const

const fates = ['drop', 'duplicate', 'delay', 'reorder', 'corrupt', 'partition'] as const

export interface FaultsRead {
  readonly rules: readonly FaultRule[]
  /** The rule that says something else in each run. */
  readonly explored: ExploredRule | undefined
}

/** The most copies of one frame that a rule may add. */
export const copiesMax = 1_000

export function readFaults(list: Place, scope: Scope): FaultsRead {
  if (list.present) scope.need('wire.frames', list, 'a fault')
  const rules: FaultRule[] = []
  let explored: ExploredRule | undefined
  for (const { key, value } of list.items().flatMap((item) => item.entries())) {
    const word = choiceAt(key, [...fates, 'shuffle'], scope.findings)
    if (word === undefined) {
      scope.doubt.lose('faults')
      continue
    }
    if (explored?.kind === 'shuffle')
      scope.findings.add(key.mark(), 'there is a rule behind `shuffle`', 'put `shuffle` last')
    const rule = readRule(word === 'shuffle' ? 'delay' : word, value, scope)
    const given = { rule, place: rules.length, earlier: explored }
    if (word === 'shuffle') explored = readShuffle(value, given, scope)
    else if (value.get('victim').present) explored = readVictims(value, given, scope)
    rules.push(rule)
  }
  return { rules, explored }
}

interface Exploring {
  readonly rule: FaultRule
  readonly place: number
  readonly earlier: ExploredRule | undefined
}

function readShuffle(place: Place, { place: rule, earlier }: Exploring, { findings }: Scope): ExploredRule | undefined {
  if (earlier) findings.add(place.keyMark(), 'another rule is explored already', 'one rule of a case can be')
  const frames = integerAt(place.get('frames'), findings)
  if (frames === undefined) return undefined
  if (frames < 2 || frames > shuffledMax) {
    findings.add(place.get('frames').mark(), `2 to ${shuffledMax} frames can be shuffled`)
    return undefined
  }
  return { kind: 'shuffle', rule, frames, most: integerAt(place.get('bound'), findings) ?? ordersOf(frames) }
}

function readVictims(
  place: Place,
  { rule, place: number, earlier }: Exploring,
  { findings, doubt }: Scope,
): ExploredRule | undefined {
  const key = place.get('victim')
  if (earlier) findings.add(key.keyMark(), 'another rule is explored already', 'one rule of a case can be')
  if (rule.from === undefined) {
    findings.add(key.keyMark(), 'whose frames are meant is not said', 'add `from:`')
    doubt.lose('faults')
    return undefined
  }
  return {
    kind: 'victims',
    rule: number,
    from: rule.from,
    most: integerAt(place.get('bound'), findings) ?? victimsUsual,
  }
}

type Mutable<T> = { -readonly [K in keyof T]: T[K] }

function readRule(fate: FaultRule['fate'], place: Place, scope: Scope): FaultRule {
  const { findings } = scope
  const rule: Mutable<FaultRule> = { fate, amount: readAmount(fate, place, scope) }
  checkClassified(place, scope)
  setMember(rule, 'from', scope.host(place.get('from')))
  setMember(rule, 'to', scope.host(place.get('to')))
  setMember(rule, 'ordinal', integerAt(place.get('ordinal'), findings))
  setMember(rule, 'octets', integerAt(place.get('octets'), findings))
  setMember(rule, 'type', choiceAt(place.get('type'), frameTypes, findings))
  setMember(rule, 'message', integerAt(place.get('message'), findings))
  setMember(rule, 'frame', frameAt(place.get('frame'), findings))
  setMember(rule, 'occurrence', integerAt(place.get('occurrence'), findings))
  setMember(rule, 'after', durationAt(place.get('after'), findings))
  setMember(rule, 'before', durationAt(place.get('before'), findings))
  if (rule.after !== undefined && rule.before !== undefined && rule.after >= rule.before) {
    findings.add(place.get('before').mark(), 'no frame is sent before this and after `after`')
  }
  return rule
}

/** What a frame is can be told on a wire that is laid down, and nowhere else. */
export function checkClassified(place: Place, scope: Scope): void {
  if (scope.interface !== 'via') return
  for (const key of ['type', 'message', 'frame', 'fields']) {
    const named = place.get(key)
    if (!named.present) continue
    const help =
      'tell frames by `from`, `to`, `ordinal` and `octets`, or make each the victim with `victim: every-frame`'
    scope.findings.add(
      named.keyMark(),
      `\`${key}\`: the wire of VIA is the provider's own, and its frames cannot be told apart`,
      help,
    )
  }
}

function readAmount(fate: FaultRule['fate'], rule: Place, { findings }: Scope): number {
  const place = rule.get('amount')
  if (rule.get('frames').present) return durationAt(rule.get('apart'), findings) ?? apartUsual
  if (fate === 'duplicate') return copiesAt(place, findings)
  if (fate === 'reorder') return integerAt(place, findings) ?? 1
  if (fate === 'delay') {
    if (!place.present) findings.add(rule.keyMark(), 'a delay without `amount`', 'add `amount:` with a duration')
    return durationAt(place, findings) ?? 0
  }
  if (place.present) findings.add(place.keyMark(), `\`amount\` means nothing for \`${fate}\``, 'remove it')
  return 0
}

function copiesAt(place: Place, findings: Findings): number {
  const copies = integerAt(place, findings) ?? 1
  if (copies <= copiesMax) return copies
  findings.add(place.mark(), `a frame is not duplicated more than ${copiesMax} times`)
  return copiesMax
}

export function readWeather(place: Place, scope: Scope): Weather | undefined {
  if (!place.present) return undefined
  const { findings } = scope
  scope.need('wire.frames', place, 'weather')
  const weather: Mutable<Weather> = {
    loss: probabilityAt(place.get('loss'), findings),
    duplicate: probabilityAt(place.get('duplicate'), findings),
    corrupt: probabilityAt(place.get('corrupt'), findings),
    reorder: probabilityAt(place.get('reorder'), findings),
    reorderSpan: integerAt(place.get('reorder-span'), findings) ?? 0,
    delay: probabilityAt(place.get('delay'), findings),
    delayMax: durationAt(place.get('delay-max'), findings) ?? 0,
  }
  setMember(weather, 'after', durationAt(place.get('after'), findings))
  setMember(weather, 'until', durationAt(place.get('until'), findings))
  if (weather.reorder > 0 && weather.reorderSpan === 0) {
    findings.add(
      place.get('reorder').keyMark(),
      '`reorder` without `reorder-span` reorders nothing',
      'add `reorder-span:`',
    )
  }
  if (weather.delay > 0 && weather.delayMax === 0) {
    findings.add(place.get('delay').keyMark(), '`delay` without `delay-max` delays nothing', 'add `delay-max:`')
  }
  return weather
}
