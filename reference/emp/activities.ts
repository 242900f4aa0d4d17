// The internal activities of an EMP endpoint: the steps between which anything else may happen.

/** Activities by the numbers that traces hold. */
export const activity = {
  doorbell: 0, // take up what the host asked for first: fetch a posted descriptor, withdraw a receive, answer a probe
  transmit: 1, // pull one frame from host memory and put it on the wire
  receive: 2, // classify one frame of the receive ring and match it
  dataWrite: 3, // move the data of one kept frame into host memory
  acknowledge: 4, // send one acknowledgement
  statusWrite: 5, // hand one descriptor back
  timer: 6, // one deadline has come
  post: 7, // the host writes some more words of the descriptor that it posts
} as const

/**
 * The order of an endpoint that is not stepped: postings first, written and fetched, so that a receive posted before a
 * frame came takes it; then what came in; new frames go out last.
 */
export const activityOrder: readonly number[] = [
  activity.post,
  activity.doorbell,
  activity.receive,
  activity.dataWrite,
  activity.acknowledge,
  activity.statusWrite,
  activity.timer,
  activity.transmit,
]
