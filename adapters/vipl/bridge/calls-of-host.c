/* Finds the function for a call of VIPL. */
#include "calls-of-host.h"

#include <string.h>

void make_call(call *made) {
  static const struct {
    const char *name;
    void (*make)(call *made);
  } calls[] = {
#define CALL(name, ...) {#name, call_##name},
#include "calls.h"
#undef CALL
  };
  for (size_t i = 0; i < sizeof calls / sizeof *calls; i++) {
    if (strcmp(calls[i].name, made->asked->operation) == 0) calls[i].make(made);
  }
}
