/* The calls of the host program: posting, testing, waiting; and how it sees that a request is done. */
#include <stdlib.h>

#include "nic.h"

enum { TAG_MOST = 65534, COLLECTION_MOST = 64 };

/* Whether a call may name its node and its tag; in a receive and in a probe either may be any (R18). */
static bool is_named(const nic *self, const viaduct_emp_call *call) {
  bool may_be_any = call->operation != VIADUCT_EMP_ISEND;
  bool has_tag = (call->tag >= 0 && call->tag <= TAG_MOST) || (may_be_any && call->tag == VIADUCT_EMP_ANY);
  return has_tag && (nic_peer(self, call->peer) || (may_be_any && call->peer == VIADUCT_EMP_ANY));
}

static void ring(nic *self, errand what) {
  errand *rung = nic_allocate(sizeof *rung);
  *rung = what;
  list_append(&self->rung, &rung->link);
}

static viaduct_status post(nic *self, const viaduct_emp_call *call, bool is_send) {
  size_t slot;
  if (!is_named(self, call) || call->request->means) return VIADUCT_INVALID;
  posting posted = {
      .pieces = call->pieces,
      .piece_count = call->piece_count,
      .peer = (uint16_t)call->peer,
      .tag = (uint16_t)call->tag,
  };
  viaduct_status status = descriptor_post(&self->pool, &posted, &slot);
  if (status != VIADUCT_OK) return status;
  request *made = &self->requests[slot];
  *made = (request){
      .name = call->request,
      .slot = slot,
      .is_send = is_send,
      .peer = nic_peer(self, call->peer),
      .tag = posted.tag,
      .completion = {.request = call->request, .outcome = VIADUCT_DONE, .peer = call->peer, .tag = call->tag},
  };
  call->request->means = made;
  ring(self, (errand){.kind = POSTED, .request = made});
  return VIADUCT_OK;
}

/* Asks the NIC to give a receive back; what became of it is told by its completion (R24). */
static viaduct_status cancel(nic *self, const viaduct_emp_call *call) {
  request *asked = call->request->means;
  if (!asked || asked->is_send) return VIADUCT_INVALID;
  ring(self, (errand){.kind = CANCELLED, .request = asked});
  return VIADUCT_OK;
}

/* Asks the NIC what waits, behind all that was posted before (R24). */
static void probe(nic *self, const viaduct_emp_call *call) {
  if (!is_named(self, call)) {
    viaduct_return(self->endpoint, call->id, VIADUCT_INVALID);
    return;
  }
  const peer *from = nic_peer(self, call->peer);
  ring(self, (errand){.kind = PROBED, .call = call->id, .peer = from, .tag = (uint16_t)call->tag});
}

/* The host has seen the request done: it is gone, and its slots are free (R17). */
static void see(nic *self, viaduct_name *name) {
  const request *seen = name->means;
  if (!seen) return; /* a waitall may name a request twice */
  descriptor_release(&self->pool, seen->slot);
  name->means = NULL;
}

static void test(nic *self, const viaduct_emp_call *call) {
  const request *asked = call->request->means;
  if (!asked || !asked->is_done) {
    viaduct_return(self->endpoint, call->id, asked ? VIADUCT_PENDING : VIADUCT_INVALID);
    return;
  }
  viaduct_return_completions(self->endpoint, call->id, &asked->completion, 1);
  see(self, call->request);
}

/* The call returns with the completions of requests that are done; the host has seen them with that. */
static void report(nic *self, int64_t call, viaduct_name *const *requests, size_t count) {
  viaduct_completion *completions = nic_allocate((count + 1) * sizeof *completions);
  for (size_t i = 0; i < count; i++) completions[i] = ((request *)requests[i]->means)->completion;
  viaduct_return_completions(self->endpoint, call, completions, count);
  free(completions);
  for (size_t i = 0; i < count; i++) see(self, requests[i]);
}

/* How many are done, and the first that is; -1 if one is not known. */
static int64_t count_done(viaduct_name *const *requests, size_t count, size_t *first) {
  int64_t done = 0;
  for (size_t i = count; i-- > 0;) {
    const request *asked = requests[i]->means;
    if (!asked) return -1;
    if (!asked->is_done) continue;
    done++;
    *first = i;
  }
  return done;
}

/* Returns from the wait if it can end. One for a request that another thread has seen meanwhile is invalid. */
static bool try_to_return(nic *self, const waiting *wait) {
  size_t first = 0;
  int64_t done = count_done(wait->requests, wait->count, &first);
  if (done < 0) {
    viaduct_return(self->endpoint, wait->call, VIADUCT_INVALID);
    return true;
  }
  if (wait->is_for_any ? done == 0 : (size_t)done < wait->count) return false;
  if (wait->is_for_any) report(self, wait->call, &wait->requests[first], 1);
  else report(self, wait->call, wait->requests, wait->count);
  return true;
}

