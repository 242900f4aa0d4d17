#define _POSIX_C_SOURCE 200809L
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "check.h"

const VIP_RELIABILITY_LEVEL levels[3] = {VIP_SERVICE_UNRELIABLE, VIP_SERVICE_RELIABLE_DELIVERY,
                                         VIP_SERVICE_RELIABLE_RECEPTION};

int64_t milliseconds(void) {
  struct timespec time;
  clock_gettime(CLOCK_MONOTONIC, &time);
  return (int64_t)time.tv_sec * 1000 + time.tv_nsec / 1000000;
}

void sleep_microseconds(long time) {
  struct timespec wanted = {.tv_sec = time / 1000000, .tv_nsec = time % 1000000 * 1000};
  nanosleep(&wanted, NULL);
}

void sleep_milliseconds(long time) { sleep_microseconds(time * 1000); }

/* --- Hosts -------------------------------------------------------------------------------------------------------- */

static void remember(VIP_PVOID context, VIP_ERROR_DESCRIPTOR *error) {
  struct host *host = context;
  pthread_mutex_lock(&host->mutex);
  if (host->error_count < ERRORS) host->errors[host->error_count++] = *error;
  pthread_mutex_unlock(&host->mutex);
}

void host_open(struct host *host, unsigned index) {
  char device[32];
  snprintf(device, sizeof device, "/dev/via_lo%u", index);
  *host = (struct host){.error_count = 0};
  pthread_mutex_init(&host->mutex, NULL);
  OK(VipOpenNic(device, &host->nic));
  OK(VipErrorCallback(host->nic, host, remember));
  OK(VipCreatePtag(host->nic, &host->tag));
  host->arena = aligned_alloc(PAGE, ARENA);
  CHECK(host->arena);
  memset(host->arena, 0, ARENA);
  VIP_MEM_ATTRIBUTES attributes = {.Ptag = host->tag, .EnableRdmaWrite = VIP_TRUE};
  OK(VipRegisterMem(host->nic, host->arena, ARENA, &attributes, &host->memory));
}

void host_close(struct host *host) {
  OK(VipDeregisterMem(host->nic, host->arena, host->memory));
  OK(VipDestroyPtag(host->nic, host->tag));
  OK(VipCloseNic(host->nic));
  free(host->arena);
  pthread_mutex_destroy(&host->mutex);
}

VIP_ERROR_DESCRIPTOR host_error(struct host *host) {
  VIP_ERROR_DESCRIPTOR error = {.ErrorCode = VIP_ERROR_CATASTROPHIC};
  bool found = false;
  for (int64_t end = milliseconds() + LONG; !found && milliseconds() < end;) {
    pthread_mutex_lock(&host->mutex);
    found = host->errors_seen < host->error_count;
    if (found) error = host->errors[host->errors_seen++];
    pthread_mutex_unlock(&host->mutex);
    if (!found) sleep_milliseconds(1);
  }
  CHECK(found);
  return error;
}

bool host_has_no_error(struct host *host) {
  pthread_mutex_lock(&host->mutex);
  bool none = host->errors_seen == host->error_count;
  pthread_mutex_unlock(&host->mutex);
  return none;
}

VIP_VI_ATTRIBUTES attributes_of(const struct host *host, VIP_RELIABILITY_LEVEL level) {
  return (VIP_VI_ATTRIBUTES){
      .ReliabilityLevel = level, .MaxTransferSize = 32768, .Ptag = host->tag, .EnableRdmaWrite = VIP_TRUE};
}

VIP_VI_HANDLE make_vi(struct host *host, VIP_RELIABILITY_LEVEL level, VIP_CQ_HANDLE send_cq, VIP_CQ_HANDLE recv_cq) {
  VIP_VI_ATTRIBUTES attributes = attributes_of(host, level);
  VIP_VI_HANDLE vi = NULL;
  OK(VipCreateVi(host->nic, &attributes, send_cq, recv_cq, &vi));
  return vi;
}

