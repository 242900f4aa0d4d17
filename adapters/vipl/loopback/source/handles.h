/*
 * Handles are numbers dressed as pointers, looked up in a table: a stale one, or one of another kind, or garbage, finds
 * nothing. A number comes again after billions of others only.
 */
#ifndef HANDLES_H
#define HANDLES_H

#include <stdint.h>

#include "vipl.h"

enum kind { KIND_NIC, KIND_VI, KIND_CQ, KIND_TAG, KIND_CONNECTION, KIND_REGION };

/* A new handle of `object`, or 0 where there is no memory for it. */
uintptr_t handle_make(enum kind kind, void *object);

void *handle_find(enum kind kind, uintptr_t handle);

void handle_end(uintptr_t handle);

/* Calls `visit` for every object of a kind; it may end the handle of the object. */
void handle_each(enum kind kind, void (*visit)(void *object, void *about), void *about);

struct nic *find_nic(VIP_NIC_HANDLE handle);
struct vi *find_vi(VIP_VI_HANDLE handle);
struct cq *find_cq(VIP_CQ_HANDLE handle);

#endif
