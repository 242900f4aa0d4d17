/* A client of VIPL as its public programs are written: an echo by sends, receives and a completion queue, with the names and
 * fields that they use. It is compiled, and never run: nothing of a header may be missing. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <vipl.h>

#ifndef VIP_ERROR_NOT_SUPPORTED
#define CLIENT_NOT_SUPPORTED ((VIP_RETURN)16)
#endif

enum { POOL_OCTETS = 4096, HOST_ADDRESS_OCTETS = 6, TIMEOUT = 10000 };

typedef struct connection {
  VIP_NIC_HANDLE nic;
  VIP_NIC_ATTRIBUTES nic_attributes;
  VIP_PROTECTION_HANDLE ptag;
  VIP_CQ_HANDLE cq;
  VIP_VI_HANDLE vi;
  VIP_MEM_HANDLE memory;
  VIP_UCHAR *pool;
} connection;

static void on_error(VIP_PVOID context, VIP_ERROR_DESCRIPTOR *error) {
  (void)context;
  switch (error->ResourceCode) {
    case VIP_RESOURCE_NIC:
    case VIP_RESOURCE_VI:
    case VIP_RESOURCE_CQ:
    case VIP_RESOURCE_DESCRIPTOR:
      break;
  }
  if (error->ErrorCode == VIP_ERROR_CONN_LOST || error->ErrorCode == VIP_ERROR_CATASTROPHIC) exit(EXIT_FAILURE);
}

static void on_completion(VIP_PVOID context, VIP_NIC_HANDLE nic, VIP_VI_HANDLE vi, VIP_DESCRIPTOR *completed) {
  (void)context, (void)nic, (void)vi;
  completed->CS.Status = 0;
}

static void on_entry(VIP_PVOID context, VIP_NIC_HANDLE nic, VIP_VI_HANDLE vi, VIP_BOOLEAN is_receive) {
  (void)context, (void)nic, (void)vi, (void)is_receive;
}

static void require(VIP_RETURN code) {
  if (code == VIP_SUCCESS) return;
  fprintf(stderr, "VIPL answered %d\n", (int)code);
  exit(EXIT_FAILURE);
}

static void open_all(connection *to, char *device) {
  VIP_MEM_ATTRIBUTES memory;
  VIP_VI_ATTRIBUTES wanted, got;
  VIP_VI_STATE state;
  VIP_BOOLEAN is_send_empty, is_recv_empty;
  require(VipOpenNic(device, &to->nic));
  require(VipQueryNic(to->nic, &to->nic_attributes));
  require(VipErrorCallback(to->nic, to, on_error));
  require(VipCreatePtag(to->nic, &to->ptag));
  memory.Ptag = to->ptag;
  memory.EnableRdmaWrite = VIP_TRUE;
  memory.EnableRdmaRead = VIP_FALSE;
  require(VipRegisterMem(to->nic, to->pool, POOL_OCTETS, &memory, &to->memory));
  require(VipQueryMem(to->nic, to->pool, to->memory, &memory));
  require(VipSetMemAttributes(to->nic, to->pool, to->memory, &memory));
  require(VipCreateCQ(to->nic, 64, &to->cq));
  require(VipResizeCQ(to->cq, 96));
  memset(&wanted, 0, sizeof wanted);
  wanted.ReliabilityLevel = VIP_SERVICE_RELIABLE_DELIVERY;
  wanted.MaxTransferSize = to->nic_attributes.MaxTransferSize;
  wanted.QoS = 0;
  wanted.Ptag = to->ptag;
  require(VipCreateVi(to->nic, &wanted, NULL, to->cq, &to->vi));
  require(VipQueryVi(to->vi, &state, &got, &is_send_empty, &is_recv_empty));
  if (state != VIP_STATE_IDLE) exit(EXIT_FAILURE);
  require(VipSetViAttributes(to->vi, &wanted));
}

/* The discriminator follows the host's address at once. */
static void fill_address(VIP_NET_ADDRESS *address, const VIP_UINT8 *host, VIP_UINT16 port) {
  address->HostAddressLen = HOST_ADDRESS_OCTETS;
  address->DiscriminatorLen = sizeof port;
  memcpy(address->HostAddress, host, HOST_ADDRESS_OCTETS);
  memcpy(address->HostAddress + HOST_ADDRESS_OCTETS, &port, sizeof port);
}

static VIP_NET_ADDRESS *new_address(void) { return calloc(1, sizeof(VIP_NET_ADDRESS) + HOST_ADDRESS_OCTETS + 16); }

static void connect_to(connection *to, char *name, VIP_UINT16 port) {
  VIP_NET_ADDRESS *local = new_address(), *remote = new_address();
  VIP_VI_ATTRIBUTES theirs;
  VIP_RETURN code;
  require(VipNSInit(to->nic, NULL));
  require(VipNSGetHostByName(to->nic, name, remote, 0));
  fill_address(local, to->nic_attributes.LocalNicAddress, port);
  do code = VipConnectRequest(to->vi, local, remote, TIMEOUT, &theirs);
  while (code == VIP_NO_MATCH || code == VIP_TIMEOUT);
  require(code);
  require(VipNSShutdown(to->nic));
  free(local);
  free(remote);
}

