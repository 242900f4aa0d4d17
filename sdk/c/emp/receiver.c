/* Receives messages: matches them with receives, keeps what has arrived, and acknowledges whole collections. */
#include <stdlib.h>

#include "nic.h"

/* The most unfinished messages of one peer: it cannot have more sends outstanding than descriptors (R5). */
enum { INCOMING_MOST = POOL_MOST };

/* Whether `id` comes after `other` in serial-number arithmetic (R22). */
static bool comes_after(uint32_t id, uint32_t other) { return id != other && id - other < UINT32_C(0x80000000); }

static incoming *find_incoming(peer *from, uint32_t id) {
  for (link *each = from->incoming.behind; each != &from->incoming; each = each->behind) {
    incoming *message = (incoming *)each;
    if (message->id == id) return message;
  }
  return NULL;
}

/* Takes a new ID into the table, and those that it skips. NULL if that is more than the table holds. */
static incoming *enter(peer *from, uint32_t id) {
  if (id - from->highest > INCOMING_MOST - from->incoming_count) return NULL;
  incoming *message = NULL;
  while (from->highest != id) {
    message = nic_allocate(sizeof *message);
    *message = (incoming){.from = from, .id = ++from->highest, .state = UNKNOWN};
    list_append(&from->incoming, &message->link);
    from->incoming_count++;
  }
  return message;
}

void receiver_forget(incoming *message) {
  message->from->incoming_count--;
  list_remove(&message->link);
  free(message->has_frame);
  free(message);
}

static bool names_tag(uint16_t named, uint16_t tag) { return named == tag || named == VIADUCT_EMP_ANY; }

/* Binds messages of a peer to receives: each, in the order of their IDs, to the oldest that fits. None behind one whose
 * tag is not known yet (R6). */
static void match(nic *self, peer *from) {
  for (link *each = from->incoming.behind; each != &from->incoming; each = each->behind) {
    incoming *message = (incoming *)each;
    if (message->state == UNKNOWN) return;
    link *place = message->state == WAITING ? self->receives.behind : &self->receives;
    while (place != &self->receives) {
      const request *posted = (request *)place;
      if ((!posted->peer || posted->peer == from) && names_tag(posted->tag, message->tag)) break;
      place = place->behind;
    }
    if (place == &self->receives) continue;
    list_remove(place);
    message->state = ACTIVE;
    message->request = (request *)place;
    message->request->completion.peer = from->host->node;
    message->request->completion.tag = message->tag;
    message->missing = message->frames;
    message->collection_size = self->collection_size;
    message->has_frame = nic_allocate(message->frames * sizeof(bool));
    for (uint32_t i = 0; i < message->frames; i++) message->has_frame[i] = false;
  }
}

void receiver_post(nic *self, request *posted) {
  list_append(&self->receives, &posted->link);
  if (posted->peer) {
    match(self, posted->peer);
    return;
  }
  for (size_t i = 0; i < self->peer_count; i++) match(self, &self->peers[i]);
}

/* A receive was cancelled, which has an effect only if no message has taken it (R24). */
void receiver_withdraw(nic *self, request *posted) {
  for (link *each = self->receives.behind; each != &self->receives; each = each->behind) {
    if (each != &posted->link) continue;
    list_remove(each);
    posted->completion.outcome = VIADUCT_CANCELLED;
    list_append(&self->finished, each);
    return;
  }
}

/* The oldest message of a peer that waits and has the tag; NULL if none, or if an earlier header is missing (R6). */
static const incoming *find_waiting(const peer *from, uint16_t tag) {
  for (const link *each = from->incoming.behind; each != &from->incoming; each = each->behind) {
    const incoming *message = (const incoming *)each;
    if (message->state == UNKNOWN) return NULL;
    if (message->state == WAITING && names_tag(tag, message->tag)) return message;
  }
  return NULL;
}

/* The probe returns with the message that a receive posted now would take (R24). */
void receiver_look(nic *self, const errand *probe) {
  for (size_t i = 0; i < self->peer_count; i++) {
    const peer *from = &self->peers[i];
    const incoming *found = !probe->peer || probe->peer == from ? find_waiting(from, probe->tag) : NULL;
    if (!found) continue;
    viaduct_return_message(self->endpoint, probe->call, from->host->node, found->tag, found->total);
    return;
  }
  viaduct_return(self->endpoint, probe->call, VIADUCT_PENDING);
}

