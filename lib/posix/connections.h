/* The table of connections: found by flow, and faded out by time. tcp.c says what they do. */
#ifndef SIP_POSIX_CONNECTIONS_H
#define SIP_POSIX_CONNECTIONS_H

#include "posix/loop.h"

enum sip_connection_state { SIP_CONNECTING, SIP_OPEN, SIP_HALF_CLOSED, SIP_LEAVING };

struct sip_connection {
    struct sip_source source;
    enum sip_connection_state state;
    struct sip_flow flow; /* null: in no bucket */
    struct sip_connection *next; /* in the bucket */
    uint64_t heard_at; /* when bytes last came, 0 = never */
    uint64_t expires;  /* 0: does not fade */
    struct sip_connection *earlier, *later;
};

/* A new one for `fd`, waiting for `wanted`; NULL with errno, the descriptor stays open then. */
struct sip_connection *sip_connection_make(struct sip_posix *, int fd, unsigned wanted);

/* Closes it and forgets it; the stack is not told. */
void sip_connection_drop(struct sip_posix *, struct sip_connection *);

void sip_connection_enter(struct sip_posix *, struct sip_connection *, struct sip_flow flow);
void sip_connection_leave(struct sip_posix *, struct sip_connection *); /* its flow */
struct sip_connection *sip_connection_of(const struct sip_posix *, struct sip_flow flow);

/* From now on it has `linger_ms` left. */
void sip_connection_fade(struct sip_posix *, struct sip_connection *);

/* tcp.c */
void sip_tcp_ready(struct sip_posix *, struct sip_source *, unsigned what);

#endif
