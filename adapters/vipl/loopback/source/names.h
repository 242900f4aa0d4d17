/* The name service, and the discovery of hosts. */
#ifndef NAMES_H
#define NAMES_H

#include "objects.h"

VIP_RETURN names_start(VIP_NIC_HANDLE nic);
VIP_RETURN names_stop(VIP_NIC_HANDLE nic);
VIP_RETURN names_to_address(VIP_NIC_HANDLE nic, const VIP_CHAR *name, VIP_NET_ADDRESS *address, VIP_ULONG index);
VIP_RETURN names_from_address(VIP_NIC_HANDLE nic, const VIP_NET_ADDRESS *address, VIP_CHAR *name, VIP_ULONG *length);

VIP_RETURN management_query(VIP_NIC_HANDLE nic, VIP_ULONG type, VIP_PVOID information);

#endif
