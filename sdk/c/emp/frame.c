/* Reads and writes the headers of frames, and knows how a message is cut. */
#include "frame.h"

#include <string.h>

size_t headers_octets(const header *of) {
  bool is_first = of->type == DATA && of->frame == 0;
  return ETHERNET_OCTETS + FRAME_HEADER_OCTETS + (is_first ? MESSAGE_HEADER_OCTETS : 0);
}

void write_headers(uint8_t *to, const header *from) {
  memcpy(to, from->destination, 6);
  memcpy(to + 6, from->source, 6);
  put_number(to + 12, 2, ETHERTYPE);
  put_number(to + 14, 2, from->sender);
  put_number(to + 16, 2, from->type);
  put_number(to + 18, 2, from->length);
  put_number(to + 20, 4, from->message);
  put_number(to + 24, 2, from->frame);
  if (from->type != DATA || from->frame != 0) return;
  put_number(to + 26, 4, from->total);
  put_number(to + 30, 2, from->frames);
  put_number(to + 32, 2, from->tag);
}

bool read_headers(const uint8_t *octets, size_t length, header *into) {
  if (length < ETHERNET_OCTETS + FRAME_HEADER_OCTETS || get_number(octets + 12, 2) != ETHERTYPE) return false;
  *into = (header){
      .destination = octets,
      .source = octets + 6,
      .sender = (uint16_t)get_number(octets + 14, 2),
      .type = (uint16_t)get_number(octets + 16, 2),
      .length = (uint16_t)get_number(octets + 18, 2),
      .message = (uint32_t)get_number(octets + 20, 4),
      .frame = (uint16_t)get_number(octets + 24, 2),
  };
  if (length < headers_octets(into)) return false;
  if (into->type == DATA && into->frame == 0) {
    into->total = (uint32_t)get_number(octets + 26, 4);
    into->frames = (uint16_t)get_number(octets + 30, 2);
    into->tag = (uint16_t)get_number(octets + 32, 2);
  }
  return true;
}

/* The most that frame 0 carries, and each other frame. */
static uint32_t first_room(uint32_t mtu) { return mtu - FRAME_HEADER_OCTETS - MESSAGE_HEADER_OCTETS; }
static uint32_t other_room(uint32_t mtu) { return mtu - FRAME_HEADER_OCTETS; }

uint32_t frames_of(uint32_t total, uint32_t mtu) {
  if (total <= first_room(mtu)) return 1;
  uint32_t rest = total - first_room(mtu);
  return 1 + rest / other_room(mtu) + (rest % other_room(mtu) > 0);
}

uint32_t frame_offset(uint32_t number, uint32_t mtu) {
  return number == 0 ? 0 : first_room(mtu) + (number - 1) * other_room(mtu);
}

uint32_t frame_length(uint32_t total, uint32_t number, uint32_t mtu) {
  uint32_t room = number == 0 ? first_room(mtu) : other_room(mtu);
  uint32_t rest = total - frame_offset(number, mtu);
  return rest < room ? rest : room;
}
