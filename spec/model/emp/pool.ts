// How many pieces and slots a posting needs, and whether the pool of descriptors may take or refuse it (E41, E44 to E46, R13 to R17).
import type { Piece } from '../memory.ts'
import type { Request } from './request.ts'

/** What a posting asks of the pool. Where a buffer's place within its page is open, the least and the most. */
export interface Need {
  readonly piecesLeast: number
  readonly piecesMost: number
  readonly slotsLeast: number
  readonly slotsMost: number
}

/** Octets of an entry of an indirect page (R14), and pieces and pieces per further slot of a chain (R13). */
const entryOctets = 10
const chainPieces = 7
const piecesPerSlot = 2

/** The most pieces of one message: as many as a page lists (R14). */
export function piecesMax(page: number): number {
  return Math.floor(page / entryOctets)
}

/** Slots for so many pieces: one; a chain's; or one for the indirect page (R15). */
export function slotsOf(pieces: number): number {
  return pieces <= 1 || pieces > chainPieces ? 1 : 1 + Math.ceil((pieces - 1) / piecesPerSlot)
}

/** What these pieces of memory need, cut at pages (R14, R15). */
export function needOf(pieces: readonly Piece[], page: number): Need {
  let piecesLeast = 0
  let piecesMost = 0
  for (const { buffer, offset, bytes } of pieces) {
    // A range of no octets may be left out, or be a piece.
    if (bytes === 0) piecesMost++
    else if (buffer.align % page === 0) {
      const touched = Math.floor((((buffer.offset + offset) % page) + bytes - 1) / page) + 1
      piecesLeast += touched
      piecesMost += touched
    } else {
      piecesLeast += Math.ceil(bytes / page)
      piecesMost += Math.ceil((bytes - 1) / page) + 1
    }
  }
  return { piecesLeast, piecesMost, ...slotRange(piecesLeast, piecesMost) }
}

/** Slots do not grow with pieces beyond a chain, so every number between is looked at, up to where nothing changes. */
function slotRange(least: number, most: number): { slotsLeast: number; slotsMost: number } {
  let slotsLeast = slotsOf(least)
  let slotsMost = slotsLeast
  for (let pieces = least + 1; pieces <= Math.min(most, least + chainPieces + 1); pieces++) {
    slotsLeast = Math.min(slotsLeast, slotsOf(pieces))
    slotsMost = Math.max(slotsMost, slotsOf(pieces))
  }
  return { slotsLeast, slotsMost }
}

/** Whether the pool may have room: requests whose completion is being asked for may be gone already (R17). */
export function mayFit(posting: Request): boolean {
  let held = 0
  for (const request of posting.host.holding) {
    if (request !== posting && request.stage === 'accepted' && request.asking === 0) held += request.need.slotsLeast
  }
  return held + posting.need.slotsLeast <= posting.host.descriptors
}

/**
 * Whether the pool may have no room. `n` requests leave at most `n + 1` gaps, so more than `(n + 1) * (slots - 1)` free
 * slots always hold that many neighbours; with fewer the free ones may be scattered, and a chain be refused (R13).
 */
export function mayBeRefused(posting: Request): boolean {
  const { host, need } = posting
  if (host.slotsCameBack) return true
  let held = 0
  let blocks = 0
  for (const request of host.holding) {
    if (request === posting) continue
    held += request.need.slotsMost
    blocks++
  }
  return host.descriptors - held <= (blocks + 1) * (need.slotsMost - 1)
}
