// The table of monitors: enough of them, each with a name of its own, and none that names a requirement there is not.
import { test } from 'tap'
import { openProject } from '../../harness/cli/project/project.ts'
import { monitorsOf } from '../../harness/judge/monitors/monitors.ts'

/** So many each interface has at the least. */
const least = 40

for (const of of ['emp', 'via'] as const) {
  await test(`there are at least ${least} monitors of ${of}, each with a name of its own and words`, async (t) => {
    const monitors = monitorsOf(of)
    t.ok(monitors.length >= least, `${monitors.length} monitors`)
    t.equal(new Set(monitors.map(({ name }) => name)).size, monitors.length)
    for (const { name, words } of monitors) {
      t.match(name, /^[a-z]+(?:-[a-z]+)*$/)
      t.ok(words.length > 0, name)
    }
  })

  await test(`each requirement that a monitor of ${of} names exists, and is of ${of}`, async (t) => {
    const project = openProject()
    if (!project) throw new Error('the suites cannot be read')
    const known = new Set(project.catalogue.requirements.filter((each) => each.interface === of).map((each) => each.id))
    for (const { name, requirements } of monitorsOf(of)) {
      for (const id of requirements) t.ok(known.has(id), `${name}: ${id}`)
      // What is the contract between harness and implementation has none.
      t.ok(requirements.length > 0 || name === 'answered-once', name)
    }
  })
}
