/* What each error does at each level, and asynchronous errors. */
#include <stdlib.h>
#include <string.h>

#include "check.h"

/* After an error: an unreliable connection holds, a reliable one is broken at both ends. */
static void breaks_if_reliable(struct pair *pair, int level) {
  if (level == 0) {
    CHECK(state_of(pair->left_vi) == VIP_STATE_CONNECTED && state_of(pair->right_vi) == VIP_STATE_CONNECTED);
    return;
  }
  wait_for_state(pair->left_vi, VIP_STATE_ERROR);
  wait_for_state(pair->right_vi, VIP_STATE_ERROR);
  VIP_DESCRIPTOR *late = describe(&pair->left, 30, 0, 1);
  post_send(&pair->left, pair->left_vi, late);
  expect_send_error(pair->left_vi, late, VIP_STATUS_DESC_FLUSHED_ERROR);
}

/* Reliable Delivery tells the sender that the connection is lost, Reliable Reception by its descriptor. */
static void sender_learns(struct pair *pair, int level, const VIP_DESCRIPTOR *send, uint32_t bit) {
  expect_send_error(pair->left_vi, send, level == 2 ? bit : 0);
  if (level == 1) CHECK(host_error(&pair->left).ErrorCode == VIP_ERROR_CONN_LOST);
}

static void no_receive(void) {
  for (int level = 0; level < 3; level++) {
    struct pair pair;
    pair_open(&pair, levels[level]);
    VIP_DESCRIPTOR *send = describe(&pair.left, 0, 0, 8);
    post_send(&pair.left, pair.left_vi, send);
    sender_learns(&pair, level, send, VIP_STATUS_REMOTE_DESC_ERROR);
    VIP_ERROR_DESCRIPTOR error = host_error(&pair.right);
    CHECK(error.ErrorCode == VIP_ERROR_RECVQ_EMPTY && error.ViHandle == pair.right_vi);
    breaks_if_reliable(&pair, level);
    pair_close(&pair);
  }
}

static void receive_fails(int level, bool small, uint32_t bit) {
  struct pair pair;
  pair_open(&pair, levels[level]);
  VIP_DESCRIPTOR *send = describe(&pair.left, 0, 0, 16), *receive = describe(&pair.right, 0, 0, small ? 8 : 16);
  if (!small) receive->DS[0].Local.Handle = pair.left.memory;
  post_recv(&pair.right, pair.right_vi, receive);
  post_send(&pair.left, pair.left_vi, send);
  sender_learns(&pair, level, send, VIP_STATUS_REMOTE_DESC_ERROR);
  expect_recv_error(pair.right_vi, receive, bit);
  breaks_if_reliable(&pair, level);
  CHECK(host_has_no_error(&pair.right));
  pair_close(&pair);
}

static void receive_that_cannot_take_the_message(void) {
  for (int level = 0; level < 3; level++) {
    receive_fails(level, true, VIP_STATUS_LENGTH_ERROR);
    receive_fails(level, false, VIP_STATUS_PROTECTION_ERROR);
  }
}

static void bad_send_breaks_a_reliable_connection(void) {
  for (int level = 0; level < 3; level++) {
    struct pair pair;
    pair_open(&pair, levels[level]);
    VIP_DESCRIPTOR *send = describe(&pair.left, 0, 0, 16);
    send->DS[0].Local.Handle = 0;
    post_send(&pair.left, pair.left_vi, send);
    expect_send_error(pair.left_vi, send, VIP_STATUS_PROTECTION_ERROR);
    if (level > 0) CHECK(host_error(&pair.right).ErrorCode == VIP_ERROR_CONN_LOST);
    breaks_if_reliable(&pair, level);
    CHECK(host_has_no_error(&pair.left));
    pair_close(&pair);
  }
}

