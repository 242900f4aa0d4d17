#include "handles.h"

#include <stdlib.h>

/* A handle is serial << PLACE_BITS | place + 1, and fits the 32 bits of a memory handle; it is never 0. */
enum { PLACE_BITS = 14, PLACES = (1 << PLACE_BITS) - 1 };

struct slot {
  enum kind kind;
  void *object; /* NULL: free */
  uintptr_t handle;
};

static struct slot slots[PLACES];
static uintptr_t serial = 1;
static unsigned next_place = 0;

uintptr_t handle_make(enum kind kind, void *object) {
  for (unsigned tried = 0; tried < PLACES; tried++) {
    unsigned place = next_place;
    next_place = (next_place + 1) % PLACES;
    if (slots[place].object) continue;
    serial = (serial + 1) & ((UINTPTR_MAX & UINT32_MAX) >> PLACE_BITS);
    slots[place] = (struct slot){kind, object, serial << PLACE_BITS | (place + 1)};
    return slots[place].handle;
  }
  return 0;
}

static struct slot *slot_of(uintptr_t handle) {
  unsigned place = (unsigned)(handle & PLACES);
  if (place == 0) return NULL;
  struct slot *slot = &slots[place - 1];
  return slot->object && slot->handle == handle ? slot : NULL;
}

void *handle_find(enum kind kind, uintptr_t handle) {
  struct slot *slot = slot_of(handle);
  return slot && slot->kind == kind ? slot->object : NULL;
}

void handle_end(uintptr_t handle) {
  struct slot *slot = slot_of(handle);
  if (slot) slot->object = NULL;
}

void handle_each(enum kind kind, void (*visit)(void *object, void *about), void *about) {
  for (unsigned place = 0; place < PLACES; place++)
    if (slots[place].object && slots[place].kind == kind) visit(slots[place].object, about);
}

struct nic *find_nic(VIP_NIC_HANDLE handle) { return handle_find(KIND_NIC, (uintptr_t)handle); }
struct vi *find_vi(VIP_VI_HANDLE handle) { return handle_find(KIND_VI, (uintptr_t)handle); }
struct cq *find_cq(VIP_CQ_HANDLE handle) { return handle_find(KIND_CQ, (uintptr_t)handle); }
