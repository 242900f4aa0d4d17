/* Sends messages: cuts them into frames and collections, keeps the window, times collections and sends them again. */
#include <stdlib.h>

#include "nic.h"

/* Puts a collection in line to be sent, from its first frame. */
static void send_collection(nic *self, collection *sent) {
  sent->state = SENDING;
  sent->sent = 0;
  list_append(&self->transmits, &sent->link);
}

/* Starts collections as far as the window allows (R20). */
static void fill_window(nic *self, outgoing *message) {
  while (message->started < message->collection_count && message->started - message->acknowledged < self->window) {
    send_collection(self, &message->collections[message->started++]);
  }
}

static void finish(nic *self, request *sent, viaduct_outcome outcome, uint32_t total) {
  sent->completion.outcome = outcome;
  sent->completion.bytes = total;
  list_append(&self->finished, &sent->link);
}

void sender_start(nic *self, request *posted) {
  uint32_t total = descriptor_total(&self->pool, posted->slot);
  if (posted->peer->is_given_up) {
    finish(self, posted, VIADUCT_FAILED, total);
    return;
  }
  uint32_t frames = frames_of(total, self->mtu);
  uint32_t size = self->collection_size;
  size_t count = (frames + size - 1) / size;
  outgoing *message = nic_allocate(sizeof *message + count * sizeof(collection));
  *message = (outgoing){
      .request = posted,
      .id = posted->peer->next++,
      .total = total,
      .frames = frames,
      .collection_size = size,
      .collection_count = count,
  };
  for (uint32_t i = 0; i < count; i++) {
    uint32_t rest = frames - i * size;
    message->collections[i] = (collection){
        .message = message,
        .first = i * size,
        .count = rest < size ? rest : size,
        .timeout = self->timeout,
    };
  }
  list_append(&posted->peer->outgoing, &message->link);
  fill_window(self, message);
}

/* Builds frame `number` with data straight from the memory of the application (E5, E7, R26). */
static void send_frame(nic *self, const outgoing *message, uint32_t number) {
  uint8_t frame[ETHERNET_OCTETS + MTU_MOST];
  const peer *to = message->request->peer;
  header headers = {
      .destination = to->host->mac,
      .source = self->self->host->mac,
      .sender = (uint16_t)self->self->host->node,
      .type = DATA,
      .length = (uint16_t)frame_length(message->total, number, self->mtu),
      .message = message->id,
      .frame = (uint16_t)number,
      .total = message->total,
      .frames = (uint16_t)message->frames,
      .tag = message->request->tag,
  };
  size_t start = headers_octets(&headers);
  uint32_t offset = frame_offset(number, self->mtu);
  write_headers(frame, &headers);
  descriptor_gather(&self->pool, message->request->slot, offset, frame + start, headers.length);
  nic_transmit(self, to, frame, start + headers.length);
}

/* Keeps timers in the order of their deadlines. Most are the latest, hence the search from the end. */
static void start_timer(nic *self, collection *timed, int64_t deadline) {
  link *place = self->timers.before;
  while (place != &self->timers && ((collection *)place)->deadline > deadline) place = place->before;
  timed->state = TIMED;
  timed->deadline = deadline;
  list_insert_behind(place, &timed->link);
}

/* One frame; behind the last of a collection its timer starts (E13, R4). */
void sender_transmit(nic *self) {
  collection *sent = (collection *)self->transmits.behind;
  send_frame(self, sent->message, sent->first + sent->sent++);
  if (sent->sent < sent->count) return;
  sent->was_sent = true;
  list_remove(&sent->link);
  start_timer(self, sent, viaduct_now(self->endpoint) + sent->timeout);
}

/* All that is under way to a peer that does not answer fails, oldest first, as will what is posted for it later (R23). */
static void give_up(nic *self, peer *to) {
  to->is_given_up = true;
  while (!list_is_empty(&to->outgoing)) {
    outgoing *message = list_take(&to->outgoing);
    for (size_t i = 0; i < message->started; i++) {
      collection *each = &message->collections[i];
      if (each->state == SENDING || each->state == TIMED) list_remove(&each->link);
    }
    finish(self, message->request, VIADUCT_FAILED, message->total);
    free(message);
  }
}

/* The timer that is due first has run out: all of that collection goes again, and no other (E17). */
void sender_expire(nic *self) {
  collection *late = (collection *)self->timers.behind;
  if (self->retries > 0 && late->repetitions == self->retries) {
    give_up(self, late->message->request->peer);
    return;
  }
  list_remove(&late->link);
  late->repetitions++;
  int64_t doubled = late->timeout * 2;
  late->timeout = doubled < self->timeout_cap ? doubled : self->timeout_cap;
  send_collection(self, late);
}

/* The peer answers: what was backed off waits no longer than the first timeout again (R20). */
static void reset_timeouts(nic *self, outgoing *message) {
  int64_t deadline = viaduct_now(self->endpoint) + self->timeout;
  for (size_t i = 0; i < message->started; i++) {
    collection *each = &message->collections[i];
    each->timeout = self->timeout;
    each->repetitions = 0;
    if (each->state != TIMED || each->deadline <= deadline) continue;
    list_remove(&each->link);
    start_timer(self, each, deadline);
  }
}

static outgoing *find_outgoing(peer *to, uint32_t id) {
  for (link *each = to->outgoing.behind; each != &to->outgoing; each = each->behind) {
    outgoing *message = (outgoing *)each;
    if (message->id == id) return message;
  }
  return NULL;
}

/* An acknowledgement stands for the collection of the frame that it names (E15). What fits nothing is ignored (R3). */
void sender_acknowledged(nic *self, peer *from, const header *by) {
  outgoing *message = find_outgoing(from, by->message);
  collection *named = message && by->frame < message->frames
                          ? &message->collections[by->frame / message->collection_size]
                          : NULL;
  if (!named || !named->was_sent) {
    self->dropped[STRAY_ACKNOWLEDGEMENT]++;
    return;
  }
  if (named->state == ACKNOWLEDGED) return;
  list_remove(&named->link);
  named->state = ACKNOWLEDGED;
  message->acknowledged++;
  reset_timeouts(self, message);
  fill_window(self, message);
  if (message->acknowledged < message->collection_count) return;
  finish(self, message->request, VIADUCT_DONE, message->total);
  list_remove(&message->link);
  free(message);
}
