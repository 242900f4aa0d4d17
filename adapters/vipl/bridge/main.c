/* A VIPL library as an adapter of viaduct: what it declares is what its NIC says of itself and what it exports.
 *
 *     bridge [--nics N] --device NAME [--device NAME ...]     serves on standard input and output
 *     bridge --describe --device NAME ...                     says in lines what there is, for `viaduct bridge`
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "devices.h"
#include "host.h"
#include "values.h"

enum { HANDLES_TRIED = 512, MORE_THAN_TRIED = 1000000 };

/* What the command line says. */
typedef struct words {
  bool describes;
  int64_t nics; /* handles that can be open at the same time */
} words;

static words read_words(int count, char *const word[]) {
  words read = {.nics = MORE_THAN_TRIED};
  for (int i = 1; i < count; i++) {
    bool has_value = i + 1 < count;
    if (strcmp(word[i], "--describe") == 0) read.describes = true;
    else if (strcmp(word[i], "--nics") == 0 && has_value) read.nics = strtoll(word[++i], NULL, 10);
    else if (strcmp(word[i], "--device") == 0 && has_value) add_device(word[++i]);
    else viaduct_fail("%s is no word that this program knows", word[i]);
  }
  return read;
}

static bool has_all(const char *const calls[]) {
  for (size_t i = 0; calls[i]; i++) {
    if (!library_has(calls[i])) return false;
  }
  return true;
}

/* Whether peers can be asked: some libraries have the calls and refuse them all. */
static bool offers_peers(void) {
  static const char *const calls[] = {"VipConnectPeerRequest", "VipConnectPeerDone", "VipConnectPeerWait", NULL};
  return has_all(calls) && VipConnectPeerRequest(NULL, NULL, NULL, 1) != VIP_ERROR_NOT_SUPPORTED;
}

static bool offers_notify(void) {
  static const char *const calls[] = {"VipSendNotify", "VipRecvNotify", "VipCQNotify", NULL};
  return has_all(calls) && VipCQNotify(NULL, NULL, NULL) != VIP_ERROR_NOT_SUPPORTED;
}

enum { OPTION_COUNT = 7, VALUE_COUNT = 13 };

/* What is declared of the library. */
typedef struct declared {
  viaduct_option options[OPTION_COUNT + 1];
  viaduct_limit values[VALUE_COUNT + 1];
  char version[32];
} declared;

static viaduct_limit fixed(const char *key, unsigned long long value) {
  return (viaduct_limit){.key = key, .value = integer_of(value)};
}

static void declare(declared *all, const VIP_NIC_ATTRIBUTES *told, int64_t nics) {
  const viaduct_option options[OPTION_COUNT] = {
      {"via.reliable-delivery", (told->ReliabilityLevelSupport & VIP_SERVICE_RELIABLE_DELIVERY) != 0},
      {"via.reliable-reception", (told->ReliabilityLevelSupport & VIP_SERVICE_RELIABLE_RECEPTION) != 0},
      {"via.rdma-write", true},
      {"via.rdma-read", told->RDMAReadSupport != 0},
      {"via.peer-to-peer", offers_peers()},
      {"via.notify", offers_notify()},
      {"via.thread-safe", told->ThreadSafe != VIP_FALSE},
  };
  const viaduct_limit values[VALUE_COUNT] = {
      fixed("via.max-nics", (unsigned long long)nics),
      fixed("via.max-ptags", told->MaxPtags),
      fixed("via.max-vis", told->MaxVI),
      fixed("via.max-cqs", told->MaxCQ),
      fixed("via.max-cq-entries", told->MaxCQEntries),
      fixed("via.max-descriptors", told->MaxDescriptorsPerQueue),
      fixed("via.max-segments", told->MaxSegmentsPerDesc),
      fixed("via.max-regions", told->MaxRegisterRegions),
      fixed("via.max-region-octets", told->MaxRegisterBlockBytes),
      fixed("via.max-register-octets", told->MaxRegisterBytes),
      fixed("via.max-transfer", told->MaxTransferSize),
      fixed("via.max-discriminator", told->MaxDiscriminatorLen),
      fixed("wire.mtu", told->NativeMTU),
  };
  memcpy(all->options, options, sizeof options);
  memcpy(all->values, values, sizeof values);
  snprintf(all->version, sizeof all->version, "%lu", (unsigned long)told->ProviderVersion);
}

/* One line for each fact, which `viaduct bridge` reads. */
static void describe(const device *judged, const declared *all) {
  printf("device %s\n", judged->name);
  printf("name %.64s\n", judged->attributes.Name);
  for (size_t i = 0; i < OPTION_COUNT; i++) {
    printf("option %s %s\n", all->options[i].name, all->options[i].offered ? "true" : "false");
  }
  for (size_t i = 0; i < VALUE_COUNT; i++) printf("value %s %lld\n", all->values[i].key, (long long)all->values[i].value);
#define CALL(name, ...) \
  if (!library_has(#name)) printf("missing %s\n", #name);
#include "calls.h"
#undef CALL
}

/* Without these nothing can be judged, and nothing can be said of a library either. */
static void require_calls(void) {
  static const char *const needed[] = {"VipOpenNic", "VipQueryNic", "VipCloseNic"};
  for (size_t i = 0; i < sizeof needed / sizeof *needed; i++) {
    if (!library_has(needed[i])) viaduct_fail("the library does not export %s", needed[i]);
  }
}

int main(int count, char *word[]) {
  static declared all;
  words read = read_words(count, word);
  VIP_RETURN code;
  require_calls();
  const device *judged = device_of(0, &code);
  if (!judged) viaduct_fail("the device cannot be opened: VipOpenNic answers %s (%d)", code_name(code), (int)code);
  if (read.describes) {
    read.nics = count_handles(HANDLES_TRIED);
    if (read.nics == HANDLES_TRIED) read.nics = MORE_THAN_TRIED;
  }
  declare(&all, &judged->attributes, read.nics);
  if (read.describes) {
    describe(judged, &all);
    return EXIT_SUCCESS;
  }
  const viaduct_adapter adapter = {
      .name = judged->attributes.Name[0] ? judged->attributes.Name : "VIPL library",
      .version = all.version,
      .vendor = "behind VIPL",
      .interfaces = VIADUCT_VIA,
      .clock = VIADUCT_REAL,
      .wire = VIADUCT_HIDDEN_WIRE,
      .options = all.options,
      .values = all.values,
      .open = open_host,
      .close = close_host,
      .via = call_library,
      .guard_pages = true,
      .fresh_process = true,
  };
  return viaduct_serve(&adapter);
}
