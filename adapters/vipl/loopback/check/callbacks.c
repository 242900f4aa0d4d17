/* Handlers: Notify and VipErrorCallback. */
#include <string.h>

#include "check.h"

struct calls {
  pthread_mutex_t mutex;
  unsigned count;
  VIP_NIC_HANDLE nic;
  VIP_VI_HANDLE vi;
  VIP_DESCRIPTOR *descriptor;
  VIP_BOOLEAN receives;
  pthread_t thread;
};

static struct calls calls = {.mutex = PTHREAD_MUTEX_INITIALIZER};

static void note(VIP_NIC_HANDLE nic, VIP_VI_HANDLE vi, VIP_DESCRIPTOR *descriptor, VIP_BOOLEAN receives) {
  pthread_mutex_lock(&calls.mutex);
  calls.count++;
  calls.nic = nic;
  calls.vi = vi;
  calls.descriptor = descriptor;
  calls.receives = receives;
  calls.thread = pthread_self();
  pthread_mutex_unlock(&calls.mutex);
}

static void on_work(VIP_PVOID context, VIP_NIC_HANDLE nic, VIP_VI_HANDLE vi, VIP_DESCRIPTOR *descriptor) {
  CHECK(context == &calls);
  note(nic, vi, descriptor, VIP_FALSE);
}

static void on_entry(VIP_PVOID context, VIP_NIC_HANDLE nic, VIP_VI_HANDLE vi, VIP_BOOLEAN receives) {
  CHECK(context == &calls);
  note(nic, vi, NULL, receives);
}

static unsigned count_of_calls(void) {
  pthread_mutex_lock(&calls.mutex);
  unsigned count = calls.count;
  pthread_mutex_unlock(&calls.mutex);
  return count;
}

static void wait_for_call(unsigned count) {
  for (int64_t end = milliseconds() + LONG; count_of_calls() < count && milliseconds() < end;) sleep_milliseconds(1);
  CHECK(count_of_calls() == count);
}

static void notify_hands_out_descriptors(void) {
  struct pair pair;
  VIP_DESCRIPTOR *out;
  pair_open(&pair, VIP_SERVICE_UNRELIABLE);
  CHECK(VipRecvNotify(pair.right_vi, NULL, NULL) == VIP_INVALID_PARAMETER);
  OK(VipRecvNotify(pair.right_vi, &calls, on_work));
  VIP_DESCRIPTOR *receive = describe(&pair.right, 0, 0, SIZE), *send = describe(&pair.left, 0, 0, SIZE);
  post_recv(&pair.right, pair.right_vi, receive);
  post_send(&pair.left, pair.left_vi, send);
  wait_for_call(1);
  CHECK(calls.nic == pair.right.nic && calls.vi == pair.right_vi && calls.descriptor == receive);
  CHECK(!pthread_equal(calls.thread, pthread_self()));
  CHECK(VipRecvDone(pair.right_vi, &out) == VIP_DESCRIPTOR_ERROR && out == NULL);
  OK(VipSendNotify(pair.left_vi, &calls, on_work)); /* complete already */
  wait_for_call(2);
  CHECK(calls.descriptor == send);
  post_recv(&pair.right, pair.right_vi, describe(&pair.right, 1, 0, SIZE));
  OK(VipRecvNotify(pair.right_vi, &calls, on_work));
  OK(VipRecvNotify(pair.right_vi, &calls, on_work)); /* for nothing: destroying the VI cancels it */
  OK(VipDisconnect(pair.right_vi));
  CHECK(count_of_calls() == 3 && (calls.descriptor->CS.Status & VIP_STATUS_DESC_FLUSHED_ERROR));
  pair_close(&pair);
  CHECK(count_of_calls() == 3);
}

static void notify_hands_out_entries(void) {
  struct host host;
  VIP_CQ_HANDLE cq;
  VIP_VI_HANDLE out;
  VIP_BOOLEAN receives;
  host_open(&host, 0);
  OK(VipCreateCQ(host.nic, 4, &cq));
  VIP_VI_HANDLE vi = make_vi(&host, VIP_SERVICE_UNRELIABLE, cq, cq);
  OK(VipCQNotify(cq, &calls, on_entry));
  for (unsigned slot = 0; slot < 2; slot++) post_send(&host, vi, describe(&host, slot, 0, 0));
  wait_for_call(1);
  CHECK(calls.nic == host.nic && calls.vi == vi && !calls.receives);
  OK(VipCQDone(cq, &out, &receives));
  CHECK(VipCQDone(cq, &out, &receives) == VIP_NOT_DONE);
  OK(VipCQNotify(cq, &calls, on_entry));
  CHECK(VipRecvNotify(vi, &calls, on_work) == VIP_ERROR_RESOURCE);
  end_vi(vi);
  OK(VipDestroyCQ(cq));
  CHECK(count_of_calls() == 1);
  host_close(&host);
}

static void count_error(VIP_PVOID context, VIP_ERROR_DESCRIPTOR *error) {
  CHECK(context == &calls && error->ErrorCode == VIP_ERROR_POST_DESC);
  note(error->NicHandle, error->ViHandle, error->DescriptorPtr, VIP_FALSE);
}

static void the_last_error_handler_is_told(void) {
  struct host host;
  host_open(&host, 0);
  VIP_VI_HANDLE vi = make_vi(&host, VIP_SERVICE_UNRELIABLE, NULL, NULL);
  VIP_DESCRIPTOR *crooked = (VIP_DESCRIPTOR *)(void *)(host.arena + 8);
  OK(VipErrorCallback(host.nic, &calls, count_error));
  post_send(&host, vi, crooked);
  wait_for_call(1);
  CHECK(host_has_no_error(&host) && calls.descriptor == crooked);
  OK(VipErrorCallback(host.nic, NULL, NULL)); /* a line on stderr, from here on */
  post_send(&host, vi, crooked);
  OK(VipDisconnect(vi));
  CHECK(count_of_calls() == 1 && host_has_no_error(&host));
  end_vi(vi);
  host_close(&host);
}

/* A handler may call the library, even to end what it is about. */
static void disconnect_from_handler(VIP_PVOID context, VIP_ERROR_DESCRIPTOR *error) {
  OK(VipDisconnect(error->ViHandle));
  CHECK(VipCloseNic(error->NicHandle) == VIP_ERROR_RESOURCE);
  note(context, error->ViHandle, NULL, VIP_FALSE);
}

static void a_handler_may_call(void) {
  struct pair pair;
  pair_open(&pair, VIP_SERVICE_RELIABLE_DELIVERY);
  OK(VipErrorCallback(pair.right.nic, NULL, disconnect_from_handler));
  OK(VipDisconnect(pair.left_vi));
  wait_for_call(1);
  CHECK(calls.vi == pair.right_vi && state_of(pair.right_vi) == VIP_STATE_IDLE);
  pair_close(&pair);
}

const struct check callback_checks[] = {
    {"Notify hands out descriptors", notify_hands_out_descriptors},
    {"Notify hands out entries", notify_hands_out_entries},
    {"the last error handler is told", the_last_error_handler_is_told},
    {"a handler may call", a_handler_may_call},
    {NULL, NULL},
};
