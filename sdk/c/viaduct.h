/* The adapter SDK for C: it speaks the adapter protocol, and the adapter fills in what happens.
 *
 * An adapter is a program that makes an implementation of EMP or VIA speak to viaduct. It describes itself in one
 * `viaduct_adapter` and hands that to `viaduct_serve`:
 *
 *     static const viaduct_adapter adapter = { .name = "my NIC", ..., .open = open_nic, .emp = call_nic, ... };
 *     int main(void) { return viaduct_serve(&adapter); }
 *
 * The SDK reads requests, owns the memory that the harness asks for, and calls the functions of the adapter; these
 * answer through the functions below. Where a comment says "until the call ends", keep a copy and not the pointer.
 *
 * Needs: C11, libc, pthreads. Compile viaduct.c beside the adapter, with -pthread.
 */
#ifndef VIADUCT_H
#define VIADUCT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* --- Names and values --------------------------------------------------------------------------------------------- */

/* One host of the world that this process is. Made by the SDK; every output names the endpoint that it comes from. */
typedef struct viaduct_endpoint viaduct_endpoint;

/* A name that the harness gave to a request or a handle. There is one `viaduct_name` for each text and endpoint, from
 * its first use until `open` or `reset`, so that names are equal if their pointers are. `means` is the adapter's own:
 * what the name stands for, NULL at first. */
typedef struct viaduct_name {
  const char *text;
  void *means;
} viaduct_name;

/* A range of a buffer, where it really is. `locked` is false if the harness left its pages unlocked for the NIC. */
typedef struct viaduct_piece {
  uint8_t *octets;
  size_t bytes;
  bool locked;
} viaduct_piece;

typedef enum viaduct_kind {
  VIADUCT_NULL,
  VIADUCT_BOOLEAN,
  VIADUCT_INTEGER,
  VIADUCT_NUMBER, /* one that is no integer from -(2^53 - 1) to 2^53 - 1; what it is was not kept */
  VIADUCT_TEXT,
  VIADUCT_ARRAY,
  VIADUCT_OBJECT
} viaduct_kind;

/* A JSON value as it was read. Valid until the call ends. To walk through an array or an object:
 * `for (const viaduct_value *item = list->first; item; item = item->next)`. */
typedef struct viaduct_value viaduct_value;
struct viaduct_value {
  viaduct_kind kind;
  bool truth;                 /* of a boolean */
  int64_t integer;            /* of an integer */
  const char *text;           /* of a text: UTF-8, ended by a zero that `length` does not count */
  size_t length;              /* octets of the text */
  const char *name;           /* as a member of an object, else NULL */
  const viaduct_value *first; /* of an array or object, NULL if it is empty */
  const viaduct_value *next;  /* the next item or member, NULL behind the last */
};

/* The member of `object` with this name; of several the last. NULL if there is none, or `object` is none or NULL. */
const viaduct_value *viaduct_member(const viaduct_value *object, const char *name);

/* What `value` says, or `otherwise` if it is NULL or of another kind. */
const char *viaduct_text_of(const viaduct_value *value, const char *otherwise);
int64_t viaduct_integer_of(const viaduct_value *value, int64_t otherwise);
bool viaduct_truth_of(const viaduct_value *value, bool otherwise);

/* --- What an adapter declares ------------------------------------------------------------------------------------- */

enum { VIADUCT_EMP = 1, VIADUCT_VIA = 2 }; /* interfaces; joined by | */

typedef enum viaduct_clock {
  VIADUCT_VIRTUAL, /* the implementation is told the time */
  VIADUCT_REAL     /* it runs on its own */
} viaduct_clock;

typedef enum viaduct_wire {
  VIADUCT_FRAMES,     /* the harness is the wire */
  VIADUCT_HIDDEN_WIRE /* frames go where the harness does not see them */
} viaduct_wire;

/* An option of spec/pics, and whether the implementation has it. A list of them ends with `{ 0 }`. */
typedef struct viaduct_option {
  const char *name;
  bool offered;
} viaduct_option;

