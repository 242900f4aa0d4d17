/* What a message does at the node that it comes to. */
#ifndef DELIVERY_H
#define DELIVERY_H

#include "objects.h"

/* Carries a message out. `transfer` is scratch. */
void deliver(const struct message *message, struct transfer *transfer);

#endif
