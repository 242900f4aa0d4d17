#include "descriptor.h"

#include "memory.h"

static VIP_CONTROL_SEGMENT *control_of(VIP_DESCRIPTOR *descriptor) { return (VIP_CONTROL_SEGMENT *)descriptor; }

static VIP_DATA_SEGMENT *segments_of(VIP_DESCRIPTOR *descriptor) {
  return (VIP_DATA_SEGMENT *)(control_of(descriptor) + 1);
}

bool descriptor_is_aligned(const VIP_DESCRIPTOR *descriptor) {
  return (uintptr_t)descriptor % VIP_DESCRIPTOR_ALIGNMENT == 0;
}

bool descriptor_is_there(const struct vi *vi, VIP_DESCRIPTOR *descriptor, VIP_MEM_HANDLE memory) {
  uint64_t octets = sizeof(VIP_CONTROL_SEGMENT);
  if (!region_for(vi, memory, (uintptr_t)descriptor, octets)) return false;
  uint16_t segments = __atomic_load_n(&control_of(descriptor)->SegCount, __ATOMIC_RELAXED);
  if (segments > MAX_SEGMENTS_PER_DESC) return true; /* a format error; the segments are not looked at */
  octets += segments * sizeof(VIP_DATA_SEGMENT);
  return region_for(vi, memory, (uintptr_t)descriptor, octets) != NULL;
}

/* A consumer that breaks the rules may write a link meanwhile, so that all of it is read in one go. */
void descriptor_note_link(struct work *work) {
  work->next = __atomic_load_n(&control_of(work->descriptor)->Next.AddressBits, __ATOMIC_RELAXED);
  work->next_memory = __atomic_load_n(&control_of(work->descriptor)->NextHandle, __ATOMIC_RELAXED);
}

bool descriptor_link_holds(const struct work *work) {
  struct work now = *work;
  descriptor_note_link(&now);
  return now.next == work->next && now.next_memory == work->next_memory;
}

uint16_t descriptor_operation(VIP_DESCRIPTOR *descriptor) {
  return control_of(descriptor)->Control & VIP_CONTROL_OP_MASK;
}

/* Takes in the data segments from `first` to before `end`. */
static uint32_t read_spans(const struct vi *vi, VIP_DESCRIPTOR *descriptor, unsigned first, unsigned end,
                           struct transfer *transfer) {
  uint64_t octets = 0;
  uint32_t errors = 0;
  for (unsigned index = first; index < end; index++) {
    VIP_DATA_SEGMENT *segment = &segments_of(descriptor)[index];
    uint32_t length = segment->Length;
    if (length == 0) continue; /* touches nothing, wherever it points */
    struct region *region = region_for(vi, segment->Handle, segment->Data.AddressBits, length);
    if (!region) errors |= VIP_STATUS_PROTECTION_ERROR;
    octets += length;
    transfer->spans[transfer->count++] =
        (struct span){(unsigned char *)(uintptr_t)segment->Data.AddressBits, length, region};
  }
  transfer->octets = octets > UINT32_MAX ? UINT32_MAX : (uint32_t)octets;
  return errors;
}

static bool malformed(VIP_DESCRIPTOR *descriptor, unsigned segments) {
  return (control_of(descriptor)->Control & VIP_CONTROL_RESERVED) != 0 || segments > MAX_SEGMENTS_PER_DESC;
}

/* There is no RDMA read here, so that its operation is as bad as the reserved one. */
uint32_t descriptor_read_send(const struct vi *vi, VIP_DESCRIPTOR *descriptor, struct transfer *transfer) {
  VIP_CONTROL_SEGMENT *control = control_of(descriptor);
  uint16_t operation = descriptor_operation(descriptor);
  unsigned segments = control->SegCount;
  bool writes = operation == VIP_CONTROL_OP_RDMAWRITE;
  transfer->operation = operation;
  transfer->has_immediate = (control->Control & VIP_CONTROL_IMMEDIATE) != 0;
  transfer->immediate = control->ImmediateData;
  transfer->octets = 0;
  transfer->count = 0;
  if (operation != VIP_CONTROL_OP_SENDRECV && !writes) return VIP_STATUS_FORMAT_ERROR;
  if (malformed(descriptor, segments)) return VIP_STATUS_FORMAT_ERROR;
  if (writes) {
    if (segments == 0) return VIP_STATUS_FORMAT_ERROR;
    VIP_ADDRESS_SEGMENT *target = (VIP_ADDRESS_SEGMENT *)segments_of(descriptor);
    transfer->remote_address = target->Data.AddressBits;
    transfer->remote_memory = target->Handle;
  }
  uint32_t errors = read_spans(vi, descriptor, writes ? 1 : 0, segments, transfer);
  bool fits = transfer->octets <= vi->attributes.MaxTransferSize && transfer->octets == control->Length;
  return fits ? errors : errors | VIP_STATUS_LENGTH_ERROR;
}

uint32_t descriptor_read_receive(const struct vi *vi, VIP_DESCRIPTOR *descriptor, struct transfer *transfer) {
  transfer->octets = 0;
  transfer->count = 0;
  unsigned segments = control_of(descriptor)->SegCount;
  if (malformed(descriptor, segments) || descriptor_operation(descriptor) != VIP_CONTROL_OP_SENDRECV)
    return VIP_STATUS_FORMAT_ERROR;
  return read_spans(vi, descriptor, 0, segments, transfer);
}

void descriptor_write_immediate(VIP_DESCRIPTOR *descriptor, uint32_t immediate) {
  control_of(descriptor)->ImmediateData = immediate;
}

void descriptor_write_length(VIP_DESCRIPTOR *descriptor, uint32_t length) { control_of(descriptor)->Length = length; }

void descriptor_write_status(VIP_DESCRIPTOR *descriptor, uint32_t status) {
  __atomic_store_n(&control_of(descriptor)->Status, status, __ATOMIC_RELEASE);
}
