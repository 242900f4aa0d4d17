#include "work-queue.h"

#include <stdlib.h>

#include "callbacks.h"
#include "completion-queue.h"
#include "descriptor.h"
#include "engine.h"
#include "errors.h"
#include "handles.h"
#include "lock.h"
#include "mutants.h"

static struct work_queue *queue_of(struct vi *vi, bool receives) { return receives ? &vi->receive : &vi->send; }

static struct work *work_at(struct work_queue *queue, uint64_t number) {
  return &queue->ring[number % MAX_DESCRIPTORS_PER_QUEUE];
}

bool queue_is_empty(const struct work_queue *queue) { return queue->taken == queue->posted; }

struct work *queue_outstanding(struct work_queue *queue) {
  return queue->complete < queue->posted ? work_at(queue, queue->complete) : NULL;
}

/* --- Posting ------------------------------------------------------------------------------------------------------ */

static void add(struct work_queue *queue, const struct work *work) {
  uint64_t place = queue->posted;
  if (mutant_is(POST_WITHOUT_LOCK)) linger();
  *work_at(queue, place) = *work;
  if (queue->posted <= place) queue->posted = place + 1;
}

/* What a consumer does wrong in posting breaks a reliable connection, as an error of a transfer would. */
static void refuse(struct vi *vi, VIP_ERROR_CODE code, VIP_DESCRIPTOR *descriptor) {
  if (code == VIP_ERROR_VI_OVERRUN)
    errors_of_vi(vi, code, descriptor_operation(descriptor));
  else
    errors_of_descriptor(vi, code, descriptor, 0);
  engine_fail(vi);
}

VIP_RETURN queue_post(VIP_VI_HANDLE handle, bool receives, VIP_DESCRIPTOR *descriptor, VIP_MEM_HANDLE memory) {
  struct vi *vi = find_vi(handle);
  if (!vi || !descriptor) return VIP_INVALID_PARAMETER;
  if (!descriptor_is_aligned(descriptor) || !descriptor_is_there(vi, descriptor, memory)) {
    refuse(vi, VIP_ERROR_POST_DESC, descriptor);
    return VIP_SUCCESS;
  }
  struct work_queue *queue = queue_of(vi, receives);
  if (queue->posted - queue->taken == MAX_DESCRIPTORS_PER_QUEUE) {
    refuse(vi, VIP_ERROR_VI_OVERRUN, descriptor);
    return VIP_ERROR_RESOURCE;
  }
  struct work work = {.descriptor = descriptor, .memory = memory};
  descriptor_note_link(&work);
  add(queue, &work);
  bool stays = vi->state == VIP_STATE_CONNECTED || (receives && vi->state != VIP_STATE_ERROR);
  if (!stays)
    queue_flush(queue);
  else if (!receives)
    engine_wake(vi->nic->node);
  return VIP_SUCCESS;
}

/* --- Completing --------------------------------------------------------------------------------------------------- */

/* Takes the oldest outstanding descriptor out, as if it had not been posted. */
static void drop(struct work_queue *queue) {
  for (uint64_t number = queue->complete; number + 1 < queue->posted; number++)
    *work_at(queue, number) = *work_at(queue, number + 1);
  queue->posted--;
  progress();
}

static void serve(struct work_queue *queue) {
  while (queue->armed && queue->taken < queue->complete) {
    struct armed *armed = queue->armed;
    queue->armed = armed->next;
    struct callback callback = {.kind = CALLBACK_WORK, .vi = queue->vi->handle, .context = armed->context};
    callback.run.work.handler = armed->handler.work;
    callback.run.work.descriptor = work_at(queue, queue->taken++)->descriptor;
    callbacks_add(queue->vi->nic, &callback);
    free(armed);
  }
}

/* A descriptor whose memory is gone cannot say that it is complete: the handler is told instead. */
static bool is_gone(struct work_queue *queue, const struct work *work) {
  if (descriptor_is_there(queue->vi, work->descriptor, work->memory)) return false;
  errors_of_descriptor(queue->vi, VIP_ERROR_COMP_PROT, work->descriptor, 0);
  drop(queue);
  return true;
}

static void enter(struct work_queue *queue) {
  if (queue->cq) cq_enter(queue->cq, queue->vi, queue->receives);
}

/* For the mutant of that name: others see the entry while the descriptor is not complete. */
static void enter_too_early(struct work_queue *queue) {
  queue->vi->moving = MOVING_IN;
  enter(queue);
  linger();
  queue->vi->moving = STILL;
}

