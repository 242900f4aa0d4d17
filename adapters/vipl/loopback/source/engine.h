/*
 * The engine of a node: a thread that starts sends, carries out what comes in, and so moves the octets. It alone breaks
 * connections; calls of the consumer leave it a message.
 */
#ifndef ENGINE_H
#define ENGINE_H

#include "objects.h"

bool engine_start(struct node *node);
void engine_stop(struct node *node);

/* There is something to do. */
void engine_wake(struct node *node);

/* A message without octets of its own; `octets` of them can be filled in. Ends the process where there is no memory. */
struct message *message_make(const struct vi *vi, int kind, uint32_t octets);

/* Puts a message on its way to the other end of the connection. */
void message_send(const struct vi *vi, struct message *message);

/* Lets the engine break the connection of a VI, if it has one and is reliable. */
void engine_fail(const struct vi *vi);

/* Lets the engine of the other end know that this end has left. */
void engine_leave(const struct vi *vi);

/* While regions are pinned, deregistering them waits. */
void transfer_pin(const struct transfer *transfer);
void transfer_unpin(const struct transfer *transfer);

/* Moves octets between spans and a message, without the lock; regions are pinned, and the VI says so, meanwhile. */
void engine_gather(struct vi *vi, const struct transfer *transfer, unsigned char *octets);
void engine_scatter(struct vi *vi, const struct transfer *transfer, const unsigned char *octets, uint32_t count);

/* Takes a VI into the error state and flushes it. */
void engine_end(struct vi *vi);

/* The same for a reliable VI whose transfer has failed here; the other end is told. */
void engine_break(struct vi *vi);

bool is_reliable(const struct vi *vi);

#endif
