// The internal activities of a VIA endpoint: the steps between which anything else may happen.

/** Activities by the numbers that traces hold. */
export const activity = {
  doorbell: 0, // take note of one posted descriptor
  fetch: 1, // fetch one descriptor of a send queue
  transmit: 2, // pull one frame from host memory, or of the connection's own, and put it on the wire
  receive: 3, // classify one frame of the receive ring and give it a receive
  dataWrite: 4, // move the data of one frame into host memory
  acknowledge: 5, // send one acknowledgement
  statusWrite: 6, // hand one descriptor back
  entry: 7, // put one entry on a completion queue
  timer: 8, // one deadline has come
  handler: 9, // run one handler of a Notify call
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
