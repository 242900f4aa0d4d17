// What the build keeps of the project is what its files say.
import { test } from 'tap'
import { keptProject } from '../harness/cli/project/kept-project.ts'
import { openProject, readProject } from '../harness/cli/project/project.ts'

const read = readProject()
if ('trouble' in read) throw new Error('the project has errors')

await test('the project that the build kept is the one that its files say', async (t) => {
  const kept = keptProject(read.digest)
  t.ok(kept, 'the build has kept one')
  t.equal(JSON.stringify(kept?.cases), JSON.stringify(read.cases))
  t.equal(JSON.stringify(kept?.catalogue), JSON.stringify(read.catalogue))
})

await test('steps that say the same stay two steps, and so do the calls in them', async (t) => {
  for (const { plans } of keptProject(read.digest)?.cases ?? []) {
    for (const { plan } of plans) {
      const calls = plan.steps.flatMap((step) => [step, ...(step.kind === 'race' ? step.members : [])])
      if (new Set(calls).size !== calls.length) t.fail(plan.title)
    }
  }
})

await test('files of another digest are read anew', async (t) => {
  t.equal(keptProject('another'), undefined)
  t.equal(openProject()?.digest, read.digest)
})
