#define _POSIX_C_SOURCE 200809L
#include "mutants.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "lock.h"

const struct mutant_row mutant_table[MUTANT_COUNT] = {
    [POST_WITHOUT_LOCK] = {"post-without-lock", true, "VIA-DONE-007",
                           "Two threads that post on one queue can take the same place, and one descriptor is lost."},
    [HANDED_OUT_TWICE] = {"handed-out-twice", true, "VIA-DONE-007",
                          "Two threads that take completions of one queue can both get the same descriptor."},
    [STATUS_BEFORE_DATA] = {"status-before-data", true, "VIA-DESC-024",
                            "A receive is complete before the octets of its message are in its segments."},
    [LOST_WAKE_UP] = {"lost-wake-up", true, "VIA-WAIT-001",
                      "A completion between the look at the queue and the sleep of a Wait wakes nobody."},
    [ENTRY_BEFORE_STATUS] = {"entry-before-status", true, "VIA-CQ-006",
                             "The entry of a receive is on the completion queue before the receive is complete."},
    [EARLY_RELIABLE_COMPLETION] = {"early-reliable-completion", true, "VIA-REL-011",
                                   "A send of Reliable Reception completes when it has left, not when it has arrived."},
    [DISCONNECT_LEAVES_ENGINE] = {"disconnect-leaves-engine", true, "VIA-FLUSH-008",
                                  "A receive that a disconnect has flushed is still written into by the engine."},
    [NEWEST_RECEIVE_FIRST] = {"newest-receive-first", false, "VIA-RECV-001",
                              "A message takes the newest receive instead of the oldest."},
    [FLUSH_FORGETS_RECEIVES] = {"flush-forgets-receives", false, "VIA-FLUSH-001",
                                "Disconnecting flushes the send queue only."},
    [BOUND_NOT_CHECKED] = {"bound-not-checked", false, "VIA-MEM-009",
                           "A data segment may end behind the end of its region."},
    [WRONG_STATUS_OPERATION] = {"wrong-status-operation", false, "VIA-RDMA-005",
                                "A receive that an RDMA write took says that it was an ordinary receive."},
    [STALE_ENTRIES] = {"stale-entries", false, "VIA-CQ-014",
                       "Entries of a VI stay on the completion queue when it is destroyed."},
    [SILENT_LOSS] = {"silent-loss", false, "VIA-DISC-002",
                     "The error handler is not told that a connection is lost."},
    [SAYS_YES] = {"yes", false, "", "Every call answers VIP_SUCCESS and does nothing."},
    [SAYS_NO] = {"no", false, "", "Every call answers VIP_ERROR_RESOURCE and does nothing."},
};

static enum mutant chosen = NO_MUTANT;
static pthread_once_t once = PTHREAD_ONCE_INIT;

static void choose(void) {
  const char *name = getenv("VIPL_LOOPBACK_MUTANT");
  if (!name || !*name) return;
  for (int mutant = NO_MUTANT + 1; mutant < MUTANT_COUNT; mutant++)
    if (strcmp(mutant_table[mutant].name, name) == 0) {
      chosen = (enum mutant)mutant;
      return;
    }
  fprintf(stderr, "vipl-loopback: VIPL_LOOPBACK_MUTANT is '%s', and there is no such mutant\n", name);
  abort();
}

bool mutant_is(enum mutant mutant) {
  pthread_once(&once, choose);
  return chosen == mutant;
}

void linger(void) {
  static const struct timespec while_others_run = {.tv_sec = 0, .tv_nsec = 1000000};
  lock_release();
  nanosleep(&while_others_run, NULL);
  lock_take();
}
