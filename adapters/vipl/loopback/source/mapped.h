/* What memory the process has. */
#ifndef MAPPED_H
#define MAPPED_H

#include <stdbool.h>
#include <stdint.h>

/* Whether all these octets can be read and written. */
bool memory_is_mapped(uintptr_t start, uintptr_t length);

#endif
