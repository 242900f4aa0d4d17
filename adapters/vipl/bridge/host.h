/* One host of the world: what its names stand for, and the call that it makes at the moment. */
#ifndef HOST_H
#define HOST_H

#include <pthread.h>

#include "library.h"
#include "viaduct.h"

typedef enum object_kind { NIC, VI, CQ, PTAG, CONNECTION, MEMORY } object_kind;

typedef struct object object;         /* a handle with its name */
typedef struct descriptor descriptor; /* a place with the name that was written there last */

typedef struct host {
  viaduct_endpoint *endpoint;
  const viaduct_world *world;
  pthread_mutex_t lock; /* for the two lists, which threads of the provider read too */
  object *objects;      /* the newest first */
  descriptor *descriptors;
} host;

/* A call that is being made. */
typedef struct call {
  host *host;
  const viaduct_via_call *asked;
  bool is_wrong; /* it names what there is not, so that it cannot be made */
} call;

/* The functions of the adapter. */
void *open_host(viaduct_endpoint *endpoint, const viaduct_world *world);
void close_host(void *state);
void call_library(void *state, const viaduct_via_call *asked);

/* --- Handles and names --- */

/* From here on `name` stands for the handle. */
void bind(host *to, const char *name, object_kind kind, uintptr_t handle);

/* The name of a handle; NULL if no call has handed it out. */
const char *name_of(host *from, object_kind kind, uintptr_t handle);

/* The handle that the member of a call names: 0 for NULL. Makes the call wrong if there is none of that name. */
void *handle_named(call *of, const char *member, object_kind kind);

/* The same for a value that may be missing, as a member of attributes. */
void *handle_value(call *of, const viaduct_value *name, object_kind kind);

/* A memory handle, named or as such. */
VIP_MEM_HANDLE memory_value(call *of, const viaduct_value *memory);

/* Writes the name of a handle as a member: null for NULL, `unknown` for one that nobody handed out. */
void write_handle(viaduct_writer *to, const char *member, host *from, object_kind kind, const void *handle);

/* --- Places and descriptors --- */

/* The address of a place in a buffer or as such. Makes the call wrong if there is no such buffer. */
void *place_value(call *of, const viaduct_value *place);

/* The address of the descriptor that a member names: NULL for null. */
VIP_DESCRIPTOR *descriptor_named(call *of, const char *member);

/* descriptor.write and descriptor.read. */
void write_descriptor(call *made);
void read_descriptor(call *made);

/* Stands for a pointer that a call was to write and did not. */
VIP_DESCRIPTOR *descriptor_unset(void);

/* What the harness is told of a descriptor pointer. */
typedef struct seen_descriptor {
  const char *name; /* under which it was written; NULL if nothing was written there, or the pointer is NULL */
  bool is_null;
  uint16_t segment_count; /* its control segment, as it was when it was looked at */
  uint16_t control;
  uint32_t immediate;
  uint32_t length;
  uint32_t status;
} seen_descriptor;

seen_descriptor look_at(host *from, const VIP_DESCRIPTOR *returned);
void write_seen(viaduct_writer *to, const char *member, const seen_descriptor *seen);

/* --- Answers --- */

/* The name that a code has. */
const char *code_name(VIP_RETURN code);

/* Begins the answer of a call that was made, up to its code; end_answer ends it. */
viaduct_writer *begin_answer(call *made, VIP_RETURN code);
void end_answer(call *made, viaduct_writer *to);

/* The answer of a call that hands out nothing but its code. */
void answer(call *made, VIP_RETURN code);

/* True, and answered, if the call cannot be made. */
bool refuse_wrong(call *made);

/* A member of the call. */
const viaduct_value *asked(const call *of, const char *member);
int64_t asked_integer(const call *of, const char *member);

/* Its timeout, for the library. */
VIP_ULONG asked_timeout(const call *of);

#endif
