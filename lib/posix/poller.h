/* Waiting for many descriptors at once: epoll on Linux (poller_epoll.c), poll() elsewhere
 * (poller_poll.c). Both tell a state, not a change: what was not read is told again. */
#ifndef SIP_POSIX_POLLER_H
#define SIP_POSIX_POLLER_H

#include <poll.h>
#include <stddef.h>

struct sip_posix;

enum { SIP_READABLE = 1, SIP_WRITABLE = 2, SIP_FAILED = 4, SIP_HUNG_UP = 8 };

/* One descriptor: the first member of whatever owns it, and allocated with it. */
struct sip_source {
    int fd; /* -1 = gone; the memory is freed at the end of the turn */
    unsigned wanted;
    void (*ready)(struct sip_posix *, struct sip_source *, unsigned what);
    size_t place; /* in the list of poll() */
    struct sip_source *next_gone;
};

struct sip_poller {
    int fd; /* of epoll, else -1 */
    struct pollfd *list;
    struct sip_source **sources; /* beside `list` */
    size_t count, room;
    size_t begin; /* of the next search for ready ones */
};

struct sip_ready {
    struct sip_source *source;
    unsigned what;
};

int sip_poller_open(struct sip_poller *);
void sip_poller_close(struct sip_poller *);

/* Begin, change (source->wanted was) and end waiting for a source. 0 or -1 with errno. */
int sip_poller_add(struct sip_poller *, struct sip_source *);
int sip_poller_change(struct sip_poller *, struct sip_source *);
void sip_poller_remove(struct sip_poller *, struct sip_source *);

/* Waits and fills `ready`; returns how many, 0 also after a signal, -1 with errno. */
int sip_poller_wait(struct sip_poller *, int timeout_ms, struct sip_ready *ready, int ready_max);

#endif
