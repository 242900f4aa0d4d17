/* Calls on VIs, and those that connect them. */
#include <stdlib.h>
#include <string.h>

#include "calls-of-host.h"
#include "values.h"

void call_VipCreateVi(call *made) {
  VIP_NIC_HANDLE nic = handle_named(made, "nic", NIC);
  VIP_CQ_HANDLE send_cq = handle_named(made, "sendCq", CQ), recv_cq = handle_named(made, "recvCq", CQ);
  VIP_VI_ATTRIBUTES storage, *attributes = vi_attributes_asked(made, &storage);
  VIP_VI_HANDLE vi = NULL;
  if (refuse_wrong(made)) return;
  VIP_RETURN code = VipCreateVi(nic, attributes, send_cq, recv_cq, &vi);
  if (code == VIP_SUCCESS) bind(made->host, viaduct_text_of(asked(made, "as"), ""), VI, (uintptr_t)vi);
  answer(made, code);
}

void call_VipDestroyVi(call *made) {
  VIP_VI_HANDLE vi = handle_named(made, "vi", VI);
  if (!refuse_wrong(made)) answer(made, VipDestroyVi(vi));
}

static const char *state_name(VIP_VI_STATE state) {
  switch (state) {
    case VIP_STATE_IDLE:
      return "idle";
    case VIP_STATE_CONNECTED:
      return "connected";
    case VIP_STATE_CONNECT_PENDING:
      return "connect-pending";
    case VIP_STATE_ERROR:
      return "error";
    default:
      return "unknown";
  }
}

void call_VipQueryVi(call *made) {
  VIP_VI_HANDLE vi = handle_named(made, "vi", VI);
  VIP_VI_STATE state = (VIP_VI_STATE)-1;
  VIP_VI_ATTRIBUTES told;
  VIP_BOOLEAN is_send_empty = VIP_FALSE, is_recv_empty = VIP_FALSE;
  if (refuse_wrong(made)) return;
  memset(&told, 0, sizeof told);
  VIP_RETURN code = VipQueryVi(vi, &state, &told, &is_send_empty, &is_recv_empty);
  viaduct_writer *to = begin_answer(made, code);
  if (code == VIP_SUCCESS) {
    viaduct_write_text(to, "state", state_name(state));
    write_vi_attributes(to, made->host, &told);
    viaduct_write_truth(to, "sendQueueEmpty", is_send_empty != VIP_FALSE);
    viaduct_write_truth(to, "recvQueueEmpty", is_recv_empty != VIP_FALSE);
  }
  end_answer(made, to);
}

void call_VipSetViAttributes(call *made) {
  VIP_VI_HANDLE vi = handle_named(made, "vi", VI);
  VIP_VI_ATTRIBUTES storage, *attributes = vi_attributes_asked(made, &storage);
  if (!refuse_wrong(made)) answer(made, VipSetViAttributes(vi, attributes));
}

/* --- Connections --- */

/* Room for the two addresses of a call that connects. */
typedef struct addresses {
  net_address local;
  net_address remote;
} addresses;

static addresses *new_addresses(void) {
  addresses *room = calloc(1, sizeof *room);
  if (!room) viaduct_fail("no memory for addresses");
  return room;
}

void call_VipConnectWait(call *made) {
  VIP_NIC_HANDLE nic = handle_named(made, "nic", NIC);
  addresses *room = new_addresses();
  VIP_NET_ADDRESS *local = address_asked(made, "local", &room->local);
  VIP_NET_ADDRESS *remote = address_to_fill(made, &room->remote, true);
  VIP_VI_ATTRIBUTES told;
  VIP_CONN_HANDLE connection = NULL;
  memset(&told, 0, sizeof told);
  if (!refuse_wrong(made)) {
    VIP_RETURN code = VipConnectWait(nic, local, asked_timeout(made), remote, &told, &connection);
    bool is_made = code == VIP_SUCCESS;
    if (is_made) bind(made->host, viaduct_text_of(asked(made, "as"), ""), CONNECTION, (uintptr_t)connection);
    viaduct_writer *to = begin_answer(made, code);
    if (is_made) write_address(to, "remoteAddress", made->host, remote);
    if (is_made) write_remote_attributes(to, &told);
    end_answer(made, to);
  }
  free(room);
}

void call_VipConnectAccept(call *made) {
  VIP_CONN_HANDLE connection = handle_named(made, "connection", CONNECTION);
  VIP_VI_HANDLE vi = handle_named(made, "vi", VI);
  if (!refuse_wrong(made)) answer(made, VipConnectAccept(connection, vi));
}

void call_VipConnectReject(call *made) {
  VIP_CONN_HANDLE connection = handle_named(made, "connection", CONNECTION);
  if (!refuse_wrong(made)) answer(made, VipConnectReject(connection));
}

/* Answers with the attributes of the other end, if there is one now. */
static void answer_remote(call *made, VIP_RETURN code, const VIP_VI_ATTRIBUTES *told) {
  viaduct_writer *to = begin_answer(made, code);
  if (code == VIP_SUCCESS) write_remote_attributes(to, told);
  end_answer(made, to);
}

void call_VipConnectRequest(call *made) {
  VIP_VI_HANDLE vi = handle_named(made, "vi", VI);
  addresses *room = new_addresses();
  VIP_NET_ADDRESS *local = address_asked(made, "local", &room->local);
  VIP_NET_ADDRESS *remote = address_asked(made, "remote", &room->remote);
  VIP_VI_ATTRIBUTES told;
  memset(&told, 0, sizeof told);
  if (!refuse_wrong(made)) {
    VIP_RETURN code = VipConnectRequest(vi, local, remote, asked_timeout(made), &told);
    answer_remote(made, code, &told);
  }
  free(room);
}

void call_VipDisconnect(call *made) {
  VIP_VI_HANDLE vi = handle_named(made, "vi", VI);
  if (!refuse_wrong(made)) answer(made, VipDisconnect(vi));
}

void call_VipConnectPeerRequest(call *made) {
  VIP_VI_HANDLE vi = handle_named(made, "vi", VI);
  addresses *room = new_addresses();
  VIP_NET_ADDRESS *local = address_asked(made, "local", &room->local);
  VIP_NET_ADDRESS *remote = address_asked(made, "remote", &room->remote);
  if (!refuse_wrong(made)) answer(made, VipConnectPeerRequest(vi, local, remote, asked_timeout(made)));
  free(room);
}

void call_VipConnectPeerDone(call *made) {
  VIP_VI_HANDLE vi = handle_named(made, "vi", VI);
  VIP_VI_ATTRIBUTES told;
  if (refuse_wrong(made)) return;
  memset(&told, 0, sizeof told);
  VIP_RETURN code = VipConnectPeerDone(vi, &told);
  answer_remote(made, code, &told);
}

void call_VipConnectPeerWait(call *made) {
  VIP_VI_HANDLE vi = handle_named(made, "vi", VI);
  VIP_VI_ATTRIBUTES told;
  if (refuse_wrong(made)) return;
  memset(&told, 0, sizeof told);
  VIP_RETURN code = VipConnectPeerWait(vi, &told);
  answer_remote(made, code, &told);
}
