/* Connections of clients and servers, of peers, and their end. */
#include <string.h>

#include "check.h"

static void client_and_server_learn_of_each_other(void) {
  struct host client, server_host;
  host_open(&client, 0);
  host_open(&server_host, 1);
  VIP_VI_ATTRIBUTES wanted = attributes_of(&server_host, VIP_SERVICE_RELIABLE_DELIVERY), remote;
  wanted.EnableRdmaWrite = VIP_FALSE;
  VIP_VI_HANDLE client_vi = make_vi(&client, VIP_SERVICE_RELIABLE_DELIVERY, NULL, NULL), server_vi;
  OK(VipCreateVi(server_host.nic, &wanted, NULL, NULL, &server_vi));
  struct server server = {.host = &server_host, .vi = server_vi, .discriminator = "here"};
  server_start(&server);
  OK(request(&client, client_vi, &server_host, "here", LONG, &remote));
  server_join(&server);
  OK(server.answered);
  CHECK(remote.MaxTransferSize == 32768 && remote.EnableRdmaWrite == VIP_FALSE);
  CHECK(server.client.ReliabilityLevel == VIP_SERVICE_RELIABLE_DELIVERY && server.client.EnableRdmaWrite == VIP_TRUE);
  union room expected;
  address_of(&expected, &client, "client");
  CHECK(memcmp(&expected, &server.client_address, 4 + 6 + 6) == 0);
  CHECK(state_of(client_vi) == VIP_STATE_CONNECTED && state_of(server_vi) == VIP_STATE_CONNECTED);
  CHECK(VipDestroyVi(client_vi) == VIP_INVALID_STATE);
  CHECK(VipSetViAttributes(client_vi, &wanted) == VIP_INVALID_STATE);
  end_vi(client_vi);
  wait_for_state(server_vi, VIP_STATE_ERROR);
  VIP_ERROR_DESCRIPTOR error = host_error(&server_host);
  CHECK(error.ErrorCode == VIP_ERROR_CONN_LOST && error.ViHandle == server_vi &&
        error.ResourceCode == VIP_RESOURCE_VI);
  end_vi(server_vi);
  host_close(&client);
  host_close(&server_host);
}

static void nobody_waits_and_nothing_answers(void) {
  struct host client, gone;
  union room local, remote;
  VIP_VI_ATTRIBUTES attributes;
  host_open(&client, 0);
  host_open(&gone, 1);
  VIP_VI_HANDLE vi = make_vi(&client, VIP_SERVICE_UNRELIABLE, NULL, NULL);
  address_of(&local, &client, "a");
  address_of(&remote, &gone, "b");
  CHECK(VipConnectRequest(vi, &local.address, &remote.address, LONG, &attributes) == VIP_NO_MATCH);
  CHECK(VipConnectRequest(vi, &local.address, &remote.address, 0, &attributes) == VIP_INVALID_PARAMETER);
  CHECK(VipConnectRequest(vi, NULL, &remote.address, 1, &attributes) == VIP_INVALID_PARAMETER);
  remote.address.DiscriminatorLen = 65;
  CHECK(VipConnectRequest(vi, &local.address, &remote.address, 1, &attributes) == VIP_INVALID_PARAMETER);
  remote.address.DiscriminatorLen = 1;
  host_close(&gone);
  VIP_RETURN answer = VipConnectRequest(vi, &local.address, &remote.address, 20, &attributes);
  CHECK(answer == VIP_TIMEOUT || answer == 15);
  CHECK(state_of(vi) == VIP_STATE_IDLE);
  end_vi(vi);
  host_close(&client);
}

static void a_server_waits_as_long_as_it_says(void) {
  struct host host;
  union room local, remote;
  VIP_VI_ATTRIBUTES attributes;
  VIP_CONN_HANDLE connection;
  host_open(&host, 0);
  address_of(&local, &host, "a");
  CHECK(VipConnectWait(host.nic, &local.address, 0, &remote.address, &attributes, &connection) == VIP_TIMEOUT);
  int64_t start = milliseconds();
  CHECK(VipConnectWait(host.nic, &local.address, 30, &remote.address, &attributes, &connection) == VIP_TIMEOUT);
  CHECK(milliseconds() - start >= 29);
  CHECK(VipConnectWait(host.nic, NULL, 1, &remote.address, &attributes, &connection) == VIP_INVALID_PARAMETER);
  host_close(&host);
}

