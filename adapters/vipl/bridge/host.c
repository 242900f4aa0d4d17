/* A host of the world, its handles by name, and the answers to its calls. */
#include "host.h"

#include <stdlib.h>
#include <string.h>

#include "calls-of-host.h"
#include "devices.h"

struct object {
  object *next;
  object_kind kind;
  uintptr_t handle;
  const char *name; /* the SDK's, so that names are equal if their pointers are */
};

void *open_host(viaduct_endpoint *endpoint, const viaduct_world *world) {
  VIP_RETURN code;
  for (size_t i = 0; i < world->host_count; i++) {
    if (device_of(world->hosts[i].node, &code)) continue;
    viaduct_fail("the device of host %lld cannot be opened: %s", (long long)world->hosts[i].node, code_name(code));
  }
  host *self = calloc(1, sizeof *self);
  if (!self) return NULL;
  self->endpoint = endpoint;
  self->world = world;
  pthread_mutex_init(&self->lock, NULL);
  return self;
}

/* Only a world in which nothing was called is closed: see viaduct_adapter.fresh_process. */
void close_host(void *state) { free(state); }

void call_library(void *state, const viaduct_via_call *asked) {
  call made = {.host = state, .asked = asked};
  if (strcmp(asked->operation, "descriptor.write") == 0) write_descriptor(&made);
  else if (strcmp(asked->operation, "descriptor.read") == 0) read_descriptor(&made);
  else if (library_has(asked->operation)) make_call(&made);
  else viaduct_return(made.host->endpoint, asked->id, VIADUCT_UNSUPPORTED);
}

/* --- Handles and names --- */

void bind(host *to, const char *name, object_kind kind, uintptr_t handle) {
  object *bound = calloc(1, sizeof *bound);
  if (!bound) viaduct_fail("no memory for the handle %s", name);
  *bound = (object){.kind = kind, .handle = handle, .name = viaduct_named(to->endpoint, name)->text};
  pthread_mutex_lock(&to->lock);
  bound->next = to->objects;
  to->objects = bound;
  pthread_mutex_unlock(&to->lock);
}

const char *name_of(host *from, object_kind kind, uintptr_t handle) {
  pthread_mutex_lock(&from->lock);
  const object *each = from->objects;
  while (each && (each->kind != kind || each->handle != handle)) each = each->next;
  pthread_mutex_unlock(&from->lock);
  return each ? each->name : NULL;
}

/* False if no object of that kind has the name. */
static bool find_handle(host *from, const char *name, object_kind kind, uintptr_t *handle) {
  const char *known = viaduct_named(from->endpoint, name)->text;
  pthread_mutex_lock(&from->lock);
  const object *each = from->objects;
  while (each && (each->kind != kind || each->name != known)) each = each->next;
  pthread_mutex_unlock(&from->lock);
  if (each) *handle = each->handle;
  return each != NULL;
}

void *handle_value(call *of, const viaduct_value *name, object_kind kind) {
  const char *text = viaduct_text_of(name, NULL);
  uintptr_t handle = 0;
  if (!name || (name->kind != VIADUCT_NULL && !text)) of->is_wrong = true;
  else if (text && !find_handle(of->host, text, kind, &handle)) of->is_wrong = true;
  return (void *)handle;
}

void *handle_named(call *of, const char *member, object_kind kind) {
  return handle_value(of, asked(of, member), kind);
}

VIP_MEM_HANDLE memory_value(call *of, const viaduct_value *memory) {
  if (memory && memory->kind == VIADUCT_INTEGER) return (VIP_MEM_HANDLE)memory->integer;
  return (VIP_MEM_HANDLE)(uintptr_t)handle_value(of, memory, MEMORY);
}

void write_handle(viaduct_writer *to, const char *member, host *from, object_kind kind, const void *handle) {
  const char *name = name_of(from, kind, (uintptr_t)handle);
  if (!handle) viaduct_write_null(to, member);
  else viaduct_write_text(to, member, name ? name : "unknown");
}

/* --- Answers --- */

const char *code_name(VIP_RETURN code) {
  static const struct {
    const char *name;
    VIP_RETURN code;
  } codes[] = {
#define CODE(name) {#name, name}
      CODE(VIP_SUCCESS),
      CODE(VIP_NOT_DONE),
      CODE(VIP_INVALID_PARAMETER),
      CODE(VIP_ERROR_RESOURCE),
      CODE(VIP_TIMEOUT),
      CODE(VIP_REJECT),
      CODE(VIP_INVALID_RELIABILITY_LEVEL),
      CODE(VIP_INVALID_MTU),
      CODE(VIP_INVALID_QOS),
      CODE(VIP_INVALID_PTAG),
      CODE(VIP_INVALID_RDMAREAD),
      CODE(VIP_DESCRIPTOR_ERROR),
      CODE(VIP_INVALID_STATE),
      CODE(VIP_ERROR_NAMESERVICE),
      CODE(VIP_NO_MATCH),
      CODE(VIP_NOT_REACHABLE),
      CODE(VIP_ERROR_NOT_SUPPORTED),
#undef CODE
  };
  for (size_t i = 0; i < sizeof codes / sizeof *codes; i++) {
    if (codes[i].code == code) return codes[i].name;
  }
  return "unknown";
}

viaduct_writer *begin_answer(call *made, VIP_RETURN code) {
  viaduct_writer *to = viaduct_begin_return(made->host->endpoint, made->asked->id, VIADUCT_OK);
  viaduct_write_object(to, "vip");
  viaduct_write_text(to, "code", code_name(code));
  return to;
}

void end_answer(call *made, viaduct_writer *to) {
  viaduct_end_object(to);
  viaduct_end_output(made->host->endpoint, to);
}

void answer(call *made, VIP_RETURN code) { end_answer(made, begin_answer(made, code)); }

bool refuse_wrong(call *made) {
  if (made->is_wrong) viaduct_return(made->host->endpoint, made->asked->id, VIADUCT_INVALID);
  return made->is_wrong;
}

const viaduct_value *asked(const call *of, const char *member) { return viaduct_member(of->asked->members, member); }

int64_t asked_integer(const call *of, const char *member) { return viaduct_integer_of(asked(of, member), 0); }

VIP_ULONG asked_timeout(const call *of) {
  int64_t milliseconds = asked_integer(of, "timeout");
  return milliseconds == 0xFFFFFFFF ? (VIP_ULONG)VIP_INFINITE : (VIP_ULONG)milliseconds;
}
