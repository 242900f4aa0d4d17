#include "names.h"

#include <string.h>

#include "address.h"
#include "family.h"
#include "handles.h"
#include "nodes.h"

/* Starting it twice, or stopping it when it was not started, is no success. */
static VIP_RETURN turn(VIP_NIC_HANDLE handle, bool on) {
  struct nic *nic = find_nic(handle);
  if (!nic) return VIP_INVALID_PARAMETER;
  if (nic->names == on) return VIP_ERROR_NAMESERVICE;
  nic->names = on;
  return VIP_SUCCESS;
}

VIP_RETURN names_start(VIP_NIC_HANDLE nic) { return turn(nic, true); }
VIP_RETURN names_stop(VIP_NIC_HANDLE nic) { return turn(nic, false); }

static struct address host_address(const struct node *node) {
  struct address address = {.discriminator_length = 0};
  memcpy(address.host, node->address, NIC_ADDRESS_LEN);
  return address;
}

VIP_RETURN names_to_address(VIP_NIC_HANDLE handle, const VIP_CHAR *name, VIP_NET_ADDRESS *address, VIP_ULONG index) {
  struct nic *nic = find_nic(handle);
  if (!nic || !name || !address) return VIP_INVALID_PARAMETER;
  struct node *node = nic->names && index == 0 ? node_of_name(name) : NULL;
  if (!node) return VIP_ERROR_NAMESERVICE;
  struct address found = host_address(node);
  address_write(&found, address);
  return VIP_SUCCESS;
}

/* NameLen counts the octet that ends the name, in both directions. */
VIP_RETURN names_from_address(VIP_NIC_HANDLE handle, const VIP_NET_ADDRESS *address, VIP_CHAR *name,
                              VIP_ULONG *length) {
  struct nic *nic = find_nic(handle);
  if (!nic || !address || !name || !length) return VIP_INVALID_PARAMETER;
  struct address wanted;
  struct node *node = nic->names && address_read(address, &wanted) ? node_of_address(wanted.host) : NULL;
  if (!node) return VIP_ERROR_NAMESERVICE;
  char found[NODE_NAME_ROOM];
  node_name(node, found);
  VIP_ULONG room = *length;
  *length = strlen(found) + 1;
  if (*length > room) return VIP_ERROR_RESOURCE;
  memcpy(name, found, *length);
  return VIP_SUCCESS;
}

/* --- Discovery ---------------------------------------------------------------------------------------------------- */

enum { ADDRESS_OCTETS = 4 + NIC_ADDRESS_LEN };

/* What Giganet's list points to: addresses one behind the other, each as long as it is. */
static _Alignas(VIP_NET_ADDRESS) unsigned char addresses[MAX_NODES * ADDRESS_OCTETS];
#ifndef VIP_SERVICE_ACK
/* What Intel's list points to. */
static VIP_NET_ADDRESS *pointers[MAX_NODES];
#endif

static VIP_NET_ADDRESS *address_at(unsigned place) {
  return (VIP_NET_ADDRESS *)(void *)&addresses[place * ADDRESS_OCTETS];
}

/* Hosts are listed that are there, the asking one among them. The list is the library's, and the next call's. */
VIP_RETURN management_query(VIP_NIC_HANDLE handle, VIP_ULONG type, VIP_PVOID information) {
  if (!find_nic(handle) || !information) return VIP_INVALID_PARAMETER;
  if (type != VIP_SMI_AUTODISCOVERY) return family_not_supported;
  VIP_AUTODISCOVERY_LIST *list = information;
  unsigned count = 0;
  for (unsigned index = 0; index < MAX_NODES; index++) {
    if (node_at(index)->handles == 0) continue;
    struct address address = host_address(node_at(index));
    address_write(&address, address_at(count));
#ifndef VIP_SERVICE_ACK
    pointers[count] = address_at(count);
#endif
    count++;
  }
#ifdef VIP_SERVICE_ACK
  list->ADAddrArray = address_at(0);
#else
  list->ADAddrArray = pointers;
#endif
  list->NumberOfHops = 0;
  list->NumAdAddrs = count;
  return VIP_SUCCESS;
}
