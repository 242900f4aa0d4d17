/* A VIPL library that does next to nothing: its NICs open, tell what they are, and close. DEGENERATE in the environment says
 * how it answers everything else. No such library may come out as conformant, whatever it answers.
 *
 *     agrees         every call succeeds, and nothing else happens; handles are made up
 *     refuses        VIP_ERROR_RESOURCE
 *     misunderstands VIP_INVALID_PARAMETER
 *     lacks          VIP_ERROR_NOT_SUPPORTED, as Giganet's header has it
 *     completes      agrees, and whatever is posted is complete at once and can be taken, though no octet was moved
 *     never          agrees, but nothing ever completes or comes: Done has nothing, and waits are over at once
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <vipl.h>

typedef enum way { AGREES, REFUSES, MISUNDERSTANDS, LACKS, COMPLETES, NEVER, WAY_COUNT } way;

static const char *const ways[WAY_COUNT] = {"agrees", "refuses", "misunderstands", "lacks", "completes", "never"};

static way chosen(void) {
  const char *name = getenv("DEGENERATE");
  for (int each = 0; name && each < WAY_COUNT; each++) {
    if (strcmp(name, ways[each]) == 0) return (way)each;
  }
  fprintf(stderr, "DEGENERATE is %s, and there is no such way\n", name ? name : "not set");
  abort();
}

static VIP_RETURN answer(void) {
  switch (chosen()) {
    case REFUSES:
      return VIP_ERROR_RESOURCE;
    case MISUNDERSTANDS:
      return VIP_INVALID_PARAMETER;
    case LACKS:
      return (VIP_RETURN)16;
    default:
      return VIP_SUCCESS;
  }
}

/* The answer of a call that tells something: what it does not tell is zero. */
static VIP_RETURN tell(void *told, size_t octets) {
  VIP_RETURN code = answer();
  if (told && code == VIP_SUCCESS) memset(told, 0, octets);
  return code;
}

/* The answer of a call that makes something: a handle that no other has. */
static VIP_RETURN make(void **handle, size_t octets) {
  VIP_RETURN code = answer();
  if (handle && code == VIP_SUCCESS) *handle = calloc(1, octets);
  return code;
}

/* The answer of a call that asks, or waits, for what comes. */
static VIP_RETURN look(VIP_RETURN without) { return chosen() == NEVER ? without : answer(); }

/* --- NICs --- */

enum { NICS = 16 };
static VIP_UINT8 address[NICS][6];
static int nodes[NICS];
static const int *opened[NICS];

VIP_RETURN VipOpenNic(const VIP_CHAR *name, VIP_NIC_HANDLE *nic) {
  unsigned node;
  if (!name || sscanf(name, "/dev/via_lo%u", &node) != 1 || node >= NICS) return VIP_INVALID_PARAMETER;
  for (int place = 0; place < NICS; place++) {
    if (opened[place]) continue;
    nodes[place] = (int)node;
    opened[place] = &nodes[place];
    *nic = &nodes[place];
    return VIP_SUCCESS;
  }
  return VIP_ERROR_RESOURCE;
}

/* Its place; -1 for a handle that is none. */
static int place_of(const void *nic) {
  int place = NICS - 1;
  while (place >= 0 && (!nic || opened[place] != nic)) place--;
  return place;
}

VIP_RETURN VipCloseNic(VIP_NIC_HANDLE nic) {
  int place = place_of(nic);
  if (place < 0) return VIP_INVALID_PARAMETER;
  opened[place] = NULL;
  return VIP_SUCCESS;
}

VIP_RETURN VipQueryNic(VIP_NIC_HANDLE nic, VIP_NIC_ATTRIBUTES *told) {
  int place = place_of(nic);
  if (place < 0 || !told) return VIP_INVALID_PARAMETER;
  address[place][5] = (VIP_UINT8)(nodes[place] + 1);
  *told = (VIP_NIC_ATTRIBUTES){
      .Name = "degenerate",
      .NicAddressLen = sizeof address[place],
      .LocalNicAddress = address[place],
      .ThreadSafe = VIP_TRUE,
      .MaxDiscriminatorLen = 64,
      .MaxRegisterBytes = 1 << 25,
      .MaxRegisterRegions = 64,
      .MaxRegisterBlockBytes = 1 << 23,
      .MaxVI = 64,
      .MaxDescriptorsPerQueue = 64,
      .MaxSegmentsPerDesc = 252,
      .MaxCQ = 32,
      .MaxCQEntries = 1024,
      .MaxTransferSize = 65536,
      .NativeMTU = 65536,
      .MaxPtags = 32,
      .ReliabilityLevelSupport =
          VIP_SERVICE_UNRELIABLE | VIP_SERVICE_RELIABLE_DELIVERY | VIP_SERVICE_RELIABLE_RECEPTION,
  };
  return VIP_SUCCESS;
}

