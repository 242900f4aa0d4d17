/* Stand-ins, until the library is here: every call is short of resources. */
#include "vipl.h"

#define EXPORTED __attribute__((visibility("default")))

EXPORTED VIP_RETURN VipOpenNic(IN const VIP_CHAR *DeviceName, OUT VIP_NIC_HANDLE *NicHandle)
{
  (void)DeviceName;
  (void)NicHandle;
  return VIP_ERROR_RESOURCE;
}

EXPORTED VIP_RETURN VipCloseNic(IN VIP_NIC_HANDLE NicHandle)
{
  (void)NicHandle;
  return VIP_ERROR_RESOURCE;
}

EXPORTED VIP_RETURN VipQueryNic(IN VIP_NIC_HANDLE NicHandle, OUT VIP_NIC_ATTRIBUTES *Attributes)
{
  (void)NicHandle;
  (void)Attributes;
  return VIP_ERROR_RESOURCE;
}

EXPORTED VIP_RETURN VipCreateVi(IN VIP_NIC_HANDLE NicHandle, IN VIP_VI_ATTRIBUTES *ViAttributes, IN VIP_CQ_HANDLE SendCQHandle, IN VIP_CQ_HANDLE RecvCQHandle, OUT VIP_VI_HANDLE *ViHandle)
{
  (void)NicHandle;
  (void)ViAttributes;
  (void)SendCQHandle;
  (void)RecvCQHandle;
  (void)ViHandle;
  return VIP_ERROR_RESOURCE;
}

EXPORTED VIP_RETURN VipDestroyVi(IN VIP_VI_HANDLE ViHandle)
{
  (void)ViHandle;
  return VIP_ERROR_RESOURCE;
}

EXPORTED VIP_RETURN VipQueryVi(IN VIP_VI_HANDLE ViHandle, OUT VIP_VI_STATE *State, OUT VIP_VI_ATTRIBUTES *Attributes, OUT VIP_BOOLEAN *SendQueueEmpty, OUT VIP_BOOLEAN *RecvQueueEmpty)
{
  (void)ViHandle;
  (void)State;
  (void)Attributes;
  (void)SendQueueEmpty;
  (void)RecvQueueEmpty;
  return VIP_ERROR_RESOURCE;
}

EXPORTED VIP_RETURN VipSetViAttributes(IN VIP_VI_HANDLE ViHandle, IN VIP_VI_ATTRIBUTES *Attributes)
{
  (void)ViHandle;
  (void)Attributes;
  return VIP_ERROR_RESOURCE;
}

EXPORTED VIP_RETURN VipCreatePtag(IN VIP_NIC_HANDLE NicHandle, OUT VIP_PROTECTION_HANDLE *Ptag)
{
  (void)NicHandle;
  (void)Ptag;
  return VIP_ERROR_RESOURCE;
}

EXPORTED VIP_RETURN VipDestroyPtag(IN VIP_NIC_HANDLE NicHandle, IN VIP_PROTECTION_HANDLE Ptag)
{
  (void)NicHandle;
  (void)Ptag;
  return VIP_ERROR_RESOURCE;
}

EXPORTED VIP_RETURN VipRegisterMem(IN VIP_NIC_HANDLE NicHandle, IN VIP_PVOID VirtualAddress, IN VIP_ULONG Length, IN VIP_MEM_ATTRIBUTES *MemAttributes, OUT VIP_MEM_HANDLE *MemHandle)
{
  (void)NicHandle;
  (void)VirtualAddress;
  (void)Length;
  (void)MemAttributes;
  (void)MemHandle;
  return VIP_ERROR_RESOURCE;
}

EXPORTED VIP_RETURN VipDeregisterMem(IN VIP_NIC_HANDLE NicHandle, IN VIP_PVOID VirtualAddress, IN VIP_MEM_HANDLE MemHandle)
{
  (void)NicHandle;
  (void)VirtualAddress;
  (void)MemHandle;
  return VIP_ERROR_RESOURCE;
}

EXPORTED VIP_RETURN VipQueryMem(IN VIP_NIC_HANDLE NicHandle, IN VIP_PVOID Address, IN VIP_MEM_HANDLE MemHandle, OUT VIP_MEM_ATTRIBUTES *MemAttributes)
{
  (void)NicHandle;
  (void)Address;
  (void)MemHandle;
  (void)MemAttributes;
  return VIP_ERROR_RESOURCE;
}

EXPORTED VIP_RETURN VipSetMemAttributes(IN VIP_NIC_HANDLE NicHandle, IN VIP_PVOID Address, IN VIP_MEM_HANDLE MemHandle, IN VIP_MEM_ATTRIBUTES *MemAttributes)
{
  (void)NicHandle;
  (void)Address;
  (void)MemHandle;
  (void)MemAttributes;
  return VIP_ERROR_RESOURCE;
}

