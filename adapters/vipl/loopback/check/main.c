/*
 * Runs all checks, or those whose names are given, each in a process of its own. `--first`: ends with the first that
 * fails. `--mutants` lists the mutants instead.
 */
#define _POSIX_C_SOURCE 200809L
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "../source/mutants.h"
#include "check.h"

enum { CHECK_SECONDS = 120 };

void check_fail(const char *file, int line, const char *what) {
  fprintf(stderr, "  %s:%d: not so: %s\n", file, line, what);
  _exit(1);
}

static bool passes(const struct check *check) {
  fflush(NULL);
  pid_t child = fork();
  if (child == 0) {
    alarm(CHECK_SECONDS);
    check->run();
    exit(0);
  }
  int status = 1;
  bool passed = child > 0 && waitpid(child, &status, 0) == child && status == 0;
  printf("%s %s\n", passed ? "ok    " : "not ok", check->name);
  return passed;
}

static bool is_wanted(const char *name, int count, char **names) {
  for (int index = 0; index < count; index++)
    if (strcmp(names[index], name) == 0) return true;
  return count == 0;
}

static void list_mutants(void) {
  for (int mutant = NO_MUTANT + 1; mutant < MUTANT_COUNT; mutant++)
    printf("%s\t%s\t%s\t%s\n", mutant_table[mutant].name, mutant_table[mutant].race ? "race" : "-",
           mutant_table[mutant].requirement, mutant_table[mutant].fault);
}

int main(int count, char **arguments) {
  static const struct check *const tables[] = {handle_checks, memory_checks, connection_checks, transfer_checks,
                                               error_checks,  queue_checks,  callback_checks,   race_checks};
  if (count == 2 && strcmp(arguments[1], "--mutants") == 0) {
    list_mutants();
    return 0;
  }
  bool first = count > 1 && strcmp(arguments[1], "--first") == 0;
  if (first) {
    count--;
    arguments++;
  }
  unsigned run = 0, failed = 0;
  for (size_t table = 0; table < sizeof tables / sizeof *tables; table++)
    for (const struct check *check = tables[table]; check->run && !(first && failed > 0); check++) {
      if (!is_wanted(check->name, count - 1, arguments + 1)) continue;
      run++;
      if (!passes(check)) failed++;
    }
  printf("%u checks, %u failed\n", run, failed);
  return run == 0 || failed > 0;
}
