/* Completion queues. */
#ifndef COMPLETION_QUEUE_H
#define COMPLETION_QUEUE_H

#include "objects.h"

VIP_RETURN cq_create(VIP_NIC_HANDLE nic, VIP_ULONG capacity, VIP_CQ_HANDLE *handle);
VIP_RETURN cq_destroy(VIP_CQ_HANDLE handle);
VIP_RETURN cq_resize(VIP_CQ_HANDLE handle, VIP_ULONG capacity);
VIP_RETURN cq_done(VIP_CQ_HANDLE handle, VIP_VI_HANDLE *vi, VIP_BOOLEAN *receives);
VIP_RETURN cq_wait(VIP_CQ_HANDLE handle, VIP_ULONG timeout, VIP_VI_HANDLE *vi, VIP_BOOLEAN *receives);
VIP_RETURN cq_notify(VIP_CQ_HANDLE handle, VIP_PVOID context, entry_handler handler);

/* A descriptor of this work queue has completed. */
void cq_enter(struct cq *cq, struct vi *vi, bool receives);

/* The entries of a VI that is no more are taken out. */
void cq_purge(struct cq *cq, VIP_VI_HANDLE vi);

#endif
