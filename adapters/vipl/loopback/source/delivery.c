#include "delivery.h"

#include "descriptor.h"
#include "engine.h"
#include "errors.h"
#include "handles.h"
#include "memory.h"
#include "mutants.h"
#include "work-queue.h"

static bool is_current(const struct vi *vi, const struct message *message) {
  return vi->state == VIP_STATE_CONNECTED && vi->connection == message->connection;
}

/* What comes while a disconnect waits for the engine comes too late. */
static bool is_wanted(const struct vi *vi, const struct message *message) {
  return is_current(vi, message) && !vi->leaving;
}

/* For the mutant of that name: the oldest receive and the newest change places. */
static void turn_around(struct work_queue *queue) {
  struct work *oldest = queue_outstanding(queue);
  struct work *newest = &queue->ring[(queue->posted - 1) % MAX_DESCRIPTORS_PER_QUEUE];
  struct work kept = *oldest;
  *oldest = *newest;
  *newest = kept;
}

/* The receive that the message takes is ready, or else what became of it is told. */
static bool take_receive(struct vi *vi, VIP_ULONG operation) {
  if (!queue_outstanding(&vi->receive)) {
    errors_of_vi(vi, VIP_ERROR_RECVQ_EMPTY, operation);
    return false;
  }
  if (mutant_is(NEWEST_RECEIVE_FIRST)) turn_around(&vi->receive);
  return queue_check(&vi->receive);
}

static bool complete(struct vi *vi, const struct message *message, uint32_t status) {
  struct arrival arrival = {.status = status, .length = message->octets};
  if ((status & VIP_STATUS_ERROR_MASK) != 0) arrival.length = 0;
  else if (message->has_immediate) {
    arrival.has_immediate = true;
    arrival.immediate = message->immediate;
  }
  return queue_complete_receive(&vi->receive, &arrival);
}

/* For the mutant of that name. */
static bool complete_and_fill(struct vi *vi, const struct message *message, struct transfer *transfer) {
  vi->moving = MOVING_IN;
  transfer_pin(transfer);
  bool completed = complete(vi, message, VIP_STATUS_OP_RECEIVE);
  linger();
  engine_scatter(vi, transfer, message->data, message->octets);
  transfer_unpin(transfer);
  return completed;
}

static bool fill_and_complete(struct vi *vi, const struct message *message, struct transfer *transfer) {
  if (mutant_is(STATUS_BEFORE_DATA)) return complete_and_fill(vi, message, transfer);
  engine_scatter(vi, transfer, message->data, message->octets);
  if (!is_current(vi, message)) return true; /* only where DISCONNECT_LEAVES_ENGINE let go of it */
  return complete(vi, message, VIP_STATUS_OP_RECEIVE);
}

/* What the two ways of moving octets answer: the error bits that are for the sender, none if all went well. */

static uint32_t receive(struct vi *vi, const struct message *message, struct transfer *transfer) {
  if (!take_receive(vi, VIP_CONTROL_OP_SENDRECV)) return VIP_STATUS_REMOTE_DESC_ERROR;
  uint32_t errors = descriptor_read_receive(vi, queue_outstanding(&vi->receive)->descriptor, transfer);
  if (message->octets > transfer->octets) errors |= VIP_STATUS_LENGTH_ERROR;
  if (errors != 0) {
    complete(vi, message, errors | VIP_STATUS_OP_RECEIVE);
    return VIP_STATUS_REMOTE_DESC_ERROR;
  }
  return fill_and_complete(vi, message, transfer) ? 0 : VIP_STATUS_REMOTE_DESC_ERROR;
}

/* The place of an RDMA write as the only span of `transfer`. False: this VI may not be written there. */
static bool find_place(const struct vi *vi, const struct message *message, struct transfer *transfer) {
  transfer->count = 0;
  if (message->octets == 0) return true;
  struct region *region = region_for(vi, message->remote_memory, message->remote_address, message->octets);
  if (!region || !region->rdma_write || !vi->attributes.EnableRdmaWrite) return false;
  transfer->spans[transfer->count++] =
      (struct span){(unsigned char *)(uintptr_t)message->remote_address, message->octets, region};
  return true;
}

static uint32_t write_remotely(struct vi *vi, const struct message *message, struct transfer *transfer) {
  uint32_t operation =
      mutant_is(WRONG_STATUS_OPERATION) ? VIP_STATUS_OP_RECEIVE : VIP_STATUS_OP_REMOTE_RDMA_WRITE;
  if (message->has_immediate && !take_receive(vi, VIP_CONTROL_OP_RDMAWRITE)) return VIP_STATUS_REMOTE_DESC_ERROR;
  if (!find_place(vi, message, transfer)) {
    if (message->has_immediate)
      complete(vi, message, VIP_STATUS_RDMA_PROT_ERROR | operation);
    else
      errors_of_vi(vi, VIP_ERROR_RDMAW_PROT, VIP_CONTROL_OP_RDMAWRITE);
    return VIP_STATUS_RDMA_PROT_ERROR;
  }
  engine_scatter(vi, transfer, message->data, message->octets);
  if (!message->has_immediate || !is_current(vi, message)) return 0;
  return complete(vi, message, operation) ? 0 : VIP_STATUS_REMOTE_DESC_ERROR;
}

/* Unreliable Delivery tells nobody; Reliable Delivery breaks; Reliable Reception answers, and breaks if it was bad. */
static void conclude(struct vi *vi, const struct message *message, uint32_t errors) {
  if (!is_current(vi, message)) return;
  if (vi->attributes.ReliabilityLevel == VIP_SERVICE_RELIABLE_RECEPTION) {
    struct message *answer = message_make(vi, MESSAGE_ANSWER, 0);
    answer->errors = errors;
    message_send(vi, answer);
    if (errors != 0) engine_end(vi);
  } else if (errors != 0 && is_reliable(vi))
    engine_break(vi);
}

static void lose(struct vi *vi) {
  engine_end(vi);
  errors_of_vi(vi, VIP_ERROR_CONN_LOST, 0);
}

static void answered(struct vi *vi, uint32_t errors) {
  if (!vi->awaiting) { /* only where EARLY_RELIABLE_COMPLETION has not waited */
    if (errors != 0) lose(vi);
    return;
  }
  vi->awaiting = false;
  if (!queue_complete(&vi->send, errors | vi->awaited_operation))
    engine_break(vi);
  else if (errors != 0)
    engine_end(vi);
}

void deliver(const struct message *message, struct transfer *transfer) {
  if (mutant_is(EARLY_RELIABLE_COMPLETION)) linger();
  struct vi *vi = find_vi(message->to);
  if (!vi || !is_wanted(vi, message)) return;
  switch (message->kind) {
  case MESSAGE_SEND:
    conclude(vi, message, receive(vi, message, transfer));
    break;
  case MESSAGE_RDMA_WRITE:
    conclude(vi, message, write_remotely(vi, message, transfer));
    break;
  case MESSAGE_ANSWER:
    answered(vi, message->errors);
    break;
  case MESSAGE_LOST:
    lose(vi);
    break;
  case MESSAGE_FAILED:
    engine_break(vi);
    break;
  }
}
