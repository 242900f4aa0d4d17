// Checks of the tap on the wire: frames are handed over whole where that is declared, and none where it is not.
import type { Greeting } from '../../../adapters/process/protocol.ts'
import type { InterfaceName } from '../../../spec/vocabulary/endpoint.ts'
import { counted } from '../../../spec/vocabulary/units.ts'
import { macOf } from '../../fabric/address.ts'
import { dissect } from '../../judge/frames/dissect.ts'
import type { WireLayout } from '../../plan/layout.ts'
import { greeted, right, unasked, wrong, type Check, type Outcome } from './check.ts'
import { interfacesOf, openWorld } from './open-world.ts'
import type { Patient } from './patient.ts'
import { beginExchange, messageOctets, messageTag } from './traffic.ts'
import { hostNames, type World } from './world.ts'

export const wireChecks: readonly Check[] = [
  {
    name: 'wire',
    words: 'frames between two hosts pass through the harness, and read as the profile says',
    advice:
      'Hand over every frame that a NIC sends, from the destination MAC to before the FCS, with the MACs of open.',
    run: greeted((patient, greeting) =>
      greeting.pics.wire === 'none' ? unasked('its wire is hidden') : eachInterface(patient, greeting, tap),
    ),
  },
  {
    name: 'hidden-wire',
    words: 'no frame is told where the wire is hidden',
    advice: 'Declare "wire": "frames" if the harness is to be the wire; otherwise tell no frame.',
    run: greeted((patient, greeting) =>
      greeting.pics.wire === 'frames' ? unasked('its wire is open') : eachInterface(patient, greeting, tapHidden),
    ),
  },
]

/** What is looked at in the world of one interface. */
interface Tapped {
  readonly world: World
  readonly name: InterfaceName
  readonly layout: WireLayout
  readonly greeting: Greeting
}

async function eachInterface(
  patient: Patient,
  greeting: Greeting,
  look: (tapped: Tapped) => Promise<Outcome>,
): Promise<Outcome> {
  let last: Outcome = unasked('it offers no interface that is known')
  for (const name of interfacesOf(greeting)) {
    const world = await openWorld(patient, greeting, { interface: name })
    last = await look({ world, name, layout: patient.known.layouts[name], greeting })
    if (last.kind === 'wrong') return last
  }
  return last
}

async function tap(tapped: Tapped): Promise<Outcome> {
  const { world, name } = tapped
  const hindrance = await beginExchange(world, name)
  if (hindrance?.kind === 'unsupported') return unasked(`${hindrance.words}: not filled in yet`)
  if (hindrance) return wrong(hindrance.words)
  await world.settle()
  const frames = framesOf(world)
  const first = frames.find(({ node }) => node === 0)
  if (!first) return wrong(`left sent to right over ${name}, and no frame was told`)
  const [strange] = frames.flatMap(({ node, octets }) => addressTrouble(node, octets))
  if (strange !== undefined) return { kind: 'wrong', seen: strange, advice: adviceOnAddresses }
  return name === 'emp' ? contentOf(tapped, first.octets) : right
}

const adviceOnAddresses =
  'Give each frame the MAC of the host that it goes to, then that of the host that sends it, as open has them.'

async function tapHidden({ world, name }: Tapped): Promise<Outcome> {
  await beginExchange(world, name)
  await world.settle()
  const { length } = framesOf(world)
  return length === 0 ? right : wrong(`${counted(length, 'frame')} over ${name}`)
}

interface Frame {
  readonly node: number
  readonly octets: Uint8Array
}

function framesOf({ deeds }: World): Frame[] {
  return deeds.flatMap(({ node, output }) => (output.kind === 'frame' ? [{ node, octets: output.octets }] : []))
}

/** Whatever the wire, a frame goes from the host that sends it to the other. */
function addressTrouble(node: number, octets: Uint8Array): string[] {
  const digits = Buffer.from(octets).toString('hex')
  const [destination, source] = [digits.slice(0, 12), digits.slice(12, 24)]
  const [due, own] = [macOf(1 - node), macOf(node)]
  const from = hostNames[node] ?? '?'
  const trouble: string[] = []
  if (source !== own) trouble.push(`a frame of ${from} has the source MAC ${source}, where its host has ${own}`)
  if (destination !== due)
    trouble.push(`a frame of ${from} goes to MAC ${destination}, where the other host has ${due}`)
  return trouble
}

/** The first frame of the message, read by the profile; the first field that is wrong. */
function contentOf({ layout, greeting }: Tapped, octets: Uint8Array): Outcome {
  if (greeting.pics.profile !== layout.profile) return right
  const frame = dissect(layout, octets)
  if (frame.malformed !== undefined)
    return {
      kind: 'wrong',
      seen: `the first frame is malformed: ${frame.malformed}`,
      advice: `Lay each frame out as the profile ${layout.profile} has it, header by header.`,
    }
  if (frame.type !== 'data') {
    const seen = `the first frame is of type ${frame.type ?? 'none'}, where data was due`
    return { kind: 'wrong', seen, advice: adviceOn('type', layout) }
  }
  const due = Object.entries({ sender: 0, length: messageOctets, total: messageOctets, tag: messageTag })
  const differing = due.find(([name, value]) => frame.fields[name] !== value)
  if (!differing) return right
  const [name, value] = differing
  const seen = `the first frame has ${name} ${frame.fields[name] ?? 'nowhere'}, where ${value} was due`
  return { kind: 'wrong', seen, advice: adviceOn(name, layout) }
}

/** Where a field stands, and what it means. */
function adviceOn(name: string, { profile, octetOrder, headers }: WireLayout): string {
  for (const { name: header, fields } of headers) {
    const field = fields.find((each) => each.name === name)
    if (!field) continue
    const { offset, octets, meaning } = field
    const where = octets === 1 ? `octet ${offset}` : `octets ${offset} to ${offset + octets - 1}, ${octetOrder}-endian,`
    return `Write ${name} as the profile ${profile} has it, at ${where} of the ${header}: ${meaning}.`
  }
  return `Write ${name} as the profile ${profile} has it.`
}
