/* Where threads meet. Each is repeated a bounded number of times; the mutants that are races are found here. */
#define _POSIX_C_SOURCE 200809L
#include <string.h>

#include "check.h"

enum { ROUNDS = 50, THREADS = 4 };

static pthread_barrier_t barrier;

/* --- Posting and taking from several threads ---------------------------------------------------------------------- */

struct poster {
  struct host *host;
  VIP_VI_HANDLE vi;
  VIP_DESCRIPTOR *descriptor;
  pthread_t thread;
};

static void *post_one(void *about) {
  struct poster *poster = about;
  pthread_barrier_wait(&barrier);
  post_recv(poster->host, poster->vi, poster->descriptor);
  return NULL;
}

static void all_that_is_posted_comes_back(void) {
  struct host host;
  host_open(&host, 0);
  VIP_VI_HANDLE vi = make_vi(&host, VIP_SERVICE_UNRELIABLE, NULL, NULL);
  pthread_barrier_init(&barrier, NULL, THREADS);
  for (int round = 0; round < ROUNDS; round++) {
    struct poster posters[THREADS];
    VIP_DESCRIPTOR *out;
    for (unsigned index = 0; index < THREADS; index++) {
      posters[index] = (struct poster){.host = &host, .vi = vi, .descriptor = describe(&host, index, 0, 0)};
      CHECK(pthread_create(&posters[index].thread, NULL, post_one, &posters[index]) == 0);
    }
    for (unsigned index = 0; index < THREADS; index++) CHECK(pthread_join(posters[index].thread, NULL) == 0);
    OK(VipDisconnect(vi));
    for (unsigned index = 0; index < THREADS; index++)
      CHECK(VipRecvDone(vi, &out) == VIP_DESCRIPTOR_ERROR && out != NULL);
    CHECK(VipRecvDone(vi, &out) == VIP_DESCRIPTOR_ERROR && out == NULL);
    for (unsigned index = 0; index < THREADS; index++) CHECK(posters[index].descriptor->CS.Status & VIP_STATUS_DONE);
  }
  pthread_barrier_destroy(&barrier);
  end_vi(vi);
  host_close(&host);
}

struct taker {
  VIP_VI_HANDLE vi;
  VIP_DESCRIPTOR *descriptor;
  pthread_t thread;
};

static void *take_one(void *about) {
  struct taker *taker = about;
  pthread_barrier_wait(&barrier);
  CHECK(VipRecvDone(taker->vi, &taker->descriptor) == VIP_DESCRIPTOR_ERROR);
  return NULL;
}

static void each_descriptor_is_handed_out_once(void) {
  struct host host;
  host_open(&host, 0);
  VIP_VI_HANDLE vi = make_vi(&host, VIP_SERVICE_UNRELIABLE, NULL, NULL);
  pthread_barrier_init(&barrier, NULL, THREADS);
  for (int round = 0; round < ROUNDS; round++) {
    struct taker takers[THREADS];
    for (unsigned index = 0; index < THREADS; index++) post_recv(&host, vi, describe(&host, index, 0, 0));
    OK(VipDisconnect(vi));
    for (unsigned index = 0; index < THREADS; index++) {
      takers[index] = (struct taker){.vi = vi};
      CHECK(pthread_create(&takers[index].thread, NULL, take_one, &takers[index]) == 0);
    }
    for (unsigned index = 0; index < THREADS; index++) CHECK(pthread_join(takers[index].thread, NULL) == 0);
    for (unsigned index = 0; index < THREADS; index++)
      for (unsigned other = 0; other < index; other++)
        CHECK(takers[index].descriptor && takers[index].descriptor != takers[other].descriptor);
  }
  pthread_barrier_destroy(&barrier);
  end_vi(vi);
  host_close(&host);
}

/* --- The engine and its consumer ---------------------------------------------------------------------------------- */

static void prepare_round(struct pair *pair, int round, VIP_DESCRIPTOR **receive, VIP_DESCRIPTOR **send) {
  memset(data_of(&pair->left, 0), round + 1, 4 * SIZE);
  memset(data_of(&pair->right, 0), 0, 4 * SIZE);
  *receive = describe(&pair->right, 0, 0, 4 * SIZE);
  *send = describe(&pair->left, 0, 0, 4 * SIZE);
  post_recv(&pair->right, pair->right_vi, *receive);
  post_send(&pair->left, pair->left_vi, *send);
}

static bool is_whole(struct pair *pair, int round) {
  for (unsigned at = 0; at < 4 * SIZE; at++)
    if (data_of(&pair->right, 0)[at] != round + 1) return false;
  return true;
}

static void data_is_there_when_a_receive_is_complete(void) {
  struct pair pair;
  pair_open(&pair, VIP_SERVICE_RELIABLE_DELIVERY);
  for (int round = 0; round < ROUNDS; round++) {
    VIP_DESCRIPTOR *receive, *send, *out;
    prepare_round(&pair, round, &receive, &send);
    while (VipRecvDone(pair.right_vi, &out) == VIP_NOT_DONE) continue;
    CHECK(out == receive && receive->CS.Length == 4 * SIZE && is_whole(&pair, round));
    expect_send(pair.left_vi, send, VIP_STATUS_OP_SEND);
  }
  pair_close(&pair);
}

