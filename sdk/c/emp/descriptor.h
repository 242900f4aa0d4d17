/* The descriptors of the NIC: one pool of 20-octet slots for sends and receives (E40 to E49, R13 to R17). */
#ifndef DESCRIPTOR_H
#define DESCRIPTOR_H

#include "viaduct.h"

enum {
  SLOT_OCTETS = 20,
  POOL_MOST = 640,
  PAGE_OCTETS = 4096,
  ENTRY_OCTETS = 10, /* address and length of one piece, in a chain or an indirect page */
  CHAIN_PIECES = 7,  /* the most that four slots describe */
  PIECES_MOST = PAGE_OCTETS / ENTRY_OCTETS /* the most that an indirect page describes */
};

/* A slot in the NIC's memory: addr 8, totlen 4, stat 2, len 2, peer 2, tag 2. Further in a chain: two entries. */
typedef uint8_t slot[SLOT_OCTETS];

typedef struct pool {
  slot slots[POOL_MOST];
  bool is_used[POOL_MOST];
  size_t slot_count;         /* as configured */
  uint8_t *pages[POOL_MOST]; /* indirect format: the page that the slot points to, kept for the next one; else NULL */
} pool;

/* What the host gives when it posts. */
typedef struct posting {
  const viaduct_piece *pieces;
  size_t piece_count;
  uint16_t peer;
  uint16_t tag;
} posting;

/* Takes slots for the posting and writes the descriptor, `stat` last. VIADUCT_OK with the first slot in `*first`, or a
 * refusal without effect. */
viaduct_status descriptor_post(pool *of, const posting *posted, size_t *first);

/* The NIC hands the descriptor back to the host. */
void descriptor_hand_back(pool *of, size_t first);

/* The host has seen it done: its slots are free. */
void descriptor_release(pool *of, size_t first);

size_t descriptor_slots(pool *of, size_t first);
uint32_t descriptor_total(pool *of, size_t first);

/* Copies octets of the described memory, from `offset` on, to `to`. */
void descriptor_gather(pool *of, size_t first, uint32_t offset, uint8_t *to, uint32_t length);

/* Copies `from` to the described memory, from `offset` on. What lies beyond its end is left out. */
void descriptor_scatter(pool *of, size_t first, uint32_t offset, const uint8_t *from, uint32_t length);

#endif
