/* SPDX-License-Identifier: Apache-2.0 */
/**
 * Faults on purpose: calls that are delayed or aborted by rules, to see what becomes of everything
 * around them. An interceptor for each side, and the service meshwork.fault.v1.FaultService, which
 * changes the rules at run time. mesh_app puts them in place, in processes that were started with
 * CHAOS_MONKEY_ENABLED=true and in no others; docs/chaos.md tells how to use them.
 *
 * A rule names the calls that it is for, a delay with a distribution, an abort with a code,
 * percentages, and when it ends by itself:
 *
 *     shop.payment.v1.PaymentService/Authorize abort=UNAVAILABLE@20% count=3 ttl=60s
 *     shop.warehouse.v1.WarehouseService/Reserve client delay=uniform(0ms,1s) when=both
 *     * delay=exponential(80ms)@50% max=2s
 *
 * The first rule that matches a call, in the order of the list, decides about it alone, whatever
 * its dice say. Health, reflection, the export of telemetry and the fault service are never
 * touched.
 *
 * A call that was struck says so on its span: the attributes meshwork.fault.rule,
 * meshwork.fault.delay_ms and meshwork.fault.abort, and an event "fault.injected" for each strike.
 * An abort of a client's own call never reaches the network, and so is not retried by it; one of a
 * server is, where the client's service config retries its code.
 *
 * Ownership: faults outlive the servers and clients that use them, and their loops.
 * Threads: the interceptors on the loops that they were made for; rules are changed from any
 * thread. Without rules a call costs one relaxed atomic load, with rules no lock.
 */
#ifndef MESH_FAULT_H
#define MESH_FAULT_H

#include <mesh/interceptor.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef struct mesh_faults mesh_faults;

/** Options. */
typedef struct mesh_faults_options {
  mesh_loop *const *loops; /* copied: all that calls with these interceptors run on. Without any,
                              rules may be changed on the one thread of the calls only */
  size_t loop_count;
  uint64_t (*random)(void *data); /* optional: 64 random bits, from any loop; for tests */
  void *random_data;
} mesh_faults_options;

mesh_faults *mesh_faults_new(const mesh_faults_options *options);

/** After the loops. NULL does nothing. */
void mesh_faults_destroy(mesh_faults *faults);

/**
 * Adds the rules of a text, separated by ";", behind those there are; "none" and blanks are none.
 * INVALID_ARGUMENT names the rule and the character that is wrong, ALREADY_EXISTS an id that is
 * taken, RESOURCE_EXHAUSTED the rule that is too many (of 64). Those before it are in force then.
 */
MESH_MUST_USE mesh_status mesh_faults_add(mesh_faults *faults, const char *rules);

/** Ends a rule, or all. @return whether there was one, and how many. */
bool mesh_faults_remove(mesh_faults *faults, const char *id);
size_t mesh_faults_clear(mesh_faults *faults);

/** The rules in force. */
size_t mesh_faults_count(mesh_faults *faults);

/** For mesh_server_use and mesh_client_options, behind tracing. Live as long as the faults. */
const mesh_interceptor *mesh_faults_server_interceptor(const mesh_faults *faults);
const mesh_interceptor *mesh_faults_client_interceptor(const mesh_faults *faults);

/** meshwork.fault.v1.FaultService, for mesh_server_add. Whoever can reach it can break the
 * process's calls: add it only where somebody asked for that. */
mesh_service mesh_faults_service(mesh_faults *faults);

#ifdef __cplusplus
}
#endif

#endif
