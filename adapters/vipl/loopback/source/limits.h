/* What a NIC of this library has, as VipQueryNic tells it: not much, so that a test soon comes to the end of it. */
#ifndef LIMITS_H
#define LIMITS_H

enum {
  MAX_NODES = 16,       /* devices /dev/via_lo0 to /dev/via_lo15 */
  MAX_NIC_HANDLES = 16, /* of one device */
  MAX_VI = 64,
  MAX_CQ = 32,
  MAX_CQ_ENTRIES = 4096,
  MAX_PTAGS = 32,
  MAX_REGISTER_REGIONS = 256,
  MAX_REGISTER_BLOCK_BYTES = 8 << 20,
  MAX_REGISTER_BYTES = 32 << 20,
  MAX_DESCRIPTORS_PER_QUEUE = 256,
  MAX_SEGMENTS_PER_DESC = 253, /* 252 of data and one of RDMA's address */
  MAX_TRANSFER_SIZE = 65536,
  MAX_DISCRIMINATOR_LEN = 64,
  NIC_ADDRESS_LEN = 6
};

#endif
