/* An adapter that accepts every call and does nothing: what is left when the implementation costs nothing. */
#include "../../sdk/c/viaduct.h"

static void *open_host(viaduct_endpoint *endpoint, const viaduct_world *world) {
  (void)world;
  return endpoint;
}

static void close_host(void *endpoint) { (void)endpoint; }

static void reset_host(void *endpoint, int64_t seed) { (void)endpoint, (void)seed; }

static void call_host(void *endpoint, const viaduct_emp_call *call) {
  bool asks = call->operation == VIADUCT_EMP_TEST;
  viaduct_return(endpoint, call->id, asks ? VIADUCT_PENDING : VIADUCT_OK);
}

static const viaduct_limit values[] = {
    {.key = "emp.collection", .value = 3, .least = 1, .most = 64},
    {.key = "emp.timeout", .value = 800000, .least = 10000, .most = 10000000000},
    {.key = "emp.page", .value = 4096},
    {.key = "wire.mtu", .value = 1500, .least = 64, .most = 9000},
    {0},
};

static const viaduct_adapter adapter = {
    .name = "idle",
    .version = "1",
    .vendor = "viaduct",
    .interfaces = VIADUCT_EMP,
    .clock = VIADUCT_VIRTUAL,
    .worlds = 32,
    .wire = VIADUCT_FRAMES,
    .profile = "emp-1",
    .values = values,
    .open = open_host,
    .close = close_host,
    .reset = reset_host,
    .emp = call_host,
};

int main(void) { return viaduct_serve(&adapter); }