/* --- Work queues, for who completes what is posted --- */

enum { POSTED_MAX = 1024 };

typedef struct queue {
  VIP_DESCRIPTOR *posted[POSTED_MAX];
  size_t first, next;
} queue;

typedef struct vi {
  queue send, receive;
} vi;

static VIP_RETURN post(queue *to, VIP_DESCRIPTOR *posted, VIP_UINT32 operation) {
  if (chosen() != COMPLETES) return answer();
  posted->CS.Status = VIP_STATUS_DONE | operation;
  to->posted[to->next++ % POSTED_MAX] = posted;
  return VIP_SUCCESS;
}

static VIP_RETURN take(queue *from, VIP_DESCRIPTOR **taken, VIP_RETURN without) {
  if (chosen() != COMPLETES) return look(without);
  if (from->first == from->next) return without;
  *taken = from->posted[from->first++ % POSTED_MAX];
  return VIP_SUCCESS;
}

VIP_RETURN VipPostSend(VIP_VI_HANDLE of, VIP_DESCRIPTOR *posted, VIP_MEM_HANDLE memory) {
  return post(&((vi *)of)->send, posted, VIP_STATUS_OP_SEND);
}
VIP_RETURN VipPostRecv(VIP_VI_HANDLE of, VIP_DESCRIPTOR *posted, VIP_MEM_HANDLE memory) {
  return post(&((vi *)of)->receive, posted, VIP_STATUS_OP_RECEIVE);
}
VIP_RETURN VipSendDone(VIP_VI_HANDLE of, VIP_DESCRIPTOR **taken) {
  return take(&((vi *)of)->send, taken, VIP_NOT_DONE);
}
VIP_RETURN VipRecvDone(VIP_VI_HANDLE of, VIP_DESCRIPTOR **taken) {
  return take(&((vi *)of)->receive, taken, VIP_NOT_DONE);
}
VIP_RETURN VipSendWait(VIP_VI_HANDLE of, VIP_ULONG timeout, VIP_DESCRIPTOR **taken) {
  return take(&((vi *)of)->send, taken, VIP_TIMEOUT);
}
VIP_RETURN VipRecvWait(VIP_VI_HANDLE of, VIP_ULONG timeout, VIP_DESCRIPTOR **taken) {
  return take(&((vi *)of)->receive, taken, VIP_TIMEOUT);
}

/* --- All others --- */

VIP_RETURN VipCreateVi(VIP_NIC_HANDLE nic, VIP_VI_ATTRIBUTES *wanted, VIP_CQ_HANDLE send, VIP_CQ_HANDLE receive,
                       VIP_VI_HANDLE *made) {
  return make(made, sizeof(vi));
}
VIP_RETURN VipDestroyVi(VIP_VI_HANDLE of) { return answer(); }
VIP_RETURN VipQueryVi(VIP_VI_HANDLE of, VIP_VI_STATE *state, VIP_VI_ATTRIBUTES *told, VIP_BOOLEAN *no_send,
                      VIP_BOOLEAN *no_receive) {
  *no_send = *no_receive = VIP_TRUE;
  *state = VIP_STATE_IDLE;
  return tell(told, sizeof *told);
}
VIP_RETURN VipSetViAttributes(VIP_VI_HANDLE of, VIP_VI_ATTRIBUTES *wanted) { return answer(); }
VIP_RETURN VipCreatePtag(VIP_NIC_HANDLE nic, VIP_PROTECTION_HANDLE *made) { return make(made, 1); }
VIP_RETURN VipDestroyPtag(VIP_NIC_HANDLE nic, VIP_PROTECTION_HANDLE ptag) { return answer(); }
VIP_RETURN VipRegisterMem(VIP_NIC_HANDLE nic, VIP_PVOID first, VIP_ULONG octets, VIP_MEM_ATTRIBUTES *wanted,
                          VIP_MEM_HANDLE *made) {
  static VIP_MEM_HANDLE last;
  *made = ++last;
  return answer();
}
VIP_RETURN VipDeregisterMem(VIP_NIC_HANDLE nic, VIP_PVOID first, VIP_MEM_HANDLE memory) { return answer(); }
VIP_RETURN VipQueryMem(VIP_NIC_HANDLE nic, VIP_PVOID first, VIP_MEM_HANDLE memory, VIP_MEM_ATTRIBUTES *told) {
  return tell(told, sizeof *told);
}
VIP_RETURN VipSetMemAttributes(VIP_NIC_HANDLE nic, VIP_PVOID first, VIP_MEM_HANDLE memory, VIP_MEM_ATTRIBUTES *wanted) {
  return answer();
}

