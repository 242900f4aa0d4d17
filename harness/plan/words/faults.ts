// Puts fault rules and weather in plain words.
import type { FaultRule, Weather } from '../../../spec/vocabulary/faults.ts'
import { counted, formatDuration, ordinal } from '../../../spec/vocabulary/units.ts'
import type { ExploredRule } from '../permutation.ts'
import { hostWord, octets, type HostNames } from './octets.ts'

/** One line for each rule, in order, and one for the weather. */
export function faultWords(
  rules: readonly FaultRule[],
  weather: Weather | undefined,
  hosts: HostNames,
  explored?: ExploredRule,
): string[] {
  const lines = rules.map((rule, i) =>
    explored?.rule === i ? exploredWords(explored, rule, hosts) : ruleWords(rule, hosts),
  )
  return weather ? [...lines, weatherWords(weather)] : lines
}

/** One run for each frame, or for each order. */
function exploredWords(explored: ExploredRule, rule: FaultRule, hosts: HostNames): string {
  if (explored.kind === 'shuffle') {
    return `the first ${explored.frames} times a ${frameWords(rule, hosts)} is sent, they arrive in every order, each in a run of its own, ${formatDuration(rule.amount)} apart`
  }
  return `each ${frameWords(rule, hosts)} in its turn, in a run of its own, ${fateWords(rule)}${timeWords(rule)}`
}

function ruleWords(rule: FaultRule, hosts: HostNames): string {
  const which = rule.occurrence === undefined ? 'every' : `the ${ordinal(rule.occurrence)}`
  return `${which} ${frameWords(rule, hosts)} ${fateWords(rule)}${timeWords(rule)}`
}

/** What a rule or a filter says of a frame, such as `data frame 2 of message 1 from left to right`. */
export function frameWords(
  frame: Pick<FaultRule, 'from' | 'to' | 'type' | 'message' | 'frame' | 'ordinal' | 'octets'>,
  hosts: HostNames,
): string {
  const words = [frame.type === undefined ? 'frame' : `${frame.type} frame`]
  if (frame.frame !== undefined) words.push(frame.frame === 'last' ? 'that is the last' : `number ${frame.frame}`)
  if (frame.message !== undefined) words.push(`of message ${frame.message}`)
  if (frame.from !== undefined) words.push(`from ${hostWord(frame.from, hosts)}`)
  if (frame.to !== undefined) words.push(`to ${hostWord(frame.to, hosts)}`)
  if (frame.octets !== undefined) words.push(`of ${octets(frame.octets)}`)
  if (frame.ordinal !== undefined) words.push(`with ordinal ${frame.ordinal}`)
  return words.join(' ')
}

function fateWords({ fate, amount }: FaultRule): string {
  switch (fate) {
    case 'drop':
      return 'is lost'
    case 'duplicate':
      return amount === 1 ? 'arrives twice' : `arrives with ${amount} copies more`
    case 'delay':
      return `arrives ${formatDuration(amount)} later`
    case 'reorder':
      return amount === 1 ? 'is overtaken by the next frame' : `is overtaken by the next ${amount} frames`
    case 'corrupt':
      return 'is damaged on the wire'
    case 'partition':
      return 'is lost, as the link is cut'
  }
}

function timeWords({ after, before }: FaultRule): string {
  const from = after === undefined ? '' : ` from ${formatDuration(after)} on`
  return before === undefined ? from : `${from} until ${formatDuration(before)}`
}

function weatherWords(weather: Weather): string {
  const parts: string[] = []
  const add = (chance: number, what: string): void => {
    if (chance > 0) parts.push(`${chance} ${what}`)
  }
  add(weather.loss, 'lost')
  add(weather.duplicate, 'doubled')
  add(weather.corrupt, 'damaged')
  add(weather.reorder, `overtaken by up to ${counted(weather.reorderSpan, 'frame')}`)
  add(weather.delay, `late by up to ${formatDuration(weather.delayMax)}`)
  const after = weather.after === undefined ? '' : `; calm before ${formatDuration(weather.after)}`
  const until = weather.until === undefined ? '' : `; calm from ${formatDuration(weather.until)} on`
  return `weather, by chance for each frame: ${parts.length === 0 ? 'nothing' : parts.join(', ')}${after}${until}`
}
