/* Sizes as constants, so that firmware can place the block at compile time:
 *
 *     static uint8_t block[SIP_STACK_SIZE(2, 2, 0, 1472)];
 *
 * Each layer asserts that its slot fits; the sizes hold on any target and change with versions. */
#ifndef SIP_SIZE_H
#define SIP_SIZE_H

#include <stddef.h>

/* Bytes of one slot of each kind, and what a slot costs around it: deadline, bucket, rounding. */
#define SIP_SIZE_FLOW 144
#define SIP_SIZE_RESOLVING 256
#define SIP_SIZE_TRANSACTION 176
#define SIP_SIZE_DIALOG 504
#define SIP_SIZE_ACCOUNT 720
#define SIP_SIZE_REGISTRATION 96
#define SIP_SIZE_CALL 176
#define SIP_SIZE_REQUEST 64
#define SIP_SIZE_UA 320
#define SIP_SIZE_AROUND 48

#define SIP_SIZE_STACK 3840 /* the stack itself */
#define SIP_SIZE_SMALL 664  /* a small message buffer with its slot */
#define SIP_SIZE_TABLES 2048 /* header tables and the rounding of all pieces */

/* Bytes that sip_ua_init() and sip_stack_init() need at the most for these limits of struct
 * sip_limits and the defaults of all others: a tracer, full buckets and all rounding are paid for,
 * so that sip_ua_size() may ask for some KB less. Numbers as they are, not as struct sip_limits has
 * them: 0 is none. A constant when the numbers are. */
#define SIP_STACK_SIZE(accounts, calls, flows, message_max)                                        \
    ((size_t)SIP_SIZE_STACK + SIP_SIZE_TABLES + SIP_SIZE_UA + SIP_SIZE_AROUND +                    \
     (size_t)(accounts) * (SIP_SIZE_ACCOUNT + SIP_SIZE_REGISTRATION + 2 * SIP_SIZE_AROUND) +       \
     (size_t)(calls) * (SIP_SIZE_CALL + SIP_SIZE_AROUND) +                                         \
     ((size_t)(calls) + 2) * (SIP_SIZE_DIALOG + SIP_SIZE_AROUND) +                                 \
     (2 * (size_t)(calls) + (accounts) + 4) * (SIP_SIZE_TRANSACTION + SIP_SIZE_AROUND) +           \
     2 * (size_t)(SIP_SIZE_REQUEST + SIP_SIZE_RESOLVING + 2 * SIP_SIZE_AROUND) +                   \
     (size_t)(flows) * (SIP_SIZE_FLOW + SIP_SIZE_AROUND) +                                         \
     ((size_t)(calls) + 4) * SIP_SIZE_SMALL +                                                      \
     ((size_t)(calls) + 2) * ((size_t)(message_max) + 24) + 5 * (size_t)(message_max) / 2)

#endif
