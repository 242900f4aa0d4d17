/* Connections of peers. */
#ifndef PEERS_H
#define PEERS_H

#include "objects.h"

VIP_RETURN peer_request(VIP_VI_HANDLE vi, const VIP_NET_ADDRESS *local, const VIP_NET_ADDRESS *remote,
                        VIP_ULONG timeout);
VIP_RETURN peer_done(VIP_VI_HANDLE vi, VIP_VI_ATTRIBUTES *attributes);
VIP_RETURN peer_wait(VIP_VI_HANDLE vi, VIP_VI_ATTRIBUTES *attributes);

/* No clock runs for a request: whoever looks at its VI calls this first, and so nobody sees it later than its time. */
void peers_expire(struct vi *vi);

/* A request of this VI is no more, told or untold. */
void peers_cancel(struct vi *vi);

#endif