static void a_server_rejects(void) {
  struct host client, server_host;
  host_open(&client, 0);
  host_open(&server_host, 1);
  VIP_VI_HANDLE vi = make_vi(&client, VIP_SERVICE_UNRELIABLE, NULL, NULL);
  VIP_DESCRIPTOR *receive = describe(&client, 0, 0, SIZE), *out;
  post_recv(&client, vi, receive);
  struct server server = {.host = &server_host, .discriminator = "no"};
  server_start(&server);
  CHECK(request(&client, vi, &server_host, "no", LONG, NULL) == VIP_REJECT);
  server_join(&server);
  OK(server.answered);
  CHECK(state_of(vi) == VIP_STATE_IDLE && VipRecvDone(vi, &out) == VIP_NOT_DONE);
  end_vi(vi);
  host_close(&client);
  host_close(&server_host);
}

/* A server that has a request, in the thread of the caller; the client is in a thread. */
struct asking {
  struct host *host;
  VIP_VI_HANDLE vi;
  const struct host *server;
  VIP_ULONG timeout;
  VIP_RETURN answer;
  pthread_t thread;
};

static void *ask(void *about) {
  struct asking *asking = about;
  asking->answer = request(asking->host, asking->vi, asking->server, "busy", asking->timeout, NULL);
  return NULL;
}

static VIP_CONN_HANDLE take_request(struct asking *asking, struct host *server) {
  union room local, remote;
  VIP_VI_ATTRIBUTES attributes;
  VIP_CONN_HANDLE connection = NULL;
  asking->server = server;
  CHECK(pthread_create(&asking->thread, NULL, ask, asking) == 0);
  OK(VipConnectWait(server->nic, address_of(&local, server, "busy"), LONG, &remote.address, &attributes, &connection));
  return connection;
}

static void an_accept_that_does_not_match_leaves_all_as_it_was(void) {
  struct host client, server;
  host_open(&client, 0);
  host_open(&server, 1);
  struct asking asking = {.host = &client, .vi = make_vi(&client, VIP_SERVICE_RELIABLE_DELIVERY, NULL, NULL)};
  asking.timeout = LONG;
  VIP_VI_HANDLE vi = make_vi(&server, VIP_SERVICE_UNRELIABLE, NULL, NULL);
  VIP_CONN_HANDLE connection = take_request(&asking, &server);
  CHECK(state_of(asking.vi) == VIP_STATE_CONNECT_PENDING);
  CHECK(VipConnectAccept(connection, asking.vi) == VIP_INVALID_PARAMETER);
  CHECK(VipConnectAccept(connection, vi) == VIP_INVALID_RELIABILITY_LEVEL);
  VIP_VI_ATTRIBUTES attributes = attributes_of(&server, VIP_SERVICE_RELIABLE_DELIVERY);
  attributes.MaxTransferSize = 1;
  OK(VipSetViAttributes(vi, &attributes));
  CHECK(VipConnectAccept(connection, vi) == VIP_INVALID_MTU && state_of(vi) == VIP_STATE_IDLE);
  attributes.MaxTransferSize = 32768;
  OK(VipSetViAttributes(vi, &attributes));
  OK(VipConnectAccept(connection, vi));
  CHECK(VipConnectAccept(connection, vi) == VIP_INVALID_PARAMETER);
  CHECK(pthread_join(asking.thread, NULL) == 0);
  OK(asking.answer);
  end_vi(asking.vi);
  end_vi(vi);
  host_close(&client);
  host_close(&server);
}

static void a_request_that_is_not_answered_times_out(void) {
  struct host client, server;
  host_open(&client, 0);
  host_open(&server, 1);
  struct asking asking = {.host = &client, .vi = make_vi(&client, VIP_SERVICE_UNRELIABLE, NULL, NULL), .timeout = 300};
  VIP_VI_HANDLE vi = make_vi(&server, VIP_SERVICE_UNRELIABLE, NULL, NULL);
  VIP_CONN_HANDLE connection = take_request(&asking, &server);
  CHECK(pthread_join(asking.thread, NULL) == 0);
  CHECK(asking.answer == VIP_TIMEOUT && state_of(asking.vi) == VIP_STATE_IDLE);
  CHECK(VipConnectAccept(connection, vi) == VIP_TIMEOUT);
  CHECK(VipConnectReject(connection) == VIP_INVALID_PARAMETER);
  end_vi(asking.vi);
  end_vi(vi);
  host_close(&client);
  host_close(&server);
}

