// Writes expectations about the answers of VIPL.
import type { Times } from '../expectation.ts'
import type { AnsweredExpectation, DescriptorExpected, OutputsExpected } from '../via/expectation.ts'
import { refusals } from '../read/via/expectations.ts'
import type { Names } from './names.ts'
import { writeDuration, writeTimes } from './values.ts'
import { writeAddress } from './via-arguments.ts'
import { oneOrMore, type Written, type WrittenMap } from './written.ts'

export function writeAnswered(expectation: AnsweredExpectation, names: Names): WrittenMap {
  const { label, codes, outputs, within, after } = expectation
  return {
    call: label,
    code: writeCodes(codes),
    ...writeOutputs(outputs, names),
    within: writeDuration(within),
    after: writeDuration(after),
  }
}

function writeCodes(codes: AnsweredExpectation['codes']): Written | undefined {
  if (codes === 'open') return codes
  if (codes.length === refusals.length && codes.every((code, i) => code === refusals[i])) return 'refused'
  return codes.length === 0 ? undefined : oneOrMore(codes)
}

function writeOutputs(outputs: OutputsExpected, names: Names): WrittenMap {
  const { descriptor, fields, states, entry, address, attributes } = outputs
  return {
    descriptor,
    ...(fields ? writeFields(fields) : {}),
    state: states && oneOrMore(states),
    'send-queue-empty': outputs.sendQueueEmpty,
    'recv-queue-empty': outputs.recvQueueEmpty,
    entry: entry && { vi: entry.vi, queue: entry.queue },
    address: address && writeAddress(address, names),
    name: outputs.name,
    'name-length': outputs.nameLength && writeTimes(outputs.nameLength),
    discovered: outputs.discovered,
    attributes: attributes && writeAttributes(attributes),
    limits: outputs.limitsDeclared === true ? 'declared' : undefined,
    'same-as': outputs.sameAs,
  }
}

export function writeFields(fields: DescriptorExpected): WrittenMap {
  const { length, operation, done, errors, immediate, reservedZero, status, segmentCount } = fields
  return {
    length: length && writeTimes(length),
    operation,
    done,
    errors,
    immediate,
    reserved: reservedZero === true ? 'zero' : undefined,
    'status-word': status,
    'segment-count': segmentCount,
  }
}

function writeAttributes(attributes: Readonly<Record<string, string | boolean | Times>>): WrittenMap {
  const written = Object.entries(attributes).map(([name, value]): [string, Written] => [
    name,
    typeof value === 'object' ? writeTimes(value) : value,
  ])
  return Object.fromEntries(written)
}