EXPORTED VIP_RETURN VipConnectWait(IN VIP_NIC_HANDLE NicHandle, IN VIP_NET_ADDRESS *LocalAddr, IN VIP_ULONG Timeout, OUT VIP_NET_ADDRESS *RemoteAddr, OUT VIP_VI_ATTRIBUTES *RemoteViAttributes, OUT VIP_CONN_HANDLE *ConnHandle)
{
  (void)NicHandle;
  (void)LocalAddr;
  (void)Timeout;
  (void)RemoteAddr;
  (void)RemoteViAttributes;
  (void)ConnHandle;
  return VIP_ERROR_RESOURCE;
}

EXPORTED VIP_RETURN VipConnectAccept(IN VIP_CONN_HANDLE ConnHandle, IN VIP_VI_HANDLE ViHandle)
{
  (void)ConnHandle;
  (void)ViHandle;
  return VIP_ERROR_RESOURCE;
}

EXPORTED VIP_RETURN VipConnectReject(IN VIP_CONN_HANDLE ConnHandle)
{
  (void)ConnHandle;
  return VIP_ERROR_RESOURCE;
}

EXPORTED VIP_RETURN VipConnectRequest(IN VIP_VI_HANDLE ViHandle, IN VIP_NET_ADDRESS *LocalAddr, IN VIP_NET_ADDRESS *RemoteAddr, IN VIP_ULONG Timeout, OUT VIP_VI_ATTRIBUTES *RemoteViAttributes)
{
  (void)ViHandle;
  (void)LocalAddr;
  (void)RemoteAddr;
  (void)Timeout;
  (void)RemoteViAttributes;
  return VIP_ERROR_RESOURCE;
}

EXPORTED VIP_RETURN VipDisconnect(IN VIP_VI_HANDLE ViHandle)
{
  (void)ViHandle;
  return VIP_ERROR_RESOURCE;
}

EXPORTED VIP_RETURN VipConnectPeerRequest(IN VIP_VI_HANDLE ViHandle, IN VIP_NET_ADDRESS *LocalAddr, IN VIP_NET_ADDRESS *RemoteAddr, IN VIP_ULONG Timeout)
{
  (void)ViHandle;
  (void)LocalAddr;
  (void)RemoteAddr;
  (void)Timeout;
  return VIP_ERROR_RESOURCE;
}

EXPORTED VIP_RETURN VipConnectPeerDone(IN VIP_VI_HANDLE ViHandle, OUT VIP_VI_ATTRIBUTES *RemoteViAttributes)
{
  (void)ViHandle;
  (void)RemoteViAttributes;
  return VIP_ERROR_RESOURCE;
}

EXPORTED VIP_RETURN VipConnectPeerWait(IN VIP_VI_HANDLE ViHandle, OUT VIP_VI_ATTRIBUTES *RemoteViAttributes)
{
  (void)ViHandle;
  (void)RemoteViAttributes;
  return VIP_ERROR_RESOURCE;
}

EXPORTED VIP_RETURN VipPostSend(IN VIP_VI_HANDLE ViHandle, IN VIP_DESCRIPTOR *DescriptorPtr, IN VIP_MEM_HANDLE MemoryHandle)
{
  (void)ViHandle;
  (void)DescriptorPtr;
  (void)MemoryHandle;
  return VIP_ERROR_RESOURCE;
}

EXPORTED VIP_RETURN VipPostRecv(IN VIP_VI_HANDLE ViHandle, IN VIP_DESCRIPTOR *DescriptorPtr, IN VIP_MEM_HANDLE MemoryHandle)
{
  (void)ViHandle;
  (void)DescriptorPtr;
  (void)MemoryHandle;
  return VIP_ERROR_RESOURCE;
}

EXPORTED VIP_RETURN VipSendDone(IN VIP_VI_HANDLE ViHandle, OUT VIP_DESCRIPTOR **DescriptorPtr)
{
  (void)ViHandle;
  (void)DescriptorPtr;
  return VIP_ERROR_RESOURCE;
}

EXPORTED VIP_RETURN VipRecvDone(IN VIP_VI_HANDLE ViHandle, OUT VIP_DESCRIPTOR **DescriptorPtr)
{
  (void)ViHandle;
  (void)DescriptorPtr;
  return VIP_ERROR_RESOURCE;
}

EXPORTED VIP_RETURN VipSendWait(IN VIP_VI_HANDLE ViHandle, IN VIP_ULONG Timeout, OUT VIP_DESCRIPTOR **DescriptorPtr)
{
  (void)ViHandle;
  (void)Timeout;
  (void)DescriptorPtr;
  return VIP_ERROR_RESOURCE;
}

EXPORTED VIP_RETURN VipRecvWait(IN VIP_VI_HANDLE ViHandle, IN VIP_ULONG Timeout, OUT VIP_DESCRIPTOR **DescriptorPtr)
{
  (void)ViHandle;
  (void)Timeout;
  (void)DescriptorPtr;
  return VIP_ERROR_RESOURCE;
}

