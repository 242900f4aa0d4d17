// Stories of what lies under the provider: frames of other protocols between its own, and messages that a machine copies.
import { Teller, type Make, type Story } from './via-teller.ts'

/** A frame of the Internet Protocol from the one host to the other. */
function foreign(from: number, to: number): Uint8Array {
  const octets = new Uint8Array(60)
  octets.set([0x02, 0, 0, 0, 0, to + 1, 0x02, 0, 0, 0, 0, from + 1, 0x08, 0x00])
  return octets
}

/** Hands host 1 so many frames of another protocol, and sees how often it has sent anything since. */
function disturb(one: Teller, count: number): void {
  const before = one.sent.length
  for (let i = 0; i < count; i++) {
    one.endpoints[1]?.deliver(foreign(0, 1), 60, one.now)
    one.call(1, { operation: 'VipQueryNic', nic: 'n' })
  }
  one.see(one.sent.length - before)
}

function amongOthers(make: Make): string {
  const one = new Teller(make)
  one.meet('unreliable')
  for (const [slot, count] of [0, 1, 40].entries()) {
    one.post(1, 'Recv', `r${slot}`, { slot, bytes: 100 })
    disturb(one, count)
    one.post(0, 'Send', `s${slot}`, { slot, bytes: 100 })
    one.pass(1).drainQueue(1, 'Recv').data(1)
  }
  return one.story
}

function copied(make: Make): string {
  const one = new Teller(make)
  one.meet('unreliable')
  for (const [slot, bytes] of [0, 1, 8000, 20_000].entries()) {
    one.post(1, 'Recv', `r${slot}`, { slot, bytes: 30_000 })
    one.post(0, 'Send', `s${slot}`, { slot, offset: 7, bytes })
    one.pass(1).drainQueue(1, 'Recv').drainQueue(0, 'Send').data(1)
  }
  return one.story
}

export const deviceStories: Readonly<Record<string, Story>> = { amongOthers, copied }
