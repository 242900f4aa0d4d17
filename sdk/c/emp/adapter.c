/* A small EMP endpoint as an adapter: a second reading of EMP, and an example of how the SDK is used.
 *
 * This file has the facts, and the activities of the NIC: whatever it does is done by one of them, one thing at a time.
 * So the harness can try all orders (option `stepped`); without that the SDK runs them, lowest number first.
 */
#include <stdlib.h>
#include <string.h>

#include "nic.h"

static const viaduct_option options[] = {
    {"stepped", true},
    {"emp.counters", true},
    {"emp.descriptors", true},
    {"emp.completion-events", true},
    {"emp.wildcards", true},
    {"emp.mpi", true},
    {"emp.cancel", true},
    {"emp.probe", true},
    {"emp.retry-limit", true},
    {0},
};

static const viaduct_limit values[] = {
    {.key = "emp.collection", .value = 3, .least = 1, .most = 64},
    {.key = "emp.window", .value = 4, .least = 1, .most = 64},
    {.key = "emp.timeout", .value = 800000, .least = 1000, .most = 10000000000},
    {.key = "emp.timeout-cap", .value = 100000000, .least = 1000, .most = 10000000000},
    {.key = "emp.retries", .value = 0, .least = 0, .most = 1000},
    {.key = "emp.first-message", .value = 0, .least = 0, .most = UINT32_MAX},
    {.key = "emp.descriptors", .value = POOL_MOST, .least = 1, .most = POOL_MOST},
    {.key = "emp.page", .value = PAGE_OCTETS},
    {.key = "emp.translation", .value = 0},
    {.key = "emp.burst", .value = 20},
    {.key = "wire.mtu", .value = 1500, .least = 64, .most = MTU_MOST},
    {0},
};

void *nic_allocate(size_t octets) {
  void *memory = malloc(octets);
  if (!memory) viaduct_fail("no memory for %zu octets", octets);
  return memory;
}

peer *nic_peer(const nic *self, int64_t node) {
  for (size_t i = 0; i < self->peer_count; i++) {
    if (self->peers[i].host->node == node) return &self->peers[i];
  }
  return NULL;
}

/* --- Frames in and out -------------------------------------------------------------------------------------------- */

static void take_in(nic *self, const uint8_t *octets, size_t length) {
  arrival *came = nic_allocate(sizeof *came + length);
  came->length = length;
  memcpy(came->octets, octets, length);
  list_append(&self->arrivals, &came->link);
}

void nic_transmit(nic *self, const peer *to, uint8_t *frame, size_t length) {
  size_t least = ETHERNET_OCTETS + PAYLOAD_LEAST;
  if (length < least) {
    memset(frame + length, 0, least - length);
    length = least;
  }
  if (to == self->self) take_in(self, frame, length);
  else viaduct_send_frame(self->endpoint, frame, length);
}

/* Looks at who a frame is from and to (R12), and passes it on by its type. */
static void examine(nic *self) {
  arrival *came = list_take(&self->arrivals);
  header *is = &came->header;
  bool is_whole = read_headers(came->octets, came->length, is);
  peer *from = is_whole ? nic_peer(self, is->sender) : NULL;
  int reason = DROP_REASONS;
  if (!is_whole) reason = MALFORMED;
  else if (memcmp(is->destination, self->self->host->mac, 6) != 0) reason = WRONG_DESTINATION;
  else if (!from || memcmp(is->source, from->host->mac, 6) != 0) reason = WRONG_SENDER;
  else if (is->type != DATA && is->type != ACKNOWLEDGEMENT) reason = UNKNOWN_TYPE;
  if (reason == DROP_REASONS && is->type == DATA) {
    receiver_take(self, from, came);
    return;
  }
  if (reason == DROP_REASONS) sender_acknowledged(self, from, is);
  else self->dropped[reason]++;
  free(came);
}

/* --- Activities --------------------------------------------------------------------------------------------------- */

static void take_note(nic *self) {
  errand *first = list_take(&self->rung);
  request *about = first->request;
  switch (first->kind) {
    case POSTED:
      if (about->is_send) sender_start(self, about);
      else receiver_post(self, about);
      break;
    case CANCELLED:
      receiver_withdraw(self, about);
      break;
    case PROBED:
      receiver_look(self, first);
      break;
  }
  free(first);
}

static void hand_back(nic *self) { host_complete(self, list_take(&self->finished)); }

static void (*const activities[])(nic *self) = {
    take_note, examine, receiver_write, hand_back, receiver_acknowledge, sender_expire, sender_transmit,
};

