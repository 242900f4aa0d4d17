// Checks of how it ends: by itself when it is told to, and seen for what it is when it crashes or hangs.
import { isDeepStrictEqual } from 'node:util'
import { AdapterFailure, type AdapterTrouble } from '../../subject/adapter.ts'
import { right, unasked, wrong, type Check, type Outcome } from './check.ts'
import { openIn } from './open-world.ts'
import type { Patient } from './patient.ts'
import type { Visit } from './visit.ts'

export const endingChecks: readonly Check[] = [
  {
    name: 'close',
    words: 'it answers close, ends by itself, and leaves no process behind',
    advice: 'Answer close with an empty object, end every process that was started, and exit.',
    needs: ['open'],
    run: ofChild(async (patient) => {
      const visit = await startOpened(patient)
      const { answer, text } = await visit.ask('close', {})
      if (answer.kind !== 'ok') return wrong(text)
      return ended(visit, 'after close')
    }),
  },
  {
    name: 'end-of-input',
    words: 'it ends when its input ends, and leaves no process behind',
    advice: 'Exit when reading from the input gives end of file.',
    needs: ['open'],
    run: ofChild(async (patient) => {
      const visit = await startOpened(patient)
      visit.child?.endInput()
      return ended(visit, 'after its input ended')
    }),
  },
  {
    name: 'crash',
    words: 'a crash is seen as one, and a fresh process greets as the first did',
    advice: 'Let the command be the adapter, or end with it: what answers must not outlive its process group.',
    run: ofChild((patient) => disturb(patient, 'crash')),
  },
  {
    name: 'hang',
    words: 'a hang is seen as one, and a fresh process greets as the first did',
    advice: 'Let the command be the adapter, or stop with it: what answers must be in its process group.',
    run: ofChild((patient) => disturb(patient, 'hang')),
  },
]

/** How long an end may take, in milliseconds. */
const endingMax = 2000
/** How long a process that was stopped is waited for, in milliseconds: it does not answer however long. */
const hangingMax = 300

function ofChild(run: (patient: Patient) => Promise<Outcome>): Check['run'] {
  return async (patient) => (patient.isChild ? run(patient) : unasked('its process is not ours to end'))
}

/** A fresh process with a world: what it starts for one must end as well. */
async function startOpened(patient: Patient): Promise<Visit> {
  const { visit } = await patient.startGreeted()
  if (patient.greeting) await openIn(visit, patient.greeting)
  return visit
}

async function ended({ conversation, ended: leftBehind }: Visit, when: string): Promise<Outcome> {
  const left = await within(endingMax, leftBehind)
  conversation.fail('crash', 'it was examined to its end')
  if (left === undefined) return wrong(`${when} it was still there ${endingMax / 1000} s later`)
  if (left === 0) return right
  const processes = left === 1 ? 'a process that it started was' : `${left} processes that it started were`
  return wrong(`${when} ${processes} still there`)
}

/** Stops the process with a request unanswered, kills it if it is to crash, and looks at what is seen of it. */
async function disturb(patient: Patient, trouble: AdapterTrouble): Promise<Outcome> {
  const { visit } = await patient.startGreeted()
  const { conversation, child } = visit
  child?.signal('SIGSTOP')
  conversation.allow(trouble === 'hang' ? hangingMax : patient.answerWithin)
  const answer = visit.ask('reset', { seeds: [] })
  if (trouble === 'crash') child?.signal('SIGKILL')
  const seen = await troubleOf(answer)
  await patient.dismiss(visit)
  if (seen !== trouble) return wrong(`its process group was ${trouble === 'hang' ? 'stopped' : 'killed'}, and ${seen}`)
  return greetsAsBefore(patient)
}

async function troubleOf(answer: Promise<unknown>): Promise<string> {
  try {
    await answer
    return 'a request was answered'
  } catch (thrown) {
    if (thrown instanceof AdapterFailure) return thrown.trouble
    throw thrown
  }
}

async function greetsAsBefore(patient: Patient): Promise<Outcome> {
  const { visit, hello } = await patient.startGreeted()
  await patient.dismiss(visit)
  const [first, second] = [patient.hello, hello].map((each) => {
    const answer = each?.answered.answer
    return answer?.kind === 'ok' ? { ...answer.ok, nonce: '' } : answer?.kind
  })
  return isDeepStrictEqual(first, second) ? right : wrong('started again, it declares something else than before')
}

/** What is awaited, if it comes within so many milliseconds. */
async function within<T>(milliseconds: number, awaited: Promise<T>): Promise<T | undefined> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<undefined>((resolve) => {
    timer = setTimeout(() => resolve(undefined), milliseconds)
  })
  const came = await Promise.race([awaited, late])
  clearTimeout(timer)
  return came
}
