/* Sends, receives, RDMA writes: what arrives, and what descriptors say of it. */
#include <string.h>

#include "check.h"

static void at_each_level(void (*check)(struct pair *)) {
  for (int level = 0; level < 3; level++) {
    struct pair pair;
    pair_open(&pair, levels[level]);
    check(&pair);
    CHECK(host_has_no_error(&pair.left) && host_has_no_error(&pair.right));
    pair_close(&pair);
  }
}

static void fill(struct host *host, unsigned data, uint32_t octets, unsigned char seed) {
  for (uint32_t at = 0; at < octets; at++) data_of(host, data)[at] = (unsigned char)(seed + at * 7);
}

static bool arrived(struct pair *pair, unsigned from, unsigned to, uint32_t octets) {
  return memcmp(data_of(&pair->left, from), data_of(&pair->right, to), octets) == 0;
}

static void send_lengths(struct pair *pair) {
  static const uint32_t lengths[] = {0, 1, 63, 4096, 32768};
  for (unsigned index = 0; index < 5; index++) {
    uint32_t length = lengths[index];
    VIP_DESCRIPTOR *receive = describe(&pair->right, 0, 0, 40000), *send = describe(&pair->left, 0, 0, length);
    fill(&pair->left, 0, length, (unsigned char)(index + 1));
    data_of(&pair->right, 0)[length] = 0xa5;
    send->CS.Control |= VIP_CONTROL_IMMEDIATE;
    send->CS.ImmediateData = 0xcafe0000 + index;
    post_recv(&pair->right, pair->right_vi, receive);
    post_send(&pair->left, pair->left_vi, send);
    expect_recv(pair->right_vi, receive, VIP_STATUS_OP_RECEIVE | VIP_STATUS_IMMEDIATE);
    expect_send(pair->left_vi, send, VIP_STATUS_OP_SEND);
    CHECK(receive->CS.Length == length && receive->CS.ImmediateData == 0xcafe0000 + index);
    CHECK(arrived(pair, 0, 0, length) && data_of(&pair->right, 0)[length] == 0xa5);
  }
}
static void messages_of_every_length_arrive(void) { at_each_level(send_lengths); }

static void add_segment(struct host *host, VIP_DESCRIPTOR *descriptor, unsigned data, uint32_t octets) {
  unsigned place = descriptor->CS.SegCount++;
  VIP_DATA_SEGMENT *segment = &((VIP_DATA_SEGMENT *)(void *)((unsigned char *)descriptor + 32))[place];
  segment->Data.AddressBits = (uintptr_t)data_of(host, data);
  segment->Handle = host->memory;
  segment->Length = octets;
}

static void send_segments(struct pair *pair) {
  VIP_DESCRIPTOR *receive = describe(&pair->right, 0, 1, 3), *send = describe(&pair->left, 0, 5, 0);
  fill(&pair->left, 0, 1000, 9);
  for (unsigned segment = 1; segment < 252; segment++) add_segment(&pair->left, send, segment, 1);
  for (unsigned segment = 1; segment < 252; segment++) add_segment(&pair->right, receive, 3 + segment, 1);
  send->CS.Length = 251;
  post_recv(&pair->right, pair->right_vi, receive);
  post_send(&pair->left, pair->left_vi, send);
  expect_recv(pair->right_vi, receive, VIP_STATUS_OP_RECEIVE);
  expect_send(pair->left_vi, send, VIP_STATUS_OP_SEND);
  CHECK(receive->CS.Length == 251 && arrived(pair, 1, 1, 251));
}
static void segments_are_gathered_and_scattered(void) { at_each_level(send_segments); }

static void send_many(struct pair *pair) {
  enum { MANY = 60 };
  for (unsigned number = 0; number < MANY; number++)
    post_recv(&pair->right, pair->right_vi, describe(&pair->right, number, number * SIZE, SIZE));
  for (unsigned number = 0; number < MANY; number++) {
    fill(&pair->left, number * SIZE, number, (unsigned char)number);
    post_send(&pair->left, pair->left_vi, describe(&pair->left, number, number * SIZE, number));
  }
  for (unsigned number = 0; number < MANY; number++) {
    VIP_DESCRIPTOR *descriptor;
    OK(VipSendWait(pair->left_vi, LONG, &descriptor));
    CHECK((unsigned char *)descriptor == pair->left.arena + number * PAGE);
    OK(VipRecvWait(pair->right_vi, LONG, &descriptor));
    CHECK((unsigned char *)descriptor == pair->right.arena + number * PAGE && descriptor->CS.Length == number);
    CHECK(arrived(pair, number * SIZE, number * SIZE, number));
  }
}
static void many_messages_come_in_order(void) { at_each_level(send_many); }