static void refused_rdma_write(int level, bool immediate) {
  struct pair pair;
  pair_open(&pair, levels[level]);
  VIP_MEM_ATTRIBUTES no_writes = {.Ptag = pair.right.tag};
  OK(VipSetMemAttributes(pair.right.nic, pair.right.arena, pair.right.memory, &no_writes));
  VIP_DESCRIPTOR *write = describe_write(&pair.left, 0, 0, SIZE, &pair.right, 0);
  VIP_DESCRIPTOR *receive = describe(&pair.right, 0, SIZE, SIZE);
  memset(data_of(&pair.left, 0), 1, SIZE);
  if (immediate) write->CS.Control |= VIP_CONTROL_IMMEDIATE;
  post_recv(&pair.right, pair.right_vi, receive);
  post_send(&pair.left, pair.left_vi, write);
  sender_learns(&pair, level, write, VIP_STATUS_RDMA_PROT_ERROR);
  if (immediate)
    expect_recv_error(pair.right_vi, receive, VIP_STATUS_RDMA_PROT_ERROR);
  else
    CHECK(host_error(&pair.right).ErrorCode == VIP_ERROR_RDMAW_PROT);
  breaks_if_reliable(&pair, level);
  CHECK(*data_of(&pair.right, 0) == 0 && host_has_no_error(&pair.right));
  pair_close(&pair);
}

static void rdma_writes_need_the_right(void) {
  for (int level = 0; level < 3; level++) {
    refused_rdma_write(level, false);
    refused_rdma_write(level, true);
  }
}

static void rdma_write_with_immediate_data_and_no_receive(void) {
  for (int level = 0; level < 3; level++) {
    struct pair pair;
    pair_open(&pair, levels[level]);
    VIP_DESCRIPTOR *write = describe_write(&pair.left, 0, 0, SIZE, &pair.right, 0);
    write->CS.Control |= VIP_CONTROL_IMMEDIATE;
    post_send(&pair.left, pair.left_vi, write);
    sender_learns(&pair, level, write, VIP_STATUS_REMOTE_DESC_ERROR);
    CHECK(host_error(&pair.right).ErrorCode == VIP_ERROR_RECVQ_EMPTY);
    breaks_if_reliable(&pair, level);
    pair_close(&pair);
  }
}

static void posts_that_are_wrong(void) {
  struct pair pair;
  pair_open(&pair, VIP_SERVICE_UNRELIABLE);
  VIP_DESCRIPTOR *good = describe(&pair.left, 0, 0, 8), *out;
  VIP_DESCRIPTOR *crooked = (VIP_DESCRIPTOR *)(void *)(pair.left.arena + 32);
  CHECK(VipPostSend(pair.left_vi, NULL, pair.left.memory) == VIP_INVALID_PARAMETER);
  OK(VipPostSend(pair.left_vi, crooked, pair.left.memory));
  VIP_ERROR_DESCRIPTOR error = host_error(&pair.left);
  CHECK(error.ErrorCode == VIP_ERROR_POST_DESC && error.DescriptorPtr == crooked);
  CHECK(error.ResourceCode == VIP_RESOURCE_DESCRIPTOR && error.ViHandle == pair.left_vi);
  OK(VipPostSend(pair.left_vi, good, pair.right.memory));
  CHECK(host_error(&pair.left).ErrorCode == VIP_ERROR_POST_DESC);
  OK(VipPostRecv(pair.left_vi, (VIP_DESCRIPTOR *)(void *)(pair.left.arena + ARENA), pair.left.memory));
  CHECK(host_error(&pair.left).ErrorCode == VIP_ERROR_POST_DESC);
  CHECK(VipSendDone(pair.left_vi, &out) == VIP_DESCRIPTOR_ERROR && out == NULL);
  CHECK(VipRecvDone(pair.left_vi, &out) == VIP_DESCRIPTOR_ERROR && out == NULL);
  CHECK(state_of(pair.left_vi) == VIP_STATE_CONNECTED);
  pair_close(&pair);
}

