/* Addresses of VIPL: a host, and a discriminator behind it. */
#ifndef ADDRESS_H
#define ADDRESS_H

#include "objects.h"

/* False: NULL, a host of another length than ours, or a discriminator that is too long. */
bool address_read(const VIP_NET_ADDRESS *from, struct address *to);

/* The caller has made room for all of it. */
void address_write(const struct address *from, VIP_NET_ADDRESS *to);

/* Octet by octet, lengths included. */
bool address_equal(const struct address *one, const struct address *other);

#endif
