/* The devices that the hosts of a world open: names from the command line, everything else from the provider. */
#include "devices.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char *names[DEVICES_MAX];
static size_t name_count;
static device devices[DEVICES_MAX];

void add_device(const char *name) {
  if (name_count < DEVICES_MAX) names[name_count++] = name;
}

/* `pattern` with the number in place of its `%d`. */
static void put_number(char *to, const char *pattern, const char *place, int64_t number) {
  snprintf(to, NAME_MAX_OCTETS, "%.*s%lld%s", (int)(place - pattern), pattern, (long long)number, place + 2);
}

static void name_device(device *named, int64_t node) {
  const char *name = names[(size_t)node % name_count];
  const char *place = strstr(name, "%d");
  if (place) put_number(named->name, name, place, node);
  else snprintf(named->name, sizeof named->name, "%s", name);
}

/* What the provider calls the host of a device whose NIC is open; nothing if its name service does not say. */
static void ask_host_name(device *of, VIP_NIC_HANDLE nic) {
  if (!library_has("VipNSInit") || !library_has("VipNSGetHostByAddr") || !library_has("VipNSShutdown")) return;
  if (VipNSInit(nic, NULL) != VIP_SUCCESS) return;
  union {
    VIP_NET_ADDRESS address;
    uint8_t octets[sizeof(VIP_NET_ADDRESS) + ADDRESS_MAX];
  } own;
  VIP_ULONG length = sizeof of->host;
  memset(&own, 0, sizeof own);
  own.address.HostAddressLen = (VIP_UINT16)of->address_length;
  memcpy(own.address.HostAddress, of->address, of->address_length);
  if (VipNSGetHostByAddr(nic, &own.address, of->host, &length) != VIP_SUCCESS) of->host[0] = '\0';
  of->host[sizeof of->host - 1] = '\0';
  VipNSShutdown(nic);
}

static VIP_RETURN ask(device *of) {
  VIP_NIC_HANDLE nic = NULL;
  VIP_RETURN code = VipOpenNic(of->name, &nic);
  if (code != VIP_SUCCESS) return code;
  code = VipQueryNic(nic, &of->attributes);
  if (code == VIP_SUCCESS) {
    const VIP_NIC_ATTRIBUTES *told = &of->attributes;
    if (told->LocalNicAddress) of->address_length = told->NicAddressLen < ADDRESS_MAX ? told->NicAddressLen : ADDRESS_MAX;
    memcpy(of->address, told->LocalNicAddress, of->address_length);
    of->attributes.LocalNicAddress = NULL; /* it is the NIC handle's */
    ask_host_name(of, nic);
    of->is_known = true;
  }
  VipCloseNic(nic);
  return code;
}

const device *device_of(int64_t node, VIP_RETURN *code) {
  *code = VIP_INVALID_PARAMETER;
  if (node < 0 || node >= DEVICES_MAX || name_count == 0) return NULL;
  device *found = &devices[node];
  *code = VIP_SUCCESS;
  if (found->is_known) return found;
  name_device(found, node);
  *code = ask(found);
  return found->is_known ? found : NULL;
}

int64_t host_at(const uint8_t *octets, size_t length, int64_t asking, size_t hosts) {
  int64_t found = -1;
  for (size_t node = 0; node < hosts && node < DEVICES_MAX; node++) {
    const device *each = &devices[node];
    if (!each->is_known || each->address_length != length || memcmp(each->address, octets, length) != 0) continue;
    if (found < 0 || found == asking) found = (int64_t)node;
  }
  return found;
}

int64_t count_handles(int64_t most) {
  VIP_NIC_HANDLE *opened = calloc((size_t)most, sizeof *opened);
  VIP_RETURN code;
  const device *first = device_of(0, &code);
  int64_t count = 0;
  while (first && opened && count < most && VipOpenNic(first->name, &opened[count]) == VIP_SUCCESS) count++;
  for (int64_t i = 0; i < count; i++) VipCloseNic(opened[i]);
  free(opened);
  return count;
}
