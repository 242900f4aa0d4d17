// Writes fault rules and weather.
import type { FaultRule, Weather } from '../../../spec/vocabulary/faults.ts'
import type { ExploredRule, Permutation } from '../permutation.ts'
import { ordersOf } from '../shuffled.ts'
import { apartUsual, victimsUsual } from '../usual.ts'
import type { Names } from './names.ts'
import { writeDuration } from './values.ts'
import { unless, type Written, type WrittenMap } from './written.ts'

export function writeFaults({ faults, explored }: Permutation, names: Names): Written[] {
  return faults.map((rule, place) => {
    const own = explored?.rule === place ? explored : undefined
    return { [own?.kind === 'shuffle' ? 'shuffle' : rule.fate]: writeRule(rule, own, names) }
  })
}

function writeRule(rule: FaultRule, explored: ExploredRule | undefined, names: Names): WrittenMap {
  const { type, message, frame, occurrence, ordinal, octets } = rule
  return {
    from: names.hostIf(rule.from),
    to: names.hostIf(rule.to),
    type,
    message,
    frame,
    occurrence,
    ordinal,
    octets,
    amount: explored?.kind === 'shuffle' ? undefined : writeAmount(rule),
    after: writeDuration(rule.after),
    before: writeDuration(rule.before),
    ...writeExplored(rule, explored),
  }
}

function writeExplored({ amount }: FaultRule, explored: ExploredRule | undefined): WrittenMap {
  if (!explored) return {}
  const { kind, most } = explored
  if (kind === 'victims') return { victim: 'every-frame', bound: unless(victimsUsual, most) }
  const apart = amount === apartUsual ? undefined : writeDuration(amount)
  return { frames: explored.frames, apart, bound: unless(ordersOf(explored.frames), most) }
}

function writeAmount({ fate, amount }: FaultRule): Written | undefined {
  if (fate === 'delay') return writeDuration(amount)
  return fate === 'duplicate' || fate === 'reorder' ? unless(1, amount) : undefined
}

export function writeWeather(weather: Weather): WrittenMap {
  const { loss, duplicate, corrupt, reorder, reorderSpan, delay, delayMax } = weather
  return {
    loss: unless(0, loss),
    duplicate: unless(0, duplicate),
    corrupt: unless(0, corrupt),
    reorder: unless(0, reorder),
    'reorder-span': unless(0, reorderSpan),
    delay: unless(0, delay),
    'delay-max': delayMax === 0 ? undefined : writeDuration(delayMax),
    after: writeDuration(weather.after),
    until: writeDuration(weather.until),
  }
}