/* Tells which activities have something to do, and when the first timer is due. */
static void announce(const nic *self) {
  const link *lists[] = {
      &self->rung,   &self->arrivals,  &self->writes, &self->finished, &self->acknowledgements,
      &self->timers, &self->transmits,
  };
  int64_t deadline = VIADUCT_NEVER;
  if (!list_is_empty(&self->timers)) deadline = ((collection *)self->timers.behind)->deadline;
  uint64_t runnable = 0;
  for (unsigned i = 0; i < sizeof lists / sizeof *lists; i++) {
    bool can_go = !list_is_empty(lists[i]) && (lists[i] != &self->timers || deadline <= viaduct_now(self->endpoint));
    if (can_go) runnable |= UINT64_C(1) << i;
  }
  viaduct_set_runnable(self->endpoint, runnable);
  viaduct_wake_at(self->endpoint, deadline);
}

static void on_call(void *state, const viaduct_emp_call *call) {
  host_call(state, call);
  announce(state);
}

static void on_frame(void *state, const uint8_t *octets, size_t length) {
  take_in(state, octets, length);
  announce(state);
}

static void on_wake(void *state) { announce(state); }

static void on_run(void *state, unsigned activity) {
  activities[activity](state);
  announce(state);
}

/* --- Life of a NIC ------------------------------------------------------------------------------------------------ */

static void begin(nic *self) {
  link *const lists[] = {
      &self->waits,            &self->rung,   &self->arrivals,  &self->writes, &self->finished,
      &self->acknowledgements, &self->timers, &self->transmits, &self->receives,
  };
  for (size_t i = 0; i < sizeof lists / sizeof *lists; i++) list_clear(lists[i]);
  uint32_t first = (uint32_t)viaduct_setting(self->endpoint, "emp.first-message");
  for (size_t i = 0; i < self->peer_count; i++) {
    peer *each = &self->peers[i];
    each->next = first;
    each->highest = first - 1;
    each->incoming_count = 0;
    each->is_given_up = false;
    list_clear(&each->outgoing);
    list_clear(&each->incoming);
  }
  self->collection_size = (uint32_t)viaduct_setting(self->endpoint, "emp.collection");
  memset(self->pool.is_used, 0, sizeof self->pool.is_used);
  memset(self->dropped, 0, sizeof self->dropped);
}

static void free_all(link *list) {
  while (!list_is_empty(list)) free(list_take(list));
}

/* Whatever is under way is gone. */
static void end(nic *self) {
  free_all(&self->waits);
  free_all(&self->rung);
  free_all(&self->arrivals);
  free_all(&self->writes);
  free_all(&self->acknowledgements);
  for (size_t i = 0; i < self->peer_count; i++) {
    free_all(&self->peers[i].outgoing);
    link *incoming_list = &self->peers[i].incoming;
    while (!list_is_empty(incoming_list)) receiver_forget((incoming *)incoming_list->behind);
  }
}

static void *on_open(viaduct_endpoint *endpoint, const viaduct_world *world) {
  nic *self = calloc(1, sizeof *self);
  if (!self) return NULL;
  self->endpoint = endpoint;
  self->peers = nic_allocate((world->host_count + 1) * sizeof(peer));
  self->peer_count = world->host_count;
  for (size_t i = 0; i < world->host_count; i++) self->peers[i].host = &world->hosts[i];
  self->self = nic_peer(self, world->node);
  self->window = (uint32_t)viaduct_setting(endpoint, "emp.window");
  self->timeout = viaduct_setting(endpoint, "emp.timeout");
  self->timeout_cap = viaduct_setting(endpoint, "emp.timeout-cap");
  self->retries = viaduct_setting(endpoint, "emp.retries");
  self->mtu = (uint32_t)viaduct_setting(endpoint, "wire.mtu");
  self->pool.slot_count = (size_t)viaduct_setting(endpoint, "emp.descriptors");
  begin(self);
  return self;
}

static void on_reset(void *state, int64_t seed) {
  (void)seed;
  end(state);
  begin(state);
}

static void on_close(void *state) {
  nic *self = state;
  end(self);
  for (size_t i = 0; i < POOL_MOST; i++) free(self->pool.pages[i]);
  free(self->peers);
  free(self);
}

static const viaduct_adapter adapter = {
    .name = "small EMP endpoint in C",
    .version = "1",
    .vendor = "viaduct",
    .interfaces = VIADUCT_EMP,
    .clock = VIADUCT_VIRTUAL,
    .worlds = 32,
    .wire = VIADUCT_FRAMES,
    .profile = "emp-1",
    .options = options,
    .values = values,
    .open = on_open,
    .close = on_close,
    .reset = on_reset,
    .emp = on_call,
    .frame = on_frame,
    .wake = on_wake,
    .run = on_run,
};

int main(void) { return viaduct_serve(&adapter); }
