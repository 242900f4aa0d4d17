/* Makes your implementation speak to viaduct. It builds and runs as it is, and refuses every EMP call: fill in the
 * places marked FILL IN. viaduct.h is the manual. */
#include <stdlib.h>

#include "viaduct.h"

/* What your implementation can do. Say true only for what it has: cases that need the rest are not run. */
static const viaduct_option options[] = {
    {"stepped", false},               /* activities of the NIC go one at a time; see viaduct_set_runnable */
    {"emp.counters", false},          /* emp.counters tells how many frames were dropped, by reason */
    {"emp.descriptors", false},       /* emp.descriptor tells the octets of descriptor slots */
    {"emp.completion-events", false}, /* viaduct_emp_completed is called when a descriptor is handed back */
    {"emp.wildcards", false},         /* a receive may name 65535 as its node or tag, for any */
    {"emp.mpi", false},               /* VIADUCT_EMP_TESTALL and VIADUCT_EMP_WAITANY are answered */
    {"emp.cancel", false},            /* VIADUCT_EMP_CANCEL withdraws a receive that no message has taken */
    {"emp.probe", false},             /* VIADUCT_EMP_PROBE tells the oldest message that waits and matches */
    {"emp.retry-limit", false},       /* the value emp.retries can be set to more than 0 */
    {"emp.word-writes", false},       /* the value emp.burst can be set */
    {"emp.slow-translation", false},  /* the value emp.translation can be set to more than 0 */
    {0},
};

/* The numbers that it works with. With .least and .most a value can be set, and more cases apply; ask for it in `open`
 * with viaduct_setting. */
static const viaduct_limit values[] = {
    {.key = "emp.collection", .value = 3},            /* frames that are acknowledged together */
    {.key = "emp.window", .value = 4},                /* collections of a message that may be unacknowledged */
    {.key = "emp.timeout", .value = 800000},          /* nanoseconds until a collection is sent again */
    {.key = "emp.timeout-cap", .value = 100000000},   /* nanoseconds that the timeout grows to at most */
    {.key = "emp.retries", .value = 0},               /* retransmissions until a peer is given up; 0: no limit */
    {.key = "emp.first-message", .value = 0},         /* ID of the first message to every destination */
    {.key = "emp.descriptors", .value = 640},         /* slots that sends and receives share */
    {.key = "emp.page", .value = 4096},               /* octets of a physical page */
    {.key = "emp.translation", .value = 0},           /* what the address of a page costs a posting, ns */
    {.key = "emp.burst", .value = 20},                /* words of a descriptor that are written at once */
    {.key = "wire.mtu", .value = 1500},               /* most octets of a frame after its Ethernet header */
    {0},
};

/* One host of the world. */
typedef struct host {
  viaduct_endpoint *endpoint;
  /* FILL IN: what your implementation keeps. */
} host;

static void *open_host(viaduct_endpoint *endpoint, const viaduct_world *world) {
  host *self = calloc(1, sizeof *self);
  if (!self) return NULL;
  self->endpoint = endpoint;
  (void)world; /* FILL IN: a fresh NIC. `world` says which MAC addresses the hosts have, and which of them this is. */
  return self;
}

static void close_host(void *state) {
  /* FILL IN: give back what open_host took. */
  free(state);
}

/* The host program calls. Answer each call once, now or in a later turn, with its id. */
static void call_host(void *state, const viaduct_emp_call *call) {
  host *self = state;
  switch (call->operation) {
    case VIADUCT_EMP_ISEND:
    case VIADUCT_EMP_IRECV:
      /* FILL IN: post call->pieces to or from call->peer with call->tag, and remember it: call->request->means = ...
       * The NIC sends by viaduct_send_frame, and says when it wants to be woken by viaduct_wake_at. */
    case VIADUCT_EMP_TEST:
    case VIADUCT_EMP_WAIT:
    case VIADUCT_EMP_WAITALL:
      /* FILL IN: viaduct_return_completions if it is done; a test that is not done returns VIADUCT_PENDING, and a wait
       * returns when it is. */
    case VIADUCT_EMP_CONFIGURE:
    case VIADUCT_EMP_COUNTERS:
    case VIADUCT_EMP_DESCRIPTOR:
    case VIADUCT_EMP_TESTALL: /* these four come only if their options are declared */
    case VIADUCT_EMP_WAITANY:
    case VIADUCT_EMP_CANCEL:
    case VIADUCT_EMP_PROBE:
      viaduct_return(self->endpoint, call->id, VIADUCT_UNSUPPORTED);
  }
}

static void take_frame(void *state, const uint8_t *octets, size_t length) {
  (void)state, (void)octets, (void)length; /* FILL IN: a frame comes in from the wire. */
}

static void wake_host(void *state) {
  (void)state; /* FILL IN: the instant that was set by viaduct_wake_at has come. */
}

static const viaduct_adapter adapter = {
    .name = "my EMP implementation",
    .version = "0",
    .vendor = "me",
    .interfaces = VIADUCT_EMP,
    .clock = VIADUCT_VIRTUAL, /* or VIADUCT_REAL, if it cannot be told the time */
    .wire = VIADUCT_HIDDEN_WIRE, /* VIADUCT_FRAMES, once its frames pass through here; and .profile = "emp-1" */
    .options = options,
    .values = values,
    .open = open_host,
    .close = close_host,
    .emp = call_host,
    .frame = take_frame,
    .wake = wake_host,
};

int main(void) { return viaduct_serve(&adapter); }
