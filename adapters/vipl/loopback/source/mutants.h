/*
 * Faults planted on purpose, for trying whether a suite finds them. The environment variable VIPL_LOOPBACK_MUTANT,
 * read once, names one; without it the library is what it should be. mutants.c has the table.
 */
#ifndef MUTANTS_H
#define MUTANTS_H

#include <stdbool.h>

#include "vipl.h"

enum mutant {
  NO_MUTANT,
  POST_WITHOUT_LOCK,
  HANDED_OUT_TWICE,
  STATUS_BEFORE_DATA,
  LOST_WAKE_UP,
  ENTRY_BEFORE_STATUS,
  EARLY_RELIABLE_COMPLETION,
  DISCONNECT_LEAVES_ENGINE,
  NEWEST_RECEIVE_FIRST,
  FLUSH_FORGETS_RECEIVES,
  BOUND_NOT_CHECKED,
  WRONG_STATUS_OPERATION,
  STALE_ENTRIES,
  SILENT_LOSS,
  SAYS_YES,
  SAYS_NO,
  MUTANT_COUNT
};

struct mutant_row {
  const char *name;
  bool race; /* shows only where real threads meet */
  const char *requirement;
  const char *fault;
};

/* By `enum mutant`; the first row is empty. */
extern const struct mutant_row mutant_table[MUTANT_COUNT];

bool mutant_is(enum mutant mutant);

/* For mutants that are races: the time in which the others come between. The lock is let go meanwhile. */
void linger(void);

#endif
