/*
 * The one lock of the library. calls.c takes it for every call, engines and dispatchers for all they do but moving
 * octets and running handlers: every other function expects it held.
 */
#ifndef LOCK_H
#define LOCK_H

#include <pthread.h>
#include <stdbool.h>
#include <stdint.h>

#include "vipl.h"

void lock_take(void);
void lock_release(void);

/* The instant `timeout` milliseconds from now, in nanoseconds of a clock that only goes forward. */
int64_t deadline_after(VIP_ULONG timeout);

/* Whether a deadline is over. One of VIP_INFINITE never is. */
bool deadline_over(int64_t deadline);

/* Lets the lock go until something has happened. False: the deadline was over before. */
bool wait_for_progress(int64_t deadline);
extern const int64_t no_deadline;

/* Wakes all that wait for progress. */
void progress(void);

/* Lets the lock go until `condition` is signalled. */
void wait_for(pthread_cond_t *condition);

#endif
