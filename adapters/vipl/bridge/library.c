/* Which calls the library has. */
#include "library.h"

#include <stddef.h>
#include <string.h>

typedef struct library_call {
  const char *name;
  void (*function)(void);
} library_call;

static const library_call calls[] = {
#define CALL(name, ...) {#name, (void (*)(void))name},
#include "calls.h"
#undef CALL
};

bool library_has(const char *call) {
  for (size_t i = 0; i < sizeof calls / sizeof *calls; i++) {
    if (strcmp(calls[i].name, call) == 0) return calls[i].function != NULL;
  }
  return false;
}
