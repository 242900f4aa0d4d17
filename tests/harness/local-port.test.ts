// What the engine does with a host of this process, whatever it tells it.
import { test } from 'tap'
import { LocalPort } from '../../harness/run/local-port.ts'
import { Puppet, test as word, type Habits } from './puppet.ts'

/** Everything that a host can be told, by what it is. */
const ways: Readonly<Record<string, (port: LocalPort) => void>> = {
  'a call': (port) => port.apply({ id: 4, thread: 0, body: word('go') }, 7),
  'a frame': (port) => port.deliver(new Uint8Array(60), 60, 7),
  'a wake': (port) => port.wake(7),
  'an activity': (port) => port.run(3, 7),
}

/** Does the same whatever it is told. */
function always(act: (puppet: Puppet) => void): Habits {
  return { onCall: act, onFrame: act, onWake: act, onRun: act }
}

/** What is heard of a puppet that is told something, in order. */
function heard(habits: Habits, tell: (port: LocalPort) => void): readonly string[] {
  const lines: string[] = []
  const port = new LocalPort(new Puppet(habits, { node: 0, stepped: true }), {
    sink: {
      frame: (_, length) => lines.push(`a frame of ${length}`),
      returned: ({ id }) => lines.push(`return ${id}`),
      event: ({ event }) => lines.push(event),
    },
    rearm: (due) => lines.push(`due at ${due}`),
    failed: (thrown) => lines.push(String(thrown)),
  })
  tell(port)
  return lines
}

for (const [what, tell] of Object.entries(ways)) {
  await test(`told ${what}, a host has what it did taken at once, and then its deadline`, async (t) => {
    const habits = always((puppet) => {
      puppet.wakeAt = 9
      puppet.answer(4)
      puppet.send(new Uint8Array(60))
    })
    t.same(heard(habits, tell), ['return 4', 'a frame of 60', 'due at 9'])
  })

  await test(`what a host throws that is told ${what} is told on, and nothing else of it`, async (t) => {
    const habits = always((puppet) => {
      puppet.answer(4)
      throw new Error('boom')
    })
    t.same(heard(habits, tell), ['Error: boom'])
  })
}
