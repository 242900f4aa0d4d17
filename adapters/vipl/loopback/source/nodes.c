#include "nodes.h"

#include <stdio.h>
#include <string.h>

static const char device_prefix[] = "/dev/";
static const char name_prefix[] = "via_lo";

static struct node nodes[MAX_NODES];

struct node *node_at(unsigned index) {
  struct node *node = &nodes[index];
  node->index = index;
  /* Administered locally, so that it is the address of no adapter. */
  const uint8_t address[NIC_ADDRESS_LEN] = {0x02, 'V', 'I', 'A', 0, (uint8_t)index};
  if (memcmp(node->address, address, sizeof address) != 0) memcpy(node->address, address, sizeof address);
  return node;
}

void node_name(const struct node *node, char name[NODE_NAME_ROOM]) {
  snprintf(name, NODE_NAME_ROOM, "%s%u", name_prefix, node->index);
}

struct node *node_of_name(const char *name) {
  for (unsigned index = 0; index < MAX_NODES; index++) {
    char candidate[NODE_NAME_ROOM];
    node_name(node_at(index), candidate);
    if (strcmp(candidate, name) == 0) return node_at(index);
  }
  return NULL;
}

struct node *node_of_device(const char *device) {
  size_t prefix = sizeof device_prefix - 1;
  if (strncmp(device, device_prefix, prefix) != 0) return NULL;
  return strcmp(device + prefix, name_prefix) == 0 ? node_at(0) : node_of_name(device + prefix);
}

struct node *node_of_address(const uint8_t host[NIC_ADDRESS_LEN]) {
  for (unsigned index = 0; index < MAX_NODES; index++)
    if (memcmp(node_at(index)->address, host, NIC_ADDRESS_LEN) == 0) return node_at(index);
  return NULL;
}
