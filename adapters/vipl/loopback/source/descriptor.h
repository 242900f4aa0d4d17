/* Descriptors, octet by octet: the fields are at the same places in both families. */
#ifndef DESCRIPTOR_H
#define DESCRIPTOR_H

#include "objects.h"

bool descriptor_is_aligned(const VIP_DESCRIPTOR *descriptor);

/* Whether a descriptor lies, with all its segments, in memory of this handle that the VI may access. */
bool descriptor_is_there(const struct vi *vi, VIP_DESCRIPTOR *descriptor, VIP_MEM_HANDLE memory);

/* Remembers the link as it stands now, and tells whether it still stands so. */
void descriptor_note_link(struct work *work);
bool descriptor_link_holds(const struct work *work);

uint16_t descriptor_operation(VIP_DESCRIPTOR *descriptor);

/* Reads what is asked for into `transfer`. Answers the error bits of Status that speak against it. */
uint32_t descriptor_read_send(const struct vi *vi, VIP_DESCRIPTOR *descriptor, struct transfer *transfer);
uint32_t descriptor_read_receive(const struct vi *vi, VIP_DESCRIPTOR *descriptor, struct transfer *transfer);

/* Status comes last: who sees DONE finds the rest final. */
void descriptor_write_immediate(VIP_DESCRIPTOR *descriptor, uint32_t immediate);
void descriptor_write_length(VIP_DESCRIPTOR *descriptor, uint32_t length);
void descriptor_write_status(VIP_DESCRIPTOR *descriptor, uint32_t status);

#endif
