/* Calls on work queues and completion queues. */
#include "calls-of-host.h"
#include "handlers.h"
#include "values.h"

/* --- Posting --- */

typedef VIP_RETURN post_call(VIP_VI_HANDLE vi, VIP_DESCRIPTOR *descriptor, VIP_MEM_HANDLE memory);

static void post(call *made, post_call *to_queue) {
  VIP_VI_HANDLE vi = handle_named(made, "vi", VI);
  VIP_DESCRIPTOR *posted = descriptor_named(made, "descriptor");
  VIP_MEM_HANDLE memory = memory_value(made, asked(made, "memory"));
  if (!refuse_wrong(made)) answer(made, to_queue(vi, posted, memory));
}

void call_VipPostSend(call *made) { post(made, VipPostSend); }
void call_VipPostRecv(call *made) { post(made, VipPostRecv); }

/* --- Taking what is complete --- */

static void answer_taken(call *made, VIP_RETURN code, const VIP_DESCRIPTOR *taken) {
  bool is_told = code == VIP_SUCCESS || code == VIP_DESCRIPTOR_ERROR;
  seen_descriptor seen = look_at(made->host, is_told ? taken : NULL);
  viaduct_writer *to = begin_answer(made, code);
  if (is_told) write_seen(to, "descriptor", &seen);
  end_answer(made, to);
}

typedef VIP_RETURN done_call(VIP_VI_HANDLE vi, VIP_DESCRIPTOR **taken);

static void take(call *made, done_call *from_queue) {
  VIP_VI_HANDLE vi = handle_named(made, "vi", VI);
  VIP_DESCRIPTOR *taken = descriptor_unset();
  if (refuse_wrong(made)) return;
  VIP_RETURN code = from_queue(vi, &taken);
  answer_taken(made, code, taken);
}

void call_VipSendDone(call *made) { take(made, VipSendDone); }
void call_VipRecvDone(call *made) { take(made, VipRecvDone); }

typedef VIP_RETURN wait_call(VIP_VI_HANDLE vi, VIP_ULONG timeout, VIP_DESCRIPTOR **taken);

static void wait_for(call *made, wait_call *from_queue) {
  VIP_VI_HANDLE vi = handle_named(made, "vi", VI);
  VIP_DESCRIPTOR *taken = descriptor_unset();
  if (refuse_wrong(made)) return;
  VIP_RETURN code = from_queue(vi, asked_timeout(made), &taken);
  answer_taken(made, code, taken);
}

void call_VipSendWait(call *made) { wait_for(made, VipSendWait); }
void call_VipRecvWait(call *made) { wait_for(made, VipRecvWait); }

void call_VipSendNotify(call *made) {
  VIP_VI_HANDLE vi = handle_named(made, "vi", VI);
  if (!refuse_wrong(made)) answer(made, VipSendNotify(vi, context_asked(made), queue_handler_asked(made, false)));
}

void call_VipRecvNotify(call *made) {
  VIP_VI_HANDLE vi = handle_named(made, "vi", VI);
  if (!refuse_wrong(made)) answer(made, VipRecvNotify(vi, context_asked(made), queue_handler_asked(made, true)));
}

/* --- Completion queues --- */

void call_VipCreateCQ(call *made) {
  VIP_NIC_HANDLE nic = handle_named(made, "nic", NIC);
  VIP_CQ_HANDLE cq = NULL;
  if (refuse_wrong(made)) return;
  VIP_RETURN code = VipCreateCQ(nic, (VIP_ULONG)asked_integer(made, "entryCount"), &cq);
  if (code == VIP_SUCCESS) bind(made->host, viaduct_text_of(asked(made, "as"), ""), CQ, (uintptr_t)cq);
  answer(made, code);
}

void call_VipDestroyCQ(call *made) {
  VIP_CQ_HANDLE cq = handle_named(made, "cq", CQ);
  if (!refuse_wrong(made)) answer(made, VipDestroyCQ(cq));
}

void call_VipResizeCQ(call *made) {
  VIP_CQ_HANDLE cq = handle_named(made, "cq", CQ);
  if (!refuse_wrong(made)) answer(made, VipResizeCQ(cq, (VIP_ULONG)asked_integer(made, "entryCount")));
}

static void answer_entry(call *made, VIP_RETURN code, VIP_VI_HANDLE vi, VIP_BOOLEAN is_receive) {
  const char *name = name_of(made->host, VI, (uintptr_t)vi);
  viaduct_writer *to = begin_answer(made, code);
  if (code == VIP_SUCCESS) {
    viaduct_write_object(to, "entry");
    viaduct_write_text(to, "vi", name ? name : "unknown");
    viaduct_write_text(to, "queue", is_receive != VIP_FALSE ? "recv" : "send");
    viaduct_end_object(to);
  }
  end_answer(made, to);
}

void call_VipCQDone(call *made) {
  VIP_CQ_HANDLE cq = handle_named(made, "cq", CQ);
  VIP_VI_HANDLE vi = NULL;
  VIP_BOOLEAN is_receive = VIP_FALSE;
  if (refuse_wrong(made)) return;
  VIP_RETURN code = VipCQDone(cq, &vi, &is_receive);
  answer_entry(made, code, vi, is_receive);
}

void call_VipCQWait(call *made) {
  VIP_CQ_HANDLE cq = handle_named(made, "cq", CQ);
  VIP_VI_HANDLE vi = NULL;
  VIP_BOOLEAN is_receive = VIP_FALSE;
  if (refuse_wrong(made)) return;
  VIP_RETURN code = VipCQWait(cq, asked_timeout(made), &vi, &is_receive);
  answer_entry(made, code, vi, is_receive);
}

void call_VipCQNotify(call *made) {
  VIP_CQ_HANDLE cq = handle_named(made, "cq", CQ);
  if (!refuse_wrong(made)) answer(made, VipCQNotify(cq, context_asked(made), cq_handler_asked(made)));
}
