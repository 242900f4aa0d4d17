/* NIC handles. */
#ifndef NIC_H
#define NIC_H

#include "objects.h"

VIP_RETURN nic_open(const VIP_CHAR *device, VIP_NIC_HANDLE *handle);
VIP_RETURN nic_close(VIP_NIC_HANDLE handle);
VIP_RETURN nic_query(VIP_NIC_HANDLE handle, VIP_NIC_ATTRIBUTES *attributes);

#endif
