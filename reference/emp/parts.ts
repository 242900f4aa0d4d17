// The parts that an EMP endpoint is built of, each of which can be swapped for another.
import { DescriptorPool } from './descriptors.ts'
import { Dma } from './dma.ts'
import { Doorbell } from './doorbell.ts'
import { Fragments } from './fragments.ts'
import { HostLibrary } from './host.ts'
import { Intake } from './intake.ts'
import { Matching } from './matching.ts'
import { Postings } from './postings.ts'
import { Receiver } from './receiver.ts'
import { Sender } from './sender.ts'
import { StatusWriter } from './status.ts'

/** Constructors of the parts. */
export interface EmpParts {
  readonly fragments: typeof Fragments
  readonly descriptors: typeof DescriptorPool
  readonly dma: typeof Dma
  readonly doorbell: typeof Doorbell
  readonly host: typeof HostLibrary
  readonly postings: typeof Postings
  readonly status: typeof StatusWriter
  readonly sender: typeof Sender
  readonly matching: typeof Matching
  readonly receiver: typeof Receiver
  readonly intake: typeof Intake
}

/** The parts of the correct endpoint. */
export const referenceParts: EmpParts = {
  fragments: Fragments,
  descriptors: DescriptorPool,
  dma: Dma,
  doorbell: Doorbell,
  host: HostLibrary,
  postings: Postings,
  status: StatusWriter,
  sender: Sender,
  matching: Matching,
  receiver: Receiver,
  intake: Intake,
}
