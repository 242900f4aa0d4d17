/* Descriptors: laid out octet by octet as spec/layouts/via-descriptor.yaml has them, and known by the names they were
 * written under. */
#include <stdlib.h>
#include <string.h>

#include "host.h"

enum { CONTROL_OCTETS = 32, SEGMENT_OCTETS = 16 };

/* Octets from the start of a descriptor to its fields. */
enum { SEGMENT_COUNT_AT = 12, CONTROL_AT = 14, IMMEDIATE_AT = 20, LENGTH_AT = 24, STATUS_AT = 28 };

struct descriptor {
  descriptor *next;
  const char *name; /* the SDK's; NULL once it stands for another place */
  uint8_t *octets;
  const char *buffer; /* that it lies in */
  int64_t offset;
};

/* A range of a buffer as the SDK takes it. False if it lies outside. */
static bool find_octets(host *in, const char *buffer, int64_t offset, int64_t bytes, viaduct_piece *found) {
  viaduct_value length = {.kind = VIADUCT_INTEGER, .integer = bytes, .name = "bytes"};
  viaduct_value start = {.kind = VIADUCT_INTEGER, .integer = offset, .name = "offset", .next = &length};
  viaduct_value name = {.kind = VIADUCT_TEXT, .text = buffer, .length = strlen(buffer), .name = "buffer", .next = &start};
  viaduct_value range = {.kind = VIADUCT_OBJECT, .first = &name};
  return viaduct_find_range(in->endpoint, &range, found);
}

/* An address in JSON: 16 hexadecimal digits. */
static uintptr_t address_value(call *of, const viaduct_value *digits) {
  const char *text = viaduct_text_of(digits, "");
  if (strlen(text) != 16) of->is_wrong = true;
  return (uintptr_t)strtoull(text, NULL, 16);
}

void *place_value(call *of, const viaduct_value *place) {
  uintptr_t offset = (uintptr_t)viaduct_integer_of(viaduct_member(place, "offset"), 0);
  const char *buffer = viaduct_text_of(viaduct_member(place, "buffer"), NULL);
  viaduct_piece piece = {.octets = NULL};
  if (!buffer) return (void *)(address_value(of, viaduct_member(place, "address")) + offset);
  if (!find_octets(of->host, buffer, 0, 0, &piece)) of->is_wrong = true;
  return (void *)((uintptr_t)piece.octets + offset);
}

/* --- Writing --- */

static void put(uint8_t *to, size_t width, uint64_t value) {
  for (size_t i = 0; i < width; i++) to[i] = (uint8_t)(value >> 8 * i);
}

static void put_segment(uint8_t *to, uint64_t address, uint32_t handle, uint32_t bytes) {
  put(to, 8, address);
  put(to + 8, 4, handle);
  put(to + 12, 4, bytes);
}

static uint16_t operation_value(const char *name) {
  if (strcmp(name, "rdma-write") == 0) return 1;
  if (strcmp(name, "rdma-read") == 0) return 2;
  return strcmp(name, "reserved") == 0 ? 3 : 0;
}

static const viaduct_value *items(const viaduct_value *list) { return list ? list->first : NULL; }

/* Octets from the descriptor's start to behind the last that is written. */
static int64_t octets_of(const call *of) {
  int64_t end = CONTROL_OCTETS + (asked(of, "remote") ? SEGMENT_OCTETS : 0);
  for (const viaduct_value *each = items(asked(of, "segments")); each; each = each->next) end += SEGMENT_OCTETS;
  for (const viaduct_value *each = items(asked(of, "patch")); each; each = each->next) {
    int64_t patched = viaduct_integer_of(viaduct_member(each, "offset"), 0);
    patched += viaduct_integer_of(viaduct_member(each, "width"), 0);
    if (patched > end) end = patched;
  }
  return end;
}

