/* NICs, limits, and handles that are not valid. */
#include <stdlib.h>
#include <string.h>

#include "check.h"

static void attributes_are_told_and_stay(void) {
  struct host host;
  host_open(&host, 3);
  VIP_NIC_ATTRIBUTES first, second;
  memset(&first, 0, sizeof first);
  memset(&second, 0, sizeof second);
  OK(VipQueryNic(host.nic, &first));
  OK(VipQueryNic(host.nic, &second));
  CHECK(memcmp(&first, &second, sizeof first) == 0);
  CHECK(strcmp(first.Name, "/dev/via_lo3") == 0);
  CHECK(first.NicAddressLen == 6 && first.ThreadSafe && first.RDMAReadSupport == 0);
  CHECK(first.ReliabilityLevelSupport == 7 && first.MaxTransferSize >= 32768 && first.MaxSegmentsPerDesc >= 252);
  host_close(&host);
}

static void devices_are_known_by_name(void) {
  VIP_NIC_HANDLE nic = NULL, same = NULL;
  VIP_NIC_ATTRIBUTES one, other;
  CHECK(VipOpenNic("/dev/via_lo16", &nic) == VIP_INVALID_PARAMETER);
  CHECK(VipOpenNic("/dev/via_lo01", &nic) == VIP_INVALID_PARAMETER);
  CHECK(VipOpenNic("via_lo", &nic) == VIP_INVALID_PARAMETER);
  CHECK(VipOpenNic(NULL, &nic) == VIP_INVALID_PARAMETER);
  OK(VipOpenNic("/dev/via_lo", &nic));
  OK(VipOpenNic("/dev/via_lo0", &same));
  OK(VipQueryNic(nic, &one));
  OK(VipQueryNic(same, &other));
  CHECK(nic != same && one.LocalNicAddress == other.LocalNicAddress);
  OK(VipCloseNic(nic));
  CHECK(VipQueryNic(nic, &one) == VIP_INVALID_PARAMETER);
  OK(VipQueryNic(same, &other));
  OK(VipCloseNic(same));
}

static void limits_hold_and_give_back(void) {
  enum { MANY = 10000 };
  static void *made[MANY];
  int count = 0;
  while (count < MANY && VipOpenNic("/dev/via_lo5", &made[count]) == VIP_SUCCESS) count++;
  CHECK(count > 1 && count < MANY);
  OK(VipCloseNic(made[--count]));
  OK(VipOpenNic("/dev/via_lo5", &made[count]));
  for (count++; count-- > 0;) OK(VipCloseNic(made[count]));

  struct host host;
  VIP_NIC_ATTRIBUTES limits;
  host_open(&host, 5);
  OK(VipQueryNic(host.nic, &limits));
  VIP_VI_ATTRIBUTES attributes = attributes_of(&host, VIP_SERVICE_UNRELIABLE);
  for (VIP_ULONG vi = 0; vi < limits.MaxVI; vi++) OK(VipCreateVi(host.nic, &attributes, NULL, NULL, &made[vi]));
  VIP_VI_HANDLE more;
  CHECK(VipCreateVi(host.nic, &attributes, NULL, NULL, &more) == VIP_ERROR_RESOURCE);
  for (VIP_ULONG vi = 0; vi < limits.MaxVI; vi++) OK(VipDestroyVi(made[vi]));
  for (VIP_ULONG cq = 0; cq < limits.MaxCQ; cq++) OK(VipCreateCQ(host.nic, 1, &made[cq]));
  CHECK(VipCreateCQ(host.nic, 1, &more) == VIP_ERROR_RESOURCE);
  for (VIP_ULONG cq = 0; cq < limits.MaxCQ; cq++) OK(VipDestroyCQ(made[cq]));
  CHECK(VipCreateCQ(host.nic, 0, &more) == VIP_INVALID_PARAMETER);
  CHECK(VipCreateCQ(host.nic, limits.MaxCQEntries + 1, &more) == VIP_ERROR_RESOURCE);
  for (VIP_ULONG tag = 1; tag < limits.MaxPtags; tag++) OK(VipCreatePtag(host.nic, &made[tag]));
  CHECK(VipCreatePtag(host.nic, &more) == VIP_ERROR_RESOURCE);
  for (VIP_ULONG tag = 1; tag < limits.MaxPtags; tag++) OK(VipDestroyPtag(host.nic, made[tag]));
  host_close(&host);
}

