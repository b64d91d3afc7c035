/* The two layouts in this folder: where speed counts, what runs for nearly each byte or field is
 * inline at each place that names it; where size does, the compiler makes one copy, names are found
 * without a hash and bytes looked at one by one. */
#ifndef SIP_MESSAGE_LAYOUT_H
#define SIP_MESSAGE_LAYOUT_H

#include "base/layout.h"

#if defined(__GNUC__) && !SIP_OPTIMIZE_SIZE
#define SIP_HOT       inline __attribute__((always_inline))
#define SIP_COLD      __attribute__((noinline))
#define SIP_FLAT      __attribute__((flatten)) /* all that can be is inline in this function */
#define SIP_LIKELY(x) __builtin_expect(!!(x), 1)
#else
#define SIP_HOT inline
#define SIP_COLD
#define SIP_FLAT
#define SIP_LIKELY(x) (x)
#endif

/* Before a loop that is run a small constant number of times. */
#if defined(__GNUC__) && !defined(__clang__) && !SIP_OPTIMIZE_SIZE
#define SIP_UNROLL _Pragma("GCC unroll 8")
#else
#define SIP_UNROLL
#endif

#endif