/* Writes the segments, and returns their number; `*total` is the sum of their lengths. */
static uint16_t put_segments(call *of, uint8_t *to, uint32_t *total) {
  const viaduct_value *remote = asked(of, "remote");
  uint16_t count = 0;
  if (remote) {
    uint64_t address = address_value(of, viaduct_member(remote, "address"));
    address += (uint64_t)viaduct_integer_of(viaduct_member(remote, "offset"), 0);
    put_segment(to, address, (uint32_t)viaduct_integer_of(viaduct_member(remote, "handle"), 0), 0);
    count++;
  }
  *total = 0;
  for (const viaduct_value *each = items(asked(of, "segments")); each; each = each->next, count++) {
    uint32_t bytes = (uint32_t)viaduct_integer_of(viaduct_member(each, "bytes"), 0);
    uint64_t address = (uintptr_t)place_value(of, viaduct_member(each, "at"));
    put_segment(to + count * SEGMENT_OCTETS, address, memory_value(of, viaduct_member(each, "memory")), bytes);
    *total += bytes;
  }
  return count;
}

/* The name stands for this place alone; the place for the name that was written there last, which is found first. */
static void name_descriptor(host *of, const descriptor *written) {
  descriptor *added = malloc(sizeof *added);
  if (!added) viaduct_fail("no memory for the descriptor %s", written->name);
  *added = *written;
  pthread_mutex_lock(&of->lock);
  for (descriptor *each = of->descriptors; each; each = each->next) {
    if (each->name == written->name) each->name = NULL;
  }
  added->next = of->descriptors;
  of->descriptors = added;
  pthread_mutex_unlock(&of->lock);
}

void write_descriptor(call *made) {
  const viaduct_value *place = asked(made, "at"), *immediate = asked(made, "immediate");
  const char *buffer = viaduct_text_of(viaduct_member(place, "buffer"), ""), *name = viaduct_text_of(asked(made, "as"), "");
  int64_t offset = viaduct_integer_of(viaduct_member(place, "offset"), 0), end = octets_of(made);
  viaduct_piece piece;
  uint32_t total;
  /* Where it lies is checked, since here it is the bridge that writes. */
  if (!find_octets(made->host, buffer, offset, end, &piece)) made->is_wrong = true;
  if (refuse_wrong(made)) return;
  uint8_t *octets = calloc(1, (size_t)end);
  if (!octets) viaduct_fail("no memory for the descriptor %s", name);
  uint16_t count = put_segments(made, octets + CONTROL_OCTETS, &total);
  uint16_t control = (uint16_t)(operation_value(viaduct_text_of(asked(made, "op"), "")) | (immediate ? 4 : 0));
  put(octets + SEGMENT_COUNT_AT, 2, count);
  put(octets + CONTROL_AT, 2, control | (uint16_t)asked_integer(made, "control"));
  put(octets + IMMEDIATE_AT, 4, (uint64_t)viaduct_integer_of(immediate, 0));
  put(octets + LENGTH_AT, 4, total);
  size_t laid_out = CONTROL_OCTETS + (size_t)count * SEGMENT_OCTETS;
  if (!refuse_wrong(made)) {
    memcpy(piece.octets, octets, laid_out);
    for (const viaduct_value *each = items(asked(made, "patch")); each; each = each->next) {
      put(piece.octets + viaduct_integer_of(viaduct_member(each, "offset"), 0),
          (size_t)viaduct_integer_of(viaduct_member(each, "width"), 0),
          (uint64_t)viaduct_integer_of(viaduct_member(each, "value"), 0));
    }
    name_descriptor(made->host, &(descriptor){.name = viaduct_named(made->host->endpoint, name)->text,
                                              .octets = piece.octets,
                                              .buffer = viaduct_named(made->host->endpoint, buffer)->text,
                                              .offset = offset});
    viaduct_return(made->host->endpoint, made->asked->id, VIADUCT_OK);
  }
  free(octets);
}

/* --- Reading --- */

VIP_DESCRIPTOR *descriptor_unset(void) {
  static VIP_DESCRIPTOR nowhere;
  return &nowhere;
}

