#include "completion-queue.h"

#include <stdio.h>
#include <stdlib.h>

#include "callbacks.h"
#include "handles.h"
#include "lock.h"
#include "mutants.h"

VIP_RETURN cq_create(VIP_NIC_HANDLE nic_handle, VIP_ULONG capacity, VIP_CQ_HANDLE *handle) {
  struct nic *nic = find_nic(nic_handle);
  if (!nic || !handle || capacity == 0) return VIP_INVALID_PARAMETER;
  if (capacity > MAX_CQ_ENTRIES || nic->node->cqs == MAX_CQ) return VIP_ERROR_RESOURCE;
  struct cq *cq = calloc(1, sizeof *cq);
  if (!cq) return VIP_ERROR_RESOURCE;
  cq->handle = (VIP_CQ_HANDLE)handle_make(KIND_CQ, cq);
  if (!cq->handle) {
    free(cq);
    return VIP_ERROR_RESOURCE;
  }
  cq->nic = nic;
  cq->capacity = capacity;
  nic->node->cqs++;
  nic->objects++;
  *handle = cq->handle;
  return VIP_SUCCESS;
}

VIP_RETURN cq_destroy(VIP_CQ_HANDLE handle) {
  struct cq *cq = find_cq(handle);
  if (!cq) return VIP_INVALID_PARAMETER;
  if (cq->users > 0) return VIP_ERROR_RESOURCE;
  handle_end((uintptr_t)handle);
  progress();
  while (cq->armed) {
    struct armed *armed = cq->armed;
    cq->armed = armed->next;
    free(armed);
  }
  callbacks_end_cq(cq->nic, handle);
  cq->nic->node->cqs--;
  cq->nic->objects--;
  free(cq->entries);
  free(cq);
  return VIP_SUCCESS;
}

VIP_RETURN cq_resize(VIP_CQ_HANDLE handle, VIP_ULONG capacity) {
  struct cq *cq = find_cq(handle);
  if (!cq || capacity == 0) return VIP_INVALID_PARAMETER;
  if (capacity > MAX_CQ_ENTRIES || capacity < cq->count) return VIP_ERROR_RESOURCE;
  cq->capacity = capacity;
  return VIP_SUCCESS;
}

static struct entry take(struct cq *cq) {
  struct entry entry = cq->entries[cq->first];
  cq->first = (cq->first + 1) % cq->room;
  cq->count--;
  return entry;
}

VIP_RETURN cq_done(VIP_CQ_HANDLE handle, VIP_VI_HANDLE *vi, VIP_BOOLEAN *receives) {
  struct cq *cq = find_cq(handle);
  if (!cq || !vi || !receives) return VIP_INVALID_PARAMETER;
  if (cq->count == 0) return VIP_NOT_DONE;
  struct entry entry = take(cq);
  *vi = entry.vi;
  *receives = entry.receives ? VIP_TRUE : VIP_FALSE;
  return VIP_SUCCESS;
}

VIP_RETURN cq_wait(VIP_CQ_HANDLE handle, VIP_ULONG timeout, VIP_VI_HANDLE *vi, VIP_BOOLEAN *receives) {
  int64_t deadline = deadline_after(timeout);
  for (;;) {
    VIP_RETURN done = cq_done(handle, vi, receives);
    if (done != VIP_NOT_DONE) return done;
    if (!wait_for_progress(deadline)) return VIP_TIMEOUT;
  }
}

static void serve(struct cq *cq) {
  while (cq->armed && cq->count > 0) {
    struct entry entry = take(cq);
    struct armed *armed = cq->armed;
    cq->armed = armed->next;
    struct callback callback = {.kind = CALLBACK_ENTRY, .vi = entry.vi, .cq = cq->handle, .context = armed->context};
    callback.run.entry.handler = armed->handler.entry;
    callback.run.entry.receives = entry.receives ? VIP_TRUE : VIP_FALSE;
    callbacks_add(cq->nic, &callback);
    free(armed);
  }
}

VIP_RETURN cq_notify(VIP_CQ_HANDLE handle, VIP_PVOID context, entry_handler handler) {
  struct cq *cq = find_cq(handle);
  if (!cq || !handler) return VIP_INVALID_PARAMETER;
  struct armed *armed = calloc(1, sizeof *armed);
  if (!armed) return VIP_ERROR_RESOURCE;
  armed->context = context;
  armed->handler.entry = handler;
  struct armed **end = &cq->armed;
  while (*end) end = &(*end)->next;
  *end = armed;
  serve(cq);
  return VIP_SUCCESS;
}

static bool make_room(struct cq *cq) {
  if (cq->count < cq->room) return true;
  size_t room = cq->room == 0 ? 64 : cq->room * 2;
  struct entry *entries = malloc(room * sizeof *entries);
  if (!entries) return false;
  for (size_t index = 0; index < cq->count; index++) entries[index] = cq->entries[(cq->first + index) % cq->room];
  free(cq->entries);
  cq->entries = entries;
  cq->room = room;
  cq->first = 0;
  return true;
}

void cq_enter(struct cq *cq, struct vi *vi, bool receives) {
  if (!make_room(cq)) {
    fputs("vipl-loopback: no memory for an entry of a completion queue, which is lost\n", stderr);
    return;
  }
  cq->entries[(cq->first + cq->count) % cq->room] = (struct entry){vi->handle, receives};
  cq->count++;
  serve(cq);
  progress();
}

void cq_purge(struct cq *cq, VIP_VI_HANDLE vi) {
  if (mutant_is(STALE_ENTRIES)) return;
  for (size_t left = cq->count; left > 0; left--) {
    struct entry entry = take(cq);
    if (entry.vi == vi) continue;
    cq->entries[(cq->first + cq->count) % cq->room] = entry;
    cq->count++;
  }
}
