// Each mutant of the VIA reference that needs no race shows its fault in a story of host calls.
import { test } from 'tap'
import { viaMutants as all } from '../../adapters/mutants/via/catalogue.ts'
import { ViaEndpoint } from '../../reference/via/endpoint.ts'
import type { EndpointSetting } from '../../spec/vocabulary/endpoint.ts'
import { connectionStories } from './via-connection-stories.ts'
import { countingStories } from './via-counting-stories.ts'
import { deviceStories } from './via-device-stories.ts'
import { handlerStories } from './via-handler-stories.ts'
import { meetingStories } from './via-meeting-stories.ts'
import { nameStories } from './via-name-stories.ts'
import { neighbourStories } from './via-neighbour-stories.ts'
import { objectStories } from './via-object-stories.ts'
import { peerStories } from './via-peer-stories.ts'
import { postedStories } from './via-posted-stories.ts'
import { rdmaStories } from './via-rdma-stories.ts'
import { refusalStories } from './via-refusal-stories.ts'
import type { Make } from './via-teller.ts'
import { transferStories } from './via-transfer-stories.ts'
import { turnStories } from './via-turn-stories.ts'
import { shownBy } from './via-shown-by.ts'

const stories = {
  ...objectStories,
  ...deviceStories,
  ...nameStories,
  ...postedStories,
  ...connectionStories,
  ...transferStories,
  ...handlerStories,
  ...peerStories,
  ...rdmaStories,
  ...countingStories,
  ...neighbourStories,
  ...turnStories,
  ...refusalStories,
  ...meetingStories,
}
const reference: Make = (setting) => new ViaEndpoint(setting)
const viaMutants = all.filter(({ revealedBy }) => revealedBy === undefined)
const byName = new Map(viaMutants.map((mutant) => [mutant.name, mutant]))

function tell(story: string, make: Make): string {
  const told = stories[story]
  if (!told) throw new RangeError(`no story ${story}`)
  return told(make)
}

/** An endpoint that was used and reset. */
function reused(make: Make): Make {
  return (setting: EndpointSetting) => {
    const endpoint = make(setting)
    endpoint.apply({ id: 1, thread: 0, body: { operation: 'VipOpenNic', device: 'viaduct0', as: 'n' } }, 5)
    endpoint.apply({ id: 2, thread: 0, body: { operation: 'VipCreatePtag', nic: 'n', as: 'gone' } }, 6)
    endpoint.apply({ id: 3, thread: 0, body: { operation: 'VipDestroyPtag', nic: 'n', ptag: 'gone' } }, 7)
    endpoint.drain({ frame: () => undefined, returned: () => undefined, event: () => undefined })
    endpoint.reset(setting.seed)
    return endpoint
  }
}

await test('every mutant has a name, a sentence, what it violates, and a story', async (t) => {
  t.equal(byName.size, viaMutants.length)
  t.same(Object.values(shownBy).flat().toSorted(), [...byName.keys()].toSorted())
  for (const { name, interface: spoiled, words, violates } of viaMutants) {
    t.match(name, /^via-[a-z-]+$/, name)
    t.equal(spoiled, 'via', name)
    t.match(words, /^[A-Z].*\.$/, name)
    t.equal(new Set(violates).size, violates.length, name)
    t.not(violates.length, 0, name)
  }
})

for (const [story, names] of Object.entries(shownBy)) {
  await test(`the story ${story}`, async (t) => {
    const right = tell(story, reference)
    t.equal(tell(story, reused(reference)), right, 'the reference tells it again')
    const told = new Map([[right, 'the reference']])
    for (const name of names) {
      const mutant = byName.get(name)
      const seen = mutant ? tell(story, mutant.make) : right
      t.equal(told.get(seen), undefined, `${name} tells it in its own way`)
      told.set(seen, name)
      if (mutant) t.equal(tell(story, reused(mutant.make)), seen, `${name} does so when it is reset`)
    }
  })
}
