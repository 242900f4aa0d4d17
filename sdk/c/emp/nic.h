/* What a NIC knows, and the parts that work on it: the host's calls, the sender, the receiver, and their activities. */
#ifndef NIC_H
#define NIC_H

#include "viaduct.h"
#include "descriptor.h"
#include "frame.h"
#include "list.h"

/* Why a frame was dropped or ignored: the counters, by the names in nic.c. */
typedef enum drop_reason {
  NO_RECEIVE,
  TABLE_FULL,
  MALFORMED,
  UNKNOWN_TYPE,
  WRONG_SENDER,
  WRONG_DESTINATION,
  STRAY_ACKNOWLEDGEMENT,
  DUPLICATE,
  DROP_REASONS
} drop_reason;

/* All that is kept of another host (E30), and the messages in flight to and from it. */
typedef struct peer {
  const viaduct_host *host;
  uint32_t next;    /* ID of the next message to it */
  uint32_t highest; /* ID seen from it (R5) */
  link outgoing;    /* messages to it that are not acknowledged as a whole */
  link incoming;    /* messages from it up to `highest` that are not finished, by ID */
  size_t incoming_count;
  bool is_given_up; /* it did not answer: nothing is sent to it any more (R23) */
} peer;

/* A send or receive, from posting until the host has seen it done; its number is that of its first slot. */
typedef struct request {
  link link; /* among the receives or the finished ones, or in no list */
  viaduct_name *name;
  size_t slot;
  bool is_send;
  bool is_done; /* handed back */
  peer *peer;   /* of a receive: NULL for any, as is VIADUCT_EMP_ANY for the tag (R18) */
  uint16_t tag;
  viaduct_completion completion;
} request;

typedef enum errand_kind { POSTED, CANCELLED, PROBED } errand_kind;

/* What the host asks of the NIC. */
typedef struct errand {
  link link;
  errand_kind kind;
  request *request; /* of a probe: NULL */
  int64_t call;     /* of a probe, which returns when the NIC has looked; and what it looks for: */
  const peer *peer; /* NULL for any */
  uint16_t tag;
} errand;

typedef enum collection_state { UNSENT, SENDING, TIMED, ACKNOWLEDGED } collection_state;

/* The unit that is acknowledged, timed and sent again (E11 to E17). */
typedef struct collection {
  link link; /* among the transmits when SENDING, among the timers when TIMED */
  struct outgoing *message;
  collection_state state;
  uint32_t first;      /* number of its first frame */
  uint32_t count;      /* of its frames */
  uint32_t sent;       /* of them, in this round */
  int64_t repetitions; /* rounds after the first, since its message was last acknowledged in part */
  bool was_sent;       /* all of it, at least once */
  int64_t timeout;
  int64_t deadline;
} collection;

/* A message that is being sent (E31). */
typedef struct outgoing {
  link link;
  request *request;
  uint32_t id;
  uint32_t total;
  uint32_t frames;
  uint32_t collection_size;
  size_t collection_count;
  size_t started;
  size_t acknowledged;
  collection collections[];
} outgoing;

typedef enum incoming_state {
  UNKNOWN, /* its frame 0 has not been seen */
  WAITING, /* for a receive */
  ACTIVE   /* bound to a receive */
} incoming_state;

/* A message of which something has arrived, or that was skipped (R5). */
typedef struct incoming {
  link link;
  peer *from;
  uint32_t id;
  incoming_state state;
  uint32_t total;
  uint32_t frames;
  uint16_t tag;
  uint32_t collection_size;
  request *request;
  uint32_t missing; /* frames */
  bool *has_frame;
} incoming;

/* A frame that came in, and then its data on the way to host memory. */
typedef struct arrival {
  link link;
  incoming *message;
  header header;
  bool ends_collection; /* with it, all of its collection is there */
  bool ends_message;
  size_t length;
  uint8_t octets[];
} arrival;

typedef struct acknowledgement {
  link link;
  peer *to;
  uint32_t message;
  uint16_t frame;
} acknowledgement;

/* A wait, a waitall or a waitany that has not returned. */
typedef struct waiting {
  link link;
  int64_t call;
  bool is_for_any;
  size_t count;
  viaduct_name *requests[];
} waiting;

typedef struct nic {
  viaduct_endpoint *endpoint;
  uint32_t collection_size;
  uint32_t window;
  int64_t timeout;
  int64_t timeout_cap;
  int64_t retries; /* of a collection, until its peer is given up; 0: no limit */
  uint32_t mtu;
  peer *self; /* among the peers, for messages to oneself */
  peer *peers;
  size_t peer_count;
  pool pool;
  request requests[POOL_MOST];
  int64_t dropped[DROP_REASONS];
  link waits;

  /* What is to be done: one activity works on each, from the front. */
  link rung;             /* errands that were not taken note of */
  link arrivals;         /* frames that came in */
  link writes;           /* data on its way to host memory */
  link finished;         /* requests to be handed back */
  link acknowledgements; /* to be sent */
  link timers;           /* collections that are sent and not acknowledged, by deadline */
  link transmits;        /* collections to be sent */

  link receives; /* requests that are bound to no message, in posting order */
} nic;

void *nic_allocate(size_t octets);
peer *nic_peer(const nic *self, int64_t node);

/* Puts a frame on the wire; one to this host itself comes in again (R19). */
void nic_transmit(nic *self, const peer *to, uint8_t *frame, size_t length);

/* host.c: the calls of the host program, and what it learns. */
void host_call(nic *self, const viaduct_emp_call *call);
void host_complete(nic *self, request *done);

/* sender.c */
void sender_start(nic *self, request *posted);
void sender_transmit(nic *self);
void sender_expire(nic *self);
void sender_acknowledged(nic *self, peer *from, const header *by);

/* receiver.c */
void receiver_post(nic *self, request *posted);
void receiver_withdraw(nic *self, request *posted);
void receiver_look(nic *self, const errand *probe);
void receiver_take(nic *self, peer *from, arrival *came);
void receiver_write(nic *self);
void receiver_acknowledge(nic *self);
void receiver_forget(incoming *message);

#endif