static void bad_handle_is_refused(void *handle) {
  struct host host;
  host_open(&host, 0);
  VIP_DESCRIPTOR *descriptor = describe(&host, 0, 0, 0);
  VIP_DESCRIPTOR *out;
  VIP_BOOLEAN receives;
  VIP_VI_HANDLE vi;
  VIP_MEM_HANDLE memory;
  VIP_NIC_ATTRIBUTES nic;
  VIP_VI_ATTRIBUTES attributes = attributes_of(&host, VIP_SERVICE_UNRELIABLE);
  VIP_MEM_ATTRIBUTES memory_attributes = {.Ptag = host.tag};
  union room local, remote;
  address_of(&local, &host, "a");
  address_of(&remote, &host, "b");
  CHECK(VipCloseNic(handle) == VIP_INVALID_PARAMETER);
  CHECK(VipQueryNic(handle, &nic) == VIP_INVALID_PARAMETER);
  CHECK(VipCreatePtag(handle, &vi) == VIP_INVALID_PARAMETER);
  CHECK(VipCreateVi(handle, &attributes, NULL, NULL, &vi) == VIP_INVALID_PARAMETER);
  CHECK(VipRegisterMem(handle, host.arena, 1, &memory_attributes, &memory) == VIP_INVALID_PARAMETER);
  CHECK(VipConnectWait(handle, &local.address, 0, &remote.address, &attributes, &vi) == VIP_INVALID_PARAMETER);
  CHECK(VipNSInit(handle, NULL) == VIP_INVALID_PARAMETER);
  CHECK(VipErrorCallback(handle, NULL, NULL) == VIP_INVALID_PARAMETER);
  CHECK(VipDestroyPtag(host.nic, handle) == VIP_INVALID_PARAMETER);
  CHECK(VipDestroyVi(handle) == VIP_INVALID_PARAMETER);
  CHECK(VipDisconnect(handle) == VIP_INVALID_PARAMETER);
  CHECK(VipPostSend(handle, descriptor, host.memory) == VIP_INVALID_PARAMETER);
  CHECK(VipRecvDone(handle, &out) == VIP_INVALID_PARAMETER);
  CHECK(VipSendWait(handle, VIP_INFINITE, &out) == VIP_INVALID_PARAMETER);
  CHECK(VipConnectRequest(handle, &local.address, &remote.address, 1, &attributes) == VIP_INVALID_PARAMETER);
  CHECK(VipConnectPeerWait(handle, &attributes) == VIP_INVALID_PARAMETER);
  CHECK(VipConnectAccept(handle, NULL) == VIP_INVALID_PARAMETER);
  CHECK(VipConnectReject(handle) == VIP_INVALID_PARAMETER);
  CHECK(VipDestroyCQ(handle) == VIP_INVALID_PARAMETER);
  CHECK(VipResizeCQ(handle, 4) == VIP_INVALID_PARAMETER);
  CHECK(VipCQWait(handle, VIP_INFINITE, &vi, &receives) == VIP_INVALID_PARAMETER);
  host_close(&host);
}

static void null_and_garbage_are_refused(void) {
  int local;
  bad_handle_is_refused(NULL);
  bad_handle_is_refused(&local);
  bad_handle_is_refused((void *)(uintptr_t)0xdeadbeef);
  bad_handle_is_refused((void *)UINTPTR_MAX);
}

static void stale_handles_are_refused(void) {
  struct host host;
  host_open(&host, 0);
  VIP_VI_HANDLE vi = make_vi(&host, VIP_SERVICE_UNRELIABLE, NULL, NULL);
  OK(VipDestroyVi(vi));
  VIP_CQ_HANDLE cq;
  OK(VipCreateCQ(host.nic, 8, &cq));
  OK(VipDestroyCQ(cq));
  VIP_VI_ATTRIBUTES attributes = attributes_of(&host, VIP_SERVICE_UNRELIABLE);
  VIP_VI_HANDLE more;
  CHECK(VipCreateVi(host.nic, &attributes, cq, NULL, &more) == VIP_INVALID_PARAMETER);
  bad_handle_is_refused(vi);
  bad_handle_is_refused(cq);
  host_close(&host);
}