VIP_RETURN VipConnectWait(VIP_NIC_HANDLE nic, VIP_NET_ADDRESS *local, VIP_ULONG timeout, VIP_NET_ADDRESS *remote,
                          VIP_VI_ATTRIBUTES *told, VIP_CONN_HANDLE *made) {
  VIP_RETURN code = look(VIP_TIMEOUT);
  if (code == VIP_SUCCESS) tell(told, sizeof *told), tell(remote, sizeof *remote), make(made, 1);
  return code;
}
VIP_RETURN VipConnectAccept(VIP_CONN_HANDLE connection, VIP_VI_HANDLE of) { return answer(); }
VIP_RETURN VipConnectReject(VIP_CONN_HANDLE connection) { return answer(); }
VIP_RETURN VipConnectRequest(VIP_VI_HANDLE of, VIP_NET_ADDRESS *local, VIP_NET_ADDRESS *remote, VIP_ULONG timeout,
                             VIP_VI_ATTRIBUTES *told) {
  VIP_RETURN code = look(VIP_TIMEOUT);
  return code == VIP_SUCCESS ? tell(told, sizeof *told) : code;
}
VIP_RETURN VipDisconnect(VIP_VI_HANDLE of) { return answer(); }
VIP_RETURN VipConnectPeerRequest(VIP_VI_HANDLE of, VIP_NET_ADDRESS *local, VIP_NET_ADDRESS *remote, VIP_ULONG timeout) {
  return answer();
}
VIP_RETURN VipConnectPeerDone(VIP_VI_HANDLE of, VIP_VI_ATTRIBUTES *told) {
  VIP_RETURN code = look(VIP_NOT_DONE);
  return code == VIP_SUCCESS ? tell(told, sizeof *told) : code;
}
VIP_RETURN VipConnectPeerWait(VIP_VI_HANDLE of, VIP_VI_ATTRIBUTES *told) {
  VIP_RETURN code = look(VIP_TIMEOUT);
  return code == VIP_SUCCESS ? tell(told, sizeof *told) : code;
}

typedef void on_completion(VIP_PVOID, VIP_NIC_HANDLE, VIP_VI_HANDLE, VIP_DESCRIPTOR *);
typedef void on_entry(VIP_PVOID, VIP_NIC_HANDLE, VIP_VI_HANDLE, VIP_BOOLEAN);

VIP_RETURN VipSendNotify(VIP_VI_HANDLE of, VIP_PVOID context, on_completion *handler) { return answer(); }
VIP_RETURN VipRecvNotify(VIP_VI_HANDLE of, VIP_PVOID context, on_completion *handler) { return answer(); }
VIP_RETURN VipCreateCQ(VIP_NIC_HANDLE nic, VIP_ULONG entries, VIP_CQ_HANDLE *made) { return make(made, 1); }
VIP_RETURN VipDestroyCQ(VIP_CQ_HANDLE cq) { return answer(); }
VIP_RETURN VipResizeCQ(VIP_CQ_HANDLE cq, VIP_ULONG entries) { return answer(); }
VIP_RETURN VipCQDone(VIP_CQ_HANDLE cq, VIP_VI_HANDLE *of, VIP_BOOLEAN *is_receive) { return look(VIP_NOT_DONE); }
VIP_RETURN VipCQWait(VIP_CQ_HANDLE cq, VIP_ULONG timeout, VIP_VI_HANDLE *of, VIP_BOOLEAN *is_receive) {
  return look(VIP_TIMEOUT);
}
VIP_RETURN VipCQNotify(VIP_CQ_HANDLE cq, VIP_PVOID context, on_entry *handler) { return answer(); }

VIP_RETURN VipNSInit(VIP_NIC_HANDLE nic, VIP_PVOID info) { return answer(); }
VIP_RETURN VipNSGetHostByName(VIP_NIC_HANDLE nic, VIP_CHAR *name, VIP_NET_ADDRESS *told, VIP_ULONG index) {
  return tell(told, sizeof *told);
}
VIP_RETURN VipNSGetHostByAddr(VIP_NIC_HANDLE nic, VIP_NET_ADDRESS *of, VIP_CHAR *name, VIP_ULONG *octets) {
  return tell(name, *octets > 0);
}
VIP_RETURN VipNSShutdown(VIP_NIC_HANDLE nic) { return answer(); }
VIP_RETURN VipQuerySystemManagementInfo(VIP_NIC_HANDLE nic, VIP_ULONG type, VIP_PVOID told) {
  return tell(told, sizeof(VIP_AUTODISCOVERY_LIST));
}
VIP_RETURN VipErrorCallback(VIP_NIC_HANDLE nic, VIP_PVOID context, void (*handler)(VIP_PVOID, VIP_ERROR_DESCRIPTOR *)) {
  return answer();
}