static void a_full_queue_overruns(void) {
  struct host host;
  VIP_NIC_ATTRIBUTES limits;
  VIP_DESCRIPTOR *out;
  host_open(&host, 0);
  OK(VipQueryNic(host.nic, &limits));
  VIP_VI_HANDLE vi = make_vi(&host, VIP_SERVICE_UNRELIABLE, NULL, NULL);
  VIP_DESCRIPTOR *receive = describe(&host, 0, 0, 8), *send = describe(&host, 1, 0, 8);
  for (VIP_ULONG count = 0; count < limits.MaxDescriptorsPerQueue; count++) {
    post_recv(&host, vi, receive);
    post_send(&host, vi, send);
  }
  CHECK(VipPostRecv(vi, receive, host.memory) == VIP_ERROR_RESOURCE);
  VIP_ERROR_DESCRIPTOR error = host_error(&host);
  CHECK(error.ErrorCode == VIP_ERROR_VI_OVERRUN && error.ViHandle == vi && error.ResourceCode == VIP_RESOURCE_VI);
  CHECK(VipSendDone(vi, &out) == VIP_DESCRIPTOR_ERROR && out == send);
  post_send(&host, vi, send);
  end_vi(vi);
  host_close(&host);
}

static void a_link_that_was_changed_is_told(void) {
  struct pair pair;
  pair_open(&pair, VIP_SERVICE_UNRELIABLE);
  VIP_DESCRIPTOR *receive = describe(&pair.right, 0, 0, SIZE), *send = describe(&pair.left, 0, 0, SIZE);
  receive->CS.Next.AddressBits = 64; /* as it stands when posted, a link may be anything */
  post_recv(&pair.right, pair.right_vi, receive);
  __atomic_store_n(&receive->CS.Next.AddressBits, 128, __ATOMIC_RELAXED);
  post_send(&pair.left, pair.left_vi, send);
  expect_recv_error(pair.right_vi, receive, VIP_STATUS_DESC_FLUSHED_ERROR);
  CHECK(host_error(&pair.right).ErrorCode == VIP_ERROR_POST_DESC);
  pair_close(&pair);
}

static void a_descriptor_whose_memory_is_gone_is_told(void) {
  struct pair pair;
  pair_open(&pair, VIP_SERVICE_RELIABLE_RECEPTION);
  VIP_MEM_ATTRIBUTES attributes = {.Ptag = pair.right.tag};
  VIP_MEM_HANDLE memory;
  VIP_DESCRIPTOR *out, *gone = aligned_alloc(64, PAGE);
  VIP_DESCRIPTOR *send = describe(&pair.left, 0, 0, SIZE), *behind = describe(&pair.right, 1, SIZE, SIZE);
  memset((void *)gone, 0, PAGE);
  OK(VipRegisterMem(pair.right.nic, gone, PAGE, &attributes, &memory));
  OK(VipPostRecv(pair.right_vi, gone, memory));
  post_recv(&pair.right, pair.right_vi, behind);
  OK(VipDeregisterMem(pair.right.nic, gone, memory));
  free(gone);
  post_send(&pair.left, pair.left_vi, send);
  expect_send_error(pair.left_vi, send, VIP_STATUS_REMOTE_DESC_ERROR);
  CHECK(host_error(&pair.right).ErrorCode == VIP_ERROR_COMP_PROT);
  expect_recv_error(pair.right_vi, behind, VIP_STATUS_DESC_FLUSHED_ERROR);
  CHECK(VipRecvDone(pair.right_vi, &out) == VIP_DESCRIPTOR_ERROR && out == NULL);
  pair_close(&pair);
}

const struct check error_checks[] = {
    {"no receive", no_receive},
    {"a receive that cannot take the message", receive_that_cannot_take_the_message},
    {"a bad send breaks a reliable connection", bad_send_breaks_a_reliable_connection},
    {"RDMA writes need the right", rdma_writes_need_the_right},
    {"an RDMA write with immediate data and no receive", rdma_write_with_immediate_data_and_no_receive},
    {"posts that are wrong", posts_that_are_wrong},
    {"a full queue overruns", a_full_queue_overruns},
    {"a link that was changed is told", a_link_that_was_changed_is_told},
    {"a descriptor whose memory is gone is told", a_descriptor_whose_memory_is_gone_is_told},
    {NULL, NULL},
};
