/* Proof at compile time that the structures lie in memory as VIPL lays them out on LP64, in either family. */
#include <stddef.h>

#include "vipl.h"

#define AT(type, field, offset) _Static_assert(offsetof(type, field) == (offset), #type "." #field)
#define SIZE(type, octets) _Static_assert(sizeof(type) == (octets), #type)

#if defined(__LP64__)
SIZE(VIP_NIC_ATTRIBUTES, 200);
AT(VIP_NIC_ATTRIBUTES, LocalNicAddress, 88);
AT(VIP_NIC_ATTRIBUTES, MaxDiscriminatorLen, 100);
AT(VIP_NIC_ATTRIBUTES, MaxTransferSize, 168);
AT(VIP_NIC_ATTRIBUTES, RDMAReadSupport, 194);
SIZE(VIP_VI_ATTRIBUTES, 40);
AT(VIP_VI_ATTRIBUTES, Ptag, 24);
AT(VIP_VI_ATTRIBUTES, EnableRdmaRead, 36);
SIZE(VIP_MEM_ATTRIBUTES, 16);
AT(VIP_MEM_ATTRIBUTES, EnableRdmaRead, 12);
SIZE(VIP_ERROR_DESCRIPTOR, 48);
AT(VIP_ERROR_DESCRIPTOR, OpCode, 32);
AT(VIP_ERROR_DESCRIPTOR, ErrorCode, 44);
#endif

SIZE(VIP_NET_ADDRESS, 6);
AT(VIP_NET_ADDRESS, HostAddress, 4);

SIZE(VIP_CONTROL_SEGMENT, 32);
AT(VIP_CONTROL_SEGMENT, NextHandle, 8);
AT(VIP_CONTROL_SEGMENT, SegCount, 12);
AT(VIP_CONTROL_SEGMENT, Control, 14);
AT(VIP_CONTROL_SEGMENT, Reserved, 16);
AT(VIP_CONTROL_SEGMENT, ImmediateData, 20);
AT(VIP_CONTROL_SEGMENT, Length, 24);
AT(VIP_CONTROL_SEGMENT, Status, 28);
SIZE(VIP_ADDRESS_SEGMENT, 16);
AT(VIP_ADDRESS_SEGMENT, Handle, 8);
SIZE(VIP_DATA_SEGMENT, 16);
AT(VIP_DATA_SEGMENT, Length, 12);

#if defined(VIP_SERVICE_ACK) && !defined(VIPL095)
AT(VIP_DESCRIPTOR, Data, 32);
#else
AT(VIP_DESCRIPTOR, DS, 32);
SIZE(VIP_DESCRIPTOR, 64);
#endif