static void write_plainly(struct pair *pair) {
  fill(&pair->left, 0, SIZE, 3);
  VIP_DESCRIPTOR *receive = describe(&pair->right, 0, 4 * SIZE, SIZE), *out;
  VIP_DESCRIPTOR *write = describe_write(&pair->left, 0, 0, SIZE, &pair->right, SIZE);
  VIP_DESCRIPTOR *told = describe_write(&pair->left, 1, 0, SIZE, &pair->right, 2 * SIZE);
  told->CS.Control |= VIP_CONTROL_IMMEDIATE;
  told->CS.ImmediateData = 77;
  post_recv(&pair->right, pair->right_vi, receive);
  post_send(&pair->left, pair->left_vi, write);
  expect_send(pair->left_vi, write, VIP_STATUS_OP_RDMA_WRITE);
  CHECK(VipRecvDone(pair->right_vi, &out) == VIP_NOT_DONE);
  post_send(&pair->left, pair->left_vi, told);
  expect_send(pair->left_vi, told, VIP_STATUS_OP_RDMA_WRITE);
  expect_recv(pair->right_vi, receive, VIP_STATUS_OP_REMOTE_RDMA_WRITE | VIP_STATUS_IMMEDIATE);
  CHECK(receive->CS.ImmediateData == 77);
  CHECK(arrived(pair, 0, SIZE, SIZE) && arrived(pair, 0, 2 * SIZE, SIZE));
  CHECK(*data_of(&pair->right, 0) == 0 && *data_of(&pair->right, 4 * SIZE) == 0);
}
static void rdma_writes_arrive(void) { at_each_level(write_plainly); }

static void bad_descriptors_fail(void) {
  struct pair pair;
  pair_open(&pair, VIP_SERVICE_UNRELIABLE);
  struct host *left = &pair.left;
  VIP_DESCRIPTOR *reserved = describe(left, 0, 0, 8), *read = describe_write(left, 1, 0, 8, &pair.right, 0);
  VIP_DESCRIPTOR *many = describe(left, 2, 0, 8), *bits = describe(left, 3, 0, 8), *sum = describe(left, 4, 0, 8);
  VIP_DESCRIPTOR *large = describe(left, 5, 0, 32769), *no_address = describe(left, 6, 0, 0);
  reserved->CS.Control = VIP_CONTROL_OP_RESERVED;
  read->CS.Control = VIP_CONTROL_OP_RDMAREAD;
  many->CS.SegCount = 300;
  bits->CS.Control = 0x8000;
  sum->CS.Length = 9;
  no_address->CS.Control = VIP_CONTROL_OP_RDMAWRITE;
  no_address->CS.SegCount = 0;
  VIP_DESCRIPTOR *malformed[] = {reserved, read, many, bits, no_address}, *long_ones[] = {sum, large};
  for (int index = 0; index < 5; index++) {
    post_send(left, pair.left_vi, malformed[index]);
    expect_send_error(pair.left_vi, malformed[index], VIP_STATUS_FORMAT_ERROR);
  }
  for (int index = 0; index < 2; index++) {
    post_send(left, pair.left_vi, long_ones[index]);
    expect_send_error(pair.left_vi, long_ones[index], VIP_STATUS_LENGTH_ERROR);
  }
  CHECK(state_of(pair.left_vi) == VIP_STATE_CONNECTED);
  pair_close(&pair);
}

const struct check transfer_checks[] = {
    {"messages of every length arrive", messages_of_every_length_arrive},
    {"segments are gathered and scattered", segments_are_gathered_and_scattered},
    {"many messages come in order", many_messages_come_in_order},
    {"RDMA writes arrive", rdma_writes_arrive},
    {"bad descriptors fail", bad_descriptors_fail},
    {NULL, NULL},
};
