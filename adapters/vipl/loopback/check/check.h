/* Checks of the library: each is a function of its own process, and ends it where something is not as it should be. */
#ifndef CHECK_H
#define CHECK_H

#include <pthread.h>
#include <stdbool.h>
#include <stdint.h>

#include "vipl.h"

struct check {
  const char *name;
  void (*run)(void);
};

/* Every file of checks has a table of them, which ends with an empty row. */
extern const struct check handle_checks[], memory_checks[], connection_checks[], transfer_checks[], error_checks[],
    queue_checks[], callback_checks[], race_checks[];

void check_fail(const char *file, int line, const char *what);

#define CHECK(condition)                                                                                               \
  do {                                                                                                                 \
    if (!(condition)) check_fail(__FILE__, __LINE__, #condition);                                                      \
  } while (0)

/* `OK(VipX(...))`: the call answers VIP_SUCCESS. */
#define OK(call) CHECK((call) == VIP_SUCCESS)

/* Milliseconds after which something that has to come counts as lost. */
enum { LONG = 5000 };

/* --- Hosts -------------------------------------------------------------------------------------------------------- */

enum {
  ARENA = 1 << 19, /* octets of a host's memory */
  DATA = 1 << 18,  /* where in it the data begins; descriptors are before that */
  PAGE = 4096,     /* room of a descriptor */
  SIZE = 512,      /* room of a message in the data */
  ERRORS = 64      /* that a host can remember */
};

/* A NIC handle with a tag, memory that has it, and a memory of the errors that its handler was told. */
struct host {
  VIP_NIC_HANDLE nic;
  VIP_PROTECTION_HANDLE tag;
  VIP_MEM_HANDLE memory;
  unsigned char *arena;
  pthread_mutex_t mutex;
  VIP_ERROR_DESCRIPTOR errors[ERRORS];
  unsigned error_count, errors_seen;
};

void host_open(struct host *host, unsigned index);
void host_close(struct host *host);

/* The next error that the host is told, which has to come; and that none has come. */
VIP_ERROR_DESCRIPTOR host_error(struct host *host);
bool host_has_no_error(struct host *host);

VIP_VI_ATTRIBUTES attributes_of(const struct host *host, VIP_RELIABILITY_LEVEL level);
VIP_VI_HANDLE make_vi(struct host *host, VIP_RELIABILITY_LEVEL level, VIP_CQ_HANDLE send_cq, VIP_CQ_HANDLE recv_cq);
VIP_VI_STATE state_of(VIP_VI_HANDLE vi);
void wait_for_state(VIP_VI_HANDLE vi, VIP_VI_STATE state);

/* Disconnects, takes all descriptors, destroys. */
void end_vi(VIP_VI_HANDLE vi);

/* Room for an address with a discriminator. */
union room {
  VIP_NET_ADDRESS address;
  unsigned char octets[128];
};
VIP_NET_ADDRESS *address_of(union room *room, const struct host *host, const char *discriminator);

/* A server in a thread of its own: waits at a discriminator, and accepts with its VI, or rejects if it has none. */
struct server {
  struct host *host;
  VIP_VI_HANDLE vi;
  const char *discriminator;
  VIP_RETURN waited, answered;
  VIP_VI_ATTRIBUTES client;
  union room client_address;
  pthread_t thread;
};
void server_start(struct server *server);
void server_join(struct server *server);

/* Requests until somebody waits. */
VIP_RETURN request(struct host *host, VIP_VI_HANDLE vi, const struct host *server, const char *discriminator,
                   VIP_ULONG timeout, VIP_VI_ATTRIBUTES *remote);

/* Connects two VIs. */
void connect_vis(struct host *client, VIP_VI_HANDLE client_vi, struct host *server, VIP_VI_HANDLE server_vi);

/* Two hosts with a connected VI each. */
struct pair {
  struct host left, right;
  VIP_VI_HANDLE left_vi, right_vi;
};
void pair_open(struct pair *pair, VIP_RELIABILITY_LEVEL level);
void pair_close(struct pair *pair);

extern const VIP_RELIABILITY_LEVEL levels[3];

/* --- Descriptors -------------------------------------------------------------------------------------------------- */

/* The descriptor of a slot of the arena, made anew: one segment of `octets` at `data` octets into the arena's data. */
VIP_DESCRIPTOR *describe(struct host *host, unsigned slot, unsigned data, uint32_t octets);

/* The same for an RDMA write to memory of another host. */
VIP_DESCRIPTOR *describe_write(struct host *host, unsigned slot, unsigned data, uint32_t octets,
                               const struct host *target, unsigned target_data);

unsigned char *data_of(struct host *host, unsigned data);
void post_send(struct host *host, VIP_VI_HANDLE vi, VIP_DESCRIPTOR *descriptor);
void post_recv(struct host *host, VIP_VI_HANDLE vi, VIP_DESCRIPTOR *descriptor);

/* Waits for a completion, which has to be this descriptor with this status. */
void expect_send(VIP_VI_HANDLE vi, const VIP_DESCRIPTOR *descriptor, uint32_t status);
void expect_recv(VIP_VI_HANDLE vi, const VIP_DESCRIPTOR *descriptor, uint32_t status);

/* The status of a completion that an error bit is in, without the operation. */
void expect_send_error(VIP_VI_HANDLE vi, const VIP_DESCRIPTOR *descriptor, uint32_t bit);
void expect_recv_error(VIP_VI_HANDLE vi, const VIP_DESCRIPTOR *descriptor, uint32_t bit);

int64_t milliseconds(void);
void sleep_milliseconds(long time);
void sleep_microseconds(long time);

#endif
