// Reads fault rules and weather.
import type { FaultRule, Weather } from '../../spec/vocabulary/faults.ts'
import type { Victims } from './case.ts'
import type { Place } from './place.ts'
import type { Scope } from './scope.ts'
import { setMember } from './set-member.ts'
import { choiceAt, durationAt, frameAt, integerAt, probabilityAt } from './values.ts'

export const frameTypes = ['data', 'acknowledgement'] as const

const fates = ['drop', 'duplicate', 'delay', 'reorder', 'corrupt', 'partition'] as const

export interface FaultsRead {
  readonly rules: readonly FaultRule[]
  /** The rule that is to hit each frame in turn. */
  readonly victims: Victims | undefined
}

/** Frames that are made the victim at most, unless a rule says another `bound`. */
export const victimsDefault = 128

export function readFaults(list: Place, scope: Scope): FaultsRead {
  if (list.present) scope.need('wire.frames', list, 'a fault')
  const rules: FaultRule[] = []
  let victims: Victims | undefined
  for (const { key, value } of list.items().flatMap((item) => item.entries())) {
    const fate = choiceAt(key, fates, scope.findings)
    if (fate === undefined) {
      scope.doubt.lose('faults')
      continue
    }
    const rule = readRule(fate, value, scope)
    if (value.get('victim').present)
      victims = readVictims(value, { rule, place: rules.length, earlier: victims }, scope)
    rules.push(rule)
  }
  return { rules, victims }
}

function readVictims(
  place: Place,
  { rule, place: number, earlier }: { rule: FaultRule; place: number; earlier: Victims | undefined },
  { findings, doubt }: Scope,
): Victims | undefined {
  const key = place.get('victim')
  if (earlier) findings.add(key.keyMark(), 'another rule has `victim` already', 'one rule of a case can have it')
  if (rule.from === undefined) {
    findings.add(key.keyMark(), 'whose frames are meant is not said', 'add `from:`')
    doubt.lose('faults')
    return undefined
  }
  return { rule: number, from: rule.from, most: integerAt(place.get('bound'), findings) ?? victimsDefault }
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
  if (fate === 'duplicate' || fate === 'reorder') return integerAt(place, findings) ?? 1
  if (fate === 'delay') {
    if (!place.present) findings.add(rule.keyMark(), 'a delay without `amount`', 'add `amount:` with a duration')
    return durationAt(place, findings) ?? 0
  }
  if (place.present) findings.add(place.keyMark(), `\`amount\` means nothing for \`${fate}\``, 'remove it')
  return 0
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