static void finish(struct work_queue *queue, struct work *work, uint32_t status) {
  bool early = mutant_is(ENTRY_BEFORE_STATUS) && queue->receives && queue->vi->state == VIP_STATE_CONNECTED;
  if (early) enter_too_early(queue);
  work->status = status | VIP_STATUS_DONE;
  descriptor_write_status(work->descriptor, work->status);
  queue->complete++;
  if (!early) enter(queue);
  serve(queue);
  progress();
}

bool queue_complete(struct work_queue *queue, uint32_t status) {
  struct work *work = queue_outstanding(queue);
  if (is_gone(queue, work)) return false;
  finish(queue, work, status);
  return true;
}

bool queue_complete_receive(struct work_queue *queue, const struct arrival *arrival) {
  struct work *work = queue_outstanding(queue);
  if (is_gone(queue, work)) return false;
  if (arrival->has_immediate) descriptor_write_immediate(work->descriptor, arrival->immediate);
  descriptor_write_length(work->descriptor, arrival->length);
  finish(queue, work, arrival->status | (arrival->has_immediate ? VIP_STATUS_IMMEDIATE : 0));
  return true;
}

bool queue_check(struct work_queue *queue) {
  struct work *work = queue_outstanding(queue);
  if (is_gone(queue, work)) return false;
  if (descriptor_link_holds(work)) return true;
  errors_of_descriptor(queue->vi, VIP_ERROR_POST_DESC, work->descriptor, descriptor_operation(work->descriptor));
  queue_complete(queue, VIP_STATUS_DESC_FLUSHED_ERROR | (queue->receives ? VIP_STATUS_OP_RECEIVE : 0));
  return false;
}

void queue_flush(struct work_queue *queue) {
  uint32_t operation = queue->receives ? VIP_STATUS_OP_RECEIVE : VIP_STATUS_OP_SEND;
  while (queue_outstanding(queue)) queue_complete(queue, VIP_STATUS_DESC_FLUSHED_ERROR | operation);
}

/* --- Taking completions ------------------------------------------------------------------------------------------- */

static VIP_RETURN take(struct work_queue *queue, VIP_DESCRIPTOR **descriptor) {
  uint64_t place = queue->taken;
  struct work work = *work_at(queue, place);
  if (mutant_is(HANDED_OUT_TWICE)) linger();
  if (queue->taken <= place) queue->taken = place + 1;
  *descriptor = work.descriptor;
  return work.status & VIP_STATUS_ERROR_MASK ? VIP_DESCRIPTOR_ERROR : VIP_SUCCESS;
}

VIP_RETURN queue_done(VIP_VI_HANDLE handle, bool receives, VIP_DESCRIPTOR **descriptor) {
  struct vi *vi = find_vi(handle);
  if (!vi || !descriptor) return VIP_INVALID_PARAMETER;
  struct work_queue *queue = queue_of(vi, receives);
  if (queue->taken < queue->complete) return take(queue, descriptor);
  if (!queue_is_empty(queue)) return VIP_NOT_DONE;
  *descriptor = NULL;
  return VIP_DESCRIPTOR_ERROR;
}

/* The handle is looked up again after each sleep: the VI may be gone by then. */
VIP_RETURN queue_wait(VIP_VI_HANDLE handle, bool receives, VIP_ULONG timeout, VIP_DESCRIPTOR **descriptor) {
  struct vi *vi = find_vi(handle);
  if (!vi) return VIP_INVALID_PARAMETER;
  if (queue_of(vi, receives)->cq) return VIP_ERROR_RESOURCE;
  int64_t deadline = deadline_after(timeout);
  for (;;) {
    VIP_RETURN done = queue_done(handle, receives, descriptor);
    if (done != VIP_NOT_DONE) return done;
    if (mutant_is(LOST_WAKE_UP)) linger();
    if (!wait_for_progress(deadline)) return VIP_TIMEOUT;
    if (mutant_is(LOST_WAKE_UP) && deadline_over(deadline)) return VIP_TIMEOUT;
  }
}

VIP_RETURN queue_notify(VIP_VI_HANDLE handle, bool receives, VIP_PVOID context, work_handler handler) {
  struct vi *vi = find_vi(handle);
  if (!vi || !handler) return VIP_INVALID_PARAMETER;
  struct work_queue *queue = queue_of(vi, receives);
  if (queue->cq) return VIP_ERROR_RESOURCE;
  struct armed *armed = calloc(1, sizeof *armed);
  if (!armed) return VIP_ERROR_RESOURCE;
  armed->context = context;
  armed->handler.work = handler;
  struct armed **end = &queue->armed;
  while (*end) end = &(*end)->next;
  *end = armed;
  serve(queue);
  return VIP_SUCCESS;
}

void queue_disarm(struct work_queue *queue) {
  while (queue->armed) {
    struct armed *armed = queue->armed;
    queue->armed = armed->next;
    free(armed);
  }
}
