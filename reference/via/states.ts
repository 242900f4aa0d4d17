// The states of a VI, and what leads from one to another: the whole machine as one table.
import type { StateTable } from '../core/machine.ts'
import type { ViaState } from '../../spec/vocabulary/via-constants.ts'

/** A VI that was destroyed is `gone`. */
export type ViLife = ViaState | 'gone'

export const viEvents = [
  'request', // VipConnectRequest
  'accept', // VipConnectAccept, with attributes that fit
  'established', // the peer is connected too
  'refused', // reject, no match, timeout
  'disconnect', // VipDisconnect
  'lost', // the peer has gone, or cannot be reached
  'fault', // an error that breaks the connection
  'send', // a descriptor on the send queue is carried out; else it is flushed
  'receive', // a descriptor on the receive queue is kept; else it is flushed
  'change', // VipSetViAttributes
  'destroy', // VipDestroyVi
] as const
export type ViEvent = (typeof viEvents)[number]

export const viLives: readonly ViLife[] = ['idle', 'connect-pending', 'connected', 'error', 'gone']

export const viStates: StateTable<ViLife, ViEvent> = {
  request: { idle: 'connect-pending' },
  accept: { idle: 'connect-pending' },
  established: { 'connect-pending': 'connected' },
  refused: { 'connect-pending': 'idle' },
  disconnect: { idle: 'idle', 'connect-pending': 'idle', connected: 'idle', error: 'idle' },
  lost: { connected: 'error' },
  fault: { connected: 'error' },
  send: { connected: 'connected' },
  receive: { idle: 'idle', 'connect-pending': 'connect-pending', connected: 'connected' },
  change: { idle: 'idle' },
  destroy: { idle: 'gone' },
}