VIP_VI_STATE state_of(VIP_VI_HANDLE vi) {
  VIP_VI_STATE state = VIP_STATE_ERROR;
  VIP_VI_ATTRIBUTES attributes;
  VIP_BOOLEAN send_empty, recv_empty;
  OK(VipQueryVi(vi, &state, &attributes, &send_empty, &recv_empty));
  return state;
}

void wait_for_state(VIP_VI_HANDLE vi, VIP_VI_STATE state) {
  int64_t end = milliseconds() + LONG;
  while (state_of(vi) != state && milliseconds() < end) sleep_milliseconds(1);
  CHECK(state_of(vi) == state);
}

static void drain(VIP_RETURN (*done)(VIP_VI_HANDLE, VIP_DESCRIPTOR **), VIP_VI_HANDLE vi) {
  VIP_DESCRIPTOR *descriptor;
  do {
    VIP_RETURN answer = done(vi, &descriptor);
    CHECK(answer == VIP_SUCCESS || answer == VIP_DESCRIPTOR_ERROR);
  } while (descriptor);
}

void end_vi(VIP_VI_HANDLE vi) {
  OK(VipDisconnect(vi));
  drain(VipSendDone, vi);
  drain(VipRecvDone, vi);
  OK(VipDestroyVi(vi));
}

VIP_NET_ADDRESS *address_of(union room *room, const struct host *host, const char *discriminator) {
  VIP_NIC_ATTRIBUTES nic;
  OK(VipQueryNic(host->nic, &nic));
  room->address.HostAddressLen = nic.NicAddressLen;
  room->address.DiscriminatorLen = (VIP_UINT16)strlen(discriminator);
  unsigned char *octets = room->octets + 4;
  memcpy(octets, nic.LocalNicAddress, nic.NicAddressLen);
  memcpy(octets + nic.NicAddressLen, discriminator, strlen(discriminator));
  return &room->address;
}

static void *serve(void *about) {
  struct server *server = about;
  union room local;
  VIP_CONN_HANDLE connection = NULL;
  server->waited = VipConnectWait(server->host->nic, address_of(&local, server->host, server->discriminator), LONG,
                                  &server->client_address.address, &server->client, &connection);
  if (server->waited == VIP_SUCCESS)
    server->answered = server->vi ? VipConnectAccept(connection, server->vi) : VipConnectReject(connection);
  return NULL;
}

void server_start(struct server *server) { CHECK(pthread_create(&server->thread, NULL, serve, server) == 0); }

void server_join(struct server *server) {
  CHECK(pthread_join(server->thread, NULL) == 0);
  OK(server->waited);
}

VIP_RETURN request(struct host *host, VIP_VI_HANDLE vi, const struct host *server, const char *discriminator,
                   VIP_ULONG timeout, VIP_VI_ATTRIBUTES *remote_attributes) {
  union room local, remote;
  for (int64_t end = milliseconds() + LONG;; sleep_milliseconds(1)) {
    VIP_RETURN answer = VipConnectRequest(vi, address_of(&local, host, "client"),
                                          address_of(&remote, server, discriminator), timeout, remote_attributes);
    if (answer != VIP_NO_MATCH || milliseconds() > end) return answer;
  }
}

void connect_vis(struct host *client, VIP_VI_HANDLE client_vi, struct host *server_host, VIP_VI_HANDLE server_vi) {
  VIP_VI_ATTRIBUTES remote;
  struct server server = {.host = server_host, .vi = server_vi, .discriminator = "server"};
  server_start(&server);
  OK(request(client, client_vi, server_host, "server", LONG, &remote));
  server_join(&server);
  OK(server.answered);
}

void pair_open(struct pair *pair, VIP_RELIABILITY_LEVEL level) {
  host_open(&pair->left, 0);
  host_open(&pair->right, 1);
  pair->left_vi = make_vi(&pair->left, level, NULL, NULL);
  pair->right_vi = make_vi(&pair->right, level, NULL, NULL);
  connect_vis(&pair->left, pair->left_vi, &pair->right, pair->right_vi);
}

void pair_close(struct pair *pair) {
  end_vi(pair->left_vi);
  end_vi(pair->right_vi);
  host_close(&pair->left);
  host_close(&pair->right);
}

