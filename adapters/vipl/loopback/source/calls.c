/*
 * The 41 calls, as others see them: each takes the lock and hands over to who knows. Here too are the two mutants that
 * do nothing at all, but answer.
 */
#include "callbacks.h"
#include "client-server.h"
#include "completion-queue.h"
#include "errors.h"
#include "lock.h"
#include "memory.h"
#include "mutants.h"
#include "names.h"
#include "nic.h"
#include "peers.h"
#include "vi.h"
#include "work-queue.h"

#define EXPORTED __attribute__((visibility("default")))

#define ANSWER(call)                                                                                                   \
  do {                                                                                                                 \
    if (mutant_is(SAYS_YES)) return VIP_SUCCESS;                                                                       \
    if (mutant_is(SAYS_NO)) return VIP_ERROR_RESOURCE;                                                                 \
    lock_take();                                                                                                       \
    VIP_RETURN answer = (call);                                                                                        \
    lock_release();                                                                                                    \
    return answer;                                                                                                     \
  } while (0)

EXPORTED VIP_RETURN VipOpenNic(const VIP_CHAR *DeviceName, VIP_NIC_HANDLE *NicHandle) {
  ANSWER(nic_open(DeviceName, NicHandle));
}

EXPORTED VIP_RETURN VipCloseNic(VIP_NIC_HANDLE NicHandle) {
  ANSWER(nic_close(NicHandle));
}

EXPORTED VIP_RETURN VipQueryNic(VIP_NIC_HANDLE NicHandle, VIP_NIC_ATTRIBUTES *Attributes) {
  ANSWER(nic_query(NicHandle, Attributes));
}

EXPORTED VIP_RETURN VipCreateVi(VIP_NIC_HANDLE NicHandle, VIP_VI_ATTRIBUTES *ViAttributes, VIP_CQ_HANDLE SendCQHandle,
                                VIP_CQ_HANDLE RecvCQHandle, VIP_VI_HANDLE *ViHandle) {
  ANSWER(vi_create(NicHandle, ViAttributes, SendCQHandle, RecvCQHandle, ViHandle));
}

EXPORTED VIP_RETURN VipDestroyVi(VIP_VI_HANDLE ViHandle) {
  ANSWER(vi_destroy(ViHandle));
}

EXPORTED VIP_RETURN VipQueryVi(VIP_VI_HANDLE ViHandle, VIP_VI_STATE *State, VIP_VI_ATTRIBUTES *Attributes, VIP_BOOLEAN
                               *SendQueueEmpty, VIP_BOOLEAN *RecvQueueEmpty) {
  ANSWER(vi_query(ViHandle, State, Attributes, SendQueueEmpty, RecvQueueEmpty));
}

EXPORTED VIP_RETURN VipSetViAttributes(VIP_VI_HANDLE ViHandle, VIP_VI_ATTRIBUTES *Attributes) {
  ANSWER(vi_set(ViHandle, Attributes));
}

EXPORTED VIP_RETURN VipCreatePtag(VIP_NIC_HANDLE NicHandle, VIP_PROTECTION_HANDLE *Ptag) {
  ANSWER(tag_create(NicHandle, Ptag));
}

EXPORTED VIP_RETURN VipDestroyPtag(VIP_NIC_HANDLE NicHandle, VIP_PROTECTION_HANDLE Ptag) {
  ANSWER(tag_destroy(NicHandle, Ptag));
}

EXPORTED VIP_RETURN VipRegisterMem(VIP_NIC_HANDLE NicHandle, VIP_PVOID VirtualAddress, VIP_ULONG Length,
                                   VIP_MEM_ATTRIBUTES *MemAttributes, VIP_MEM_HANDLE *MemHandle) {
  ANSWER(memory_register(NicHandle, VirtualAddress, Length, MemAttributes, MemHandle));
}

EXPORTED VIP_RETURN VipDeregisterMem(VIP_NIC_HANDLE NicHandle, VIP_PVOID VirtualAddress, VIP_MEM_HANDLE MemHandle) {
  ANSWER(memory_deregister(NicHandle, VirtualAddress, MemHandle));
}