/* Whether the headers can be true, by what is known of the message; NULL if nothing is (R12). */
static bool is_well_formed(const nic *self, const incoming *message, const arrival *came) {
  const header *is = &came->header;
  bool knows_header = message && message->state != UNKNOWN;
  if (is->length > came->length - headers_octets(is)) return false;
  if (is->frame == 0) {
    if (is->frames != frames_of(is->total, self->mtu)) return false;
    if (knows_header && (is->total != message->total || is->tag != message->tag)) return false;
    return is->length == frame_length(is->total, 0, self->mtu);
  }
  if (!knows_header) return is->length > 0 && is->length <= frame_length(UINT32_MAX, 1, self->mtu);
  return is->frame < message->frames && is->length == frame_length(message->total, is->frame, self->mtu);
}

static void acknowledge(nic *self, peer *to, const header *last) {
  acknowledgement *due = nic_allocate(sizeof *due);
  *due = (acknowledgement){.to = to, .message = last->message, .frame = last->frame};
  list_append(&self->acknowledgements, &due->link);
}

static bool has_collection_of(const incoming *message, uint32_t frame) {
  uint32_t first = frame - frame % message->collection_size;
  for (uint32_t i = first; i < message->frames && i < first + message->collection_size; i++) {
    if (!message->has_frame[i]) return false;
  }
  return true;
}

static void drop(nic *self, arrival *came, drop_reason reason) {
  self->dropped[reason]++;
  free(came);
}

/* A frame of a message that has a receive: marks it, and passes its data on to be written. */
static void accept(nic *self, incoming *message, arrival *came) {
  uint16_t frame = came->header.frame;
  if (message->has_frame[frame]) {
    if (has_collection_of(message, frame)) acknowledge(self, message->from, &came->header);
    drop(self, came, DUPLICATE);
    return;
  }
  message->has_frame[frame] = true;
  message->missing--;
  came->message = message;
  came->ends_collection = has_collection_of(message, frame);
  came->ends_message = message->missing == 0;
  list_append(&self->writes, &came->link);
}

/* A data frame from a peer, whose addresses are right. */
void receiver_take(nic *self, peer *from, arrival *came) {
  const header *is = &came->header;
  incoming *message = find_incoming(from, is->message);
  if (!is_well_formed(self, message, came)) {
    drop(self, came, MALFORMED);
    return;
  }
  if (!message && !comes_after(is->message, from->highest)) { /* done and forgotten (R9) */
    acknowledge(self, from, is);
    drop(self, came, DUPLICATE);
    return;
  }
  if (!message) message = enter(from, is->message);
  if (!message) {
    drop(self, came, TABLE_FULL);
    return;
  }
  if (message->state == UNKNOWN && is->frame == 0) {
    message->state = WAITING;
    message->total = is->total;
    message->frames = is->frames;
    message->tag = is->tag;
    match(self, from);
  }
  if (message->state == ACTIVE) accept(self, message, came);
  else drop(self, came, NO_RECEIVE);
}

/* The data of one frame reaches the memory of the application. Frames are written in the order in which they were
 * marked, so with the one that ended its collection all of the collection is there, and likewise the message (R25). */
void receiver_write(nic *self) {
  arrival *came = list_take(&self->writes);
  incoming *message = came->message;
  request *into = message->request;
  const header *is = &came->header;
  const uint8_t *data = came->octets + headers_octets(is);
  descriptor_scatter(&self->pool, into->slot, frame_offset(is->frame, self->mtu), data, is->length);
  if (came->ends_collection) acknowledge(self, message->from, is);
  if (came->ends_message) {
    bool fits = message->total <= descriptor_total(&self->pool, into->slot);
    into->completion.outcome = fits ? VIADUCT_DONE : VIADUCT_TRUNCATED;
    into->completion.bytes = message->total;
    list_append(&self->finished, &into->link);
    receiver_forget(message);
  }
  free(came);
}

/* Sends one acknowledgement: the header of the frame that came last, in the name of this NIC (E15, R3). */
void receiver_acknowledge(nic *self) {
  acknowledgement *due = list_take(&self->acknowledgements);
  uint8_t frame[ETHERNET_OCTETS + PAYLOAD_LEAST];
  header headers = {
      .destination = due->to->host->mac,
      .source = self->self->host->mac,
      .sender = (uint16_t)self->self->host->node,
      .type = ACKNOWLEDGEMENT,
      .message = due->message,
      .frame = due->frame,
  };
  write_headers(frame, &headers);
  nic_transmit(self, due->to, frame, headers_octets(&headers));
  free(due);
}
