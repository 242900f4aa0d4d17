// The command line: what can be asked of the suites, the requirements and the adapters.
import { test } from 'tap'
import { answer, complaint, viaduct } from './viaduct-command.ts'

/** Everything that is asked here; each starts as soon as a processor is free. */
const asked = {
  listAdapters: viaduct(['list', '--adapters']),
  listSomeAdapters: viaduct(['list', '--adapters', 'mutant:*']),
  list: viaduct(['list']),
  listOne: viaduct(['list', 'EMP-REL-006']),
  listSuite: viaduct(['list', 'emp.loss']),
  explainCase: viaduct(['explain', 'emp.loss/one-data-frame-lost']),
  explainRequirement: viaduct(['explain', 'EMP-REL-006']),
  explainNothing: viaduct(['explain', 'EMP-REL-06']),
  explainPermutation: viaduct(['explain', 'emp.loss/one-data-frame-lost/victim=1/roles=iut-iut']),
  explainNoPermutation: viaduct(['explain', 'emp.loss/one-data-frame-lost/victim=99/roles=iut-iut']),
  coverage: viaduct(['coverage', 'emp']),
}

await test('list --adapters names the reference, degenerates and mutants, and says what else there is', async (t) => {
  const said = await answer(asked.listAdapters)
  for (const name of ['reference', 'degenerate:silent', 'degenerate:yes', 'degenerate:no', 'mutant:emp-no-retransmit'])
    t.match(said, new RegExp(`^${name} +[A-Z].*\\.$`, 'm'))
  t.ok([...said.matchAll(/^mutant:/gm)].length >= 12)
  t.match(said, /command that speaks the adapter protocol/)
})

await test('list --adapters takes no pattern', async (t) => {
  t.match(await complaint(asked.listSomeAdapters), /^A pattern chooses cases and requirements: leave it or --adapters/)
})

await test('list names cases and requirements', async (t) => {
  const said = await answer(asked.list)
  t.match(said, /^ {2}emp\.loss\/one-data-frame-lost +core +A lost data frame/m)
  t.match(said, /^ {2}EMP-REL-006 +must +core +sourced +/m)
  t.ok(Number(/^(\d+) cases$/m.exec(said)?.[1]) >= 40)
  t.ok(Number(/^(\d+) requirements$/m.exec(said)?.[1]) >= 30)
})

await test('list with a pattern names what it matches', async (t) => {
  const said = await answer(asked.listSuite)
  t.match(said, /^ {2}emp\.loss\/one-data-frame-lost /m)
  t.notMatch(said, /emp\.matching|EMP-/)
})

await test('one requirement is counted as one, and so is one case', async (t) => {
  const said = await answer(asked.listOne)
  t.match(said, /^1 requirement$/m)
  t.notMatch(said, /^1 (cases|requirements)$/m)
})

await test('explain tells of a case what it is, what it verifies, and how to repeat it', async (t) => {
  const said = await answer(asked.explainCase)
  t.match(said, /^emp\.loss\/one-data-frame-lost {2}A lost data frame/)
  t.match(said, /suites\/emp\/loss\.yaml:\d+/)
  for (const title of ['What it verifies', 'Topology', 'Faults', 'Steps', 'Allowed outcomes', 'Mutants it kills'])
    t.match(said, new RegExp(`^${title}\n {2}\\S`, 'm'))
  t.match(said, /^ {2}EMP-REL-007: When the timer of a collection runs out/m)
  t.match(said, /^ {2}emp-no-retransmit$/m)
  t.match(said, /^ {2}npx viaduct run emp\.loss\/one-data-frame-lost --trace$/m)
})

await test('explain tells of a requirement its words, its source, and the cases that verify it', async (t) => {
  const said = await answer(asked.explainRequirement)
  t.match(said, /^EMP-REL-006 {2}A collection that is not acknowledged/)
  t.match(said, /^ {2}must, class core, sourced: E13/m)
  t.match(said, /^Verified by\n(?: {2}.*\n)* {2}emp\.loss\/one-data-frame-lost: /m)
  t.match(said, /^ {2}emp-no-retransmit: /m)
})

await test('explain of what is not there is wrong usage, with the nearest', async (t) => {
  t.match(await complaint(asked.explainNothing), /no requirement EMP-REL-06\. Did you mean EMP-REL-00?6\?/)
})

await test('explain takes a permutation for its case, and repeats that permutation', async (t) => {
  const [ofCase, ofPermutation] = [await answer(asked.explainCase), await answer(asked.explainPermutation)]
  const repeat = '\n  npx viaduct run emp.loss/one-data-frame-lost --trace\n'
  t.equal(ofPermutation, ofCase.replace(repeat, repeat.replace(' --trace', '/victim=1/roles=iut-iut --trace')))
})

await test('explain of a permutation that the case does not have names some that it has', async (t) => {
  t.match(
    await complaint(asked.explainNoPermutation),
    /^There is no permutation emp\.loss\/\S+\/victim=99\/roles=iut-iut\. There are:\n( {2}emp\.loss\/one-data-frame-lost\/victim=\S+\n){3} {2}and \d+ more\n$/,
  )
})

await test('coverage leaves no requirement of EMP uncovered', async (t) => {
  const said = await answer(asked.coverage)
  t.notMatch(said, /UNCOVERED/)
  t.match(said, /^\d+ requirements: \d+ covered, \d+ deferred, \d+ untestable, 0 uncovered$/m)
})

await test('explain tells the last result of a case, of one permutation and of a requirement, from the report that it is given', async (t) => {
  const lost = 'emp.loss/one-data-frame-lost'
  await viaduct(['run', lost, '--adapter', 'mutant:emp-resends-everything', '--report', 'last'])
  const ofCase = await answer(viaduct(['explain', lost, '--report', 'last']))
  t.match(
    ofCase,
    /^Last result\n {2}emp-resends-everything 0\.1\.0, \d{4}-\d\d-\d\d: \d+ pass, \d+ fail\n {2}fail emp\.loss/m,
  )
  t.match(ofCase, /^ {4}npx viaduct run emp\.loss\S+ --adapter mutant:emp-resends-everything --trace$/m)
  const passed = await answer(viaduct(['explain', `${lost}/victim=1/roles=reference-iut`, '--report', 'last']))
  t.match(passed, /: 1 pass\n$/)
  t.match(await answer(viaduct(['explain', 'emp.loss/link-cut', '--report', 'last'])), /: not run\n$/)
  t.match(
    await answer(viaduct(['explain', 'EMP-REL-007', '--report', 'last'])),
    /: violated; \d+ permutations? passed, \d+ failed/,
  )
})

await test('explain tells no last result where there is no report, and refuses a report that is not there', async (t) => {
  t.notMatch(await answer(asked.explainCase), /Last result/)
  t.match(await complaint(viaduct(['explain', 'EMP-REL-007', '--report', 'nowhere'])), /There is no report nowhere/)
})
