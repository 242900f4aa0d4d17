/* Calls on NICs, protection tags and memory. */
#include <string.h>

#include "calls-of-host.h"
#include "devices.h"
#include "handlers.h"
#include "values.h"

/* The device that a name of the harness stands for: `default` is the one that is judged. */
static const char *device_asked(const call *of) {
  const char *name = viaduct_text_of(asked(of, "device"), NULL);
  VIP_RETURN code;
  if (!name || strcmp(name, "default") != 0) return name;
  const device *judged = device_of(of->host->world->node, &code);
  return judged ? judged->name : name;
}

/* Names what a call has made, and answers. */
static void answer_made(call *made, VIP_RETURN code, object_kind kind, const void *handle) {
  if (code == VIP_SUCCESS) bind(made->host, viaduct_text_of(asked(made, "as"), ""), kind, (uintptr_t)handle);
  answer(made, code);
}

void call_VipOpenNic(call *made) {
  VIP_NIC_HANDLE nic = NULL;
  VIP_RETURN code = VipOpenNic(device_asked(made), &nic);
  answer_made(made, code, NIC, nic);
}

void call_VipCloseNic(call *made) {
  VIP_NIC_HANDLE nic = handle_named(made, "nic", NIC);
  if (!refuse_wrong(made)) answer(made, VipCloseNic(nic));
}

void call_VipQueryNic(call *made) {
  VIP_NIC_HANDLE nic = handle_named(made, "nic", NIC);
  VIP_NIC_ATTRIBUTES told;
  if (refuse_wrong(made)) return;
  memset(&told, 0, sizeof told);
  VIP_RETURN code = VipQueryNic(nic, &told);
  viaduct_writer *to = begin_answer(made, code);
  if (code == VIP_SUCCESS) write_nic_attributes(to, &told);
  end_answer(made, to);
}

void call_VipErrorCallback(call *made) {
  VIP_NIC_HANDLE nic = handle_named(made, "nic", NIC);
  if (!refuse_wrong(made)) answer(made, VipErrorCallback(nic, context_asked(made), error_handler_asked(made)));
}

/* --- Protection tags --- */

void call_VipCreatePtag(call *made) {
  VIP_NIC_HANDLE nic = handle_named(made, "nic", NIC);
  VIP_PROTECTION_HANDLE ptag = NULL;
  if (refuse_wrong(made)) return;
  VIP_RETURN code = VipCreatePtag(nic, &ptag);
  answer_made(made, code, PTAG, ptag);
}

void call_VipDestroyPtag(call *made) {
  VIP_NIC_HANDLE nic = handle_named(made, "nic", NIC);
  VIP_PROTECTION_HANDLE ptag = handle_named(made, "ptag", PTAG);
  if (!refuse_wrong(made)) answer(made, VipDestroyPtag(nic, ptag));
}

/* --- Memory --- */

void call_VipRegisterMem(call *made) {
  VIP_NIC_HANDLE nic = handle_named(made, "nic", NIC);
  const viaduct_value *at = asked(made, "at");
  VIP_MEM_ATTRIBUTES storage, *attributes = memory_attributes_asked(made, &storage);
  VIP_MEM_HANDLE memory = 0;
  VIP_PVOID first = place_value(made, at);
  uint64_t address = (uintptr_t)first;
  uint8_t digits[8];
  if (refuse_wrong(made)) return;
  VIP_ULONG bytes = (VIP_ULONG)viaduct_integer_of(viaduct_member(at, "bytes"), 0);
  VIP_RETURN code = VipRegisterMem(nic, first, bytes, attributes, &memory);
  if (code == VIP_SUCCESS) bind(made->host, viaduct_text_of(asked(made, "as"), ""), MEMORY, memory);
  viaduct_writer *to = begin_answer(made, code);
  if (code == VIP_SUCCESS) {
    for (size_t i = 0; i < 8; i++) digits[i] = (uint8_t)(address >> (56 - 8 * i));
    viaduct_write_object(to, "region");
    viaduct_write_digits(to, "address", digits, sizeof digits);
    viaduct_write_integer(to, "handle", memory);
    viaduct_end_object(to);
  }
  end_answer(made, to);
}

/* A region as the calls name it that come after registering. */
typedef struct region {
  VIP_NIC_HANDLE nic;
  VIP_PVOID address;
  VIP_MEM_HANDLE memory;
} region;

static region region_asked(call *of) {
  return (region){
      .nic = handle_named(of, "nic", NIC),
      .address = place_value(of, asked(of, "at")),
      .memory = memory_value(of, asked(of, "memory")),
  };
}

void call_VipDeregisterMem(call *made) {
  region of = region_asked(made);
  if (!refuse_wrong(made)) answer(made, VipDeregisterMem(of.nic, of.address, of.memory));
}

void call_VipQueryMem(call *made) {
  region of = region_asked(made);
  VIP_MEM_ATTRIBUTES told;
  if (refuse_wrong(made)) return;
  memset(&told, 0, sizeof told);
  VIP_RETURN code = VipQueryMem(of.nic, of.address, of.memory, &told);
  viaduct_writer *to = begin_answer(made, code);
  if (code == VIP_SUCCESS) write_memory_attributes(to, made->host, &told);
  end_answer(made, to);
}

void call_VipSetMemAttributes(call *made) {
  region of = region_asked(made);
  VIP_MEM_ATTRIBUTES storage, *attributes = memory_attributes_asked(made, &storage);
  if (!refuse_wrong(made)) answer(made, VipSetMemAttributes(of.nic, of.address, of.memory, attributes));
}
