// Checks of how lines are answered, whatever they ask: unknown ones, bad ones, several at once.
import { randomUUID } from 'node:crypto'
import { quote } from '../../../adapters/process/lines.ts'
import { protocolVersion, writeHello } from '../../../adapters/process/protocol.ts'
import { harnessIdentity } from '../files/package.ts'
import { right, wrong, type Check, type Outcome } from './check.ts'
import type { Patient } from './patient.ts'

export const lineChecks: readonly Check[] = [
  {
    name: 'unknown-operation',
    words: 'an operation that nobody knows is refused as unsupported',
    advice: 'Answer an unknown op with {"id": the same, "unsupported": "what it is"}, and no other way.',
    run: async (patient) => {
      const visit = await patient.visit()
      const { answer, text } = await visit.ask(`probe-${randomUUID()}`, {})
      return answer.kind === 'unsupported' ? right : wrong(quote(text))
    },
  },
  {
    name: 'bad-line',
    words: 'a line that is no request is answered by an error whose id is null, and it lives on',
    advice: 'Answer {"id":null,"error":{"message":"..."}} to a line that cannot be read, and go on with the next.',
    run: sayBadLines,
  },
  {
    name: 'unknown-members',
    words: 'members that nobody knows are ignored',
    advice: 'Take from a request the members that you know, and pass over all others.',
    run: async (patient) => {
      const visit = await patient.visit()
      const hello = writeHello({ protocols: [protocolVersion], nonce: randomUUID(), harness: harnessIdentity })
      const { answer, text } = await visit.ask('hello', { ...hello, novelty: [{ deep: null }] })
      return answer.kind === 'ok' ? right : wrong(quote(text))
    },
  },
  {
    name: 'pipelining',
    words: 'requests that come together are answered one by one, in order',
    advice: 'Answer every line that is there, in order; the next may come before the last was answered.',
    run: askTogether,
  },
]

/** No JSON, no object, no id, no op. */
const badLines = ['no JSON', '[1]', '{"op":"turn"}', '{"id":1}'] as const

async function sayBadLines(patient: Patient): Promise<Outcome> {
  const visit = await patient.visit()
  const { conversation } = visit
  for (const line of badLines) {
    const answered = conversation.badRequest(line, `the line ${line}`)
    conversation.send()
    await answered
  }
  const { answer, text } = await visit.ask(`probe-${randomUUID()}`, {})
  return answer.kind === 'unsupported' ? right : wrong(`after bad lines it answered an operation with ${quote(text)}`)
}

/** So many that they do not fit into one pipe at once would prove nothing more. */
const togetherCount = 50

/** The conversation itself sees to their order: an answer out of turn is its end. */
async function askTogether(patient: Patient): Promise<Outcome> {
  const { conversation } = await patient.visit()
  const asked = Array.from({ length: togetherCount }, (_, i) => conversation.request(`probe-${i}`, {}))
  conversation.send()
  const strange = (await Promise.all(asked)).find(({ answer }) => answer.kind !== 'unsupported')
  return strange ? wrong(quote(strange.text)) : right
}
