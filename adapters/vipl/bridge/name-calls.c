/* Calls on the name service, in which hosts go by the names of the world, and on system management. */
#include <stdlib.h>
#include <string.h>

#include "calls-of-host.h"
#include "devices.h"
#include "values.h"

/* --- Names --- */

/* What the provider calls the host that the world calls so; its own name if the provider has told no other. */
static const char *provider_name(const host *of, const char *name) {
  VIP_RETURN code;
  for (size_t i = 0; name && i < of->world->host_count; i++) {
    const viaduct_host *each = &of->world->hosts[i];
    const device *found = strcmp(each->name, name) == 0 ? device_of(each->node, &code) : NULL;
    if (found && found->host[0]) return found->host;
  }
  return name;
}

/* The host of the world at this node; NULL if there is none. */
static const viaduct_host *host_of_world(const host *of, int64_t node) {
  for (size_t i = 0; i < of->world->host_count; i++) {
    if (of->world->hosts[i].node == node) return &of->world->hosts[i];
  }
  return NULL;
}

void call_VipNSInit(call *made) {
  VIP_NIC_HANDLE nic = handle_named(made, "nic", NIC);
  if (!refuse_wrong(made)) answer(made, VipNSInit(nic, NULL));
}

void call_VipNSShutdown(call *made) {
  VIP_NIC_HANDLE nic = handle_named(made, "nic", NIC);
  if (!refuse_wrong(made)) answer(made, VipNSShutdown(nic));
}

/* A copy of a text that the library may write to, as its header has it; NULL for NULL. */
static VIP_CHAR *copy_of(const char *text) {
  if (!text) return NULL;
  VIP_CHAR *copy = malloc(strlen(text) + 1);
  if (!copy) viaduct_fail("no memory for a name");
  return strcpy(copy, text);
}

void call_VipNSGetHostByName(call *made) {
  VIP_NIC_HANDLE nic = handle_named(made, "nic", NIC);
  VIP_ULONG index = (VIP_ULONG)asked_integer(made, "nameIndex");
  if (refuse_wrong(made)) return;
  VIP_CHAR *name = copy_of(provider_name(made->host, viaduct_text_of(asked(made, "name"), NULL)));
  net_address *room = calloc(1, sizeof *room);
  if (!room) viaduct_fail("no memory for an address");
  VIP_NET_ADDRESS *found = address_to_fill(made, room, false);
  VIP_RETURN code = VipNSGetHostByName(nic, name, found, index);
  viaduct_writer *to = begin_answer(made, code);
  if (code == VIP_SUCCESS) write_address(to, "address", made->host, found);
  end_answer(made, to);
  free(room);
  free(name);
}

/* By how many octets the name that the provider has for a host is longer than that of the world. */
static int64_t surplus_of(const call *of, const VIP_NET_ADDRESS *address, const viaduct_host **named) {
  VIP_RETURN code;
  const host *asking = of->host;
  *named = NULL;
  if (!address) return 0;
  int64_t node =
      host_at(address->HostAddress, address->HostAddressLen, asking->world->node, asking->world->host_count);
  const device *found = node < 0 ? NULL : device_of(node, &code);
  if (!found || !found->host[0]) return 0;
  *named = host_of_world(asking, node);
  return *named ? (int64_t)strlen(found->host) - (int64_t)strlen((*named)->name) : 0;
}

static int64_t at_least_none(int64_t length) { return length < 0 ? 0 : length; }

