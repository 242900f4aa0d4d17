/* Handlers: a function of their own for each that the harness names, so that which of them the library calls is seen, and
 * what it hands over as context is told as it comes. */
#include "handlers.h"

#include <string.h>

#include "values.h"

#define SLOTS(SLOT) \
  SLOT(0) SLOT(1) SLOT(2) SLOT(3) SLOT(4) SLOT(5) SLOT(6) SLOT(7) \
  SLOT(8) SLOT(9) SLOT(10) SLOT(11) SLOT(12) SLOT(13) SLOT(14) SLOT(15)
enum { SLOT_COUNT = 16 };

/* Who is told when the function of this slot runs. */
typedef struct slot {
  host *host;
  const char *handler; /* the SDK's text; NULL if the slot is free */
  bool is_receive;     /* which work queue it is for */
} slot;

static slot error_slots[SLOT_COUNT], queue_slots[SLOT_COUNT], cq_slots[SLOT_COUNT];
static pthread_mutex_t slots_lock = PTHREAD_MUTEX_INITIALIZER;

static int64_t context_value(const void *context) { return integer_of((uintptr_t)context); }

/* The name of a handle that an event cannot do without. */
static const char *named(host *from, object_kind kind, const void *handle) {
  const char *name = name_of(from, kind, (uintptr_t)handle);
  return name ? name : "unknown";
}

/* --- Asynchronous errors --- */

static const char *error_name(VIP_ERROR_CODE code) {
  switch (code) {
    case VIP_ERROR_POST_DESC:
      return "post-descriptor";
    case VIP_ERROR_CONN_LOST:
      return "connection-lost";
    case VIP_ERROR_RECVQ_EMPTY:
      return "receive-queue-empty";
    case VIP_ERROR_VI_OVERRUN:
      return "vi-overrun";
    case VIP_ERROR_RDMAW_PROT:
      return "rdma-write-protection";
    case VIP_ERROR_RDMAW_DATA:
      return "rdma-write-data";
    case VIP_ERROR_RDMAW_ABORT:
      return "rdma-write-abort";
    case VIP_ERROR_RDMAR_PROT:
      return "rdma-read-protection";
    case VIP_ERROR_COMP_PROT:
      return "completion-protection";
    case VIP_ERROR_RDMA_TRANSPORT:
      return "rdma-transport";
    case VIP_ERROR_CATASTROPHIC:
      return "catastrophic";
    default:
      return "unknown";
  }
}

static const char *resource_name(VIP_RESOURCE_CODE resource) {
  switch (resource) {
    case VIP_RESOURCE_VI:
      return "vi";
    case VIP_RESOURCE_CQ:
      return "cq";
    case VIP_RESOURCE_DESCRIPTOR:
      return "descriptor";
    default:
      return "nic";
  }
}

static void tell_error(const slot *to, const void *context, const VIP_ERROR_DESCRIPTOR *error) {
  host *told = to->host;
  VIP_RESOURCE_CODE resource = error->ResourceCode;
  bool is_descriptor = resource == VIP_RESOURCE_DESCRIPTOR;
  seen_descriptor seen = look_at(told, is_descriptor ? error->DescriptorPtr : NULL);
  viaduct_writer *event = viaduct_begin_event(told->endpoint, "via.error");
  viaduct_write_text(event, "handler", to->handler);
  viaduct_write_integer(event, "context", context_value(context));
  viaduct_write_text(event, "resource", resource_name(resource));
  viaduct_write_text(event, "code", error_name(error->ErrorCode));
  viaduct_write_text(event, "nic", named(told, NIC, error->NicHandle));
  if (resource == VIP_RESOURCE_VI || is_descriptor) viaduct_write_text(event, "vi", named(told, VI, error->ViHandle));
  if (resource == VIP_RESOURCE_CQ) viaduct_write_text(event, "cq", named(told, CQ, error->CQHandle));
  if (is_descriptor) write_seen(event, "descriptor", &seen);
  viaduct_write_integer(event, "opCode", integer_of(error->OpCode));
  viaduct_end_output(told->endpoint, event);
}

/* --- Completions --- */

