// What a NIC without RDMA read is, beside the reference: a mutant is such a one where it is about what that refuses.
import type { ViaParts } from '../../../reference/via/parts.ts'
import { RdmaReads } from '../../../reference/via/rdma-reads.ts'

class NoReads extends RdmaReads {
  override get levels(): number {
    return 0
  }
}

export const withoutReads: Pick<ViaParts, 'reads'> = { reads: NoReads }

/** What such a NIC declares otherwise than the reference. */
export const optionsWithoutReads: Readonly<Record<string, boolean>> = { 'via.rdma-read': false }