/* A copy of the descriptor that has this name, or, if that is NULL, lies there. Its name is NULL if there is none. */
static descriptor find_descriptor(host *in, const char *name, const void *octets) {
  descriptor found = {.name = NULL};
  pthread_mutex_lock(&in->lock);
  for (const descriptor *each = in->descriptors; each && !found.name; each = each->next) {
    if (each->name && (name ? each->name == name : each->octets == octets)) found = *each;
  }
  pthread_mutex_unlock(&in->lock);
  return found;
}

/* A little-endian number. A whole aligned word is read at once, since the provider may be writing it. */
static uint32_t get(const uint8_t *from, size_t width) {
  uint32_t value = 0;
#if __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
  if (width == 4 && (uintptr_t)from % 4 == 0) return *(const volatile uint32_t *)(const void *)from;
#endif
  for (size_t i = 0; i < width; i++) value |= (uint32_t)from[i] << 8 * i;
  return value;
}

/* What the control segment says now; a name without anything else if its buffer is gone. */
static seen_descriptor read_control(host *in, const descriptor *at) {
  seen_descriptor seen = {.name = at->name};
  viaduct_piece piece;
  if (!at->name || !find_octets(in, at->buffer, at->offset, CONTROL_OCTETS, &piece)) return seen;
  seen.status = get(piece.octets + STATUS_AT, 4);
  seen.segment_count = (uint16_t)get(piece.octets + SEGMENT_COUNT_AT, 2);
  seen.control = (uint16_t)get(piece.octets + CONTROL_AT, 2);
  seen.immediate = get(piece.octets + IMMEDIATE_AT, 4);
  seen.length = get(piece.octets + LENGTH_AT, 4);
  return seen;
}

VIP_DESCRIPTOR *descriptor_named(call *of, const char *member) {
  const viaduct_value *value = asked(of, member);
  const char *name = viaduct_text_of(value, NULL);
  if (value && value->kind == VIADUCT_NULL) return NULL;
  descriptor found = {.name = NULL};
  if (name) found = find_descriptor(of->host, viaduct_named(of->host->endpoint, name)->text, NULL);
  if (!found.name) of->is_wrong = true;
  return (VIP_DESCRIPTOR *)(void *)found.octets;
}

seen_descriptor look_at(host *from, const VIP_DESCRIPTOR *returned) {
  if (!returned) return (seen_descriptor){.is_null = true};
  descriptor found = find_descriptor(from, NULL, returned);
  return read_control(from, &found);
}

static void write_control(viaduct_writer *to, const seen_descriptor *seen) {
  viaduct_write_integer(to, "segmentCount", seen->segment_count);
  viaduct_write_integer(to, "control", seen->control);
  viaduct_write_integer(to, "immediate", seen->immediate);
  viaduct_write_integer(to, "length", seen->length);
  viaduct_write_integer(to, "status", seen->status);
}

void write_seen(viaduct_writer *to, const char *member, const seen_descriptor *seen) {
  if (seen->is_null) {
    viaduct_write_null(to, member);
  } else if (!seen->name) {
    viaduct_write_text(to, member, "unknown");
  } else {
    viaduct_write_object(to, member);
    viaduct_write_text(to, "name", seen->name);
    write_control(to, seen);
    viaduct_end_object(to);
  }
}

void read_descriptor(call *made) {
  const char *name = viaduct_text_of(asked(made, "descriptor"), "");
  descriptor found = find_descriptor(made->host, viaduct_named(made->host->endpoint, name)->text, NULL);
  if (!found.name) made->is_wrong = true;
  if (refuse_wrong(made)) return;
  seen_descriptor seen = read_control(made->host, &found);
  viaduct_writer *to = viaduct_begin_return(made->host->endpoint, made->asked->id, VIADUCT_OK);
  viaduct_write_object(to, "control");
  write_control(to, &seen);
  viaduct_end_object(to);
  viaduct_end_output(made->host->endpoint, to);
}
