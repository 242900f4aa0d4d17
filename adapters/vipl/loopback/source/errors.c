#include "errors.h"

#include <stdio.h>

#include "callbacks.h"
#include "handles.h"
#include "mutants.h"

VIP_RETURN errors_callback(VIP_NIC_HANDLE handle, VIP_PVOID context, error_handler handler) {
  struct nic *nic = find_nic(handle);
  if (!nic) return VIP_INVALID_PARAMETER;
  nic->on_error = handler;
  nic->error_context = context;
  callbacks_finish_error(nic);
  return VIP_SUCCESS;
}

static const char *name_of(VIP_ERROR_CODE code) {
  switch (code) {
  case VIP_ERROR_POST_DESC: return "VIP_ERROR_POST_DESC";
  case VIP_ERROR_CONN_LOST: return "VIP_ERROR_CONN_LOST";
  case VIP_ERROR_RECVQ_EMPTY: return "VIP_ERROR_RECVQ_EMPTY";
  case VIP_ERROR_VI_OVERRUN: return "VIP_ERROR_VI_OVERRUN";
  case VIP_ERROR_RDMAW_PROT: return "VIP_ERROR_RDMAW_PROT";
  case VIP_ERROR_RDMAW_DATA: return "VIP_ERROR_RDMAW_DATA";
  case VIP_ERROR_RDMAW_ABORT: return "VIP_ERROR_RDMAW_ABORT";
  case VIP_ERROR_RDMAR_PROT: return "VIP_ERROR_RDMAR_PROT";
  case VIP_ERROR_COMP_PROT: return "VIP_ERROR_COMP_PROT";
  case VIP_ERROR_RDMA_TRANSPORT: return "VIP_ERROR_RDMA_TRANSPORT";
  case VIP_ERROR_CATASTROPHIC: return "VIP_ERROR_CATASTROPHIC";
  }
  return "an unknown error";
}

void errors_log(VIP_PVOID context, VIP_ERROR_DESCRIPTOR *error) {
  (void)context;
  fprintf(stderr, "vipl-loopback: %s of VI %p, and no handler is registered\n", name_of(error->ErrorCode),
          error->ViHandle);
}

static void report(struct vi *vi, const VIP_ERROR_DESCRIPTOR *error) {
  struct callback callback = {.kind = CALLBACK_ERROR, .vi = vi->handle, .run.error = *error};
  callbacks_add(vi->nic, &callback);
}

void errors_of_vi(struct vi *vi, VIP_ERROR_CODE code, VIP_ULONG operation) {
  if (code == VIP_ERROR_CONN_LOST && mutant_is(SILENT_LOSS)) return;
  report(vi, &(VIP_ERROR_DESCRIPTOR){.NicHandle = vi->nic->handle,
                                     .ViHandle = vi->handle,
                                     .OpCode = operation,
                                     .ResourceCode = VIP_RESOURCE_VI,
                                     .ErrorCode = code});
}

void errors_of_descriptor(struct vi *vi, VIP_ERROR_CODE code, VIP_DESCRIPTOR *descriptor, VIP_ULONG operation) {
  report(vi, &(VIP_ERROR_DESCRIPTOR){.NicHandle = vi->nic->handle,
                                     .ViHandle = vi->handle,
                                     .DescriptorPtr = descriptor,
                                     .OpCode = operation,
                                     .ResourceCode = VIP_RESOURCE_DESCRIPTOR,
                                     .ErrorCode = code});
}