EXPORTED VIP_RETURN VipQueryMem(VIP_NIC_HANDLE NicHandle, VIP_PVOID Address, VIP_MEM_HANDLE MemHandle,
                                VIP_MEM_ATTRIBUTES *MemAttributes) {
  ANSWER(memory_query(NicHandle, Address, MemHandle, MemAttributes));
}

EXPORTED VIP_RETURN VipSetMemAttributes(VIP_NIC_HANDLE NicHandle, VIP_PVOID Address, VIP_MEM_HANDLE MemHandle,
                                        VIP_MEM_ATTRIBUTES *MemAttributes) {
  ANSWER(memory_set(NicHandle, Address, MemHandle, MemAttributes));
}

EXPORTED VIP_RETURN VipConnectWait(VIP_NIC_HANDLE NicHandle, VIP_NET_ADDRESS *LocalAddr, VIP_ULONG Timeout,
                                   VIP_NET_ADDRESS *RemoteAddr, VIP_VI_ATTRIBUTES *RemoteViAttributes, VIP_CONN_HANDLE
                                   *ConnHandle) {
  ANSWER(server_wait(NicHandle, LocalAddr, Timeout, RemoteAddr, RemoteViAttributes, ConnHandle));
}

EXPORTED VIP_RETURN VipConnectAccept(VIP_CONN_HANDLE ConnHandle, VIP_VI_HANDLE ViHandle) {
  ANSWER(server_accept(ConnHandle, ViHandle));
}

EXPORTED VIP_RETURN VipConnectReject(VIP_CONN_HANDLE ConnHandle) {
  ANSWER(server_reject(ConnHandle));
}

EXPORTED VIP_RETURN VipConnectRequest(VIP_VI_HANDLE ViHandle, VIP_NET_ADDRESS *LocalAddr, VIP_NET_ADDRESS *RemoteAddr,
                                      VIP_ULONG Timeout, VIP_VI_ATTRIBUTES *RemoteViAttributes) {
  ANSWER(client_request(ViHandle, LocalAddr, RemoteAddr, Timeout, RemoteViAttributes));
}

EXPORTED VIP_RETURN VipDisconnect(VIP_VI_HANDLE ViHandle) {
  ANSWER(vi_disconnect(ViHandle));
}

EXPORTED VIP_RETURN VipConnectPeerRequest(VIP_VI_HANDLE ViHandle, VIP_NET_ADDRESS *LocalAddr, VIP_NET_ADDRESS
                                          *RemoteAddr, VIP_ULONG Timeout) {
  ANSWER(peer_request(ViHandle, LocalAddr, RemoteAddr, Timeout));
}

EXPORTED VIP_RETURN VipConnectPeerDone(VIP_VI_HANDLE ViHandle, VIP_VI_ATTRIBUTES *RemoteViAttributes) {
  ANSWER(peer_done(ViHandle, RemoteViAttributes));
}

EXPORTED VIP_RETURN VipConnectPeerWait(VIP_VI_HANDLE ViHandle, VIP_VI_ATTRIBUTES *RemoteViAttributes) {
  ANSWER(peer_wait(ViHandle, RemoteViAttributes));
}

EXPORTED VIP_RETURN VipPostSend(VIP_VI_HANDLE ViHandle, VIP_DESCRIPTOR *DescriptorPtr, VIP_MEM_HANDLE MemoryHandle) {
  ANSWER(queue_post(ViHandle, false, DescriptorPtr, MemoryHandle));
}

EXPORTED VIP_RETURN VipPostRecv(VIP_VI_HANDLE ViHandle, VIP_DESCRIPTOR *DescriptorPtr, VIP_MEM_HANDLE MemoryHandle) {
  ANSWER(queue_post(ViHandle, true, DescriptorPtr, MemoryHandle));
}

EXPORTED VIP_RETURN VipSendDone(VIP_VI_HANDLE ViHandle, VIP_DESCRIPTOR **DescriptorPtr) {
  ANSWER(queue_done(ViHandle, false, DescriptorPtr));
}

EXPORTED VIP_RETURN VipRecvDone(VIP_VI_HANDLE ViHandle, VIP_DESCRIPTOR **DescriptorPtr) {
  ANSWER(queue_done(ViHandle, true, DescriptorPtr));
}

