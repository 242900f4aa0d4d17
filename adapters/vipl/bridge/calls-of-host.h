/* A function for each call of VIPL: it reads what the harness asks, calls the library, and answers. */
#ifndef CALLS_OF_HOST_H
#define CALLS_OF_HOST_H

#include "host.h"

#define CALL(name, ...) void call_##name(call *made);
#include "calls.h"
#undef CALL

/* Makes the call, which the library has. */
void make_call(call *made);

#endif
