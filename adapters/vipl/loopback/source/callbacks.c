#include "callbacks.h"

#include <stdio.h>
#include <stdlib.h>

#include "errors.h"
#include "handles.h"
#include "lock.h"

static void run(struct nic *nic, struct callback *callback) {
  VIP_NIC_HANDLE handle = nic->handle;
  error_handler on_error = nic->on_error ? nic->on_error : errors_log;
  VIP_PVOID error_context = nic->error_context;
  lock_release();
  switch (callback->kind) {
  case CALLBACK_ERROR:
    on_error(error_context, &callback->run.error);
    break;
  case CALLBACK_WORK:
    callback->run.work.handler(callback->context, handle, callback->vi, callback->run.work.descriptor);
    break;
  case CALLBACK_ENTRY:
    callback->run.entry.handler(callback->context, handle, callback->vi, callback->run.entry.receives);
    break;
  }
  lock_take();
}

static void *dispatch(void *about) {
  struct nic *nic = about;
  lock_take();
  while (!nic->stopping) {
    struct callback *callback = nic->due;
    if (!callback) {
      wait_for_progress(no_deadline);
      continue;
    }
    nic->due = callback->next;
    nic->running = callback;
    run(nic, callback);
    nic->running = NULL;
    free(callback);
    progress();
  }
  lock_release();
  return NULL;
}

bool callbacks_start(struct nic *nic) { return pthread_create(&nic->dispatcher, NULL, dispatch, nic) == 0; }

void callbacks_stop(struct nic *nic) {
  nic->stopping = true;
  progress();
  lock_release();
  pthread_join(nic->dispatcher, NULL);
  lock_take();
  while (nic->due) {
    struct callback *callback = nic->due;
    nic->due = callback->next;
    free(callback);
  }
}

void callbacks_add(struct nic *nic, const struct callback *callback) {
  struct callback *copy = malloc(sizeof *copy);
  if (!copy) {
    fputs("vipl-loopback: no memory for a callback, which is lost\n", stderr);
    return;
  }
  *copy = *callback;
  copy->next = NULL;
  struct callback **end = &nic->due;
  while (*end) end = &(*end)->next;
  *end = copy;
  progress();
}

bool callbacks_on_dispatcher(const struct nic *nic) { return pthread_equal(pthread_self(), nic->dispatcher) != 0; }

static bool is_error_of(const struct callback *callback, VIP_VI_HANDLE vi) {
  return callback->kind == CALLBACK_ERROR && callback->vi == vi;
}

static bool is_for(const struct callback *callback, VIP_VI_HANDLE vi) {
  return callback->kind != CALLBACK_ENTRY && callback->vi == vi;
}

static bool busy_for(const struct nic *nic, VIP_VI_HANDLE vi) {
  if (nic->running && is_for(nic->running, vi)) return true;
  for (const struct callback *callback = nic->due; callback; callback = callback->next)
    if (is_for(callback, vi)) return true;
  return false;
}

void callbacks_settle_vi(struct nic *nic, VIP_VI_HANDLE vi) {
  for (struct callback **at = &nic->due; *at;) {
    struct callback *callback = *at;
    if (!is_error_of(callback, vi)) {
      at = &callback->next;
      continue;
    }
    *at = callback->next;
    free(callback);
  }
  if (callbacks_on_dispatcher(nic)) return;
  VIP_NIC_HANDLE handle = nic->handle; /* others may destroy the VI meanwhile, and close the NIC */
  while (find_nic(handle) && busy_for(nic, vi)) wait_for_progress(no_deadline);
}

void callbacks_end_cq(struct nic *nic, VIP_CQ_HANDLE cq) {
  for (struct callback **at = &nic->due; *at;) {
    struct callback *callback = *at;
    if (callback->cq != cq) {
      at = &callback->next;
      continue;
    }
    *at = callback->next;
    free(callback);
  }
  if (callbacks_on_dispatcher(nic)) return;
  while (nic->running && nic->running->cq == cq) wait_for_progress(no_deadline);
}

void callbacks_finish_error(struct nic *nic) {
  if (callbacks_on_dispatcher(nic)) return;
  const struct callback *running = nic->running;
  if (!running || running->kind != CALLBACK_ERROR) return;
  VIP_NIC_HANDLE handle = nic->handle;
  while (find_nic(handle) && nic->running == running) wait_for_progress(no_deadline);
}
