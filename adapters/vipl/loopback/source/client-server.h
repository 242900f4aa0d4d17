/* Connections of clients and servers. */
#ifndef CLIENT_SERVER_H
#define CLIENT_SERVER_H

#include "objects.h"

VIP_RETURN client_request(VIP_VI_HANDLE vi, const VIP_NET_ADDRESS *local, const VIP_NET_ADDRESS *remote,
                          VIP_ULONG timeout, VIP_VI_ATTRIBUTES *attributes);
VIP_RETURN server_wait(VIP_NIC_HANDLE nic, const VIP_NET_ADDRESS *local, VIP_ULONG timeout, VIP_NET_ADDRESS *remote,
                       VIP_VI_ATTRIBUTES *attributes, VIP_CONN_HANDLE *handle);
VIP_RETURN server_accept(VIP_CONN_HANDLE handle, VIP_VI_HANDLE vi);
VIP_RETURN server_reject(VIP_CONN_HANDLE handle);

/* A pending request of this VI ends, with VIP_TIMEOUT. */
void client_server_cancel(struct vi *vi);

/* Connection handles of this NIC handle end; their clients hear nothing. */
void client_server_close(struct nic *nic);

#endif
