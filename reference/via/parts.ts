// The parts that a VIA endpoint is built of, each of which can be swapped for another.
import { CompletionCalls } from './completion-calls.ts'
import { Completions } from './completions.ts'
import { Connector } from './connector.ts'
import { DescriptorAccess } from './descriptor-access.ts'
import type { DeviceKind } from './devices/device.ts'
import { Offload } from './devices/offload.ts'
import { Farewells } from './farewells.ts'
import { Handlers } from './handlers.ts'
import { Intake } from './intake.ts'
import { Lifecycle } from './lifecycle.ts'
import { MemoryCalls } from './memory-calls.ts'
import { NameCalls } from './name-calls.ts'
import { NicCalls } from './nic-calls.ts'
import { Peers } from './peers.ts'
import { Protection } from './protection.ts'
import { RdmaReads } from './rdma-reads.ts'
import { RdmaTarget } from './rdma-target.ts'
import { Receiver } from './receiver.ts'
import { Reports } from './reports.ts'
import { Sender } from './sender.ts'
import { ViCalls } from './vi-calls.ts'
import { Waits } from './waits.ts'
import { WorkQueues } from './work-queues.ts'

/** Constructors of the parts. */
export interface ViaParts {
  readonly device: DeviceKind
  readonly protection: typeof Protection
  readonly descriptors: typeof DescriptorAccess
  readonly reports: typeof Reports
  readonly waits: typeof Waits
  readonly handlers: typeof Handlers
  readonly completions: typeof Completions
  readonly queues: typeof WorkQueues
  readonly sender: typeof Sender
  readonly receiver: typeof Receiver
  readonly target: typeof RdmaTarget
  readonly reads: typeof RdmaReads
  readonly farewells: typeof Farewells
  readonly lifecycle: typeof Lifecycle
  readonly connector: typeof Connector
  readonly peers: typeof Peers
  readonly intake: typeof Intake
  readonly nicCalls: typeof NicCalls
  readonly memoryCalls: typeof MemoryCalls
  readonly viCalls: typeof ViCalls
  readonly completionCalls: typeof CompletionCalls
  readonly nameCalls: typeof NameCalls
}

/** The parts of the correct endpoint. */
export const referenceParts: ViaParts = {
  device: Offload,
  protection: Protection,
  descriptors: DescriptorAccess,
  reports: Reports,
  waits: Waits,
  handlers: Handlers,
  completions: Completions,
  queues: WorkQueues,
  sender: Sender,
  receiver: Receiver,
  target: RdmaTarget,
  reads: RdmaReads,
  farewells: Farewells,
  lifecycle: Lifecycle,
  connector: Connector,
  peers: Peers,
  intake: Intake,
  nicCalls: NicCalls,
  memoryCalls: MemoryCalls,
  viCalls: ViCalls,
  completionCalls: CompletionCalls,
  nameCalls: NameCalls,
}