static void disconnecting_cancels_a_request(void) {
  struct host client, server;
  host_open(&client, 0);
  host_open(&server, 1);
  struct asking asking = {.host = &client, .vi = make_vi(&client, VIP_SERVICE_UNRELIABLE, NULL, NULL)};
  asking.timeout = VIP_INFINITE;
  VIP_CONN_HANDLE connection = take_request(&asking, &server);
  VIP_DESCRIPTOR *receive = describe(&client, 0, 0, SIZE);
  post_recv(&client, asking.vi, receive);
  OK(VipDisconnect(asking.vi));
  CHECK(pthread_join(asking.thread, NULL) == 0);
  CHECK(asking.answer == VIP_TIMEOUT && state_of(asking.vi) == VIP_STATE_IDLE);
  expect_recv_error(asking.vi, receive, VIP_STATUS_DESC_FLUSHED_ERROR);
  OK(VipConnectReject(connection));
  end_vi(asking.vi);
  host_close(&client);
  host_close(&server);
}

static void a_vi_connects_again(void) {
  struct pair pair;
  pair_open(&pair, VIP_SERVICE_RELIABLE_DELIVERY);
  for (int round = 0; round < 20; round++) {
    OK(VipDisconnect(pair.left_vi));
    wait_for_state(pair.right_vi, VIP_STATE_ERROR);
    CHECK(host_error(&pair.right).ErrorCode == VIP_ERROR_CONN_LOST);
    OK(VipDisconnect(pair.right_vi));
    VIP_DESCRIPTOR *receive = describe(&pair.right, 0, 0, SIZE), *send = describe(&pair.left, 0, 0, SIZE);
    post_recv(&pair.right, pair.right_vi, receive);
    connect_vis(&pair.left, pair.left_vi, &pair.right, pair.right_vi);
    post_send(&pair.left, pair.left_vi, send);
    expect_send(pair.left_vi, send, VIP_STATUS_OP_SEND);
    expect_recv(pair.right_vi, receive, VIP_STATUS_OP_RECEIVE);
  }
  CHECK(host_has_no_error(&pair.left));
  pair_close(&pair);
}

static void disconnecting_flushes_in_order(void) {
  struct pair pair;
  pair_open(&pair, VIP_SERVICE_UNRELIABLE);
  VIP_DESCRIPTOR *done = describe(&pair.right, 0, 0, SIZE), *second = describe(&pair.right, 1, SIZE, SIZE);
  VIP_DESCRIPTOR *third = describe(&pair.right, 2, 2 * SIZE, SIZE), *send = describe(&pair.left, 0, 0, 1), *out;
  post_recv(&pair.right, pair.right_vi, done);
  post_recv(&pair.right, pair.right_vi, second);
  post_recv(&pair.right, pair.right_vi, third);
  post_send(&pair.left, pair.left_vi, send);
  int64_t end = milliseconds() + LONG;
  while (!(__atomic_load_n(&done->CS.Status, __ATOMIC_ACQUIRE) & VIP_STATUS_DONE) && milliseconds() < end)
    sleep_milliseconds(1);
  OK(VipDisconnect(pair.right_vi));
  CHECK(state_of(pair.right_vi) == VIP_STATE_IDLE);
  CHECK(VipDestroyVi(pair.right_vi) == VIP_ERROR_RESOURCE);
  OK(VipRecvDone(pair.right_vi, &out));
  CHECK(out == done);
  CHECK(VipRecvDone(pair.right_vi, &out) == VIP_DESCRIPTOR_ERROR && out == second);
  CHECK((second->CS.Status & VIP_STATUS_ERROR_MASK) == VIP_STATUS_DESC_FLUSHED_ERROR);
  CHECK(VipRecvDone(pair.right_vi, &out) == VIP_DESCRIPTOR_ERROR && out == third);
  CHECK(VipRecvDone(pair.right_vi, &out) == VIP_DESCRIPTOR_ERROR && out == NULL);
  pair_close(&pair);
}

/* --- Peers -------------------------------------------------------------------------------------------------------- */

static VIP_RETURN peer(struct host *host, VIP_VI_HANDLE vi, const char *own, const struct host *other,
                       const char *theirs, VIP_ULONG timeout) {
  union room local, remote;
  return VipConnectPeerRequest(vi, address_of(&local, host, own), address_of(&remote, other, theirs), timeout);
}

