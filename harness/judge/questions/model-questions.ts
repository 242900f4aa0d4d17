// What the model of an interface wants to have asked at the end of a run.
import type { Range } from '../../../spec/vocabulary/memory.ts'
import type { NodeIndex } from '../../../spec/vocabulary/units.ts'
import { callsOf } from '../../plan/numbering.ts'
import type { CallStep, Permutation } from '../../plan/permutation.ts'
import type { ClosingQuestion } from './closing-question.ts'

/** What the model has something to say of in every run: all that was posted, and all memory that a message may have come into. */
export function questionsOfModel(permutation: Permutation): readonly ClosingQuestion[] {
  const calls = permutation.steps.flatMap(callsOf)
  const posted = permutation.interface === 'via' ? viaQuestions(calls) : empQuestions(calls, permutation.memory)
  const guards = permutation.memory.map(({ node, allocate: { as: buffer } }): ClosingQuestion => ({
    node,
    body: { operation: 'memory.guards', buffer },
  }))
  return [...posted, ...guards]
}

function empQuestions(calls: readonly CallStep[], memory: Permutation['memory']): ClosingQuestion[] {
  const all: ClosingQuestion[] = []
  for (const { node, body } of calls) {
    if (body.operation !== 'emp.isend' && body.operation !== 'emp.irecv') continue
    all.push({ node, body: { operation: 'emp.test', request: body.as }, unlessCompleted: body.as })
    if (body.operation === 'emp.isend') continue
    for (const at of body.pieces) if (at.bytes > 0 && isThere(memory, node, at)) all.push(digestOf(node, at))
  }
  return all
}

/** Each work queue is asked as often as it was posted to; then each VI for its state. */
function viaQuestions(calls: readonly CallStep[]): ClosingQuestion[] {
  const dones: ClosingQuestion[] = []
  const states: ClosingQuestion[] = []
  const octets: ClosingQuestion[] = []
  const asked = new Map<string, number>()
  for (const { node, body } of calls) {
    switch (body.operation) {
      case 'VipCreateVi':
        states.push({ node, body: { operation: 'VipQueryVi', vi: body.as } })
        break
      case 'VipPostSend':
      case 'VipPostRecv': {
        const operation = body.operation === 'VipPostSend' ? 'VipSendDone' : 'VipRecvDone'
        const key = `${node} ${operation} ${body.vi}`
        const again = asked.get(key) ?? 0
        asked.set(key, again + 1)
        dones.push({ node, body: { operation, vi: body.vi }, again })
        break
      }
      case 'descriptor.write':
        if (body.op !== 'receive') break
        for (const { at, bytes } of body.segments)
          if ('buffer' in at && bytes > 0) octets.push(digestOf(node, { ...at, bytes }))
        break
      default:
    }
  }
  return [...dones, ...states, ...octets]
}

function digestOf(node: NodeIndex, at: Range): ClosingQuestion {
  return { node, body: { operation: 'memory.digest', at } }
}

function isThere(memory: Permutation['memory'], node: NodeIndex, { buffer, offset, bytes }: Range): boolean {
  const plan = memory.find((each) => each.node === node && each.allocate.as === buffer)
  return plan !== undefined && offset + bytes <= plan.allocate.bytes
}
