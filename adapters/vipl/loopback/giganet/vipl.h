/*
 * VIPL as Giganet's header spells it: two return codes more, volatile descriptors of Control and Data (of CS and DS
 * where VIPL095 is defined), discovery by an array of addresses, names for the types of handlers. What else Giganet
 * has, calls for user data, tags and deferred sends, is no part of VIA 1.0 and is not here.
 */
#ifndef _VIPL_H
#define _VIPL_H

#include "../vipl-types.h"

typedef short VIP_SHORT;
typedef long VIP_LONG;
typedef void *VIP_EVENT_HANDLE;

#define VIP_BASE_SERVICES                                                                                              \
  (VIP_SERVICE_UNRELIABLE + VIP_SERVICE_RELIABLE_DELIVERY + VIP_SERVICE_RELIABLE_RECEPTION)
#define VIP_SERVICE_ACK (1 << 14)
#define VIP_SERVICE_DFC (1 << 15)

typedef enum {
  VIP_SUCCESS,
  VIP_NOT_DONE,
  VIP_INVALID_PARAMETER,
  VIP_ERROR_RESOURCE,
  VIP_TIMEOUT,
  VIP_REJECT,
  VIP_INVALID_RELIABILITY_LEVEL,
  VIP_INVALID_MTU,
  VIP_INVALID_QOS,
  VIP_INVALID_PTAG,
  VIP_INVALID_RDMAREAD,
  VIP_DESCRIPTOR_ERROR,
  VIP_INVALID_STATE,
  VIP_ERROR_NAMESERVICE,
  VIP_NO_MATCH,
  VIP_NOT_REACHABLE,
  VIP_ERROR_NOT_SUPPORTED,
  VIP_ERROR = VIP_DESCRIPTOR_ERROR
} VIP_RETURN;

struct _VIP_DESCRIPTOR;

typedef volatile union {
  VIP_UINT64 AddressBits;
  VIP_PVOID Address;
  struct _VIP_DESCRIPTOR *Descriptor;
} VIP_PVOID64;

typedef volatile struct {
  VIP_PVOID64 Next;
  VIP_MEM_HANDLE NextHandle;
  VIP_UINT16 SegCount;
  VIP_UINT16 Control;
  VIP_UINT32 Reserved;
  VIP_UINT32 ImmediateData;
  VIP_UINT32 Length;
  VIP_UINT32 Status;
} VIP_CONTROL_SEGMENT;

typedef volatile struct {
  VIP_PVOID64 Data;
  VIP_MEM_HANDLE Handle;
  VIP_UINT32 Reserved;
} VIP_ADDRESS_SEGMENT;

typedef volatile struct {
  VIP_PVOID64 Data;
  VIP_MEM_HANDLE Handle;
  VIP_UINT32 Length;
} VIP_DATA_SEGMENT;

/* With more segments than are spelt here the memory behind it belongs to it. */
#ifdef VIPL095
typedef union {
  VIP_ADDRESS_SEGMENT Remote;
  VIP_DATA_SEGMENT Local;
} VIP_DESCRIPTOR_SEGMENT;

typedef struct _VIP_DESCRIPTOR {
  VIP_CONTROL_SEGMENT CS;
  VIP_DESCRIPTOR_SEGMENT DS[2];
} VIP_DESCRIPTOR;
#else
typedef struct _VIP_DESCRIPTOR {
  VIP_CONTROL_SEGMENT Control;
  VIP_DATA_SEGMENT Data[1];
} VIP_DESCRIPTOR;
#endif

typedef struct {
  VIP_ULONG NumberOfHops;
  VIP_NET_ADDRESS *ADAddrArray;
  VIP_ULONG NumAdAddrs;
} VIP_AUTODISCOVERY_LIST;

typedef void (*VIP_ERROR_HANDLER)(VIP_PVOID, VIP_ERROR_DESCRIPTOR *);
typedef void (*VIP_VI_CALLBACK)(VIP_PVOID Context, VIP_NIC_HANDLE NicHandle, VIP_VI_HANDLE ViHandle,
        VIP_DESCRIPTOR *Descriptor);
typedef void (*VIP_CQ_CALLBACK)(VIP_PVOID Context, VIP_NIC_HANDLE NicHandle, VIP_VI_HANDLE ViHandle,
        VIP_BOOLEAN RecvQueue);

#include "../vipl-calls.h"

#endif