static void data_is_there_when_a_send_is_received(void) {
  struct pair pair;
  pair_open(&pair, VIP_SERVICE_RELIABLE_RECEPTION);
  for (int round = 0; round < ROUNDS; round++) {
    VIP_DESCRIPTOR *receive, *send;
    prepare_round(&pair, round, &receive, &send);
    expect_send(pair.left_vi, send, VIP_STATUS_OP_SEND);
    CHECK(is_whole(&pair, round));
    expect_recv(pair.right_vi, receive, VIP_STATUS_OP_RECEIVE);
  }
  pair_close(&pair);
}

static void a_wait_ends_when_its_descriptor_completes(void) {
  struct pair pair;
  pair_open(&pair, VIP_SERVICE_UNRELIABLE);
  for (int round = 0; round < ROUNDS; round++) {
    VIP_DESCRIPTOR *receive, *send, *out;
    prepare_round(&pair, round, &receive, &send);
    int64_t start = milliseconds();
    OK(VipRecvWait(pair.right_vi, LONG, &out));
    CHECK(out == receive && milliseconds() - start < LONG / 2);
    while (VipSendDone(pair.left_vi, &out) == VIP_NOT_DONE) continue;
    CHECK(out == send);
  }
  pair_close(&pair);
}

static void after_an_entry_the_first_done_succeeds(void) {
  struct pair pair;
  VIP_CQ_HANDLE cq;
  host_open(&pair.left, 0);
  host_open(&pair.right, 1);
  OK(VipCreateCQ(pair.right.nic, 8, &cq));
  pair.left_vi = make_vi(&pair.left, VIP_SERVICE_UNRELIABLE, NULL, NULL);
  pair.right_vi = make_vi(&pair.right, VIP_SERVICE_UNRELIABLE, NULL, cq);
  connect_vis(&pair.left, pair.left_vi, &pair.right, pair.right_vi);
  for (int round = 0; round < ROUNDS; round++) {
    VIP_DESCRIPTOR *receive, *send, *out;
    VIP_VI_HANDLE vi;
    VIP_BOOLEAN receives;
    prepare_round(&pair, round, &receive, &send);
    OK(VipCQWait(cq, LONG, &vi, &receives));
    OK(VipRecvDone(vi, &out));
    CHECK(out == receive);
    expect_send(pair.left_vi, send, VIP_STATUS_OP_SEND);
  }
  end_vi(pair.left_vi);
  end_vi(pair.right_vi);
  OK(VipDestroyCQ(cq));
  host_close(&pair.left);
  host_close(&pair.right);
}

static void what_was_flushed_is_not_written(void) {
  struct pair pair;
  pair_open(&pair, VIP_SERVICE_UNRELIABLE);
  for (int round = 0; round < ROUNDS; round++) {
    VIP_DESCRIPTOR *receive, *send, *out;
    prepare_round(&pair, round, &receive, &send);
    sleep_microseconds(round % 10 * 100);
    OK(VipDisconnect(pair.right_vi));
    VIP_RETURN answer = VipRecvDone(pair.right_vi, &out);
    CHECK(out == receive && (answer == VIP_SUCCESS || answer == VIP_DESCRIPTOR_ERROR));
    if (answer == VIP_SUCCESS)
      CHECK(is_whole(&pair, round));
    else {
      memset(data_of(&pair.right, 0), 0, 4 * SIZE);
      sleep_milliseconds(2);
      for (unsigned at = 0; at < 4 * SIZE; at++) CHECK(data_of(&pair.right, 0)[at] == 0);
    }
    end_vi(pair.left_vi);
    pair.left_vi = make_vi(&pair.left, VIP_SERVICE_UNRELIABLE, NULL, NULL);
    connect_vis(&pair.left, pair.left_vi, &pair.right, pair.right_vi);
  }
  pair_close(&pair);
}

/* --- Many at once ------------------------------------------------------------------------------------------------- */

struct stream {
  struct pair *pair;
  bool sends;
  unsigned first, count;
};

static void *run_stream(void *about) {
  struct stream *stream = about;
  struct host *host = stream->sends ? &stream->pair->left : &stream->pair->right;
  VIP_VI_HANDLE vi = stream->sends ? stream->pair->left_vi : stream->pair->right_vi;
  for (unsigned number = 0; number < stream->count; number++) {
    VIP_DESCRIPTOR *out;
    if (stream->sends) {
      /* A thread may be handed another's descriptor, so that none is used twice. */
      unsigned slot = stream->first + number;
      post_send(host, vi, describe(host, slot, slot * SIZE, SIZE));
      OK(VipSendWait(vi, LONG, &out));
    } else
      OK(VipRecvWait(vi, LONG, &out));
  }
  return NULL;
}

