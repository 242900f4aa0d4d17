// The internal activities of a VIA endpoint: the steps between which anything else may happen.

/** Activities by their number; traces and schedules print the names. */
export const viaActivityNames = [
  'doorbell', // take note of one posted descriptor
  'descriptor-fetch', // fetch one descriptor of a send queue
  'transmit', // pull one frame from host memory, or of the connection's own, and put it on the wire
  'receive', // classify one frame of the receive ring and give it a receive
  'data-write', // move the data of one frame into host memory
  'acknowledge', // send one acknowledgement
  'status-write', // hand one descriptor back
  'completion-entry', // put one entry on a completion queue
  'timer', // one deadline has come
  'handler', // run one handler of a Notify call
] as const

export const activity = {
  doorbell: 0,
  fetch: 1,
  transmit: 2,
  receive: 3,
  dataWrite: 4,
  acknowledge: 5,
  statusWrite: 6,
  entry: 7,
  timer: 8,
  handler: 9,
} as const

/** The order of an endpoint that is not stepped: postings first, then what came in; new frames go out last. */
export const activityOrder: readonly number[] = [
  activity.doorbell,
  activity.receive,
  activity.dataWrite,
  activity.statusWrite,
  activity.entry,
  activity.handler,
  activity.acknowledge,
  activity.timer,
  activity.fetch,
  activity.transmit,
]
