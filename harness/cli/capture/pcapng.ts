// The blocks of a pcapng capture (IETF draft-ietf-opsawg-pcapng): a section, its interfaces, and frames with comments.

const sectionHeader = 0x0a_0d_0d_0a
const byteOrderMagic = 0x1a_2b_3c_4d
const interfaceDescription = 1
const enhancedPacket = 6
const ethernet = 1

const option = { comment: 1, application: 4, name: 2, flags: 2, resolution: 9 } as const

/** Powers of ten of a second: times are nanoseconds. */
const nanoseconds = 9
const outbound = 2

/** What was sent on a link. */
export interface CapturedFrame {
  /** The interface that it left by, counted from 0 in its section. */
  readonly from: number
  /** In nanoseconds. */
  readonly time: number
  readonly octets: Uint8Array
  readonly comment: string
}

export function sectionBlock(application: string, comment: string): Uint8Array {
  const body = new Uint8Array(16).fill(0xff, 8)
  const view = new DataView(body.buffer)
  view.setUint32(0, byteOrderMagic, true)
  view.setUint16(4, 1, true)
  const words = [text(option.comment, comment), text(option.application, application)]
  return block(sectionHeader, [body, ...options(words)])
}

export function interfaceBlock(name: string): Uint8Array {
  const body = new Uint8Array(8)
  new DataView(body.buffer).setUint16(0, ethernet, true)
  return block(interfaceDescription, [body, ...options([text(option.name, name), [option.resolution, [nanoseconds]]])])
}

export function frameBlock({ from, time, octets, comment }: CapturedFrame): Uint8Array {
  const head = new Uint8Array(20)
  const view = new DataView(head.buffer)
  view.setUint32(0, from, true)
  view.setUint32(4, Math.floor(time / 2 ** 32), true)
  view.setUint32(8, time % 2 ** 32, true)
  view.setUint32(12, octets.length, true)
  view.setUint32(16, octets.length, true)
  const words = options([text(option.comment, comment), [option.flags, [outbound, 0, 0, 0]]])
  return block(enhancedPacket, [head, padded(octets), ...words])
}

type Option = readonly [code: number, value: ArrayLike<number>]

function text(code: number, words: string): Option {
  return [code, new TextEncoder().encode(words)]
}

function options(all: readonly Option[]): readonly Uint8Array[] {
  const written = all.map(([code, value]) => {
    const head = new Uint8Array(4)
    const view = new DataView(head.buffer)
    view.setUint16(0, code, true)
    view.setUint16(2, value.length, true)
    return [head, padded(value)]
  })
  return [...written.flat(), new Uint8Array(4)]
}

function block(type: number, parts: readonly Uint8Array[]): Uint8Array {
  const length = parts.reduce((sum, part) => sum + part.length, 12)
  const whole = new Uint8Array(length)
  const view = new DataView(whole.buffer)
  view.setUint32(0, type, true)
  view.setUint32(4, length, true)
  view.setUint32(length - 4, length, true)
  let place = 8
  for (const part of parts) {
    whole.set(part, place)
    place += part.length
  }
  return whole
}

/** To a multiple of four octets. */
function padded(octets: ArrayLike<number>): Uint8Array {
  const whole = new Uint8Array(Math.ceil(octets.length / 4) * 4)
  whole.set(octets)
  return whole
}