static void several_threads_share_a_vi(void) {
  struct pair pair;
  enum { EACH = 15, ALL = THREADS * EACH };
  pair_open(&pair, VIP_SERVICE_RELIABLE_RECEPTION);
  for (unsigned number = 0; number < ALL; number++)
    post_recv(&pair.right, pair.right_vi, describe(&pair.right, number, number * SIZE, SIZE));
  struct stream streams[2 * THREADS];
  pthread_t threads[2 * THREADS];
  for (unsigned index = 0; index < 2 * THREADS; index++) {
    streams[index] = (struct stream){.pair = &pair, .sends = index < THREADS, .first = index * EACH, .count = EACH};
    CHECK(pthread_create(&threads[index], NULL, run_stream, &streams[index]) == 0);
  }
  for (unsigned index = 0; index < 2 * THREADS; index++) CHECK(pthread_join(threads[index], NULL) == 0);
  VIP_DESCRIPTOR *out;
  CHECK(VipSendDone(pair.left_vi, &out) == VIP_DESCRIPTOR_ERROR && out == NULL);
  CHECK(VipRecvDone(pair.right_vi, &out) == VIP_DESCRIPTOR_ERROR && out == NULL);
  pair_close(&pair);
}

/* One thread sends, one disconnects and connects again, one looks at everything. */

struct turmoil {
  struct pair *pair;
  bool over;
};

static void *send_on(void *about) {
  struct turmoil *turmoil = about;
  struct host *left = &turmoil->pair->left;
  for (unsigned slot = 0; !__atomic_load_n(&turmoil->over, __ATOMIC_RELAXED); slot = (slot + 1) % 8) {
    VIP_DESCRIPTOR *out;
    post_send(left, turmoil->pair->left_vi, describe(left, slot, slot * SIZE, SIZE));
    VIP_RETURN answer = VipSendWait(turmoil->pair->left_vi, LONG, &out);
    CHECK(out && (answer == VIP_SUCCESS || answer == VIP_DESCRIPTOR_ERROR));
  }
  return NULL;
}

static void *look_on(void *about) {
  struct turmoil *turmoil = about;
  VIP_MEM_ATTRIBUTES attributes = {.Ptag = turmoil->pair->right.tag};
  VIP_MEM_HANDLE memory;
  VIP_DESCRIPTOR *out;
  while (!__atomic_load_n(&turmoil->over, __ATOMIC_RELAXED)) {
    state_of(turmoil->pair->right_vi);
    CHECK(VipSendDone(turmoil->pair->right_vi, &out) == VIP_DESCRIPTOR_ERROR && out == NULL);
    OK(VipRegisterMem(turmoil->pair->right.nic, data_of(&turmoil->pair->right, 0), SIZE, &attributes, &memory));
    OK(VipDeregisterMem(turmoil->pair->right.nic, data_of(&turmoil->pair->right, 0), memory));
    CHECK(VipDeregisterMem(turmoil->pair->right.nic, data_of(&turmoil->pair->right, 0), memory) != VIP_SUCCESS);
  }
  return NULL;
}

static void receive_some(struct pair *pair) {
  VIP_DESCRIPTOR *out;
  for (unsigned slot = 0; slot < 8; slot++) {
    VIP_DESCRIPTOR *receive = describe(&pair->right, slot, slot * SIZE, SIZE);
    post_recv(&pair->right, pair->right_vi, receive);
  }
  connect_vis(&pair->left, pair->left_vi, &pair->right, pair->right_vi);
  VipRecvWait(pair->right_vi, LONG, &out);
  CHECK(out);
}

static void connections_come_and_go_under_load(void) {
  for (int level = 0; level < 3; level++) {
    struct pair pair;
    pair_open(&pair, levels[level]);
    struct turmoil turmoil = {.pair = &pair};
    pthread_t sender, looker;
    CHECK(pthread_create(&sender, NULL, send_on, &turmoil) == 0);
    CHECK(pthread_create(&looker, NULL, look_on, &turmoil) == 0);
    for (int round = 0; round < ROUNDS; round++) {
      VIP_DESCRIPTOR *out;
      OK(VipDisconnect(round % 2 ? pair.left_vi : pair.right_vi));
      OK(VipDisconnect(round % 2 ? pair.right_vi : pair.left_vi));
      do VipRecvDone(pair.right_vi, &out);
      while (out);
      receive_some(&pair);
    }
    __atomic_store_n(&turmoil.over, true, __ATOMIC_RELAXED);
    CHECK(pthread_join(sender, NULL) == 0 && pthread_join(looker, NULL) == 0);
    pair_close(&pair);
  }
}

const struct check race_checks[] = {
    {"all that is posted comes back", all_that_is_posted_comes_back},
    {"each descriptor is handed out once", each_descriptor_is_handed_out_once},
    {"data is there when a receive is complete", data_is_there_when_a_receive_is_complete},
    {"data is there when a send of Reliable Reception is complete", data_is_there_when_a_send_is_received},
    {"a Wait ends when its descriptor completes", a_wait_ends_when_its_descriptor_completes},
    {"after an entry the first Done succeeds", after_an_entry_the_first_done_succeeds},
    {"what was flushed is not written", what_was_flushed_is_not_written},
    {"several threads share a VI", several_threads_share_a_vi},
    {"connections come and go under load", connections_come_and_go_under_load},
    {NULL, NULL},
};