static void peers_find_each_other(void) {
  struct host left, right;
  host_open(&left, 0);
  host_open(&right, 1);
  VIP_VI_HANDLE one = make_vi(&left, VIP_SERVICE_UNRELIABLE, NULL, NULL);
  VIP_VI_HANDLE other = make_vi(&right, VIP_SERVICE_UNRELIABLE, NULL, NULL);
  VIP_VI_HANDLE third = make_vi(&right, VIP_SERVICE_UNRELIABLE, NULL, NULL);
  VIP_VI_ATTRIBUTES remote = {.ReliabilityLevel = 0};
  CHECK(VipConnectPeerDone(one, &remote) == VIP_INVALID_STATE);
  OK(peer(&left, one, "a", &right, "b", LONG));
  CHECK(peer(&left, one, "a", &right, "b", LONG) == VIP_INVALID_STATE);
  CHECK(state_of(one) == VIP_STATE_CONNECT_PENDING && VipConnectPeerDone(one, &remote) == VIP_NOT_DONE);
  union room local, wanted;
  CHECK(VipConnectRequest(third, address_of(&local, &right, "b"), address_of(&wanted, &left, "a"), 10, NULL) ==
        VIP_NO_MATCH);
  OK(peer(&right, third, "c", &left, "a", 20));
  CHECK(VipConnectPeerDone(one, &remote) == VIP_NOT_DONE);
  OK(peer(&right, other, "b", &left, "a", LONG));
  OK(VipConnectPeerWait(one, &remote));
  CHECK(remote.ReliabilityLevel == VIP_SERVICE_UNRELIABLE && remote.MaxTransferSize == 32768);
  OK(VipConnectPeerDone(other, NULL));
  CHECK(VipConnectPeerDone(other, NULL) == VIP_INVALID_STATE);
  CHECK(state_of(one) == VIP_STATE_CONNECTED && state_of(other) == VIP_STATE_CONNECTED);
  CHECK(VipConnectPeerWait(third, NULL) == VIP_TIMEOUT && state_of(third) == VIP_STATE_IDLE);
  end_vi(one);
  end_vi(other);
  end_vi(third);
  host_close(&left);
  host_close(&right);
}

static void peers_that_do_not_match_both_fail(void) {
  struct host left, right;
  host_open(&left, 0);
  host_open(&right, 1);
  VIP_VI_HANDLE one = make_vi(&left, VIP_SERVICE_UNRELIABLE, NULL, NULL);
  VIP_VI_HANDLE other = make_vi(&right, VIP_SERVICE_RELIABLE_RECEPTION, NULL, NULL);
  OK(peer(&left, one, "a", &right, "b", LONG));
  OK(peer(&right, other, "b", &left, "a", LONG));
  CHECK(VipConnectPeerWait(one, NULL) == VIP_INVALID_RELIABILITY_LEVEL);
  CHECK(VipConnectPeerWait(other, NULL) == VIP_INVALID_RELIABILITY_LEVEL);
  CHECK(state_of(one) == VIP_STATE_IDLE && state_of(other) == VIP_STATE_IDLE);
  OK(peer(&left, one, "a", &right, "b", LONG));
  OK(VipDisconnect(one));
  CHECK(VipConnectPeerDone(one, NULL) == VIP_INVALID_STATE);
  OK(peer(&right, other, "b", &left, "a", 10));
  CHECK(VipConnectPeerWait(other, NULL) == VIP_TIMEOUT);
  end_vi(one);
  end_vi(other);
  host_close(&left);
  host_close(&right);
}

const struct check connection_checks[] = {
    {"client and server learn of each other", client_and_server_learn_of_each_other},
    {"nobody waits, and nothing answers", nobody_waits_and_nothing_answers},
    {"a server waits as long as it says", a_server_waits_as_long_as_it_says},
    {"a server rejects", a_server_rejects},
    {"an accept that does not match leaves all as it was", an_accept_that_does_not_match_leaves_all_as_it_was},
    {"a request that is not answered times out", a_request_that_is_not_answered_times_out},
    {"disconnecting cancels a request", disconnecting_cancels_a_request},
    {"a VI connects again", a_vi_connects_again},
    {"disconnecting flushes in order", disconnecting_flushes_in_order},
    {"peers find each other", peers_find_each_other},
    {"peers that do not match both fail", peers_that_do_not_match_both_fail},
    {NULL, NULL},
};
