#include "nic.h"

#include <stdio.h>
#include <stdlib.h>

#include "callbacks.h"
#include "client-server.h"
#include "engine.h"
#include "handles.h"
#include "lock.h"
#include "nodes.h"

/* The first handle of a node starts its engine. */
static bool start(struct nic *nic) {
  struct node *node = nic->node;
  while (node->stopping) wait_for_progress(no_deadline);
  if (node->handles == 0 && !engine_start(node)) return false;
  if (!callbacks_start(nic)) {
    if (node->handles == 0) engine_stop(node);
    return false;
  }
  node->handles++;
  return true;
}

VIP_RETURN nic_open(const VIP_CHAR *device, VIP_NIC_HANDLE *handle) {
  if (!device || !handle) return VIP_INVALID_PARAMETER;
  struct node *node = node_of_device(device);
  if (!node) return VIP_INVALID_PARAMETER;
  if (node->handles == MAX_NIC_HANDLES) return VIP_ERROR_RESOURCE;
  struct nic *nic = calloc(1, sizeof *nic);
  if (!nic) return VIP_ERROR_RESOURCE;
  nic->node = node;
  nic->handle = (VIP_NIC_HANDLE)handle_make(KIND_NIC, nic);
  if (!nic->handle || !start(nic)) {
    handle_end((uintptr_t)nic->handle);
    free(nic);
    return VIP_ERROR_RESOURCE;
  }
  *handle = nic->handle;
  return VIP_SUCCESS;
}

/* With objects, or from one of its own handlers, a handle cannot be closed: it is in use. */
VIP_RETURN nic_close(VIP_NIC_HANDLE handle) {
  struct nic *nic = find_nic(handle);
  if (!nic) return VIP_INVALID_PARAMETER;
  if (nic->objects > 0 || callbacks_on_dispatcher(nic)) return VIP_ERROR_RESOURCE;
  handle_end((uintptr_t)handle);
  progress();
  client_server_close(nic);
  callbacks_stop(nic);
  struct node *node = nic->node;
  free(nic);
  if (--node->handles == 0) engine_stop(node);
  return VIP_SUCCESS;
}

VIP_RETURN nic_query(VIP_NIC_HANDLE handle, VIP_NIC_ATTRIBUTES *attributes) {
  struct nic *nic = find_nic(handle);
  if (!nic || !attributes) return VIP_INVALID_PARAMETER;
  *attributes = (VIP_NIC_ATTRIBUTES){
      .HardwareVersion = 1,
      .ProviderVersion = 1,
      .NicAddressLen = NIC_ADDRESS_LEN,
      .LocalNicAddress = nic->node->address,
      .ThreadSafe = VIP_TRUE,
      .MaxDiscriminatorLen = MAX_DISCRIMINATOR_LEN,
      .MaxRegisterBytes = MAX_REGISTER_BYTES,
      .MaxRegisterRegions = MAX_REGISTER_REGIONS,
      .MaxRegisterBlockBytes = MAX_REGISTER_BLOCK_BYTES,
      .MaxVI = MAX_VI,
      .MaxDescriptorsPerQueue = MAX_DESCRIPTORS_PER_QUEUE,
      .MaxSegmentsPerDesc = MAX_SEGMENTS_PER_DESC,
      .MaxCQ = MAX_CQ,
      .MaxCQEntries = MAX_CQ_ENTRIES,
      .MaxTransferSize = MAX_TRANSFER_SIZE,
      .NativeMTU = MAX_TRANSFER_SIZE,
      .MaxPtags = MAX_PTAGS,
      .ReliabilityLevelSupport =
          VIP_SERVICE_UNRELIABLE | VIP_SERVICE_RELIABLE_DELIVERY | VIP_SERVICE_RELIABLE_RECEPTION,
      .RDMAReadSupport = 0,
  };
  char name[NODE_NAME_ROOM];
  node_name(nic->node, name);
  snprintf(attributes->Name, sizeof attributes->Name, "/dev/%s", name);
  return VIP_SUCCESS;
}