static void objects_belong_to_their_nic_handle(void) {
  struct host host, other;
  host_open(&host, 0);
  host_open(&other, 0);
  VIP_VI_ATTRIBUTES attributes = attributes_of(&host, VIP_SERVICE_UNRELIABLE);
  VIP_MEM_ATTRIBUTES memory_attributes;
  VIP_VI_HANDLE vi;
  CHECK(VipCreateVi(other.nic, &attributes, NULL, NULL, &vi) == VIP_INVALID_PTAG);
  CHECK(VipQueryMem(other.nic, host.arena, host.memory, &memory_attributes) == VIP_INVALID_PARAMETER);
  CHECK(VipDestroyPtag(other.nic, host.tag) == VIP_INVALID_PARAMETER);
  CHECK(VipCloseNic(host.nic) == VIP_ERROR_RESOURCE);
  host_close(&other);
  host_close(&host);
}

static void names_lead_to_hosts_and_back(void) {
  struct host host;
  host_open(&host, 2);
  union room room;
  char name[32] = "via_lo2";
  VIP_ULONG length = sizeof name;
  CHECK(VipNSGetHostByName(host.nic, name, &room.address, 0) == VIP_ERROR_NAMESERVICE);
  OK(VipNSInit(host.nic, NULL));
  CHECK(VipNSInit(host.nic, NULL) == VIP_ERROR_NAMESERVICE);
  OK(VipNSGetHostByName(host.nic, name, &room.address, 0));
  VIP_NIC_ATTRIBUTES nic;
  OK(VipQueryNic(host.nic, &nic));
  CHECK(room.address.HostAddressLen == 6 && room.address.DiscriminatorLen == 0);
  CHECK(memcmp(room.octets + 4, nic.LocalNicAddress, 6) == 0);
  CHECK(VipNSGetHostByName(host.nic, name, &room.address, 1) == VIP_ERROR_NAMESERVICE);
  char unknown[] = "nobody";
  CHECK(VipNSGetHostByName(host.nic, unknown, &room.address, 0) == VIP_ERROR_NAMESERVICE);
  memset(name, 0, sizeof name);
  OK(VipNSGetHostByAddr(host.nic, &room.address, name, &length));
  CHECK(strcmp(name, "via_lo2") == 0 && length == 8);
  length = 7;
  CHECK(VipNSGetHostByAddr(host.nic, &room.address, name, &length) == VIP_ERROR_RESOURCE && length == 8);
  CHECK(VipNSGetHostByAddr(host.nic, NULL, name, &length) == VIP_INVALID_PARAMETER);
  OK(VipNSShutdown(host.nic));
  CHECK(VipNSShutdown(host.nic) == VIP_ERROR_NAMESERVICE);
  host_close(&host);
}

static const unsigned char *listed(const VIP_AUTODISCOVERY_LIST *list, unsigned place) {
#ifdef VIP_SERVICE_ACK
  return (const unsigned char *)list->ADAddrArray + (size_t)10 * place;
#else
  return (const unsigned char *)list->ADAddrArray[place];
#endif
}

static void discovery_lists_hosts_that_are_there(void) {
  struct host one, other;
  host_open(&one, 2);
  host_open(&other, 4);
  VIP_AUTODISCOVERY_LIST list;
  OK(VipQuerySystemManagementInfo(one.nic, VIP_SMI_AUTODISCOVERY, &list));
  CHECK(list.NumAdAddrs == 2);
  VIP_NIC_ATTRIBUTES nic;
  OK(VipQueryNic(other.nic, &nic));
  CHECK(memcmp(listed(&list, 1) + 4, nic.LocalNicAddress, 6) == 0);
  VIP_RETURN unknown = VipQuerySystemManagementInfo(one.nic, 99, &list);
  CHECK(unknown == VIP_INVALID_PARAMETER || unknown == 16);
  host_close(&one);
  host_close(&other);
}

const struct check handle_checks[] = {
    {"attributes are told and stay", attributes_are_told_and_stay},
    {"devices are known by name", devices_are_known_by_name},
    {"limits hold and give back", limits_hold_and_give_back},
    {"NULL and garbage are refused", null_and_garbage_are_refused},
    {"stale handles are refused", stale_handles_are_refused},
    {"objects belong to their NIC handle", objects_belong_to_their_nic_handle},
    {"names lead to hosts and back", names_lead_to_hosts_and_back},
    {"discovery lists hosts that are there", discovery_lists_hosts_that_are_there},
    {NULL, NULL},
};
