/* Registered memory and its protection. */
#define _DEFAULT_SOURCE
#include <string.h>
#include <sys/mman.h>

#include "check.h"

static void what_cannot_be_registered_is_refused(void) {
  struct host host;
  host_open(&host, 0);
  VIP_MEM_ATTRIBUTES good = {.Ptag = host.tag}, no_tag = {.Ptag = NULL};
  VIP_MEM_ATTRIBUTES reads = {.Ptag = host.tag, .EnableRdmaRead = VIP_TRUE};
  VIP_MEM_HANDLE memory;
  CHECK(VipRegisterMem(host.nic, host.arena, 0, &good, &memory) == VIP_INVALID_PARAMETER);
  CHECK(VipRegisterMem(host.nic, host.arena, 1, NULL, &memory) == VIP_INVALID_PARAMETER);
  CHECK(VipRegisterMem(host.nic, host.arena, 1, &no_tag, &memory) == VIP_INVALID_PTAG);
  CHECK(VipRegisterMem(host.nic, host.arena, 1, &reads, &memory) == VIP_INVALID_RDMAREAD);
  CHECK(VipRegisterMem(host.nic, (void *)16, 1, &good, &memory) == VIP_INVALID_PARAMETER);
  unsigned char *pages = mmap(NULL, 2 * PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  CHECK(pages != MAP_FAILED && mprotect(pages + PAGE, PAGE, PROT_NONE) == 0);
  OK(VipRegisterMem(host.nic, pages + 1, PAGE - 1, &good, &memory));
  OK(VipDeregisterMem(host.nic, pages + 1, memory));
  CHECK(VipRegisterMem(host.nic, pages + 1, PAGE, &good, &memory) == VIP_INVALID_PARAMETER);
  munmap(pages, 2 * PAGE);
  host_close(&host);
}

static void limits_of_memory_hold(void) {
  struct host host;
  VIP_NIC_ATTRIBUTES limits;
  host_open(&host, 0);
  OK(VipQueryNic(host.nic, &limits));
  VIP_MEM_ATTRIBUTES good = {.Ptag = host.tag};
  VIP_MEM_HANDLE memory[1024];
  CHECK(limits.MaxRegisterRegions < 1024);
  CHECK(VipRegisterMem(host.nic, host.arena, limits.MaxRegisterBlockBytes + 1, &good, memory) == VIP_ERROR_RESOURCE);
  VIP_ULONG count = 1; /* the arena itself */
  for (; count < limits.MaxRegisterRegions; count++)
    OK(VipRegisterMem(host.nic, host.arena + count, 1, &good, &memory[count]));
  CHECK(VipRegisterMem(host.nic, host.arena, 1, &good, memory) == VIP_ERROR_RESOURCE);
  while (--count > 0) OK(VipDeregisterMem(host.nic, host.arena + count, memory[count]));
  host_close(&host);
}

static void a_region_is_known_by_address_and_handle(void) {
  struct host host;
  host_open(&host, 0);
  VIP_MEM_ATTRIBUTES attributes = {.Ptag = host.tag}, told;
  CHECK(VipDeregisterMem(host.nic, host.arena + 1, host.memory) == VIP_INVALID_PARAMETER);
  CHECK(VipDeregisterMem(host.nic, host.arena, host.memory + 1) == VIP_INVALID_PARAMETER);
  CHECK(VipQueryMem(host.nic, host.arena + ARENA, host.memory, &told) == VIP_INVALID_PARAMETER);
  OK(VipQueryMem(host.nic, host.arena + ARENA - 1, host.memory, &told));
  CHECK(told.Ptag == host.tag && told.EnableRdmaWrite && !told.EnableRdmaRead);
  OK(VipSetMemAttributes(host.nic, host.arena, host.memory, &attributes));
  OK(VipQueryMem(host.nic, host.arena, host.memory, &told));
  CHECK(!told.EnableRdmaWrite);
  attributes.EnableRdmaRead = VIP_TRUE;
  CHECK(VipSetMemAttributes(host.nic, host.arena, host.memory, &attributes) == VIP_INVALID_RDMAREAD);
  CHECK(VipDestroyPtag(host.nic, host.tag) == VIP_ERROR_RESOURCE);
  host_close(&host);
}

/* A send of a region that ends `excess` octets before the segment does. */
static void sends_beyond(uint32_t excess) {
  struct pair pair;
  pair_open(&pair, VIP_SERVICE_UNRELIABLE);
  VIP_MEM_ATTRIBUTES attributes = {.Ptag = pair.left.tag};
  VIP_MEM_HANDLE small;
  OK(VipRegisterMem(pair.left.nic, data_of(&pair.left, 0), PAGE, &attributes, &small));
  VIP_DESCRIPTOR *receive = describe(&pair.right, 0, 0, 4 * PAGE);
  post_recv(&pair.right, pair.right_vi, receive);
  VIP_DESCRIPTOR *send = describe(&pair.left, 0, 0, PAGE + excess);
  send->DS[0].Local.Handle = small;
  post_send(&pair.left, pair.left_vi, send);
  if (excess == 0) {
    expect_send(pair.left_vi, send, VIP_STATUS_OP_SEND);
    expect_recv(pair.right_vi, receive, VIP_STATUS_OP_RECEIVE);
  } else
    expect_send_error(pair.left_vi, send, VIP_STATUS_PROTECTION_ERROR);
  CHECK(state_of(pair.left_vi) == VIP_STATE_CONNECTED);
  OK(VipDeregisterMem(pair.left.nic, data_of(&pair.left, 0), small));
  pair_close(&pair);
}

static void bounds_are_kept_to_the_octet(void) {
  sends_beyond(0);
  sends_beyond(1);
  sends_beyond(2 * PAGE);
}

static void a_tag_protects(void) {
  struct pair pair;
  pair_open(&pair, VIP_SERVICE_UNRELIABLE);
  VIP_PROTECTION_HANDLE other;
  OK(VipCreatePtag(pair.left.nic, &other));
  VIP_MEM_ATTRIBUTES foreign = {.Ptag = other}, own = {.Ptag = pair.left.tag};
  VIP_MEM_HANDLE memory;
  OK(VipRegisterMem(pair.left.nic, data_of(&pair.left, 0), SIZE, &foreign, &memory));
  VIP_DESCRIPTOR *send = describe(&pair.left, 0, 0, SIZE);
  send->DS[0].Local.Handle = memory;
  post_send(&pair.left, pair.left_vi, send);
  expect_send_error(pair.left_vi, send, VIP_STATUS_PROTECTION_ERROR);
  OK(VipSetMemAttributes(pair.left.nic, data_of(&pair.left, 0), memory, &own));
  VIP_DESCRIPTOR *receive = describe(&pair.right, 0, 0, SIZE);
  post_recv(&pair.right, pair.right_vi, receive);
  send->CS.Status = 0;
  post_send(&pair.left, pair.left_vi, send);
  expect_send(pair.left_vi, send, VIP_STATUS_OP_SEND);
  expect_recv(pair.right_vi, receive, VIP_STATUS_OP_RECEIVE);
  OK(VipDeregisterMem(pair.left.nic, data_of(&pair.left, 0), memory));
  OK(VipDestroyPtag(pair.left.nic, other));
  pair_close(&pair);
}

static void memory_that_was_deregistered_is_left_alone(void) {
  struct pair pair;
  pair_open(&pair, VIP_SERVICE_UNRELIABLE);
  VIP_MEM_ATTRIBUTES attributes = {.Ptag = pair.right.tag};
  VIP_MEM_HANDLE memory;
  OK(VipRegisterMem(pair.right.nic, data_of(&pair.right, 0), SIZE, &attributes, &memory));
  VIP_DESCRIPTOR *receive = describe(&pair.right, 0, 0, SIZE);
  receive->DS[0].Local.Handle = memory;
  post_recv(&pair.right, pair.right_vi, receive);
  OK(VipDeregisterMem(pair.right.nic, data_of(&pair.right, 0), memory));
  memset(data_of(&pair.left, 0), 7, SIZE);
  VIP_DESCRIPTOR *send = describe(&pair.left, 0, 0, SIZE);
  post_send(&pair.left, pair.left_vi, send);
  expect_recv_error(pair.right_vi, receive, VIP_STATUS_PROTECTION_ERROR);
  CHECK(*data_of(&pair.right, 0) == 0);
  pair_close(&pair);
}

const struct check memory_checks[] = {
    {"what cannot be registered is refused", what_cannot_be_registered_is_refused},
    {"limits of memory hold", limits_of_memory_hold},
    {"a region is known by address and handle", a_region_is_known_by_address_and_handle},
    {"bounds are kept to the octet", bounds_are_kept_to_the_octet},
    {"a tag protects", a_tag_protects},
    {"memory that was deregistered is left alone", memory_that_was_deregistered_is_left_alone},
    {NULL, NULL},
};
