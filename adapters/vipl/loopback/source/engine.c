#include "engine.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "delivery.h"
#include "descriptor.h"
#include "errors.h"
#include "lock.h"
#include "mutants.h"
#include "work-queue.h"

bool is_reliable(const struct vi *vi) { return vi->attributes.ReliabilityLevel != VIP_SERVICE_UNRELIABLE; }

/* --- Messages ----------------------------------------------------------------------------------------------------- */

struct message *message_make(const struct vi *vi, int kind, uint32_t octets) {
  struct message *message = calloc(1, sizeof *message + octets);
  if (!message) {
    fputs("vipl-loopback: no memory for a message\n", stderr);
    abort();
  }
  message->kind = kind;
  message->to = vi->peer;
  message->connection = vi->connection;
  message->octets = octets;
  return message;
}

/* At a node whose handles are all closed nobody is left to hear it. */
static void put(struct node *node, struct message *message) {
  if (node->handles == 0) {
    free(message);
    return;
  }
  *node->inbox_end = message;
  node->inbox_end = &message->next;
  engine_wake(node);
}

void message_send(const struct vi *vi, struct message *message) { put(vi->peer_node, message); }

void engine_fail(const struct vi *vi) {
  if (vi->state != VIP_STATE_CONNECTED || !is_reliable(vi)) return;
  struct message *message = message_make(vi, MESSAGE_FAILED, 0);
  message->to = vi->handle;
  put(vi->nic->node, message);
}

void engine_leave(const struct vi *vi) { message_send(vi, message_make(vi, MESSAGE_LOST, 0)); }

/* --- Moving octets ------------------------------------------------------------------------------------------------ */

void transfer_pin(const struct transfer *transfer) {
  for (unsigned index = 0; index < transfer->count; index++) transfer->spans[index].region->pins++;
}

void transfer_unpin(const struct transfer *transfer) {
  for (unsigned index = 0; index < transfer->count; index++) transfer->spans[index].region->pins--;
}

static void end_moving(struct vi *vi, const struct transfer *transfer) {
  lock_take();
  transfer_unpin(transfer);
  vi->moving = STILL;
  progress();
}

void engine_gather(struct vi *vi, const struct transfer *transfer, unsigned char *octets) {
  vi->moving = MOVING_OUT;
  transfer_pin(transfer);
  lock_release();
  for (unsigned index = 0; index < transfer->count; index++) {
    const struct span *span = &transfer->spans[index];
    memcpy(octets, span->at, span->octets);
    octets += span->octets;
  }
  end_moving(vi, transfer);
}

void engine_scatter(struct vi *vi, const struct transfer *transfer, const unsigned char *octets, uint32_t count) {
  vi->moving = MOVING_IN;
  transfer_pin(transfer);
  if (mutant_is(DISCONNECT_LEAVES_ENGINE)) linger();
  lock_release();
  for (unsigned index = 0; index < transfer->count && count > 0; index++) {
    const struct span *span = &transfer->spans[index];
    uint32_t part = span->octets < count ? span->octets : count;
    memcpy(span->at, octets, part);
    octets += part;
    count -= part;
  }
  end_moving(vi, transfer);
}

/* --- Sending ------------------------------------------------------------------------------------------------------ */

void engine_end(struct vi *vi) {
  vi->state = VIP_STATE_ERROR;
  vi->awaiting = false;
  queue_flush(&vi->send);
  queue_flush(&vi->receive);
}

void engine_break(struct vi *vi) {
  engine_leave(vi);
  engine_end(vi);
}

static uint32_t status_operation(uint16_t operation) {
  switch (operation) {
  case VIP_CONTROL_OP_RDMAWRITE: return VIP_STATUS_OP_RDMA_WRITE;
  case VIP_CONTROL_OP_RDMAREAD: return VIP_STATUS_OP_RDMA_READ;
  default: return VIP_STATUS_OP_SEND;
  }
}

static struct message *message_of(struct vi *vi, const struct transfer *transfer) {
  bool writes = transfer->operation == VIP_CONTROL_OP_RDMAWRITE;
  struct message *message = message_make(vi, writes ? MESSAGE_RDMA_WRITE : MESSAGE_SEND, transfer->octets);
  message->has_immediate = transfer->has_immediate;
  message->immediate = transfer->immediate;
  if (writes) {
    message->remote_address = transfer->remote_address;
    message->remote_memory = transfer->remote_memory;
  }
  engine_gather(vi, transfer, message->data);
  return message;
}

/* At Reliable Reception the answer completes the descriptor, elsewhere its departure does. */
static bool carry_out(struct vi *vi, const struct transfer *transfer) {
  message_send(vi, message_of(vi, transfer));
  bool answered = vi->attributes.ReliabilityLevel == VIP_SERVICE_RELIABLE_RECEPTION;
  vi->awaited_operation = status_operation(transfer->operation);
  vi->awaiting = answered && !mutant_is(EARLY_RELIABLE_COMPLETION);
  return vi->awaiting || queue_complete(&vi->send, vi->awaited_operation);
}

/* Whether the oldest send went well, or is on its way. */
static bool start_send(struct vi *vi, struct transfer *transfer) {
  if (!queue_check(&vi->send)) return false;
  VIP_DESCRIPTOR *descriptor = queue_outstanding(&vi->send)->descriptor;
  uint32_t errors = descriptor_read_send(vi, descriptor, transfer);
  if (errors == 0) return carry_out(vi, transfer);
  queue_complete(&vi->send, errors | status_operation(transfer->operation));
  return false;
}

static bool can_start(struct vi *vi) {
  return vi->state == VIP_STATE_CONNECTED && !vi->leaving && !vi->awaiting && queue_outstanding(&vi->send) != NULL;
}

/* VIs take turns. */
static struct vi *next_sender(struct node *node) {
  for (unsigned tried = 0; tried < MAX_VI; tried++) {
    struct vi *vi = node->vis[node->turn];
    node->turn = (node->turn + 1) % MAX_VI;
    if (vi && can_start(vi)) return vi;
  }
  return NULL;
}

/* --- The thread --------------------------------------------------------------------------------------------------- */

static struct message *take_message(struct node *node) {
  struct message *message = node->inbox;
  if (!message) return NULL;
  node->inbox = message->next;
  if (!node->inbox) node->inbox_end = &node->inbox;
  return message;
}

static bool step(struct node *node) {
  struct message *message = take_message(node);
  if (message) {
    deliver(message, &node->transfer);
    free(message);
    return true;
  }
  struct vi *vi = next_sender(node);
  if (!vi) return false;
  if (!start_send(vi, &node->transfer) && is_reliable(vi)) engine_break(vi);
  return true;
}

static void *run(void *about) {
  struct node *node = about;
  lock_take();
  while (!node->stopping)
    if (!step(node)) wait_for(&node->work);
  lock_release();
  return NULL;
}

bool engine_start(struct node *node) {
  node->inbox = NULL;
  node->inbox_end = &node->inbox;
  pthread_cond_init(&node->work, NULL);
  return pthread_create(&node->engine, NULL, run, node) == 0;
}

void engine_wake(struct node *node) { pthread_cond_signal(&node->work); }

void engine_stop(struct node *node) {
  node->stopping = true;
  engine_wake(node);
  lock_release();
  pthread_join(node->engine, NULL);
  lock_take();
  for (struct message *message; (message = take_message(node));) free(message);
  pthread_cond_destroy(&node->work);
  node->stopping = false;
  progress();
}
