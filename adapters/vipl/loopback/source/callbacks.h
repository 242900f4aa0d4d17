/* Each NIC handle has a thread that runs the consumer's handlers, in the order in which they became due. */
#ifndef CALLBACKS_H
#define CALLBACKS_H

#include "objects.h"

bool callbacks_start(struct nic *nic);

/* What is due is forgotten; a handler that runs is waited for. */
void callbacks_stop(struct nic *nic);

/* Takes a copy. Where there is no memory for it, it is lost with a word on stderr. */
void callbacks_add(struct nic *nic, const struct callback *callback);

/* Whether the caller is a handler of this NIC handle. */
bool callbacks_on_dispatcher(const struct nic *nic);

/* Forgets the errors of a VI that are due, and waits until no handler for it is due or runs, unless one has called. */
void callbacks_settle_vi(struct nic *nic, VIP_VI_HANDLE vi);

/* Forgets what is due for a completion queue, and waits until no handler for it runs, unless one has called. */
void callbacks_end_cq(struct nic *nic, VIP_CQ_HANDLE cq);

/* Waits until no error handler runs, unless a handler has called. */
void callbacks_finish_error(struct nic *nic);

#endif
