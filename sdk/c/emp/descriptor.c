/* Writes descriptors into slots, and moves data by what stands in them. */
#include "descriptor.h"

#include <stdlib.h>
#include <string.h>

#include "frame.h"

/* Where the fields of the first slot are. */
enum { ADDR = 0, TOTLEN = 8, STAT = 12, LEN = 14, PEER = 16, TAG = 18 };

/* Values of `stat`, which the paper leaves to the implementation. */
enum { OWNED_BY_NIC = 1, IS_INDIRECT = 2, HANDED_BACK = 4 };

/* A run of octets within one page: what one address can name. */
typedef struct run {
  uint8_t *octets;
  size_t length;
} run;

/* Cuts the pieces at the borders of pages. How many runs that makes; more than PIECES_MOST if it is too many. */
static size_t cut_at_pages(const posting *posted, run runs[PIECES_MOST]) {
  size_t count = 0;
  for (size_t i = 0; i < posted->piece_count; i++) {
    uint8_t *at = posted->pieces[i].octets;
    for (size_t rest = posted->pieces[i].bytes; rest > 0;) {
      size_t room = PAGE_OCTETS - (uintptr_t)at % PAGE_OCTETS;
      size_t length = rest < room ? rest : room;
      if (count == PIECES_MOST) return PIECES_MOST + 1;
      runs[count++] = (run){.octets = at, .length = length};
      at += length;
      rest -= length;
    }
  }
  return count;
}

static size_t slots_for(size_t runs) { return runs <= 1 || runs > CHAIN_PIECES ? 1 : 1 + runs / 2; }

/* The first of `count` neighbouring free slots, or `slot_count` if there are none. */
static size_t find_free(pool *of, size_t count) {
  size_t run_length = 0;
  for (size_t i = 0; i < of->slot_count; i++) {
    run_length = of->is_used[i] ? 0 : run_length + 1;
    if (run_length == count) return i + 1 - count;
  }
  return of->slot_count;
}

static uint16_t stat_of(pool *of, size_t first) { return (uint16_t)get_number(of->slots[first] + STAT, 2); }

/* Where address and length of run `i` stand. */
static uint8_t *entry_at(pool *of, size_t first, size_t i, size_t *length_offset) {
  bool is_head = i == 0 && !(stat_of(of, first) & IS_INDIRECT);
  *length_offset = is_head ? LEN : 8;
  if (stat_of(of, first) & IS_INDIRECT) return of->pages[first] + i * ENTRY_OCTETS;
  if (is_head) return of->slots[first];
  return of->slots[first + 1 + (i - 1) / 2] + (i - 1) % 2 * ENTRY_OCTETS;
}

static run read_run(pool *of, size_t first, size_t i) {
  size_t length_offset;
  const uint8_t *entry = entry_at(of, first, i, &length_offset);
  return (run){
      .octets = (uint8_t *)(uintptr_t)get_number(entry, 8),
      .length = (size_t)get_number(entry + length_offset, 2),
  };
}

static void write_run(pool *of, size_t first, size_t i, run written) {
  size_t length_offset;
  uint8_t *entry = entry_at(of, first, i, &length_offset);
  put_number(entry, 8, (uintptr_t)written.octets);
  put_number(entry + length_offset, 2, written.length);
}

static void write_descriptor(pool *of, size_t first, const posting *posted, const run *runs, size_t count) {
  uint8_t *head = of->slots[first];
  uint64_t total = 0;
  uint64_t stat = count > CHAIN_PIECES ? OWNED_BY_NIC | IS_INDIRECT : OWNED_BY_NIC;
  memset(head, 0, slots_for(count) * SLOT_OCTETS);
  put_number(head + STAT, 2, stat & IS_INDIRECT); /* tells where the runs go; it is the host's yet */
  if (stat & IS_INDIRECT) {
    if (!of->pages[first]) of->pages[first] = malloc(PAGE_OCTETS);
    if (!of->pages[first]) viaduct_fail("no memory for an indirect page");
    put_number(head + ADDR, 8, (uintptr_t)of->pages[first]);
  }
  for (size_t i = 0; i < count; i++) {
    write_run(of, first, i, runs[i]);
    total += runs[i].length;
  }
  put_number(head + TOTLEN, 4, total);
  put_number(head + PEER, 2, posted->peer);
  put_number(head + TAG, 2, posted->tag);
  put_number(head + STAT, 2, stat);
}

viaduct_status descriptor_post(pool *of, const posting *posted, size_t *first) {
  run runs[PIECES_MOST];
  for (size_t i = 0; i < posted->piece_count; i++) {
    if (posted->pieces[i].bytes > 0 && !posted->pieces[i].locked) return VIADUCT_NOT_LOCKED;
  }
  size_t count = cut_at_pages(posted, runs);
  if (count > PIECES_MOST) return VIADUCT_TOO_MANY_PIECES;
  size_t slots = slots_for(count);
  *first = find_free(of, slots);
  if (*first == of->slot_count) return VIADUCT_NO_DESCRIPTOR;
  for (size_t i = 0; i < slots; i++) of->is_used[*first + i] = true;
  write_descriptor(of, *first, posted, runs, count);
  return VIADUCT_OK;
}

void descriptor_hand_back(pool *of, size_t first) {
  put_number(of->slots[first] + STAT, 2, HANDED_BACK | (stat_of(of, first) & IS_INDIRECT));
}

size_t descriptor_slots(pool *of, size_t first) {
  size_t runs = 0;
  if (stat_of(of, first) & IS_INDIRECT) return 1;
  uint32_t rest = descriptor_total(of, first);
  for (; rest > 0; runs++) rest -= (uint32_t)read_run(of, first, runs).length;
  return slots_for(runs);
}

void descriptor_release(pool *of, size_t first) {
  size_t slots = descriptor_slots(of, first);
  for (size_t i = 0; i < slots; i++) of->is_used[first + i] = false;
}

uint32_t descriptor_total(pool *of, size_t first) { return (uint32_t)get_number(of->slots[first] + TOTLEN, 4); }

/* Finds where octets `offset` to `offset + length` lie, and moves each stretch in one go: to `to`, or from `from`. */
static void move(pool *of, size_t first, uint32_t offset, uint8_t *to, const uint8_t *from, uint32_t length) {
  uint32_t total = descriptor_total(of, first);
  uint32_t end = offset + length < total ? offset + length : total;
  uint32_t start = 0;
  for (size_t i = 0; start < end; i++) {
    run here = read_run(of, first, i);
    uint32_t behind = start + (uint32_t)here.length;
    if (behind > offset) {
      uint32_t skipped = offset - start;
      uint32_t count = (behind < end ? behind : end) - offset;
      if (to) memcpy(to, here.octets + skipped, count), to += count;
      else memcpy(here.octets + skipped, from, count), from += count;
      offset += count;
    }
    start = behind;
  }
}

void descriptor_gather(pool *of, size_t first, uint32_t offset, uint8_t *to, uint32_t length) {
  move(of, first, offset, to, NULL, length);
}

void descriptor_scatter(pool *of, size_t first, uint32_t offset, const uint8_t *from, uint32_t length) {
  move(of, first, offset, NULL, from, length);
}
