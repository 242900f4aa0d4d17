// The internal activities of an EMP endpoint: the steps between which anything else may happen.

/** Activities by their number; traces and schedules print the names. */
export const empActivityNames = [
  'doorbell', // fetch one posted descriptor
  'transmit', // pull one frame from host memory and put it on the wire
  'receive', // classify one frame of the receive ring and match it
  'data-write', // move the data of one kept frame into host memory
  'acknowledge', // send one acknowledgement
  'status-write', // hand one descriptor back
  'timer', // one deadline has come
  'post', // the host writes some more words of the descriptor that it posts
] as const

export const activity = {
  doorbell: 0,
  transmit: 1,
  receive: 2,
  dataWrite: 3,
  acknowledge: 4,
  statusWrite: 5,
  timer: 6,
  post: 7,
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