static void serve_one(connection *to, VIP_UINT16 port) {
  VIP_NET_ADDRESS *local = new_address(), *remote = new_address();
  VIP_VI_ATTRIBUTES theirs;
  VIP_CONN_HANDLE request;
  VIP_CHAR name[64];
  VIP_ULONG length = sizeof name;
  fill_address(local, to->nic_attributes.LocalNicAddress, port);
  require(VipConnectWait(to->nic, local, VIP_INFINITE, remote, &theirs, &request));
  require(VipNSGetHostByAddr(to->nic, remote, name, &length));
  if (theirs.ReliabilityLevel == VIP_SERVICE_UNRELIABLE) require(VipConnectReject(request));
  else require(VipConnectAccept(request, to->vi));
  free(local);
  free(remote);
}

static void meet(connection *to, VIP_NET_ADDRESS *local, VIP_NET_ADDRESS *remote) {
  VIP_VI_ATTRIBUTES theirs;
  require(VipConnectPeerRequest(to->vi, local, remote, TIMEOUT));
  if (VipConnectPeerDone(to->vi, &theirs) == VIP_NOT_DONE) require(VipConnectPeerWait(to->vi, &theirs));
}

static void fill_descriptor(connection *of, VIP_DESCRIPTOR *descriptor, void *data, VIP_UINT32 length) {
  memset(descriptor, 0, sizeof *descriptor);
  descriptor->CS.SegCount = 1;
  descriptor->CS.Control = VIP_CONTROL_OP_SENDRECV | VIP_CONTROL_IMMEDIATE;
  descriptor->CS.Length = length;
  descriptor->CS.ImmediateData = 7;
  descriptor->DS[0].Local.Data.Address = data;
  descriptor->DS[0].Local.Handle = of->memory;
  descriptor->DS[0].Local.Length = length;
}

static void write_far(connection *of, VIP_DESCRIPTOR *descriptor, VIP_UINT64 address, VIP_MEM_HANDLE handle) {
  descriptor->CS.SegCount = 2;
  descriptor->CS.Control = VIP_CONTROL_OP_RDMAWRITE | VIP_CONTROL_QFENCE;
  descriptor->DS[0].Remote.Data.AddressBits = address;
  descriptor->DS[0].Remote.Handle = handle;
  descriptor->DS[0].Remote.Reserved = 0;
  require(VipPostSend(of->vi, descriptor, of->memory));
}

static void echo(connection *with) {
  VIP_DESCRIPTOR *sent = (VIP_DESCRIPTOR *)(void *)with->pool, *received = sent + 1, *done;
  VIP_VI_HANDLE vi;
  VIP_BOOLEAN is_receive;
  fill_descriptor(with, received, with->pool + 1024, 1024);
  require(VipPostRecv(with->vi, received, with->memory));
  fill_descriptor(with, sent, with->pool + 2048, 1024);
  require(VipPostSend(with->vi, sent, with->memory));
  require(VipSendWait(with->vi, VIP_INFINITE, &done));
  while (VipCQDone(with->cq, &vi, &is_receive) == VIP_NOT_DONE) continue;
  if (is_receive == VIP_TRUE && VipRecvDone(vi, &done) == VIP_DESCRIPTOR_ERROR && !done) return;
  if ((done->CS.Status & VIP_STATUS_ERROR_MASK) != 0 || (done->CS.Status & VIP_STATUS_DONE) == 0) exit(EXIT_FAILURE);
  if ((done->CS.Status & VIP_STATUS_OP_MASK) == VIP_STATUS_OP_REMOTE_RDMA_WRITE) exit(EXIT_FAILURE);
  require(VipCQWait(with->cq, TIMEOUT, &vi, &is_receive));
  require(VipRecvWait(with->vi, TIMEOUT, &done));
  require(VipSendNotify(with->vi, with, on_completion));
  require(VipRecvNotify(with->vi, with, on_completion));
  require(VipCQNotify(with->cq, with, on_entry));
}

static void discover(VIP_NIC_HANDLE nic) {
  VIP_AUTODISCOVERY_LIST found;
  VIP_RETURN code = VipQuerySystemManagementInfo(nic, VIP_SMI_AUTODISCOVERY, &found);
#ifdef CLIENT_NOT_SUPPORTED
  if (code == CLIENT_NOT_SUPPORTED) return;
#endif
  if (code == VIP_SUCCESS) printf("%lu hosts, %lu hops\n", (unsigned long)found.NumAdAddrs, (unsigned long)found.NumberOfHops);
}

static void close_all(connection *of) {
  VIP_DESCRIPTOR *done;
  require(VipDisconnect(of->vi));
  while (VipSendDone(of->vi, &done) != VIP_NOT_DONE && done) continue;
  while (VipRecvDone(of->vi, &done) != VIP_NOT_DONE && done) continue;
  require(VipDestroyVi(of->vi));
  require(VipDestroyCQ(of->cq));
  require(VipDeregisterMem(of->nic, of->pool, of->memory));
  require(VipDestroyPtag(of->nic, of->ptag));
  require(VipCloseNic(of->nic));
}

int main(int count, char *word[]) {
  connection to = {.pool = aligned_alloc(VIP_DESCRIPTOR_ALIGNMENT, POOL_OCTETS)};
  if (count != 3) return EXIT_FAILURE;
  open_all(&to, word[1]);
  discover(to.nic);
  if (word[2][0]) connect_to(&to, word[2], 5);
  else serve_one(&to, 5);
  echo(&to);
  write_far(&to, (VIP_DESCRIPTOR *)(void *)to.pool, 0, 0);
  meet(&to, new_address(), new_address());
  close_all(&to);
  return EXIT_SUCCESS;
}
