/* The devices that the hosts of a world open, and what the provider says of them. */
#ifndef DEVICES_H
#define DEVICES_H

#include <stddef.h>
#include <stdint.h>

#include "library.h"

enum { DEVICES_MAX = 16, ADDRESS_MAX = 64, NAME_MAX_OCTETS = 256 };

typedef struct device {
  char name[NAME_MAX_OCTETS]; /* that VipOpenNic takes */
  bool is_known;
  VIP_NIC_ATTRIBUTES attributes;
  uint8_t address[ADDRESS_MAX]; /* of its host */
  size_t address_length;
  char host[NAME_MAX_OCTETS]; /* name that the provider knows its host by; empty if it tells none */
} device;

/* Takes a name of the command line. In one with `%d` that stands for the number of the host; else the names are those of
 * hosts 0, 1, ... in order, and where hosts are more they begin again. */
void add_device(const char *name);

/* The device of a host. What is known of it is asked of the provider when it is first wanted. NULL, with `*code` the answer
 * of the provider, if it cannot be opened. */
const device *device_of(int64_t node, VIP_RETURN *code);

/* The host that has this address, preferably another than `asking`, since one device may be that of several; -1 if none of
 * hosts 0 to `hosts` - 1 has it. */
int64_t host_at(const uint8_t *octets, size_t length, int64_t asking, size_t hosts);

/* How many handles of the first device can be open at the same time; `most` if that are so many or more. */
int64_t count_handles(int64_t most);

#endif
