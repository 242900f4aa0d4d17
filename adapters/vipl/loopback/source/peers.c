#include "peers.h"

#include "address.h"
#include "engine.h"
#include "handles.h"
#include "lock.h"
#include "nodes.h"
#include "vi.h"

static bool is_pending(const struct vi *vi) {
  return vi->peer_request.untold && vi->peer_request.outcome == VIP_NOT_DONE;
}

static void decide(struct vi *vi, VIP_RETURN outcome) {
  vi->peer_request.outcome = outcome;
  if (outcome != VIP_SUCCESS) vi->state = VIP_STATE_IDLE;
  progress();
}

void peers_expire(struct vi *vi) {
  if (is_pending(vi) && deadline_over(vi->peer_request.deadline)) decide(vi, VIP_TIMEOUT);
}

void peers_cancel(struct vi *vi) { vi->peer_request.untold = false; }

static bool is_partner(const struct peer_request *one, const struct peer_request *other) {
  return address_equal(&one->remote, &other->local) && address_equal(&one->local, &other->remote);
}

/* The oldest request that is the other half of this one, or NULL. */
static struct vi *find_partner(const struct vi *vi) {
  struct vi *oldest = NULL;
  for (unsigned index = 0; index < MAX_NODES * MAX_VI; index++) {
    struct vi *other = node_at(index / MAX_VI)->vis[index % MAX_VI];
    if (!other || other == vi) continue;
    peers_expire(other);
    if (!is_pending(other) || !is_partner(&vi->peer_request, &other->peer_request)) continue;
    if (!oldest || other->peer_request.serial < oldest->peer_request.serial) oldest = other;
  }
  return oldest;
}

static void pair(struct vi *one, struct vi *other) {
  VIP_RETURN matched = vi_match(&one->attributes, &other->attributes);
  if (matched == VIP_SUCCESS) {
    one->peer_request.peer = vi_attributes_for_peer(other);
    other->peer_request.peer = vi_attributes_for_peer(one);
    vi_connect(one, other);
  }
  decide(one, matched);
  decide(other, matched);
}

VIP_RETURN peer_request(VIP_VI_HANDLE handle, const VIP_NET_ADDRESS *local_address,
                        const VIP_NET_ADDRESS *remote_address, VIP_ULONG timeout) {
  static uint64_t serial = 0;
  struct vi *vi = find_vi(handle);
  struct address local, remote;
  if (!vi || !address_read(local_address, &local) || !address_read(remote_address, &remote))
    return VIP_INVALID_PARAMETER;
  peers_expire(vi);
  if (vi->state != VIP_STATE_IDLE) return VIP_INVALID_STATE;
  vi->peer_request = (struct peer_request){.untold = true,
                                           .outcome = VIP_NOT_DONE,
                                           .serial = ++serial,
                                           .deadline = deadline_after(timeout),
                                           .local = local,
                                           .remote = remote};
  vi->state = VIP_STATE_CONNECT_PENDING;
  struct vi *partner = find_partner(vi);
  if (partner) pair(vi, partner);
  return VIP_SUCCESS;
}

VIP_RETURN peer_done(VIP_VI_HANDLE handle, VIP_VI_ATTRIBUTES *attributes) {
  struct vi *vi = find_vi(handle);
  if (!vi) return VIP_INVALID_PARAMETER;
  peers_expire(vi);
  struct peer_request *request = &vi->peer_request;
  if (!request->untold) return VIP_INVALID_STATE;
  if (request->outcome == VIP_NOT_DONE) return VIP_NOT_DONE;
  request->untold = false;
  if (request->outcome == VIP_SUCCESS && attributes) *attributes = request->peer;
  return request->outcome;
}

VIP_RETURN peer_wait(VIP_VI_HANDLE handle, VIP_VI_ATTRIBUTES *attributes) {
  for (;;) {
    VIP_RETURN done = peer_done(handle, attributes);
    if (done != VIP_NOT_DONE) return done;
    wait_for_progress(find_vi(handle)->peer_request.deadline);
  }
}
