// Asynchronous errors: what no descriptor can carry goes to the error handler of a NIC handle.
import type { ProviderEvent } from '../../spec/vocabulary/calls.ts'
import { viaControl } from '../../spec/vocabulary/via-constants.ts'
import type { ViaErrorCode } from '../../spec/vocabulary/via-constants.ts'
import type { Board } from './board.ts'
import type { Nic, Posting, Vi } from './objects.ts'

/** What an error handler is told, without whose handler it is. */
export type Told = Omit<Extract<ProviderEvent, { event: 'via.error' }>, 'event' | 'handler' | 'context' | 'nic'>

export class Reports {
  protected readonly board: Board

  constructor(board: Board) {
    this.board = board
  }

  /** Something has happened to a VI. */
  vi(vi: Vi, code: ViaErrorCode): void {
    this.tell(vi.nic, { resource: 'vi', code, vi: vi.name, opCode: 0 })
  }

  /** Something is wrong with a descriptor itself. */
  descriptor({ vi, address, control }: Posting, code: ViaErrorCode): void {
    const descriptor = this.board.written.returned(address)
    this.tell(vi.nic, {
      resource: 'descriptor',
      code,
      vi: vi.name,
      descriptor,
      opCode: control & viaControl.operationMask,
    })
  }

  /** The handler of a NIC handle runs. */
  protected tell({ name: nic, handler, context }: Nic, told: Told): void {
    this.board.output.event({ event: 'via.error', handler, context, nic, ...told })
  }
}
