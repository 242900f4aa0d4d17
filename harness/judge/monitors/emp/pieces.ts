// In how many physical pieces a posting lies, as far as its ranges tell (R15).
import type { CallSeen } from '../../seen/history.ts'

/** In how many pieces a message lies, wherever its buffers begin within their pages; those that adjoin may be one. */
export function piecesOf({ call: { body } }: CallSeen, page: number): { least: number; most: number } {
  let [least, most] = [0, 0]
  let end = -1
  let before = ''
  for (const { buffer, offset, bytes } of 'pieces' in body ? body.pieces : []) {
    most += bytes === 0 ? 1 : Math.ceil((bytes - 1) / page) + 1
    const adjoins = buffer === before && offset === end
    if (bytes > 0) {
      least += adjoins ? Math.floor(bytes / page) : Math.ceil(bytes / page)
      end = offset + bytes
      before = buffer
    }
  }
  return { least, most }
}
