#define _POSIX_C_SOURCE 200809L
#include "lock.h"

#include <time.h>

static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t something_happened;
static pthread_once_t once = PTHREAD_ONCE_INIT;

const int64_t no_deadline = INT64_MAX;
static const int64_t second = 1000000000;

static void prepare(void) {
  pthread_condattr_t monotonic;
  pthread_condattr_init(&monotonic);
  pthread_condattr_setclock(&monotonic, CLOCK_MONOTONIC);
  pthread_cond_init(&something_happened, &monotonic);
  pthread_condattr_destroy(&monotonic);
}

void lock_take(void) {
  pthread_once(&once, prepare);
  pthread_mutex_lock(&mutex);
}

void lock_release(void) { pthread_mutex_unlock(&mutex); }

static int64_t now(void) {
  struct timespec time;
  clock_gettime(CLOCK_MONOTONIC, &time);
  return (int64_t)time.tv_sec * second + time.tv_nsec;
}

int64_t deadline_after(VIP_ULONG timeout) {
  return timeout >= VIP_INFINITE ? no_deadline : now() + (int64_t)timeout * 1000000;
}

bool deadline_over(int64_t deadline) { return deadline != no_deadline && now() >= deadline; }

bool wait_for_progress(int64_t deadline) {
  if (deadline == no_deadline) {
    pthread_cond_wait(&something_happened, &mutex);
    return true;
  }
  if (deadline_over(deadline)) return false;
  struct timespec until = {.tv_sec = (time_t)(deadline / second), .tv_nsec = (long)(deadline % second)};
  pthread_cond_timedwait(&something_happened, &mutex, &until);
  return true;
}

void progress(void) { pthread_cond_broadcast(&something_happened); }

void wait_for(pthread_cond_t *condition) { pthread_cond_wait(condition, &mutex); }