/* --- Descriptors -------------------------------------------------------------------------------------------------- */

unsigned char *data_of(struct host *host, unsigned data) { return host->arena + DATA + data; }

static void local_segment(struct host *host, VIP_DESCRIPTOR *descriptor, unsigned place, unsigned data,
                          uint32_t octets) {
  descriptor->DS[place].Local.Data.AddressBits = (uintptr_t)data_of(host, data);
  descriptor->DS[place].Local.Handle = host->memory;
  descriptor->DS[place].Local.Length = octets;
}

static VIP_DESCRIPTOR *blank(struct host *host, unsigned slot) {
  CHECK(slot < DATA / PAGE);
  VIP_DESCRIPTOR *descriptor = (VIP_DESCRIPTOR *)(void *)(host->arena + (size_t)slot * PAGE);
  memset((void *)descriptor, 0, sizeof *descriptor);
  return descriptor;
}

VIP_DESCRIPTOR *describe(struct host *host, unsigned slot, unsigned data, uint32_t octets) {
  VIP_DESCRIPTOR *descriptor = blank(host, slot);
  descriptor->CS.SegCount = 1;
  descriptor->CS.Length = octets;
  local_segment(host, descriptor, 0, data, octets);
  return descriptor;
}

VIP_DESCRIPTOR *describe_write(struct host *host, unsigned slot, unsigned data, uint32_t octets,
                               const struct host *target, unsigned target_data) {
  VIP_DESCRIPTOR *descriptor = blank(host, slot);
  descriptor->CS.Control = VIP_CONTROL_OP_RDMAWRITE;
  descriptor->CS.SegCount = 2;
  descriptor->CS.Length = octets;
  descriptor->DS[0].Remote.Data.AddressBits = (uintptr_t)(target->arena + DATA + target_data);
  descriptor->DS[0].Remote.Handle = target->memory;
  local_segment(host, descriptor, 1, data, octets);
  return descriptor;
}

void post_send(struct host *host, VIP_VI_HANDLE vi, VIP_DESCRIPTOR *descriptor) {
  OK(VipPostSend(vi, descriptor, host->memory));
}

void post_recv(struct host *host, VIP_VI_HANDLE vi, VIP_DESCRIPTOR *descriptor) {
  OK(VipPostRecv(vi, descriptor, host->memory));
}

typedef VIP_RETURN (*wait_call)(VIP_VI_HANDLE, VIP_ULONG, VIP_DESCRIPTOR **);

static uint32_t take(wait_call wait, VIP_VI_HANDLE vi, const VIP_DESCRIPTOR *wanted) {
  VIP_DESCRIPTOR *descriptor = NULL;
  VIP_RETURN answer = wait(vi, LONG, &descriptor);
  CHECK(answer != VIP_TIMEOUT);
  CHECK(descriptor == wanted);
  uint32_t status = descriptor->CS.Status;
  CHECK(status & VIP_STATUS_DONE);
  CHECK(answer == (status & VIP_STATUS_ERROR_MASK ? VIP_DESCRIPTOR_ERROR : VIP_SUCCESS));
  return status;
}

void expect_send(VIP_VI_HANDLE vi, const VIP_DESCRIPTOR *descriptor, uint32_t status) {
  CHECK(take(VipSendWait, vi, descriptor) == (status | VIP_STATUS_DONE));
}

void expect_recv(VIP_VI_HANDLE vi, const VIP_DESCRIPTOR *descriptor, uint32_t status) {
  CHECK(take(VipRecvWait, vi, descriptor) == (status | VIP_STATUS_DONE));
}

void expect_send_error(VIP_VI_HANDLE vi, const VIP_DESCRIPTOR *descriptor, uint32_t bit) {
  CHECK((take(VipSendWait, vi, descriptor) & VIP_STATUS_ERROR_MASK) == bit);
}

void expect_recv_error(VIP_VI_HANDLE vi, const VIP_DESCRIPTOR *descriptor, uint32_t bit) {
  CHECK((take(VipRecvWait, vi, descriptor) & VIP_STATUS_ERROR_MASK) == bit);
}
