/* Protection tags and registered memory. */
#ifndef MEMORY_H
#define MEMORY_H

#include "objects.h"

VIP_RETURN tag_create(VIP_NIC_HANDLE nic, VIP_PROTECTION_HANDLE *handle);
VIP_RETURN tag_destroy(VIP_NIC_HANDLE nic, VIP_PROTECTION_HANDLE handle);

/* NULL: no tag of this NIC handle. */
struct tag *tag_find(const struct nic *nic, VIP_PROTECTION_HANDLE handle);

VIP_RETURN memory_register(VIP_NIC_HANDLE nic, VIP_PVOID start, VIP_ULONG length, const VIP_MEM_ATTRIBUTES *attributes,
                           VIP_MEM_HANDLE *handle);
VIP_RETURN memory_deregister(VIP_NIC_HANDLE nic, VIP_PVOID start, VIP_MEM_HANDLE handle);
VIP_RETURN memory_query(VIP_NIC_HANDLE nic, VIP_PVOID address, VIP_MEM_HANDLE handle, VIP_MEM_ATTRIBUTES *attributes);
VIP_RETURN memory_set(VIP_NIC_HANDLE nic, VIP_PVOID address, VIP_MEM_HANDLE handle,
                      const VIP_MEM_ATTRIBUTES *attributes);

/* The region of a handle if it has the tag of the VI and all these octets lie in it, otherwise NULL. */
struct region *region_for(const struct vi *vi, VIP_MEM_HANDLE handle, uint64_t address, uint64_t octets);

#endif
