/*
 * The hosts that live in this process. Device /dev/via_loN is host N, and /dev/via_lo is host 0; each has an address
 * and a name of its own, and is there while a NIC handle of it is open.
 */
#ifndef NODES_H
#define NODES_H

#include "objects.h"

/* NULL: there is no device of that name. */
struct node *node_of_device(const char *device);

/* NULL: no host has that address, be it there or not. */
struct node *node_of_address(const uint8_t host[NIC_ADDRESS_LEN]);

/* NULL: no host has that name. */
struct node *node_of_name(const char *name);

struct node *node_at(unsigned index);

enum { NODE_NAME_ROOM = 16 };
void node_name(const struct node *node, char name[NODE_NAME_ROOM]);

#endif
