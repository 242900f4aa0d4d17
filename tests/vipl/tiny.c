/* A VIPL library that has next to nothing, and does what it is compiled to: for the bridge to be tried on. */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <vipl.h>

enum { HANDLES = 4 };
static char opened[HANDLES];

static int number_of(VIP_NIC_HANDLE nic) {
  for (int i = 0; i < HANDLES; i++) {
    if (nic == &opened[i] && opened[i]) return i;
  }
  return -1;
}

VIP_RETURN VipOpenNic(const VIP_CHAR *name, VIP_NIC_HANDLE *nic) {
#ifdef CRASHES_AT_OPEN
  abort();
#endif
  if (!name || strncmp(name, "tiny", 4) != 0) return VIP_INVALID_PARAMETER;
  for (int i = 0; i < HANDLES; i++) {
    if (opened[i]) continue;
    opened[i] = 1;
    *nic = &opened[i];
    return VIP_SUCCESS;
  }
  return VIP_ERROR_RESOURCE;
}

VIP_RETURN VipCloseNic(VIP_NIC_HANDLE nic) {
  int number = number_of(nic);
  if (number < 0) return VIP_INVALID_PARAMETER;
  opened[number] = 0;
  return VIP_SUCCESS;
}

VIP_RETURN VipQueryNic(VIP_NIC_HANDLE nic, VIP_NIC_ATTRIBUTES *told) {
  static const VIP_UINT8 address[] = {2, 0, 0, 0, 0, 9};
  if (number_of(nic) < 0) return VIP_INVALID_PARAMETER;
  memset(told, 0, sizeof *told);
  strcpy(told->Name, "tiny");
  told->NicAddressLen = sizeof address;
  told->LocalNicAddress = address;
  told->MaxPtags = told->MaxVI = told->MaxRegisterRegions = 8;
  told->MaxRegisterBytes = told->MaxRegisterBlockBytes = 65536;
  told->ReliabilityLevelSupport = VIP_SERVICE_UNRELIABLE;
  return VIP_SUCCESS;
}

#ifndef NOTHING_MORE
VIP_RETURN VipCreatePtag(VIP_NIC_HANDLE nic, VIP_PROTECTION_HANDLE *ptag) {
  *ptag = malloc(1);
  return number_of(nic) < 0 ? VIP_INVALID_PARAMETER : VIP_SUCCESS;
}

/* Never returns. */
VIP_RETURN VipCreateVi(VIP_NIC_HANDLE nic, VIP_VI_ATTRIBUTES *wanted, VIP_CQ_HANDLE send, VIP_CQ_HANDLE receive,
                       VIP_VI_HANDLE *vi) {
  (void)nic, (void)wanted, (void)send, (void)receive, (void)vi;
  for (;;) pause();
}

/* Writes two pages behind what it is to register. */
VIP_RETURN VipRegisterMem(VIP_NIC_HANDLE nic, VIP_PVOID first, VIP_ULONG length, VIP_MEM_ATTRIBUTES *wanted,
                          VIP_MEM_HANDLE *memory) {
  (void)nic, (void)wanted;
  ((volatile char *)first)[length + 8192] = 1;
  *memory = 1;
  return VIP_SUCCESS;
}
#endif
