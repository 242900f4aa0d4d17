// Stories of equal requests that look for each other.
import { viaReliabilityLevels } from '../../spec/vocabulary/via-constants.ts'
import { at, Teller } from './via-teller.ts'
import type { Make, Story } from './via-teller.ts'

const request = (node: number, vi: string | null, [own, wanted]: readonly [string, string], timeout = 50) =>
  ({
    operation: 'VipConnectPeerRequest',
    vi,
    local: { host: node, discriminator: own },
    remote: { host: 1 - node, discriminator: wanted },
    timeout,
  }) as const
const poll = (vi: string | null) => ({ operation: 'VipConnectPeerDone', vi }) as const

/** One comes first, either way round; what is asked wrongly, too often, or of a VI that is not idle. */
function meeting(make: Make): string {
  const one = new Teller(make)
  one.prepare('unreliable')
  one.vi(0, 'w').vi(1, 'w', { enableRdmaWrite: true }).vi(0, 'x').vi(1, 'x').vi(0, 'gone')
  one.ask(
    0,
    { operation: 'VipDestroyVi', vi: 'gone' },
    request(0, 'gone', ['0a', '0b']),
    request(0, null, ['0a', '0b']),
  )
  one.ask(0, { ...request(0, 'v', ['0a', '0b']), local: null }, poll('v'), poll('gone')).look(0, 'v')
  one
    .ask(0, request(0, 'v', ['0a', '0b']), poll('v'))
    .look(0, 'v')
    .pass(30)
    .ask(1, request(1, 'v', ['0b', '0a']))
    .pass(2)
  one.ask(0, poll('v'), poll('v')).ask(1, poll('v')).look(0, 'v').look(1, 'v')
  one.ask(0, request(0, 'v', ['0a', '0b'])).look(0, 'v')
  one
    .ask(1, request(1, 'x', ['0c', '0d']))
    .pass(30)
    .ask(0, request(0, 'x', ['0d', '0c']))
    .pass(1)
  one.ask(0, poll('x')).ask(1, poll('x'))
  one
    .ask(0, request(0, 'w', ['0e', '0f']))
    .ask(1, request(1, 'w', ['0f', '0e']))
    .pass(2)
  return one.ask(0, poll('w')).ask(1, poll('w')).look(0, 'w', 'x').look(1, 'w', 'x').story
}

/** Requests that find nobody: over, cancelled, for another, of unequal VIs, for a server. */
function missing(make: Make): string {
  const one = new Teller(make)
  one.prepare('unreliable')
  one.vi(0, 'w').vi(1, 'w', { reliabilityLevel: viaReliabilityLevels['reliable-delivery'] }).vi(0, 'x').vi(1, 'x')
  one
    .ask(0, request(0, 'v', ['0a', '0b'], 20))
    .pass(40)
    .look(0, 'v')
    .ask(1, request(1, 'v', ['0b', '0a'], 20))
    .pass(40)
  one.ask(0, poll('v')).ask(1, poll('v')).look(0, 'v').look(1, 'v')
  one
    .ask(0, request(0, 'x', ['01', '02']))
    .pass(2)
    .leave(0, 'x')
    .ask(1, request(1, 'x', ['02', '01']))
    .pass(60)
  one.ask(1, poll('x')).look(0, 'x').look(1, 'x')
  one
    .ask(0, request(0, 'w', ['03', '04']))
    .ask(1, request(1, 'w', ['04', '03']))
    .pass(60)
  one.ask(0, poll('w')).ask(1, poll('w')).look(0, 'w').look(1, 'w')
  const served = one.open(1, { operation: 'VipConnectWait', nic: 'n', local: at('05'), timeout: 40, as: 'c' })
  return one
    .ask(0, request(0, 'w', ['06', '05']))
    .follow(60, served)
    .ask(0, poll('w')).story
}

/** Requests that are nearly for each other. */
function nearly(make: Make): string {
  const one = new Teller(make)
  one.prepare('unreliable')
  for (const node of [0, 1]) one.vi(node, 'w').vi(node, 'x')
  one
    .ask(0, request(0, 'v', ['0a', '0b']))
    .ask(1, request(1, 'v', ['0b', '0c']))
    .pass(3)
  one
    .ask(0, request(0, 'w', ['1a', '1b']))
    .ask(1, request(1, 'w', ['1d', '1a']))
    .pass(3)
  one
    .ask(0, request(0, 'x', ['2a', '2b00']))
    .ask(1, request(1, 'x', ['2b', '2a']))
    .pass(60)
  for (const node of [0, 1]) one.ask(node, poll('v'), poll('w'), poll('x')).look(node, 'v', 'w', 'x')
  return one.story
}

export const peerStories: Readonly<Record<string, Story>> = {
  'peers meet': meeting,
  'peers missing': missing,
  'peers nearly': nearly,
}
