/* The ready-made host on POSIX systems: sockets, clock, randomness and loop below a sip_stack.
 *
 * The order of calls: open; put sip_posix_transport() into the stack's configuration; init the
 * stack (or the sip_ua that stands on one); attach it; listen; then run the loop.
 *
 *     struct sip_posix *posix;
 *     sip_posix_open(&posix, NULL);
 *     config.transport = sip_posix_transport(posix);
 *     ... sip_stack_init(&stack, block, sizeof block, &config, sip_posix_now()) ...
 *     sip_posix_attach(posix, stack);
 *     sip_posix_listen(posix, "udp:0.0.0.0:5060", NULL);
 *     sip_posix_loop(posix);
 *     sip_posix_close(posix);
 *
 * UDP and TCP over IPv4 and IPv6. No socket ever blocks. One thread calls all functions of one
 * sip_posix and of its stack, sip_posix_stop() excepted. Functions of the program that are called
 * from the loop (`ready`, `due`) stand outside of any event and may call the library and this. */
#ifndef SIP_POSIX_H
#define SIP_POSIX_H

#include "sip/error.h"
#include "sip/stack.h"
#include "sip/transport.h"

#include <sys/socket.h>

#ifdef __cplusplus
extern "C" {
#endif

struct sip_posix;

#define SIP_POSIX_BEST_EFFORT 255

/* 0 takes the default in brackets. */
struct sip_posix_config {
    uint8_t dscp;          /* [24, class selector 3]; SIP_POSIX_BEST_EFFORT for 0 */
    uint32_t datagram_max; /* [65,535] bytes; longer datagrams are reported as truncated */
    uint32_t batch;        /* [16] datagrams read from one socket before others have their turn */
    uint32_t linger_ms;    /* [2,000] for which a stream that one side has ended waits for the
                              other: a peer that spoke in this time is still answered */
    uint32_t socket_bytes; /* [the system's] asked for as send and receive buffer of UDP sockets */
};

/* Allocates a host without sockets and stores it in `*posix`. `config` is copied and may be null.
 * Returns 0, SIP_EINVAL, or SIP_ESYSTEM with errno; then `*posix` is null. */
SIP_API int sip_posix_open(struct sip_posix **posix, const struct sip_posix_config *config);

/* Closes all sockets and releases the host; nothing is reported. Not from inside a turn. Watched
 * descriptors are the program's and stay open. The stack must not be used any more. Null is
 * ignored. */
SIP_API void sip_posix_close(struct sip_posix *);

/* What to put into the stack's configuration; in use until the host is closed. */
SIP_API struct sip_transport sip_posix_transport(struct sip_posix *);

/* From now on the wire and the clock are reported to `stack`. Null: to nobody. */
SIP_API int sip_posix_attach(struct sip_posix *, struct sip_stack *stack);

/* Opens a socket for "udp:ADDRESS:PORT" or "tcp:ADDRESS:PORT" and stores protocol and local
 * address in `*bound` (may be null; `remote` is zero). IPv6 addresses stand in brackets, a scope
 * behind '%': "udp:[fe80::1%eth0]:5060". 0.0.0.0 and [::] mean all of their family. Port 0 lets the
 * system choose; without ":PORT" it is 5060. May be called several times, at any moment.
 * Returns 0, SIP_ENAME for a host name, SIP_EINVAL for other words, or SIP_ESYSTEM with errno. */
SIP_API int sip_posix_listen(struct sip_posix *, const char *where, struct sip_path *bound);

/* Milliseconds of the monotonic clock: the `now` of all functions of the library. */
SIP_API uint64_t sip_posix_now(void);

/* --- the loop --- */

/* Runs until sip_posix_stop(). Returns 0, or SIP_ESYSTEM when waiting itself fails. */
SIP_API int sip_posix_loop(struct sip_posix *);

/* Makes sip_posix_loop() return after the turn it is in, or the next one to be called. May be
 * called from an event, from a signal handler and from another thread. */
SIP_API void sip_posix_stop(struct sip_posix *);

/* One turn: waits at most `timeout_ms` (-1: without end) for something to happen or to be due,
 * reports it and returns 0, also when nothing happened or a signal came.
 * SIP_ESTATE from inside itself, SIP_ESYSTEM when waiting fails. */
SIP_API int sip_posix_run_once(struct sip_posix *, int timeout_ms);

/* For programs with a loop of their own: a descriptor that is readable when a turn has something
 * to do, to be polled for at most sip_posix_timeout() ms (-1: without end); ask that after each
 * call into the library, then run_once(posix, 0). The descriptor is -1 where the system has none
 * (all but Linux): use run_once() as the loop there. */
SIP_API int sip_posix_fd(const struct sip_posix *);
SIP_API int sip_posix_timeout(const struct sip_posix *);

/* --- what else the program waits for --- */

/* Calls `ready` whenever `fd` can be read, or has hung up. Once per descriptor: again replaces
 * `ready` and `host`. SIP_EINVAL, or SIP_ESYSTEM with errno (regular files cannot be watched). */
SIP_API int sip_posix_watch(struct sip_posix *, int fd, void (*ready)(void *host, int fd),
                            void *host);

/* Ends that; to be called before `fd` is closed. Also from inside `ready`. */
SIP_API void sip_posix_unwatch(struct sip_posix *, int fd);

/* Calls `due` once when the time `at` is reached. Each pair of `due` and `host` has one time: again
 * moves it, SIP_NEVER clears it. Also from inside `due`. */
SIP_API int sip_posix_timer(struct sip_posix *, uint64_t at, void (*due)(void *host, uint64_t now),
                            void *host);

/* --- addresses of the system --- */

/* Writes `addr` into `*to` and returns its length; 0 when the family is SIP_FAMILY_NONE. */
SIP_API socklen_t sip_posix_to_sockaddr(const struct sip_addr *addr, struct sockaddr_storage *to);

/* The other way round; SIP_EINVAL for neither IPv4 nor IPv6. An IPv4 address that is mapped into
 * IPv6 becomes IPv4. */
SIP_API int sip_posix_from_sockaddr(struct sip_addr *addr, const struct sockaddr *from);

#ifdef __cplusplus
}
#endif

#endif
