/* Attributes and addresses, from JSON to the vendor's structures and back. */
#include "values.h"

#include <stdlib.h>
#include <string.h>

#include "devices.h"

/* --- Numbers --- */

int64_t integer_of(unsigned long long value) {
  const unsigned long long most = (1ULL << 53) - 1;
  return (int64_t)(value < most ? value : most);
}

static VIP_BOOLEAN truth_member(const viaduct_value *of, const char *name) {
  return viaduct_truth_of(viaduct_member(of, name), false) ? VIP_TRUE : VIP_FALSE;
}

static bool is_null(const viaduct_value *value) { return !value || value->kind == VIADUCT_NULL; }

/* --- Attributes --- */

VIP_VI_ATTRIBUTES *vi_attributes_asked(call *of, VIP_VI_ATTRIBUTES *storage) {
  const viaduct_value *wanted = asked(of, "attributes");
  if (is_null(wanted)) return NULL;
  *storage = (VIP_VI_ATTRIBUTES){
      .ReliabilityLevel = (VIP_RELIABILITY_LEVEL)viaduct_integer_of(viaduct_member(wanted, "reliabilityLevel"), 0),
      .MaxTransferSize = (VIP_ULONG)viaduct_integer_of(viaduct_member(wanted, "maxTransferSize"), 0),
      .QoS = (VIP_QOS)(uintptr_t)viaduct_integer_of(viaduct_member(wanted, "qos"), 0),
      .Ptag = handle_value(of, viaduct_member(wanted, "ptag"), PTAG),
      .EnableRdmaWrite = truth_member(wanted, "enableRdmaWrite"),
      .EnableRdmaRead = truth_member(wanted, "enableRdmaRead"),
  };
  return storage;
}

VIP_MEM_ATTRIBUTES *memory_attributes_asked(call *of, VIP_MEM_ATTRIBUTES *storage) {
  const viaduct_value *wanted = asked(of, "attributes");
  if (is_null(wanted)) return NULL;
  *storage = (VIP_MEM_ATTRIBUTES){
      .Ptag = handle_value(of, viaduct_member(wanted, "ptag"), PTAG),
      .EnableRdmaWrite = truth_member(wanted, "enableRdmaWrite"),
      .EnableRdmaRead = truth_member(wanted, "enableRdmaRead"),
  };
  return storage;
}

/* Text of the provider's, which may lack its end and hold any octets. */
static void write_plain_text(viaduct_writer *to, const char *member, const char *told, size_t room) {
  char text[65] = {0};
  for (size_t i = 0; i < room && i < 64 && told[i]; i++) text[i] = told[i] >= ' ' && told[i] <= '~' ? told[i] : '?';
  viaduct_write_text(to, member, text);
}

void write_nic_attributes(viaduct_writer *to, const VIP_NIC_ATTRIBUTES *told) {
  const struct {
    const char *name;
    unsigned long long value;
  } numbers[] = {
      {"hardwareVersion", told->HardwareVersion},
      {"providerVersion", told->ProviderVersion},
      {"nicAddressLen", told->NicAddressLen},
      {"maxDiscriminatorLen", told->MaxDiscriminatorLen},
      {"maxRegisterBytes", told->MaxRegisterBytes},
      {"maxRegisterRegions", told->MaxRegisterRegions},
      {"maxRegisterBlockBytes", told->MaxRegisterBlockBytes},
      {"maxVI", told->MaxVI},
      {"maxDescriptorsPerQueue", told->MaxDescriptorsPerQueue},
      {"maxSegmentsPerDesc", told->MaxSegmentsPerDesc},
      {"maxCQ", told->MaxCQ},
      {"maxCQEntries", told->MaxCQEntries},
      {"maxTransferSize", told->MaxTransferSize},
      {"nativeMTU", told->NativeMTU},
      {"maxPtags", told->MaxPtags},
      {"reliabilityLevelSupport", told->ReliabilityLevelSupport},
      {"rdmaReadSupport", told->RDMAReadSupport},
  };
  size_t address_length = told->LocalNicAddress && told->NicAddressLen <= ADDRESS_MAX ? told->NicAddressLen : 0;
  viaduct_write_object(to, "nicAttributes");
  write_plain_text(to, "name", told->Name, sizeof told->Name);
  viaduct_write_digits(to, "localNicAddress", told->LocalNicAddress, address_length);
  viaduct_write_truth(to, "threadSafe", told->ThreadSafe != VIP_FALSE);
  for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++) {
    viaduct_write_integer(to, numbers[i].name, integer_of(numbers[i].value));
  }
  viaduct_end_object(to);
}

