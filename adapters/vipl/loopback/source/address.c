#include "address.h"

#include <stddef.h>
#include <string.h>

/* The octets behind the two lengths; the array in the type has room for one only. */
static const uint8_t *octets_of(const VIP_NET_ADDRESS *address) {
  return (const uint8_t *)address + offsetof(VIP_NET_ADDRESS, HostAddress);
}

bool address_read(const VIP_NET_ADDRESS *from, struct address *to) {
  if (!from || from->HostAddressLen != NIC_ADDRESS_LEN || from->DiscriminatorLen > MAX_DISCRIMINATOR_LEN) return false;
  memcpy(to->host, octets_of(from), NIC_ADDRESS_LEN);
  to->discriminator_length = from->DiscriminatorLen;
  memcpy(to->discriminator, octets_of(from) + NIC_ADDRESS_LEN, from->DiscriminatorLen);
  return true;
}

void address_write(const struct address *from, VIP_NET_ADDRESS *to) {
  uint8_t *octets = (uint8_t *)to + offsetof(VIP_NET_ADDRESS, HostAddress);
  to->HostAddressLen = NIC_ADDRESS_LEN;
  to->DiscriminatorLen = from->discriminator_length;
  memcpy(octets, from->host, NIC_ADDRESS_LEN);
  memcpy(octets + NIC_ADDRESS_LEN, from->discriminator, from->discriminator_length);
}

bool address_equal(const struct address *one, const struct address *other) {
  return memcmp(one->host, other->host, NIC_ADDRESS_LEN) == 0 &&
         one->discriminator_length == other->discriminator_length &&
         memcmp(one->discriminator, other->discriminator, one->discriminator_length) == 0;
}
