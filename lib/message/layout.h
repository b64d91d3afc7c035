/* The two layouts of one source: where speed counts, what runs for nearly each byte or field is
 * inline at each place that names it; where size does (-Os), the compiler makes one copy. */
#ifndef SIP_MESSAGE_LAYOUT_H
#define SIP_MESSAGE_LAYOUT_H

#if defined(__GNUC__) && !defined(__OPTIMIZE_SIZE__)
#define SIP_HOT        inline __attribute__((always_inline))
#define SIP_COLD       __attribute__((noinline))
#define SIP_LIKELY(x) __builtin_expect(!!(x), 1)
#else
#define SIP_HOT inline
#define SIP_COLD
#define SIP_LIKELY(x) (x)
#endif

#endif