/* What the attributes of a VI say without its protection tag, which means something to its own host only. */
static void write_common_attributes(viaduct_writer *to, const VIP_VI_ATTRIBUTES *told) {
  viaduct_write_integer(to, "reliabilityLevel", told->ReliabilityLevel);
  viaduct_write_integer(to, "maxTransferSize", integer_of(told->MaxTransferSize));
  viaduct_write_integer(to, "qos", integer_of((uintptr_t)told->QoS));
  viaduct_write_truth(to, "enableRdmaWrite", told->EnableRdmaWrite != VIP_FALSE);
  viaduct_write_truth(to, "enableRdmaRead", told->EnableRdmaRead != VIP_FALSE);
}

void write_vi_attributes(viaduct_writer *to, host *of, const VIP_VI_ATTRIBUTES *told) {
  viaduct_write_object(to, "viAttributes");
  write_common_attributes(to, told);
  write_handle(to, "ptag", of, PTAG, told->Ptag);
  viaduct_end_object(to);
}

void write_remote_attributes(viaduct_writer *to, const VIP_VI_ATTRIBUTES *told) {
  viaduct_write_object(to, "remoteAttributes");
  write_common_attributes(to, told);
  viaduct_end_object(to);
}

void write_memory_attributes(viaduct_writer *to, host *of, const VIP_MEM_ATTRIBUTES *told) {
  viaduct_write_object(to, "memoryAttributes");
  write_handle(to, "ptag", of, PTAG, told->Ptag);
  viaduct_write_truth(to, "enableRdmaWrite", told->EnableRdmaWrite != VIP_FALSE);
  viaduct_write_truth(to, "enableRdmaRead", told->EnableRdmaRead != VIP_FALSE);
  viaduct_end_object(to);
}

/* --- Addresses --- */

/* Puts octets that stand there as digits, and returns their number. */
static size_t put_octets(uint8_t *to, const char *digits) {
  size_t length = strlen(digits) / 2;
  if (length > 65535) length = 65535;
  for (size_t i = 0; i < length; i++) {
    const char pair[] = {digits[2 * i], digits[2 * i + 1], '\0'};
    to[i] = (uint8_t)strtoul(pair, NULL, 16);
  }
  return length;
}

VIP_NET_ADDRESS *address_asked(call *of, const char *member, net_address *storage) {
  const viaduct_value *wanted = asked(of, member), *at = viaduct_member(wanted, "host");
  VIP_NET_ADDRESS *address = &storage->address;
  if (is_null(wanted)) return NULL;
  VIP_RETURN code;
  const device *named = at && at->kind == VIADUCT_INTEGER ? device_of(at->integer, &code) : NULL;
  size_t length = 0;
  if (named) memcpy(address->HostAddress, named->address, length = named->address_length);
  else if (at && at->kind == VIADUCT_TEXT) length = put_octets(address->HostAddress, at->text);
  else of->is_wrong = true;
  const char *discriminator = viaduct_text_of(viaduct_member(wanted, "discriminator"), "");
  address->HostAddressLen = (VIP_UINT16)length;
  address->DiscriminatorLen = (VIP_UINT16)put_octets(address->HostAddress + length, discriminator);
  return address;
}

VIP_NET_ADDRESS *address_to_fill(const call *of, net_address *storage, bool with_discriminator) {
  VIP_RETURN code;
  const device *own = device_of(of->host->world->node, &code);
  memset(storage, 0, 1024);
  if (!own) return &storage->address;
  storage->address.HostAddressLen = own->attributes.NicAddressLen;
  if (with_discriminator) storage->address.DiscriminatorLen = own->attributes.MaxDiscriminatorLen;
  return &storage->address;
}

void write_address(viaduct_writer *to, const char *member, const host *of, const VIP_NET_ADDRESS *told) {
  const uint8_t *octets = told->HostAddress;
  int64_t node = host_at(octets, told->HostAddressLen, of->world->node, of->world->host_count);
  viaduct_write_object(to, member);
  if (node >= 0) viaduct_write_integer(to, "host", node);
  else viaduct_write_digits(to, "host", octets, told->HostAddressLen);
  viaduct_write_digits(to, "discriminator", octets + told->HostAddressLen, told->DiscriminatorLen);
  viaduct_end_object(to);
}
