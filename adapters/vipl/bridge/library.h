/* The vendor's library: its header as it is, and every call as a weak reference, which is NULL if the library has no
 * such call. vendor.h is made by `viaduct bridge`: it takes in the vendor's vipl.h, and adds what that lacks. */
#ifndef LIBRARY_H
#define LIBRARY_H

#include <stdbool.h>

#include "vendor.h"

#define PRAGMA(words) _Pragma(#words)
#define CALL(name, ...) PRAGMA(weak name)
#include "calls.h"
#undef CALL

/* Whether the library has the call of this name. */
bool library_has(const char *call);

#endif
