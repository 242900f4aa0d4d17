/* Handlers that the library calls, and the events that they tell. */
#ifndef HANDLERS_H
#define HANDLERS_H

#include "host.h"

typedef void (*error_handler)(VIP_PVOID context, VIP_ERROR_DESCRIPTOR *error);
typedef void (*queue_handler)(VIP_PVOID context, VIP_NIC_HANDLE nic, VIP_VI_HANDLE vi, VIP_DESCRIPTOR *completed);
typedef void (*cq_handler)(VIP_PVOID context, VIP_NIC_HANDLE nic, VIP_VI_HANDLE vi, VIP_BOOLEAN is_receive);

/* A function for each handler that the harness has named: it is known by the function that runs, so that what it is handed as
 * context is seen as it comes. NULL for null. */
error_handler error_handler_asked(call *of);
queue_handler queue_handler_asked(call *of, bool is_receive);
cq_handler cq_handler_asked(call *of);

/* The context of the call. */
VIP_PVOID context_asked(const call *of);

#endif
