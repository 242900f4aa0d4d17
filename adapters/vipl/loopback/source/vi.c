#include "vi.h"

#include <stdlib.h>

#include "callbacks.h"
#include "client-server.h"
#include "completion-queue.h"
#include "engine.h"
#include "handles.h"
#include "lock.h"
#include "memory.h"
#include "mutants.h"
#include "peers.h"
#include "work-queue.h"

static bool is_one_level(VIP_RELIABILITY_LEVEL level) {
  return level == VIP_SERVICE_UNRELIABLE || level == VIP_SERVICE_RELIABLE_DELIVERY ||
         level == VIP_SERVICE_RELIABLE_RECEPTION;
}

/* Whether attributes are such as a VI can have. Quality of service has no meaning yet, so that there is none. */
static VIP_RETURN check(const struct nic *nic, const VIP_VI_ATTRIBUTES *attributes) {
  if (!is_one_level(attributes->ReliabilityLevel)) return VIP_INVALID_RELIABILITY_LEVEL;
  if (attributes->MaxTransferSize == 0 || attributes->MaxTransferSize > MAX_TRANSFER_SIZE) return VIP_INVALID_MTU;
  if (attributes->QoS) return VIP_INVALID_QOS;
  if (!tag_find(nic, attributes->Ptag)) return VIP_INVALID_PTAG;
  return attributes->EnableRdmaRead ? VIP_INVALID_RDMAREAD : VIP_SUCCESS;
}

static void set(struct vi *vi, const VIP_VI_ATTRIBUTES *attributes) {
  if (vi->tag) vi->tag->users--;
  vi->attributes = *attributes;
  vi->tag = tag_find(vi->nic, attributes->Ptag);
  vi->tag->users++;
}

static void associate(struct work_queue *queue, struct vi *vi, bool receives, struct cq *cq) {
  queue->vi = vi;
  queue->receives = receives;
  queue->cq = cq;
  if (cq) cq->users++;
}

static bool is_usable(const struct nic *nic, VIP_CQ_HANDLE cq) {
  return !cq || (find_cq(cq) && find_cq(cq)->nic == nic);
}

/* NULL: the node has as many as it takes. */
static struct vi **free_place(struct node *node) {
  for (unsigned index = 0; index < MAX_VI; index++)
    if (!node->vis[index]) return &node->vis[index];
  return NULL;
}

VIP_RETURN vi_create(VIP_NIC_HANDLE nic_handle, const VIP_VI_ATTRIBUTES *attributes, VIP_CQ_HANDLE send_cq,
                     VIP_CQ_HANDLE receive_cq, VIP_VI_HANDLE *handle) {
  struct nic *nic = find_nic(nic_handle);
  if (!nic || !attributes || !handle || !is_usable(nic, send_cq) || !is_usable(nic, receive_cq))
    return VIP_INVALID_PARAMETER;
  VIP_RETURN checked = check(nic, attributes);
  if (checked != VIP_SUCCESS) return checked;
  struct vi **place = free_place(nic->node);
  struct vi *vi = place ? calloc(1, sizeof *vi) : NULL;
  if (!vi) return VIP_ERROR_RESOURCE;
  vi->handle = (VIP_VI_HANDLE)handle_make(KIND_VI, vi);
  if (!vi->handle) {
    free(vi);
    return VIP_ERROR_RESOURCE;
  }
  vi->nic = nic;
  set(vi, attributes);
  associate(&vi->send, vi, false, find_cq(send_cq));
  associate(&vi->receive, vi, true, find_cq(receive_cq));
  *place = vi;
  nic->objects++;
  *handle = vi->handle;
  return VIP_SUCCESS;
}

static void leave(struct work_queue *queue) {
  queue_disarm(queue);
  if (!queue->cq) return;
  cq_purge(queue->cq, queue->vi->handle);
  queue->cq->users--;
}

static void forget(struct vi *vi) {
  struct node *node = vi->nic->node;
  for (unsigned index = 0; index < MAX_VI; index++)
    if (node->vis[index] == vi) node->vis[index] = NULL;
  vi->tag->users--;
  vi->nic->objects--;
  free(vi);
}

