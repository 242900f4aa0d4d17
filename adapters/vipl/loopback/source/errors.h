/* Asynchronous errors. */
#ifndef ERRORS_H
#define ERRORS_H

#include "objects.h"

VIP_RETURN errors_callback(VIP_NIC_HANDLE nic, VIP_PVOID context, error_handler handler);

/* The handler of who has registered none: a line on stderr. */
void errors_log(VIP_PVOID context, VIP_ERROR_DESCRIPTOR *error);

/* Tells the handler of an error of a VI. `operation` is that of the descriptor concerned, as in Control. */
void errors_of_vi(struct vi *vi, VIP_ERROR_CODE code, VIP_ULONG operation);
void errors_of_descriptor(struct vi *vi, VIP_ERROR_CODE code, VIP_DESCRIPTOR *descriptor, VIP_ULONG operation);

#endif
