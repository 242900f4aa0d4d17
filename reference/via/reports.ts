// Asynchronous errors: what no descriptor can carry goes to the error handler of a NIC handle.
import { viaControl } from '../../spec/vocabulary/via-constants.ts'
import type { ViaErrorCode } from '../../spec/vocabulary/via-constants.ts'
import type { Board } from './board.ts'
import type { Posting, Vi } from './objects.ts'

export class Reports {
  protected readonly board: Board

  constructor(board: Board) {
    this.board = board
  }

  /** Something has happened to a VI. */
  vi(vi: Vi, code: ViaErrorCode): void {
    const { name: nic, handler, context } = vi.nic
    this.board.output.event({ event: 'via.error', handler, context, resource: 'vi', code, nic, vi: vi.name, opCode: 0 })
  }

  /** Something is wrong with a descriptor itself. */
  descriptor(posting: Posting, code: ViaErrorCode): void {
    const { vi, address, control } = posting
    const { name: nic, handler, context } = vi.nic
    this.board.output.event({
      event: 'via.error',
      handler,
      context,
      resource: 'descriptor',
      code,
      nic,
      vi: vi.name,
      descriptor: this.board.written.returned(address),
      opCode: control & viaControl.operationMask,
    })
  }
}
