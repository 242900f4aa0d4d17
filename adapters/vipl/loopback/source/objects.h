/*
 * What the library is made of. Everything here is read and written under the one lock (lock.h), except the octets that
 * an engine moves while it has their regions pinned.
 */
#ifndef OBJECTS_H
#define OBJECTS_H

#include <pthread.h>
#include <stdbool.h>
#include <stdint.h>

#include "limits.h"
#include "vipl.h"

typedef void (*work_handler)(VIP_PVOID, VIP_NIC_HANDLE, VIP_VI_HANDLE, VIP_DESCRIPTOR *);
typedef void (*entry_handler)(VIP_PVOID, VIP_NIC_HANDLE, VIP_VI_HANDLE, VIP_BOOLEAN);
typedef void (*error_handler)(VIP_PVOID, VIP_ERROR_DESCRIPTOR *);

/* An address of VIPL, cut into its parts; `host` has NIC_ADDRESS_LEN octets, and there is no other length here. */
struct address {
  uint8_t host[NIC_ADDRESS_LEN];
  uint16_t discriminator_length;
  uint8_t discriminator[MAX_DISCRIMINATOR_LEN];
};

/* A run of a handler that is due. `vi` and `cq` say whom it concerns, so that it can be forgotten or waited for. */
struct callback {
  struct callback *next;
  enum { CALLBACK_ERROR, CALLBACK_WORK, CALLBACK_ENTRY } kind;
  VIP_VI_HANDLE vi;
  VIP_CQ_HANDLE cq;
  VIP_PVOID context;
  union {
    VIP_ERROR_DESCRIPTOR error; /* its handler is looked up when it runs */
    struct {
      work_handler handler;
      VIP_DESCRIPTOR *descriptor;
    } work;
    struct {
      entry_handler handler;
      VIP_BOOLEAN receives;
    } entry;
  } run;
};

/* A NIC handle. */
struct nic {
  VIP_NIC_HANDLE handle;
  struct node *node;
  unsigned objects; /* tags, regions, VIs and completion queues that belong to it */
  bool names;       /* the name service is started */
  error_handler on_error;
  VIP_PVOID error_context;
  pthread_t dispatcher; /* runs the handlers, one after the other */
  bool stopping;
  struct callback *due;
  struct callback *running;
};

struct tag {
  VIP_PROTECTION_HANDLE handle;
  struct nic *nic;
  unsigned users; /* VIs and regions that have it */
};

struct region {
  VIP_MEM_HANDLE handle;
  struct nic *nic;
  struct tag *tag;
  uintptr_t start;
  uintptr_t length;
  bool rdma_write;
  unsigned pins; /* engines that move octets of it at this moment */
};

struct entry {
  VIP_VI_HANDLE vi;
  bool receives;
};

/* A handler of a Notify call that waits for its completion. */
struct armed {
  struct armed *next;
  VIP_PVOID context;
  union {
    work_handler work;
    entry_handler entry;
  } handler;
};

struct cq {
  VIP_CQ_HANDLE handle;
  struct nic *nic;
  unsigned users; /* work queues associated with it */
  VIP_ULONG capacity;
  struct entry *entries; /* a ring; it grows beyond `capacity` rather than lose a completion */
  size_t room, first, count;
  struct armed *armed;
};

/* A posted descriptor. */
struct work {
  VIP_DESCRIPTOR *descriptor;
  VIP_MEM_HANDLE memory;
  uint64_t next; /* its link as it stood when it was posted */
  VIP_MEM_HANDLE next_memory;
  uint32_t status; /* once complete */
};

/* Counters that only grow: taken <= complete <= posted. Descriptor n is in ring[n % MAX_DESCRIPTORS_PER_QUEUE]. */
struct work_queue {
  struct vi *vi;
  bool receives;
  struct cq *cq;
  uint64_t taken, complete, posted;
  struct work ring[MAX_DESCRIPTORS_PER_QUEUE];
  struct armed *armed;
};

/* A client that asks to be connected. It lives until neither its caller nor a connection handle needs it. */
struct request {
  VIP_RETURN outcome; /* VIP_NOT_DONE until there is one */
  struct vi *vi;      /* of the client, while there is no outcome */
  struct address local;
  VIP_VI_ATTRIBUTES client, server; /* `server` once it is accepted */
  struct listener *listener;        /* that it was handed to and that has not returned yet */
  struct nic *nic;                  /* of the server, once there is a connection handle */
  VIP_CONN_HANDLE handle;
  bool caller;
};

/* A VipConnectWait that is open. */
struct listener {
  struct listener *next;
  struct address address;
  struct request *request;
};

struct peer_request {
  bool untold; /* there is a request whose outcome was not told yet */
  VIP_RETURN outcome;
  uint64_t serial;
  int64_t deadline;
  struct address local, remote;
  VIP_VI_ATTRIBUTES peer;
};

struct vi {
  VIP_VI_HANDLE handle;
  struct nic *nic;
  VIP_VI_STATE state;
  VIP_VI_ATTRIBUTES attributes;
  struct tag *tag;
  struct work_queue send, receive;
  struct request *request; /* while a request of a client is pending */
  struct peer_request peer_request;
  uint64_t connection; /* a number of its own for each connection, the same at both ends */
  VIP_VI_HANDLE peer;
  struct node *peer_node;
  enum { STILL, MOVING_OUT, MOVING_IN } moving; /* what the engine does for it at this moment, without the lock */
  bool leaving;                                 /* a disconnect waits for that to end, and nothing new is begun */
  bool awaiting;                                /* a send of Reliable Reception has gone and is not answered */
  uint32_t awaited_operation;                   /* its operation, as in Status */
};

/* What travels between nodes. */
struct message {
  struct message *next;
  enum {
    MESSAGE_SEND,
    MESSAGE_RDMA_WRITE,
    MESSAGE_ANSWER, /* Reliable Reception: what became of a message */
    MESSAGE_LOST,   /* the other end has left, or has failed */
    MESSAGE_FAILED  /* to the own node: a post of the consumer breaks the connection */
  } kind;
  VIP_VI_HANDLE to;
  uint64_t connection;
  bool has_immediate;
  uint32_t immediate;
  uint32_t errors; /* of an answer: bits for the status of the send, none if it went well */
  uint64_t remote_address;
  VIP_MEM_HANDLE remote_memory;
  uint32_t octets;
  unsigned char data[];
};

/* Octets of a descriptor in memory. */
struct span {
  unsigned char *at;
  uint32_t octets;
  struct region *region;
};

/* What a descriptor asks for, read once. */
struct transfer {
  uint16_t operation;
  bool has_immediate;
  uint32_t immediate;
  uint64_t remote_address;
  VIP_MEM_HANDLE remote_memory;
  uint32_t octets; /* of all spans */
  unsigned count;
  struct span spans[MAX_SEGMENTS_PER_DESC];
};

/* A host: a NIC with its engine. */
struct node {
  unsigned index;
  uint8_t address[NIC_ADDRESS_LEN];
  unsigned handles;            /* NIC handles that are open */
  unsigned tags, regions, cqs; /* in use, of all handles */
  uintptr_t registered;        /* octets */
  struct vi *vis[MAX_VI];
  unsigned turn; /* of the VI whose send is looked at next */
  struct listener *listeners;
  struct message *inbox, **inbox_end;
  struct transfer transfer; /* scratch of the engine */
  pthread_t engine;
  pthread_cond_t work; /* for the engine: a message, a send, or the end */
  bool stopping;
};

#endif