EXPORTED VIP_RETURN VipSendWait(VIP_VI_HANDLE ViHandle, VIP_ULONG Timeout, VIP_DESCRIPTOR **DescriptorPtr) {
  ANSWER(queue_wait(ViHandle, false, Timeout, DescriptorPtr));
}

EXPORTED VIP_RETURN VipRecvWait(VIP_VI_HANDLE ViHandle, VIP_ULONG Timeout, VIP_DESCRIPTOR **DescriptorPtr) {
  ANSWER(queue_wait(ViHandle, true, Timeout, DescriptorPtr));
}

EXPORTED VIP_RETURN VipSendNotify(VIP_VI_HANDLE ViHandle, VIP_PVOID Context, work_handler Handler) {
  ANSWER(queue_notify(ViHandle, false, Context, Handler));
}

EXPORTED VIP_RETURN VipRecvNotify(VIP_VI_HANDLE ViHandle, VIP_PVOID Context, work_handler Handler) {
  ANSWER(queue_notify(ViHandle, true, Context, Handler));
}

EXPORTED VIP_RETURN VipCreateCQ(VIP_NIC_HANDLE NicHandle, VIP_ULONG EntryCount, VIP_CQ_HANDLE *CQHandle) {
  ANSWER(cq_create(NicHandle, EntryCount, CQHandle));
}

EXPORTED VIP_RETURN VipDestroyCQ(VIP_CQ_HANDLE CQHandle) {
  ANSWER(cq_destroy(CQHandle));
}

EXPORTED VIP_RETURN VipResizeCQ(VIP_CQ_HANDLE CQHandle, VIP_ULONG EntryCount) {
  ANSWER(cq_resize(CQHandle, EntryCount));
}

EXPORTED VIP_RETURN VipCQDone(VIP_CQ_HANDLE CQHandle, VIP_VI_HANDLE *ViHandle, VIP_BOOLEAN *RecvQueue) {
  ANSWER(cq_done(CQHandle, ViHandle, RecvQueue));
}

EXPORTED VIP_RETURN VipCQWait(VIP_CQ_HANDLE CQHandle, VIP_ULONG Timeout, VIP_VI_HANDLE *ViHandle, VIP_BOOLEAN
                              *RecvQueue) {
  ANSWER(cq_wait(CQHandle, Timeout, ViHandle, RecvQueue));
}

EXPORTED VIP_RETURN VipCQNotify(VIP_CQ_HANDLE CQHandle, VIP_PVOID Context, entry_handler Handler) {
  ANSWER(cq_notify(CQHandle, Context, Handler));
}

EXPORTED VIP_RETURN VipNSInit(VIP_NIC_HANDLE NicHandle, VIP_PVOID NSInitInfo) {
  (void)NSInitInfo;
  ANSWER(names_start(NicHandle));
}

EXPORTED VIP_RETURN VipNSGetHostByName(VIP_NIC_HANDLE NicHandle, VIP_CHAR *Name, VIP_NET_ADDRESS *Address, VIP_ULONG
                                       NameIndex) {
  ANSWER(names_to_address(NicHandle, Name, Address, NameIndex));
}

EXPORTED VIP_RETURN VipNSGetHostByAddr(VIP_NIC_HANDLE NicHandle, VIP_NET_ADDRESS *Address, VIP_CHAR *Name, VIP_ULONG
                                       *NameLen) {
  ANSWER(names_from_address(NicHandle, Address, Name, NameLen));
}

EXPORTED VIP_RETURN VipNSShutdown(VIP_NIC_HANDLE NicHandle) {
  ANSWER(names_stop(NicHandle));
}

EXPORTED VIP_RETURN VipQuerySystemManagementInfo(VIP_NIC_HANDLE NicHandle, VIP_ULONG InfoType, VIP_PVOID SysManInfo) {
  ANSWER(management_query(NicHandle, InfoType, SysManInfo));
}

EXPORTED VIP_RETURN VipErrorCallback(VIP_NIC_HANDLE NicHandle, VIP_PVOID Context, error_handler Handler) {
  ANSWER(errors_callback(NicHandle, Context, Handler));
}