VIP_RETURN vi_destroy(VIP_VI_HANDLE handle) {
  struct vi *vi = find_vi(handle);
  if (!vi) return VIP_INVALID_PARAMETER;
  peers_expire(vi);
  if (vi->state != VIP_STATE_IDLE) return VIP_INVALID_STATE;
  if (!queue_is_empty(&vi->send) || !queue_is_empty(&vi->receive)) return VIP_ERROR_RESOURCE;
  handle_end((uintptr_t)handle);
  leave(&vi->send);
  leave(&vi->receive);
  progress();
  while (vi->moving != STILL) wait_for_progress(no_deadline);
  callbacks_settle_vi(vi->nic, handle);
  forget(vi);
  return VIP_SUCCESS;
}

VIP_RETURN vi_query(VIP_VI_HANDLE handle, VIP_VI_STATE *state, VIP_VI_ATTRIBUTES *attributes, VIP_BOOLEAN *send_empty,
                    VIP_BOOLEAN *receive_empty) {
  struct vi *vi = find_vi(handle);
  if (!vi || !state || !attributes || !send_empty || !receive_empty) return VIP_INVALID_PARAMETER;
  peers_expire(vi);
  *state = vi->state;
  *attributes = vi->attributes;
  *send_empty = queue_is_empty(&vi->send) ? VIP_TRUE : VIP_FALSE;
  *receive_empty = queue_is_empty(&vi->receive) ? VIP_TRUE : VIP_FALSE;
  return VIP_SUCCESS;
}

VIP_RETURN vi_set(VIP_VI_HANDLE handle, const VIP_VI_ATTRIBUTES *attributes) {
  struct vi *vi = find_vi(handle);
  if (!vi || !attributes) return VIP_INVALID_PARAMETER;
  peers_expire(vi);
  if (vi->state != VIP_STATE_IDLE) return VIP_INVALID_STATE;
  VIP_RETURN checked = check(vi->nic, attributes);
  if (checked == VIP_SUCCESS) set(vi, attributes);
  return checked;
}

static bool engine_holds(const struct vi *vi) {
  return vi->moving == MOVING_OUT || (vi->moving == MOVING_IN && !mutant_is(DISCONNECT_LEAVES_ENGINE));
}

/* Once the engine has let go of it: a receive that was flushed is not written into any more. */
static struct vi *find_still(VIP_VI_HANDLE handle) {
  struct vi *vi = find_vi(handle);
  while (vi && engine_holds(vi)) {
    vi->leaving = true;
    wait_for_progress(no_deadline);
    vi = find_vi(handle);
  }
  return vi;
}

VIP_RETURN vi_disconnect(VIP_VI_HANDLE handle) {
  struct vi *vi = find_still(handle);
  if (!vi) return VIP_INVALID_PARAMETER;
  if (vi->state == VIP_STATE_CONNECTED) engine_leave(vi);
  client_server_cancel(vi);
  peers_cancel(vi);
  vi->state = VIP_STATE_IDLE;
  vi->connection = 0;
  vi->leaving = false;
  vi->awaiting = false;
  queue_flush(&vi->send);
  if (!mutant_is(FLUSH_FORGETS_RECEIVES)) queue_flush(&vi->receive);
  progress();
  callbacks_settle_vi(vi->nic, handle);
  return VIP_SUCCESS;
}

VIP_RETURN vi_match(const VIP_VI_ATTRIBUTES *one, const VIP_VI_ATTRIBUTES *other) {
  if (one->ReliabilityLevel != other->ReliabilityLevel) return VIP_INVALID_RELIABILITY_LEVEL;
  if (one->MaxTransferSize != other->MaxTransferSize) return VIP_INVALID_MTU;
  return one->QoS == other->QoS ? VIP_SUCCESS : VIP_INVALID_QOS;
}

static void join(struct vi *vi, const struct vi *peer, uint64_t connection) {
  vi->state = VIP_STATE_CONNECTED;
  vi->connection = connection;
  vi->peer = peer->handle;
  vi->peer_node = peer->nic->node;
}

void vi_connect(struct vi *one, struct vi *other) {
  static uint64_t connections = 0;
  uint64_t connection = ++connections;
  join(one, other, connection);
  join(other, one, connection);
}

VIP_VI_ATTRIBUTES vi_attributes_for_peer(const struct vi *vi) {
  VIP_VI_ATTRIBUTES attributes = vi->attributes;
  attributes.Ptag = NULL;
  return attributes;
}
