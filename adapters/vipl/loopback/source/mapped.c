#include "mapped.h"

#include <inttypes.h>
#include <stdio.h>

/* The kernel's own list: it knows of pages that are there but may not be touched, as no probe without a fault would. */
bool memory_is_mapped(uintptr_t start, uintptr_t length) {
  if (length > UINTPTR_MAX - start) return false;
  FILE *maps = fopen("/proc/self/maps", "r");
  if (!maps) return false;
  uintptr_t known = start; /* up to here it is there */
  char line[512];
  while (known < start + length && fgets(line, sizeof line, maps)) {
    uintptr_t from, to;
    char read, write;
    if (sscanf(line, "%" SCNxPTR "-%" SCNxPTR " %c%c", &from, &to, &read, &write) != 4 || to <= known) continue;
    if (from > known || read != 'r' || write != 'w') break;
    known = to;
  }
  fclose(maps);
  return known >= start + length;
}
