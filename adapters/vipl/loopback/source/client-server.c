#include "client-server.h"

#include <stdlib.h>

#include "address.h"
#include "engine.h"
#include "family.h"
#include "handles.h"
#include "lock.h"
#include "nodes.h"
#include "peers.h"
#include "vi.h"

/* --- Requests ----------------------------------------------------------------------------------------------------- */

/* Where a request comes to its end while it is pending, its VI is let go. */
static void decide(struct request *request, VIP_RETURN outcome) {
  request->outcome = outcome;
  if (request->listener) request->listener->request = NULL;
  request->listener = NULL;
  request->vi->request = NULL;
  if (outcome != VIP_SUCCESS) request->vi->state = VIP_STATE_IDLE;
  request->vi = NULL;
  progress();
}

static void release(struct request *request) {
  if (!request->caller && !request->handle) free(request);
}

static void end_handle(struct request *request) {
  handle_end((uintptr_t)request->handle);
  request->handle = NULL;
  release(request);
}

void client_server_cancel(struct vi *vi) {
  if (vi->request) decide(vi->request, VIP_TIMEOUT);
}

static void close_one(void *object, void *nic) {
  struct request *request = object;
  if (request->nic == nic) end_handle(request);
}

void client_server_close(struct nic *nic) { handle_each(KIND_CONNECTION, close_one, nic); }

/* --- Clients ------------------------------------------------------------------------------------------------------ */

/* NULL: nobody waits at the address, or all who do have a request already. */
static struct listener *find_listener(struct node *node, const struct address *address) {
  for (struct listener *listener = node->listeners; listener; listener = listener->next)
    if (!listener->request && address_equal(&listener->address, address)) return listener;
  return NULL;
}

static VIP_RETURN ask(struct vi *vi, const struct address *local, struct listener *listener, VIP_ULONG timeout,
                      VIP_VI_ATTRIBUTES *attributes) {
  int64_t deadline = deadline_after(timeout);
  struct request *request = calloc(1, sizeof *request);
  if (!request) return VIP_ERROR_RESOURCE;
  *request = (struct request){.outcome = VIP_NOT_DONE,
                              .vi = vi,
                              .local = *local,
                              .client = vi_attributes_for_peer(vi),
                              .listener = listener,
                              .caller = true};
  vi->request = request;
  vi->state = VIP_STATE_CONNECT_PENDING;
  if (listener) listener->request = request;
  progress();
  while (request->outcome == VIP_NOT_DONE)
    if (!wait_for_progress(deadline)) decide(request, VIP_TIMEOUT);
  VIP_RETURN outcome = request->outcome;
  if (outcome == VIP_SUCCESS && attributes) *attributes = request->server;
  request->caller = false;
  release(request);
  return outcome;
}

VIP_RETURN client_request(VIP_VI_HANDLE handle, const VIP_NET_ADDRESS *local_address,
                          const VIP_NET_ADDRESS *remote_address, VIP_ULONG timeout, VIP_VI_ATTRIBUTES *attributes) {
  struct vi *vi = find_vi(handle);
  struct address local, remote;
  if (!vi || !address_read(local_address, &local) || !address_read(remote_address, &remote) || timeout == 0)
    return VIP_INVALID_PARAMETER;
  peers_expire(vi);
  if (vi->state != VIP_STATE_IDLE) return VIP_INVALID_STATE;
  struct node *node = node_of_address(remote.host);
  if (!node || node->handles == 0) {
    if (family_not_reachable != VIP_TIMEOUT) return family_not_reachable;
    return ask(vi, &local, NULL, timeout, attributes); /* nothing answers */
  }
  struct listener *listener = find_listener(node, &remote);
  return listener ? ask(vi, &local, listener, timeout, attributes) : VIP_NO_MATCH;
}

/* --- Servers ------------------------------------------------------------------------------------------------------ */

static void listen(struct node *node, struct listener *listener) {
  struct listener **end = &node->listeners;
  while (*end) end = &(*end)->next;
  *end = listener;
}

static void unlisten(struct node *node, struct listener *listener) {
  struct listener **at = &node->listeners;
  while (*at != listener) at = &(*at)->next;
  *at = listener->next;
  if (listener->request) listener->request->listener = NULL;
}

static VIP_RETURN hand_out(struct nic *nic, struct request *request, VIP_NET_ADDRESS *remote,
                           VIP_VI_ATTRIBUTES *attributes, VIP_CONN_HANDLE *handle) {
  request->handle = (VIP_CONN_HANDLE)handle_make(KIND_CONNECTION, request);
  if (!request->handle) return VIP_ERROR_RESOURCE;
  request->nic = nic;
  if (remote) address_write(&request->local, remote);
  if (attributes) *attributes = request->client;
  *handle = request->handle;
  return VIP_SUCCESS;
}

VIP_RETURN server_wait(VIP_NIC_HANDLE nic_handle, const VIP_NET_ADDRESS *local, VIP_ULONG timeout,
                       VIP_NET_ADDRESS *remote, VIP_VI_ATTRIBUTES *attributes, VIP_CONN_HANDLE *handle) {
  struct nic *nic = find_nic(nic_handle);
  struct listener listener = {.request = NULL};
  if (!nic || !handle || !address_read(local, &listener.address)) return VIP_INVALID_PARAMETER;
  struct node *node = nic->node;
  if (node_of_address(listener.address.host) != node) return VIP_INVALID_PARAMETER;
  int64_t deadline = deadline_after(timeout);
  listen(node, &listener);
  bool in_time = true;
  while (!listener.request && in_time && find_nic(nic_handle)) in_time = wait_for_progress(deadline);
  unlisten(node, &listener);
  if (!find_nic(nic_handle)) return VIP_INVALID_PARAMETER;
  if (!listener.request) return VIP_TIMEOUT;
  return hand_out(nic, listener.request, remote, attributes, handle);
}

static struct request *find_request(VIP_CONN_HANDLE handle) {
  return handle_find(KIND_CONNECTION, (uintptr_t)handle);
}

VIP_RETURN server_accept(VIP_CONN_HANDLE handle, VIP_VI_HANDLE vi_handle) {
  struct request *request = find_request(handle);
  struct vi *vi = find_vi(vi_handle);
  if (!request || !vi || vi->nic != request->nic) return VIP_INVALID_PARAMETER;
  peers_expire(vi);
  if (vi->state != VIP_STATE_IDLE) return VIP_INVALID_STATE;
  if (request->outcome != VIP_NOT_DONE) { /* the client has gone */
    end_handle(request);
    return VIP_TIMEOUT;
  }
  VIP_RETURN matched = vi_match(&request->client, &vi->attributes);
  if (matched != VIP_SUCCESS) return matched;
  request->server = vi_attributes_for_peer(vi);
  vi_connect(request->vi, vi);
  decide(request, VIP_SUCCESS);
  end_handle(request);
  return VIP_SUCCESS;
}

VIP_RETURN server_reject(VIP_CONN_HANDLE handle) {
  struct request *request = find_request(handle);
  if (!request) return VIP_INVALID_PARAMETER;
  if (request->outcome == VIP_NOT_DONE) decide(request, VIP_REJECT);
  end_handle(request);
  return VIP_SUCCESS;
}