EXPORTED VIP_RETURN VipSendNotify(IN VIP_VI_HANDLE ViHandle, IN VIP_PVOID Context, IN void (*Handler)(IN VIP_PVOID Context, IN VIP_NIC_HANDLE NicHandle, IN VIP_VI_HANDLE ViHandle, IN VIP_DESCRIPTOR *DescriptorPtr))
{
  (void)ViHandle;
  (void)Context;
  (void)Handler;
  return VIP_ERROR_RESOURCE;
}

EXPORTED VIP_RETURN VipRecvNotify(IN VIP_VI_HANDLE ViHandle, IN VIP_PVOID Context, IN void (*Handler)(IN VIP_PVOID Context, IN VIP_NIC_HANDLE NicHandle, IN VIP_VI_HANDLE ViHandle, IN VIP_DESCRIPTOR *DescriptorPtr))
{
  (void)ViHandle;
  (void)Context;
  (void)Handler;
  return VIP_ERROR_RESOURCE;
}

EXPORTED VIP_RETURN VipCreateCQ(IN VIP_NIC_HANDLE NicHandle, IN VIP_ULONG EntryCount, OUT VIP_CQ_HANDLE *CQHandle)
{
  (void)NicHandle;
  (void)EntryCount;
  (void)CQHandle;
  return VIP_ERROR_RESOURCE;
}

EXPORTED VIP_RETURN VipDestroyCQ(IN VIP_CQ_HANDLE CQHandle)
{
  (void)CQHandle;
  return VIP_ERROR_RESOURCE;
}

EXPORTED VIP_RETURN VipResizeCQ(IN VIP_CQ_HANDLE CQHandle, IN VIP_ULONG EntryCount)
{
  (void)CQHandle;
  (void)EntryCount;
  return VIP_ERROR_RESOURCE;
}

EXPORTED VIP_RETURN VipCQDone(IN VIP_CQ_HANDLE CQHandle, OUT VIP_VI_HANDLE *ViHandle, OUT VIP_BOOLEAN *RecvQueue)
{
  (void)CQHandle;
  (void)ViHandle;
  (void)RecvQueue;
  return VIP_ERROR_RESOURCE;
}

EXPORTED VIP_RETURN VipCQWait(IN VIP_CQ_HANDLE CQHandle, IN VIP_ULONG Timeout, OUT VIP_VI_HANDLE *ViHandle, OUT VIP_BOOLEAN *RecvQueue)
{
  (void)CQHandle;
  (void)Timeout;
  (void)ViHandle;
  (void)RecvQueue;
  return VIP_ERROR_RESOURCE;
}

EXPORTED VIP_RETURN VipCQNotify(IN VIP_CQ_HANDLE CQHandle, IN VIP_PVOID Context, IN void (*Handler)(IN VIP_PVOID Context, IN VIP_NIC_HANDLE NicHandle, IN VIP_VI_HANDLE ViHandle, IN VIP_BOOLEAN RecvQueue))
{
  (void)CQHandle;
  (void)Context;
  (void)Handler;
  return VIP_ERROR_RESOURCE;
}

EXPORTED VIP_RETURN VipNSInit(IN VIP_NIC_HANDLE NicHandle, IN VIP_PVOID NSInitInfo)
{
  (void)NicHandle;
  (void)NSInitInfo;
  return VIP_ERROR_RESOURCE;
}

EXPORTED VIP_RETURN VipNSGetHostByName(IN VIP_NIC_HANDLE NicHandle, IN VIP_CHAR *Name, OUT VIP_NET_ADDRESS *Address, IN VIP_ULONG NameIndex)
{
  (void)NicHandle;
  (void)Name;
  (void)Address;
  (void)NameIndex;
  return VIP_ERROR_RESOURCE;
}

EXPORTED VIP_RETURN VipNSGetHostByAddr(IN VIP_NIC_HANDLE NicHandle, IN VIP_NET_ADDRESS *Address, OUT VIP_CHAR *Name, IN OUT VIP_ULONG *NameLen)
{
  (void)NicHandle;
  (void)Address;
  (void)Name;
  (void)NameLen;
  return VIP_ERROR_RESOURCE;
}

EXPORTED VIP_RETURN VipNSShutdown(IN VIP_NIC_HANDLE NicHandle)
{
  (void)NicHandle;
  return VIP_ERROR_RESOURCE;
}

EXPORTED VIP_RETURN VipQuerySystemManagementInfo(IN VIP_NIC_HANDLE NicHandle, IN VIP_ULONG InfoType, OUT VIP_PVOID SysManInfo)
{
  (void)NicHandle;
  (void)InfoType;
  (void)SysManInfo;
  return VIP_ERROR_RESOURCE;
}

EXPORTED VIP_RETURN VipErrorCallback(IN VIP_NIC_HANDLE NicHandle, IN VIP_PVOID Context, IN void (*Handler)(IN VIP_PVOID Context, IN VIP_ERROR_DESCRIPTOR *ErrorDesc))
{
  (void)NicHandle;
  (void)Context;
  (void)Handler;
  return VIP_ERROR_RESOURCE;
}
