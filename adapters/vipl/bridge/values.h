/* Attributes and addresses, from JSON to the vendor's structures and back. */
#ifndef VALUES_H
#define VALUES_H

#include "host.h"

/* A JSON integer that stands for an unsigned number, which may be larger than JSON keeps. */
int64_t integer_of(unsigned long long value);

/* Reads the attributes of a VI or of memory: `storage` filled in, or NULL for null. */
VIP_VI_ATTRIBUTES *vi_attributes_asked(call *of, VIP_VI_ATTRIBUTES *storage);
VIP_MEM_ATTRIBUTES *memory_attributes_asked(call *of, VIP_MEM_ATTRIBUTES *storage);

void write_nic_attributes(viaduct_writer *to, const VIP_NIC_ATTRIBUTES *told);
void write_vi_attributes(viaduct_writer *to, host *of, const VIP_VI_ATTRIBUTES *told);
void write_remote_attributes(viaduct_writer *to, const VIP_VI_ATTRIBUTES *told);
void write_memory_attributes(viaduct_writer *to, host *of, const VIP_MEM_ATTRIBUTES *told);

/* Room for an address with the longest host and discriminator that can be. */
enum { NET_ADDRESS_OCTETS = 4 + 2 * 65535 };
typedef union net_address {
  VIP_NET_ADDRESS address;
  uint8_t octets[NET_ADDRESS_OCTETS];
} net_address;

/* Reads the address that a member of the call has, into `storage`; NULL for null. */
VIP_NET_ADDRESS *address_asked(call *of, const char *member, net_address *storage);

/* An address that the library is to fill in, with the room that it has for host and discriminator. */
VIP_NET_ADDRESS *address_to_fill(const call *of, net_address *storage, bool with_discriminator);

/* Writes an address as a member, or as an item if `member` is NULL. */
void write_address(viaduct_writer *to, const char *member, const host *of, const VIP_NET_ADDRESS *told);

#endif
