/* The ready-made host: what it owns, and its turns.
 *
 * Each thing with a descriptor begins with a struct sip_source and is called by the loop. What is
 * dropped is only marked, and freed when the turn is over: events of the same turn may still name
 * it. Reports to the stack are the last thing a function does with a connection, or it looks again
 * whether it is still there: inside a report the stack may close anything. */
#ifndef SIP_POSIX_LOOP_H
#define SIP_POSIX_LOOP_H

#include "posix/poller.h"
#include "posix/route.h"
#include "posix/tcp.h"
#include "posix/udp.h"
#include "sip/posix.h"

#include <stdatomic.h>

/* A socket that was asked for with sip_posix_listen(). */
struct sip_listener {
    struct sip_source source;
    struct sip_path bound;
    bool any; /* its address is 0.0.0.0 or :: */
    struct sip_listener *next;
};

struct sip_watch;
struct sip_alarm;

struct sip_posix {
    struct sip_stack *stack;
    struct sip_posix_config config;
    struct sip_poller poller;
    struct sip_listener *listeners; /* in the order of opening */
    struct sip_inbox inbox;
    struct sip_connections connections;
    struct sip_routes routes;
    struct sip_watch *watches;
    struct sip_alarm *alarms;
    struct sip_source *gone;
    struct sip_source wake; /* the end of a pipe that stop() writes into */
    int wake_fd;
    atomic_int stopping; /* set from signal handlers and other threads */
    bool running;
};

/* Begins to wait for a source; 0 or SIP_ESYSTEM. */
int sip_posix_add(struct sip_posix *, struct sip_source *, int fd, unsigned wanted,
                  void (*ready)(struct sip_posix *, struct sip_source *, unsigned what));

/* Changes what it waits for. */
void sip_posix_want(struct sip_posix *, struct sip_source *, unsigned wanted);

/* Ends waiting; its memory is freed when the turn is over. The descriptor stays open. */
void sip_posix_drop(struct sip_posix *, struct sip_source *);

/* --- program.c: watches and timers --- */

uint64_t sip_posix_alarms_deadline(const struct sip_posix *);
void sip_posix_alarms_fire(struct sip_posix *, uint64_t now);
void sip_posix_program_close(struct sip_posix *);

/* --- listen.c --- */

/* The socket through which `path` goes: by protocol and family, best by our own address and port.
 * NULL with errno when there is none. */
struct sip_listener *sip_posix_listener(struct sip_posix *, const struct sip_path *path);
void sip_posix_listeners_close(struct sip_posix *);

#endif
