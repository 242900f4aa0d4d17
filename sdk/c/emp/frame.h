/* Frames of wire profile emp-1: where their fields are, and how a message is cut into them (readings R1 and R2). */
#ifndef FRAME_H
#define FRAME_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
  ETHERNET_OCTETS = 14,
  FRAME_HEADER_OCTETS = 12,
  MESSAGE_HEADER_OCTETS = 8,
  PAYLOAD_LEAST = 46, /* octets after the Ethernet header; shorter frames are padded */
  MTU_MOST = 9000,
  ETHERTYPE = 0x88B5
};

enum { DATA = 1, ACKNOWLEDGEMENT = 2 };

typedef struct header {
  const uint8_t *destination; /* MAC addresses */
  const uint8_t *source;
  uint16_t sender;  /* the node that emits the frame */
  uint16_t type;    /* DATA, ACKNOWLEDGEMENT, or what else came in */
  uint16_t length;  /* octets of the message in this frame */
  uint32_t message; /* counted by the sender of the message for each destination */
  uint16_t frame;   /* its number in the message, from 0 */
  /* The message header, in frame 0 of a message and nowhere else. */
  uint32_t total;
  uint16_t frames;
  uint16_t tag;
} header;

/* Big-endian numbers, as on the wire and in descriptors. */
static inline uint64_t get_number(const uint8_t *at, size_t octets) {
  uint64_t value = 0;
  for (size_t i = 0; i < octets; i++) value = value << 8 | at[i];
  return value;
}

static inline void put_number(uint8_t *at, size_t octets, uint64_t value) {
  for (size_t i = octets; i > 0; i--, value >>= 8) at[i - 1] = (uint8_t)value;
}

/* Octets of all headers: of a frame with this type and number. */
size_t headers_octets(const header *of);

/* Writes all headers at `to`. */
void write_headers(uint8_t *to, const header *from);

/* Reads the headers; false if this is no EMP frame, or ends before they do. What they say is not judged. */
bool read_headers(const uint8_t *octets, size_t length, header *into);

/* How a message of `total` octets is cut: how many frames; where frame `number` begins, and how much it carries. */
uint32_t frames_of(uint32_t total, uint32_t mtu);
uint32_t frame_offset(uint32_t number, uint32_t mtu);
uint32_t frame_length(uint32_t total, uint32_t number, uint32_t mtu);

#endif
