/* The two families of headers, told apart by a macro that only Giganet's has, and what they make of the library. */
#ifndef FAMILY_H
#define FAMILY_H

#include "vipl.h"

#ifdef VIP_SERVICE_ACK
static const VIP_RETURN family_not_reachable = VIP_NOT_REACHABLE;
static const VIP_RETURN family_not_supported = VIP_ERROR_NOT_SUPPORTED;
#else
/* Intel's header has no code for a host that is not there: nothing answers until the time is over. */
static const VIP_RETURN family_not_reachable = VIP_TIMEOUT;
static const VIP_RETURN family_not_supported = VIP_INVALID_PARAMETER;
#endif

#endif