void call_VipNSGetHostByAddr(call *made) {
  VIP_NIC_HANDLE nic = handle_named(made, "nic", NIC);
  net_address *room = calloc(1, sizeof *room);
  if (!room) viaduct_fail("no memory for an address");
  VIP_NET_ADDRESS *address = address_asked(made, "address", room);
  const viaduct_host *named;
  int64_t surplus = surplus_of(made, address, &named);
  if (!refuse_wrong(made)) {
    int64_t octets = at_least_none(asked_integer(made, "nameLen") + surplus);
    VIP_CHAR *name = calloc(1, (size_t)octets + 1);
    VIP_ULONG length = (VIP_ULONG)octets;
    if (!name) viaduct_fail("no memory for a name of %lld octets", (long long)octets);
    VIP_RETURN code = VipNSGetHostByAddr(nic, address, name, &length);
    VIP_RETURN known;
    bool is_world_name = named && strcmp(name, device_of(named->node, &known)->host) == 0;
    viaduct_writer *to = begin_answer(made, code);
    if (code == VIP_SUCCESS) viaduct_write_text(to, "name", is_world_name ? named->name : name);
    if (code == VIP_SUCCESS || code == VIP_ERROR_RESOURCE) {
      viaduct_write_integer(to, "nameLen", at_least_none(integer_of(length) - surplus));
    }
    end_answer(made, to);
    free(name);
  }
  free(room);
}

/* --- System management --- */

enum { DISCOVERED_MAX = 64, DISCOVERED_OCTETS = 512 };

/* The n-th address of a list, in the header families that have pointers to addresses, and addresses one behind the other. */
static const VIP_NET_ADDRESS *nth_of_pointers(VIP_NET_ADDRESS **list, size_t n) { return list[n]; }

static const VIP_NET_ADDRESS *nth_of_addresses(VIP_NET_ADDRESS *list, size_t n) {
  const uint8_t *at = (const uint8_t *)list;
  for (; n > 0; n--) {
    const VIP_NET_ADDRESS *each = (const VIP_NET_ADDRESS *)(const void *)at;
    size_t octets = offsetof(VIP_NET_ADDRESS, HostAddress) + each->HostAddressLen + each->DiscriminatorLen;
    at += octets < sizeof *each ? sizeof *each : (octets + 1) / 2 * 2;
  }
  return (const VIP_NET_ADDRESS *)(const void *)at;
}

/* Where the provider may put addresses, if it wants room for them; what it hands out instead takes its place. */
static void *room_of_pointers(uint8_t *octets) {
  static VIP_NET_ADDRESS *pointers[DISCOVERED_MAX];
  for (size_t i = 0; i < DISCOVERED_MAX; i++) pointers[i] = (VIP_NET_ADDRESS *)(void *)(octets + i * DISCOVERED_OCTETS);
  return pointers;
}

static void *room_of_addresses(uint8_t *octets) { return octets; }

#define BY_FAMILY(of, pointers, addresses) \
  _Generic((of).ADAddrArray, VIP_NET_ADDRESS **: pointers, VIP_NET_ADDRESS *: addresses)

static void write_discovery(viaduct_writer *to, const host *of, const VIP_AUTODISCOVERY_LIST *told) {
  viaduct_write_object(to, "discovery");
  viaduct_write_integer(to, "numberOfHops", integer_of(told->NumberOfHops));
  viaduct_write_array(to, "addresses");
  for (size_t i = 0; told->ADAddrArray && i < told->NumAdAddrs && i < DISCOVERED_MAX; i++) {
    const VIP_NET_ADDRESS *each = BY_FAMILY(*told, nth_of_pointers, nth_of_addresses)(told->ADAddrArray, i);
    if (each) write_address(to, NULL, of, each);
  }
  viaduct_end_array(to);
  viaduct_end_object(to);
}

void call_VipQuerySystemManagementInfo(call *made) {
  VIP_NIC_HANDLE nic = handle_named(made, "nic", NIC);
  if (refuse_wrong(made)) return;
  uint8_t *octets = calloc(DISCOVERED_MAX, DISCOVERED_OCTETS);
  if (!octets) viaduct_fail("no memory for addresses");
  VIP_AUTODISCOVERY_LIST told;
  memset(&told, 0, sizeof told);
  told.NumAdAddrs = DISCOVERED_MAX;
  told.ADAddrArray = BY_FAMILY(told, room_of_pointers, room_of_addresses)(octets);
  VIP_RETURN code = VipQuerySystemManagementInfo(nic, (VIP_ULONG)asked_integer(made, "infoType"), &told);
  viaduct_writer *to = begin_answer(made, code);
  if (code == VIP_SUCCESS) write_discovery(to, made->host, &told);
  end_answer(made, to);
  free(octets);
}