/* A value of spec/pics. The harness can set it from `least` to `most`; where these are equal it is fixed. Durations are
 * in nanoseconds. A list of them ends with `{ 0 }`. */
typedef struct viaduct_limit {
  const char *key;
  int64_t value;
  int64_t least;
  int64_t most;
} viaduct_limit;

/* --- What happens in a world -------------------------------------------------------------------------------------- */

typedef struct viaduct_host {
  int64_t node;
  const char *name;
  uint8_t mac[6];
} viaduct_host;

/* What `open` is told. Valid until `close`. */
typedef struct viaduct_world {
  int interface; /* VIADUCT_EMP or VIADUCT_VIA: what host programs call in it */
  const viaduct_host *hosts;
  size_t host_count;
  int64_t node; /* which of them the endpoint is */
  bool stepped; /* activities go one at a time; nothing that an adapter which uses `viaduct_set_runnable` must know */
  int64_t seed; /* for whatever the implementation wants to vary */
} viaduct_world;

typedef enum viaduct_emp_operation {
  VIADUCT_EMP_ISEND,
  VIADUCT_EMP_IRECV,
  VIADUCT_EMP_TEST,
  VIADUCT_EMP_WAIT,
  VIADUCT_EMP_WAITALL,
  VIADUCT_EMP_CONFIGURE,
  VIADUCT_EMP_COUNTERS,
  VIADUCT_EMP_DESCRIPTOR,
  VIADUCT_EMP_TESTALL,
  VIADUCT_EMP_WAITANY,
  VIADUCT_EMP_CANCEL,
  VIADUCT_EMP_PROBE
} viaduct_emp_operation;

/* As `peer` or `tag` of a receive or a probe: any (option emp.wildcards). Without the option it is for the adapter to
 * refuse as `unsupported`. */
#define VIADUCT_EMP_ANY 65535

/* A call of the EMP interface. Valid until the call ends, but for names. The SDK has answered `invalid` already if a
 * piece is no range of a buffer, and `unsupported` if the option that the call needs is not declared. */
typedef struct viaduct_emp_call {
  int64_t id;     /* goes into the return */
  int64_t thread; /* of the host program; 0 is the main one */
  viaduct_emp_operation operation;
  viaduct_name *request;        /* isend, irecv (`as`), test, wait, cancel, descriptor */
  viaduct_name *const *requests; /* waitall, testall, waitany */
  size_t request_count;
  int64_t peer; /* isend (`to`), irecv and probe (`from`); any integer */
  int64_t tag;  /* isend, irecv, probe; any integer */
  const viaduct_piece *pieces;  /* isend, irecv */
  size_t piece_count;
  int64_t collection; /* configure; any integer */
} viaduct_emp_call;

/* A call of VIPL (`VipOpenNic`), `descriptor.write` or `descriptor.read`. Valid until the call ends. */
typedef struct viaduct_via_call {
  int64_t id;
  int64_t thread;
  const char *operation;
  const viaduct_value *members; /* the whole call; the protocol's schema says which members an operation has */
} viaduct_via_call;

/* The adapter: facts, then functions. `state` is what `open` returned. Functions that are NULL are not called.
 *
 * Virtual clock: all functions are called on one thread, each during a turn but for open, close, reset and freed; what
 * they do stands in the answer to that turn. Real clock: `emp` and `via` are called on a thread for each thread of the
 * host program, in order, and may block; everything else on the thread that called `viaduct_serve`. The implementation
 * must then be as thread-safe as it claims to be to its users. */
