#include "memory.h"

#include <stdlib.h>

#include "handles.h"
#include "lock.h"
#include "mapped.h"
#include "mutants.h"

VIP_RETURN tag_create(VIP_NIC_HANDLE nic_handle, VIP_PROTECTION_HANDLE *handle) {
  struct nic *nic = find_nic(nic_handle);
  if (!nic || !handle) return VIP_INVALID_PARAMETER;
  if (nic->node->tags == MAX_PTAGS) return VIP_ERROR_RESOURCE;
  struct tag *tag = calloc(1, sizeof *tag);
  if (!tag) return VIP_ERROR_RESOURCE;
  tag->handle = (VIP_PROTECTION_HANDLE)handle_make(KIND_TAG, tag);
  if (!tag->handle) {
    free(tag);
    return VIP_ERROR_RESOURCE;
  }
  tag->nic = nic;
  nic->node->tags++;
  nic->objects++;
  *handle = tag->handle;
  return VIP_SUCCESS;
}

struct tag *tag_find(const struct nic *nic, VIP_PROTECTION_HANDLE handle) {
  struct tag *tag = handle_find(KIND_TAG, (uintptr_t)handle);
  return tag && tag->nic == nic ? tag : NULL;
}

VIP_RETURN tag_destroy(VIP_NIC_HANDLE nic_handle, VIP_PROTECTION_HANDLE handle) {
  struct nic *nic = find_nic(nic_handle);
  struct tag *tag = nic ? tag_find(nic, handle) : NULL;
  if (!tag) return VIP_INVALID_PARAMETER;
  if (tag->users > 0) return VIP_ERROR_RESOURCE;
  handle_end((uintptr_t)handle);
  nic->node->tags--;
  nic->objects--;
  free(tag);
  return VIP_SUCCESS;
}

/* Whether attributes are such as a region can have. */
static VIP_RETURN check(const struct nic *nic, const VIP_MEM_ATTRIBUTES *attributes) {
  if (!tag_find(nic, attributes->Ptag)) return VIP_INVALID_PTAG;
  return attributes->EnableRdmaRead ? VIP_INVALID_RDMAREAD : VIP_SUCCESS;
}

static void set(struct region *region, const VIP_MEM_ATTRIBUTES *attributes) {
  if (region->tag) region->tag->users--;
  region->tag = tag_find(region->nic, attributes->Ptag);
  region->tag->users++;
  region->rdma_write = attributes->EnableRdmaWrite != VIP_FALSE;
}

VIP_RETURN memory_register(VIP_NIC_HANDLE nic_handle, VIP_PVOID start, VIP_ULONG length,
                           const VIP_MEM_ATTRIBUTES *attributes, VIP_MEM_HANDLE *handle) {
  struct nic *nic = find_nic(nic_handle);
  if (!nic || !attributes || !handle || length == 0) return VIP_INVALID_PARAMETER;
  VIP_RETURN checked = check(nic, attributes);
  if (checked != VIP_SUCCESS) return checked;
  struct node *node = nic->node;
  if (length > MAX_REGISTER_BLOCK_BYTES) return VIP_ERROR_RESOURCE;
  if (!memory_is_mapped((uintptr_t)start, length)) return VIP_INVALID_PARAMETER;
  if (node->regions == MAX_REGISTER_REGIONS || node->registered + length > MAX_REGISTER_BYTES)
    return VIP_ERROR_RESOURCE;
  struct region *region = calloc(1, sizeof *region);
  if (!region) return VIP_ERROR_RESOURCE;
  region->handle = (VIP_MEM_HANDLE)handle_make(KIND_REGION, region);
  if (region->handle == 0) {
    free(region);
    return VIP_ERROR_RESOURCE;
  }
  region->nic = nic;
  region->start = (uintptr_t)start;
  region->length = length;
  set(region, attributes);
  node->regions++;
  node->registered += length;
  nic->objects++;
  *handle = region->handle;
  return VIP_SUCCESS;
}

static bool holds(const struct region *region, uint64_t address, uint64_t octets) {
  if (address < region->start || address - region->start > region->length) return false;
  return octets <= region->length - (address - region->start);
}

/* The region of a handle in which an address lies, if this NIC handle has made it. */
static struct region *find(VIP_NIC_HANDLE nic, VIP_MEM_HANDLE handle, VIP_PVOID address) {
  struct region *region = handle_find(KIND_REGION, handle);
  if (!region || !find_nic(nic) || region->nic != find_nic(nic)) return NULL;
  return holds(region, (uintptr_t)address, 1) ? region : NULL;
}

/* Octets that an engine is moving are waited for: afterwards the memory is the consumer's alone. */
VIP_RETURN memory_deregister(VIP_NIC_HANDLE nic_handle, VIP_PVOID start, VIP_MEM_HANDLE handle) {
  struct region *region = find(nic_handle, handle, start);
  if (!region || region->start != (uintptr_t)start) return VIP_INVALID_PARAMETER;
  handle_end(handle);
  while (region->pins > 0) wait_for_progress(no_deadline);
  struct nic *nic = region->nic;
  nic->node->regions--;
  nic->node->registered -= region->length;
  nic->objects--;
  region->tag->users--;
  free(region);
  return VIP_SUCCESS;
}

VIP_RETURN memory_query(VIP_NIC_HANDLE nic, VIP_PVOID address, VIP_MEM_HANDLE handle, VIP_MEM_ATTRIBUTES *attributes) {
  struct region *region = find(nic, handle, address);
  if (!region || !attributes) return VIP_INVALID_PARAMETER;
  *attributes = (VIP_MEM_ATTRIBUTES){
      .Ptag = region->tag->handle, .EnableRdmaWrite = region->rdma_write, .EnableRdmaRead = VIP_FALSE};
  return VIP_SUCCESS;
}

VIP_RETURN memory_set(VIP_NIC_HANDLE nic, VIP_PVOID address, VIP_MEM_HANDLE handle,
                      const VIP_MEM_ATTRIBUTES *attributes) {
  struct region *region = find(nic, handle, address);
  if (!region || !attributes) return VIP_INVALID_PARAMETER;
  VIP_RETURN checked = check(region->nic, attributes);
  if (checked == VIP_SUCCESS) set(region, attributes);
  return checked;
}

struct region *region_for(const struct vi *vi, VIP_MEM_HANDLE handle, uint64_t address, uint64_t octets) {
  struct region *region = handle_find(KIND_REGION, handle);
  if (!region || region->tag != vi->tag) return NULL;
  if (mutant_is(BOUND_NOT_CHECKED)) octets = 1;
  return holds(region, address, octets) ? region : NULL;
}
