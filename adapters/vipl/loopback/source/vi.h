/* VIs: making, destroying, attributes, states. */
#ifndef VI_H
#define VI_H

#include "objects.h"

VIP_RETURN vi_create(VIP_NIC_HANDLE nic, const VIP_VI_ATTRIBUTES *attributes, VIP_CQ_HANDLE send_cq,
                     VIP_CQ_HANDLE receive_cq, VIP_VI_HANDLE *handle);
VIP_RETURN vi_destroy(VIP_VI_HANDLE handle);
VIP_RETURN vi_query(VIP_VI_HANDLE handle, VIP_VI_STATE *state, VIP_VI_ATTRIBUTES *attributes, VIP_BOOLEAN *send_empty,
                    VIP_BOOLEAN *receive_empty);
VIP_RETURN vi_set(VIP_VI_HANDLE handle, const VIP_VI_ATTRIBUTES *attributes);
VIP_RETURN vi_disconnect(VIP_VI_HANDLE handle);

/* VIP_SUCCESS, or the code of the first attribute in which two VIs that are to be connected do not match. */
VIP_RETURN vi_match(const VIP_VI_ATTRIBUTES *one, const VIP_VI_ATTRIBUTES *other);

void vi_connect(struct vi *one, struct vi *other);

/* What the other end is told of the attributes of a VI: all but its protection tag, which means nothing there. */
VIP_VI_ATTRIBUTES vi_attributes_for_peer(const struct vi *vi);

#endif