typedef struct viaduct_adapter {
  const char *name; /* of the implementation, not of the adapter; likewise version and vendor */
  const char *version;
  const char *vendor;
  int interfaces;
  viaduct_clock clock;
  viaduct_wire wire;
  const char *profile;           /* layout of the frames, such as "emp-1"; NULL if there is none */
  const viaduct_option *options; /* NULL: none */
  const viaduct_limit *values;   /* NULL: none */

  /* A fresh endpoint. Returns the state that all other functions are handed; NULL if it cannot be made. */
  void *(*open)(viaduct_endpoint *endpoint, const viaduct_world *world);
  /* The world has ended. No call is under way, and buffers are gone; names are still there. */
  void (*close)(void *state);
  /* Fresh again, as after `open` with this seed; otherwise like `close`. If it is NULL, and in the real clock, `close`
   * and `open` are called instead. */
  void (*reset)(void *state, int64_t seed);
  /* Real clock: the world ends; calls that block must return. What they return is not sent any more. Calls that do not
   * return within two seconds are left behind, with all that they hold, and `close` is not called. */
  void (*stop)(void *state);

  /* The host program calls. Each call is answered once, now or later, by a `viaduct_return...` with its id. */
  void (*emp)(void *state, const viaduct_emp_call *call);
  void (*via)(void *state, const viaduct_via_call *call);
  /* The link hands over a frame, from the destination MAC to before the FCS. Valid until the call ends. */
  void (*frame)(void *state, const uint8_t *octets, size_t length);
  /* Virtual clock: the deadline has come, or not quite; see `viaduct_wake_at`. */
  void (*wake)(void *state);
  /* Virtual clock: this activity goes. It was set by `viaduct_set_runnable`. */
  void (*run)(void *state, unsigned activity);

  /* Virtual clock: how many worlds can be open at once; 0 is one. With more, a run is several times as fast, since the
   * harness asks of one world while it judges another. All that a world knows must then hang on what `open` returned:
   * nothing in static variables. */
  size_t worlds;
  /* True: buffers lie in pages of their own, between two that nobody may touch. Who reads or writes past the guard zones of
   * a buffer dies of it, and standard error says which buffer was missed. */
  bool guard_pages;
  /* Real clock, Linux: true if the implementation cannot be made fresh from within, as a library that keeps what it was
   * told until the process ends. Then no world is closed: before the next one, the process is replaced by a fresh one of
   * the same program, started with the same words, which goes on where this one was. `main` runs again. */
  bool fresh_process;

  /* A buffer was made, or will be freed: where a driver registers memory and locks it. `allocated` returns false if
   * that cannot be; the call is then `invalid`. `locked` is false if the pages shall not be locked. */
  bool (*allocated)(void *state, void *octets, size_t bytes, bool locked);
  void (*freed)(void *state, void *octets, size_t bytes);
} viaduct_adapter;

/* Serves the adapter on standard input and output until the harness closes or its input ends. Returns the exit status
 * of the program. Everything that the program prints to its standard output goes to standard error meanwhile. */
int viaduct_serve(const viaduct_adapter *adapter);

/* Ends the process with a message on standard error: the adapter itself failed. The case that runs gets `crash`. */
_Noreturn void viaduct_fail(const char *format, ...)
#ifdef __GNUC__
    __attribute__((format(printf, 1, 2)))
#endif
    ;

/* --- What an adapter may ask -------------------------------------------------------------------------------------- */

/* The instant, in nanoseconds. Virtual clock: that of the turn. Real clock: since `viaduct_serve` began. */
int64_t viaduct_now(const viaduct_endpoint *endpoint);

/* The value of `key` in this world: as the harness set it, else as declared. Fails if it is not declared. */
int64_t viaduct_setting(const viaduct_endpoint *endpoint, const char *key);

/* The name with this text, for VIA, whose calls are not read by the SDK. Any thread. */
viaduct_name *viaduct_named(viaduct_endpoint *endpoint, const char *text);

/* Where `range` is, an object with `buffer`, `offset` and `bytes`; without `bytes` it ends with the buffer. False if
 * there is no such buffer or the range lies outside it. Any thread. */
bool viaduct_find_range(viaduct_endpoint *endpoint, const viaduct_value *range, viaduct_piece *found);

/* CRC-32C of the octets, as `memory.digest` tells it. */
uint32_t viaduct_digest(const void *octets, size_t length);

/* --- What an adapter may say -------------------------------------------------------------------------------------- */

/* In the virtual clock these are called during a turn of their endpoint only. In the real clock any thread may call
 * them at any time; what comes from a world that has ended is dropped. */

