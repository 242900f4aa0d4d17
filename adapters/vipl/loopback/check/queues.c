/* Done, Wait, flushing, completion queues. */
#include <string.h>

#include "check.h"

static void an_empty_queue_and_an_outstanding_descriptor(void) {
  struct host host;
  VIP_DESCRIPTOR *out = NULL;
  host_open(&host, 0);
  VIP_VI_HANDLE vi = make_vi(&host, VIP_SERVICE_UNRELIABLE, NULL, NULL);
  CHECK(VipRecvDone(vi, &out) == VIP_DESCRIPTOR_ERROR && out == NULL);
  CHECK(VipSendWait(vi, VIP_INFINITE, &out) == VIP_DESCRIPTOR_ERROR && out == NULL);
  VIP_DESCRIPTOR *receive = describe(&host, 0, 0, SIZE), *send = describe(&host, 1, 0, SIZE);
  post_recv(&host, vi, receive);
  CHECK(VipRecvDone(vi, &out) == VIP_NOT_DONE);
  CHECK(VipRecvWait(vi, 0, &out) == VIP_TIMEOUT);
  int64_t start = milliseconds();
  CHECK(VipRecvWait(vi, 30, &out) == VIP_TIMEOUT && milliseconds() - start >= 29);
  post_send(&host, vi, send);
  expect_send_error(vi, send, VIP_STATUS_DESC_FLUSHED_ERROR);
  CHECK(receive->CS.Status == 0);
  OK(VipDisconnect(vi));
  expect_recv_error(vi, receive, VIP_STATUS_DESC_FLUSHED_ERROR);
  end_vi(vi);
  host_close(&host);
}

struct waiting {
  VIP_VI_HANDLE vi;
  VIP_RETURN answer;
  VIP_DESCRIPTOR *descriptor;
};

static void *wait_for_ever(void *about) {
  struct waiting *waiting = about;
  waiting->answer = VipRecvWait(waiting->vi, VIP_INFINITE, &waiting->descriptor);
  return NULL;
}

static void a_flush_ends_a_wait_and_done_does_not_block_behind_it(void) {
  struct pair pair;
  pair_open(&pair, VIP_SERVICE_UNRELIABLE);
  VIP_DESCRIPTOR *receive = describe(&pair.right, 0, 0, SIZE), *out;
  struct waiting waiting = {.vi = pair.right_vi};
  pthread_t thread;
  post_recv(&pair.right, pair.right_vi, receive);
  CHECK(pthread_create(&thread, NULL, wait_for_ever, &waiting) == 0);
  sleep_milliseconds(20);
  int64_t start = milliseconds();
  CHECK(VipRecvDone(pair.right_vi, &out) == VIP_NOT_DONE && milliseconds() - start < 1000);
  OK(VipDisconnect(pair.right_vi));
  CHECK(pthread_join(thread, NULL) == 0);
  CHECK(waiting.answer == VIP_DESCRIPTOR_ERROR && waiting.descriptor == receive);
  pair_close(&pair);
}

static void completion_queues_tell_what_completed(void) {
  struct pair pair;
  VIP_CQ_HANDLE cq;
  VIP_VI_HANDLE vi;
  VIP_BOOLEAN receives;
  VIP_DESCRIPTOR *out;
  host_open(&pair.left, 0);
  host_open(&pair.right, 1);
  OK(VipCreateCQ(pair.right.nic, 8, &cq));
  pair.left_vi = make_vi(&pair.left, VIP_SERVICE_UNRELIABLE, NULL, NULL);
  pair.right_vi = make_vi(&pair.right, VIP_SERVICE_UNRELIABLE, cq, cq);
  connect_vis(&pair.left, pair.left_vi, &pair.right, pair.right_vi);
  CHECK(VipCQDone(cq, &vi, &receives) == VIP_NOT_DONE);
  CHECK(VipCQWait(cq, 20, &vi, &receives) == VIP_TIMEOUT);
  CHECK(VipDestroyCQ(cq) == VIP_ERROR_RESOURCE);
  VIP_DESCRIPTOR *receive = describe(&pair.right, 0, 0, SIZE), *send = describe(&pair.left, 0, 0, SIZE);
  VIP_DESCRIPTOR *back = describe(&pair.right, 1, 0, SIZE), *there = describe(&pair.left, 1, 0, SIZE);
  post_recv(&pair.right, pair.right_vi, receive);
  post_recv(&pair.left, pair.left_vi, there);
  post_send(&pair.left, pair.left_vi, send);
  OK(VipCQWait(cq, LONG, &vi, &receives));
  CHECK(vi == pair.right_vi && receives);
  OK(VipRecvDone(pair.right_vi, &out));
  CHECK(out == receive);
  post_send(&pair.right, pair.right_vi, back);
  OK(VipCQWait(cq, LONG, &vi, &receives));
  CHECK(vi == pair.right_vi && !receives);
  OK(VipSendDone(pair.right_vi, &out));
  CHECK(out == back);
  CHECK(VipRecvWait(pair.right_vi, 0, &out) == VIP_ERROR_RESOURCE);
  end_vi(pair.left_vi);
  end_vi(pair.right_vi);
  OK(VipDestroyCQ(cq));
  host_close(&pair.left);
  host_close(&pair.right);
}

static void entries_are_kept_and_forgotten(void) {
  struct host host;
  VIP_CQ_HANDLE cq;
  VIP_VI_HANDLE out;
  VIP_BOOLEAN receives;
  VIP_NIC_ATTRIBUTES limits;
  host_open(&host, 0);
  OK(VipQueryNic(host.nic, &limits));
  OK(VipCreateCQ(host.nic, 4, &cq));
  VIP_VI_HANDLE one = make_vi(&host, VIP_SERVICE_UNRELIABLE, NULL, cq);
  VIP_VI_HANDLE other = make_vi(&host, VIP_SERVICE_UNRELIABLE, NULL, cq);
  for (unsigned slot = 0; slot < 4; slot++) {
    VIP_VI_HANDLE vi = slot % 2 == 0 ? one : other;
    post_recv(&host, vi, describe(&host, slot, 0, 0));
    OK(VipDisconnect(vi));
  }
  CHECK(VipResizeCQ(cq, 3) == VIP_ERROR_RESOURCE);
  CHECK(VipResizeCQ(cq, 0) == VIP_INVALID_PARAMETER);
  CHECK(VipResizeCQ(cq, limits.MaxCQEntries + 1) == VIP_ERROR_RESOURCE);
  OK(VipResizeCQ(cq, limits.MaxCQEntries));
  OK(VipResizeCQ(cq, 4));
  end_vi(one);
  OK(VipCQDone(cq, &out, &receives));
  CHECK(out == other && receives);
  OK(VipCQDone(cq, &out, &receives));
  CHECK(out == other);
  CHECK(VipCQDone(cq, &out, &receives) == VIP_NOT_DONE);
  end_vi(other);
  OK(VipDestroyCQ(cq));
  host_close(&host);
}

const struct check queue_checks[] = {
    {"an empty queue and an outstanding descriptor", an_empty_queue_and_an_outstanding_descriptor},
    {"a flush ends a Wait, and Done does not block behind it", a_flush_ends_a_wait_and_done_does_not_block_behind_it},
    {"completion queues tell what completed", completion_queues_tell_what_completed},
    {"entries are kept and forgotten", entries_are_kept_and_forgotten},
    {NULL, NULL},
};