static viaduct_writer *begin_notice(const char *event, const slot *to, const void *context) {
  viaduct_writer *begun = viaduct_begin_event(to->host->endpoint, event);
  viaduct_write_text(begun, "handler", to->handler);
  viaduct_write_integer(begun, "context", context_value(context));
  return begun;
}

static void write_source(viaduct_writer *event, host *of, const void *nic, const void *vi, bool is_receive) {
  viaduct_write_text(event, "nic", named(of, NIC, nic));
  viaduct_write_text(event, "vi", named(of, VI, vi));
  viaduct_write_text(event, "queue", is_receive ? "recv" : "send");
}

static void tell_completion(const slot *to, const void *context, const void *nic, const void *vi,
                            const VIP_DESCRIPTOR *completed) {
  seen_descriptor seen = look_at(to->host, completed);
  viaduct_writer *event = begin_notice("via.notify", to, context);
  write_source(event, to->host, nic, vi, to->is_receive);
  write_seen(event, "descriptor", &seen);
  viaduct_end_output(to->host->endpoint, event);
}

static void tell_entry(const slot *to, const void *context, const void *nic, const void *vi, bool is_receive) {
  viaduct_writer *event = begin_notice("via.cq-notify", to, context);
  write_source(event, to->host, nic, vi, is_receive);
  viaduct_end_output(to->host->endpoint, event);
}

/* --- A function for each slot --- */

#define SLOT(n) \
  static void on_error_##n(VIP_PVOID context, VIP_ERROR_DESCRIPTOR *error) { \
    tell_error(&error_slots[n], context, error); \
  } \
  static void on_completion_##n(VIP_PVOID context, VIP_NIC_HANDLE nic, VIP_VI_HANDLE vi, VIP_DESCRIPTOR *completed) { \
    tell_completion(&queue_slots[n], context, nic, vi, completed); \
  } \
  static void on_entry_##n(VIP_PVOID context, VIP_NIC_HANDLE nic, VIP_VI_HANDLE vi, VIP_BOOLEAN is_receive) { \
    tell_entry(&cq_slots[n], context, nic, vi, is_receive != VIP_FALSE); \
  }
SLOTS(SLOT)
#undef SLOT

#define SLOT(n) on_error_##n,
static const error_handler error_handlers[] = {SLOTS(SLOT)};
#undef SLOT
#define SLOT(n) on_completion_##n,
static const queue_handler queue_handlers[] = {SLOTS(SLOT)};
#undef SLOT
#define SLOT(n) on_entry_##n,
static const cq_handler cq_handlers[] = {SLOTS(SLOT)};
#undef SLOT

/* The slot of the handler that the call names, which it keeps from then on; -1 for null. */
static int slot_asked(call *of, slot slots[], bool is_receive) {
  const char *text = viaduct_text_of(asked(of, "handler"), NULL);
  if (!text) return -1;
  const slot wanted = {of->host, viaduct_named(of->host->endpoint, text)->text, is_receive};
  int found = 0;
  pthread_mutex_lock(&slots_lock);
  while (found < SLOT_COUNT && slots[found].handler &&
         (slots[found].host != wanted.host || slots[found].handler != wanted.handler ||
          slots[found].is_receive != is_receive)) {
    found++;
  }
  if (found < SLOT_COUNT) slots[found] = wanted;
  pthread_mutex_unlock(&slots_lock);
  if (found == SLOT_COUNT) viaduct_fail("a world names more than %d handlers of one kind", SLOT_COUNT);
  return found;
}

error_handler error_handler_asked(call *of) {
  int found = slot_asked(of, error_slots, false);
  return found < 0 ? NULL : error_handlers[found];
}

queue_handler queue_handler_asked(call *of, bool is_receive) {
  int found = slot_asked(of, queue_slots, is_receive);
  return found < 0 ? NULL : queue_handlers[found];
}

cq_handler cq_handler_asked(call *of) {
  int found = slot_asked(of, cq_slots, false);
  return found < 0 ? NULL : cq_handlers[found];
}

VIP_PVOID context_asked(const call *of) { return (VIP_PVOID)(uintptr_t)asked_integer(of, "context"); }