static void test_all(nic *self, const viaduct_emp_call *call) {
  size_t first = 0;
  int64_t done = count_done(call->requests, call->request_count, &first);
  if (done < 0) viaduct_return(self->endpoint, call->id, VIADUCT_INVALID);
  else if ((size_t)done < call->request_count) viaduct_return(self->endpoint, call->id, VIADUCT_PENDING);
  else report(self, call->id, call->requests, call->request_count);
}

static void wait_for(nic *self, const viaduct_emp_call *call, viaduct_name *const *requests, size_t count) {
  waiting *wait = nic_allocate(sizeof *wait + count * sizeof(viaduct_name *));
  *wait = (waiting){.call = call->id, .count = count, .is_for_any = call->operation == VIADUCT_EMP_WAITANY};
  for (size_t i = 0; i < count; i++) wait->requests[i] = requests[i];
  if (try_to_return(self, wait)) free(wait);
  else list_append(&self->waits, &wait->link);
}

static void configure(nic *self, const viaduct_emp_call *call) {
  bool is_valid = call->collection >= 1 && call->collection <= COLLECTION_MOST;
  if (is_valid) self->collection_size = (uint32_t)call->collection;
  viaduct_return(self->endpoint, call->id, is_valid ? VIADUCT_OK : VIADUCT_INVALID);
}

static void tell_counters(const nic *self, const viaduct_emp_call *call) {
  static const char *const names[DROP_REASONS] = {
      [NO_RECEIVE] = "no-receive",
      [TABLE_FULL] = "table-full",
      [MALFORMED] = "malformed",
      [UNKNOWN_TYPE] = "unknown-type",
      [WRONG_SENDER] = "wrong-sender",
      [WRONG_DESTINATION] = "wrong-destination",
      [STRAY_ACKNOWLEDGEMENT] = "stray-acknowledgement",
      [DUPLICATE] = "duplicate",
  };
  viaduct_writer *to = viaduct_begin_return(self->endpoint, call->id, VIADUCT_OK);
  viaduct_write_object(to, "counters");
  for (int i = 0; i < DROP_REASONS; i++) viaduct_write_integer(to, names[i], self->dropped[i]);
  viaduct_end_object(to);
  viaduct_end_output(self->endpoint, to);
}

static void tell_descriptor(nic *self, const viaduct_emp_call *call) {
  const request *asked = call->request->means;
  if (!asked) {
    viaduct_return(self->endpoint, call->id, VIADUCT_INVALID);
    return;
  }
  viaduct_writer *to = viaduct_begin_return(self->endpoint, call->id, VIADUCT_OK);
  size_t slots = descriptor_slots(&self->pool, asked->slot);
  viaduct_write_digits(to, "octets", self->pool.slots[asked->slot], slots * SLOT_OCTETS);
  viaduct_end_output(self->endpoint, to);
}

void host_call(nic *self, const viaduct_emp_call *call) {
  switch (call->operation) {
    case VIADUCT_EMP_ISEND:
    case VIADUCT_EMP_IRECV:
      viaduct_return(self->endpoint, call->id, post(self, call, call->operation == VIADUCT_EMP_ISEND));
      break;
    case VIADUCT_EMP_TEST:
      test(self, call);
      break;
    case VIADUCT_EMP_WAIT:
      wait_for(self, call, &call->request, 1);
      break;
    case VIADUCT_EMP_WAITALL:
    case VIADUCT_EMP_WAITANY:
      wait_for(self, call, call->requests, call->request_count);
      break;
    case VIADUCT_EMP_TESTALL:
      test_all(self, call);
      break;
    case VIADUCT_EMP_CANCEL:
      viaduct_return(self->endpoint, call->id, cancel(self, call));
      break;
    case VIADUCT_EMP_PROBE:
      probe(self, call);
      break;
    case VIADUCT_EMP_CONFIGURE:
      configure(self, call);
      break;
    case VIADUCT_EMP_COUNTERS:
      tell_counters(self, call);
      break;
    case VIADUCT_EMP_DESCRIPTOR:
      tell_descriptor(self, call);
      break;
  }
}

/* The NIC hands a descriptor back (E43); whoever waited for it learns of it. */
void host_complete(nic *self, request *done) {
  descriptor_hand_back(&self->pool, done->slot);
  done->is_done = true;
  viaduct_emp_completed(self->endpoint, &done->completion);
  for (link *next, *each = self->waits.behind; each != &self->waits; each = next) {
    next = each->behind;
    if (!try_to_return(self, (waiting *)each)) continue;
    list_remove(each);
    free(each);
  }
}
