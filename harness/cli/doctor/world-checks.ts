// Checks of a world as such: it opens, and what nobody knows is refused in it.
import { randomUUID } from 'node:crypto'
import { greeted, right, wrong, type Check } from './check.ts'
import { interfacesOf, openWorld } from './open-world.ts'

export const worldChecks: readonly Check[] = [
  {
    name: 'open',
    words: 'a world of each interface that it offers opens, and another takes its place',
    advice: 'Answer open with an empty object, and make every endpoint that it names fresh.',
    run: greeted(async (patient, greeting) => {
      for (const name of [...interfacesOf(greeting), ...interfacesOf(greeting)])
        await openWorld(patient, greeting, { interface: name })
      return right
    }),
  },
  {
    name: 'unknown-call',
    words: 'a call that nobody knows returns the status unsupported',
    advice:
      'Return {"kind":"return","id": the same,"status":"unsupported"} for an operation of a call that is not known.',
    needs: ['open'],
    run: greeted(async (patient, greeting) => {
      const world = await openWorld(patient, greeting)
      const answer = await world.call(0, { operation: `probe.${randomUUID()}` })
      return answer?.status === 'unsupported' ? right : wrong(answer ? JSON.stringify(answer) : 'no return')
    }),
  },
]