typedef enum viaduct_status {
  VIADUCT_OK,
  VIADUCT_PENDING,
  VIADUCT_INVALID,
  VIADUCT_UNSUPPORTED,
  VIADUCT_NO_DESCRIPTOR,
  VIADUCT_TOO_MANY_PIECES,
  VIADUCT_NOT_LOCKED
} viaduct_status;

typedef enum viaduct_outcome { VIADUCT_DONE, VIADUCT_TRUNCATED, VIADUCT_FAILED, VIADUCT_CANCELLED } viaduct_outcome;

/* EMP: how a request ended. `bytes` is the length of the whole message, also if it was truncated. */
typedef struct viaduct_completion {
  const viaduct_name *request;
  viaduct_outcome outcome;
  int64_t bytes;
  int64_t peer;
  int64_t tag;
} viaduct_completion;

/* The NIC sends a frame, from the destination MAC to before the FCS. */
void viaduct_send_frame(viaduct_endpoint *endpoint, const uint8_t *octets, size_t length);

/* The call `id` returns, with nothing but a status. */
void viaduct_return(viaduct_endpoint *endpoint, int64_t id, viaduct_status status);

/* EMP: a test, testall, wait or waitall returns `ok` with these completions, in the order asked; a waitany with one. */
void viaduct_return_completions(viaduct_endpoint *endpoint, int64_t id, const viaduct_completion *completions,
                                size_t count);

/* EMP: a probe returns `ok` with the message that it found. One that finds none returns VIADUCT_PENDING. */
void viaduct_return_message(viaduct_endpoint *endpoint, int64_t id, int64_t peer, int64_t tag, int64_t bytes);

/* EMP, option emp.completion-events: a descriptor was handed back to the host. */
void viaduct_emp_completed(viaduct_endpoint *endpoint, const viaduct_completion *completion);

/* Virtual clock: the earliest deadline that is armed, VIADUCT_NEVER for none. It holds until it is set again; after
 * `open` and `reset` there is none. */
#define VIADUCT_NEVER INT64_MAX
void viaduct_wake_at(viaduct_endpoint *endpoint, int64_t instant);

/* Virtual clock: the activities that could go next, as a set in which bit i stands for activity i. It holds until it is
 * set again. When stepped, the harness chooses which one runs. Else the SDK runs the lowest after each input until the
 * set is empty, so that an adapter has one code path for both. An adapter that works everything off inside `emp` and
 * `frame` never calls this. */
void viaduct_set_runnable(viaduct_endpoint *endpoint, uint64_t activities);

/* --- Returns and events with members of their own ----------------------------------------------------------------- */

/* Whatever else a return or an event says is written between begin and end. A return of VIPL:
 *
 *     viaduct_writer *to = viaduct_begin_return(endpoint, call->id, VIADUCT_OK);
 *     viaduct_write_object(to, "vip");
 *     viaduct_write_text(to, "code", "VIP_SUCCESS");
 *     viaduct_end_object(to);
 *     viaduct_end_output(endpoint, to);
 *
 * Between begin and end the thread calls nothing but functions that take the writer. */
typedef struct viaduct_writer viaduct_writer;
viaduct_writer *viaduct_begin_return(viaduct_endpoint *endpoint, int64_t id, viaduct_status status);
viaduct_writer *viaduct_begin_event(viaduct_endpoint *endpoint, const char *event);
void viaduct_end_output(viaduct_endpoint *endpoint, viaduct_writer *to);

/* `name` is that of the member, NULL for an item of an array. Texts are UTF-8; digits are two for each octet. */
void viaduct_write_object(viaduct_writer *to, const char *name);
void viaduct_end_object(viaduct_writer *to);
void viaduct_write_array(viaduct_writer *to, const char *name);
void viaduct_end_array(viaduct_writer *to);
void viaduct_write_text(viaduct_writer *to, const char *name, const char *text);
void viaduct_write_integer(viaduct_writer *to, const char *name, int64_t value);
void viaduct_write_truth(viaduct_writer *to, const char *name, bool truth);
void viaduct_write_null(viaduct_writer *to, const char *name);
void viaduct_write_digits(viaduct_writer *to, const char *name, const void *octets, size_t length);

#ifdef __cplusplus
}
#endif

#endif
