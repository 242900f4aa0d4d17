/* The two work queues of a VI: posted descriptors, and how they come back. */
#ifndef WORK_QUEUE_H
#define WORK_QUEUE_H

#include "objects.h"

VIP_RETURN queue_post(VIP_VI_HANDLE vi, bool receives, VIP_DESCRIPTOR *descriptor, VIP_MEM_HANDLE memory);
VIP_RETURN queue_done(VIP_VI_HANDLE vi, bool receives, VIP_DESCRIPTOR **descriptor);
VIP_RETURN queue_wait(VIP_VI_HANDLE vi, bool receives, VIP_ULONG timeout, VIP_DESCRIPTOR **descriptor);
VIP_RETURN queue_notify(VIP_VI_HANDLE vi, bool receives, VIP_PVOID context, work_handler handler);

/* Neither outstanding nor complete and not taken. */
bool queue_is_empty(const struct work_queue *queue);

/* The oldest descriptor that is not complete, or NULL. */
struct work *queue_outstanding(struct work_queue *queue);

/* Completes the oldest outstanding descriptor with these bits of Status beside DONE. False: its memory is gone. */
bool queue_complete(struct work_queue *queue, uint32_t status);

/* The same of a receive, to which a message has come. */
struct arrival {
  uint32_t status, length;
  bool has_immediate;
  uint32_t immediate;
};
bool queue_complete_receive(struct work_queue *queue, const struct arrival *arrival);

/* Whether the engine may go ahead with the oldest outstanding descriptor. If not, that was reported and dealt with. */
bool queue_check(struct work_queue *queue);

/* Completes all outstanding descriptors as flushed. */
void queue_flush(struct work_queue *queue);

/* Forgets the handlers that are armed. */
void queue_disarm(struct work_queue *queue);

#endif
