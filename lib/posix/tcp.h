/* Stream connections: one for each flow of the stack.
 *
 *     connect()                accept()
 *         |                        |
 *     CONNECTING --- up -------> OPEN ---- the peer sends no more ----> HALF_CLOSED
 *         |                        |                                        |
 *         | fails                  | lost                                   | lost, or `linger_ms`
 *         v                        v                                        v
 *     closed is told         closed is told                          closed is told
 *
 * A peer that ends its side after `linger_ms` of silence has gone: closed is told at once, so that
 * nothing is sent into a connection that a server gave up for being idle.
 *
 * close() from the stack leaves OPEN for LEAVING: what was taken is sent, what comes is read and
 * thrown away until the peer closes too, or for `linger_ms`. (A connection closed with unread bytes
 * is reset, and the peer may never see our last answer.) Any other state is closed at once. */
#ifndef SIP_POSIX_TCP_H
#define SIP_POSIX_TCP_H

#include "sip/transport.h"

struct sip_posix;
struct sip_source;
struct sip_connection;

/* Those with a flow by its number, and those that only have some time left, oldest first. */
struct sip_connections {
    struct sip_connection **buckets;
    size_t bucket_count; /* a power of two */
    size_t count;
    struct sip_connection *fading_first, *fading_last;
    size_t leaving;
    char *bytes; /* what was read */
    int spare_fd; /* given up for a moment to refuse a connection when no other is left */
};

/* 0 or -1 with errno. */
int sip_connections_open(struct sip_posix *);
void sip_connections_close(struct sip_posix *);

/* When the oldest has no time left; SIP_NEVER for none. */
uint64_t sip_connections_deadline(const struct sip_posix *);
void sip_connections_expire(struct sip_posix *, uint64_t now);

/* `ready` of a TCP listener. */
void sip_tcp_accept_ready(struct sip_posix *, struct sip_source *, unsigned what);

/* Functions of the transport. */
long sip_tcp_write(void *host, struct sip_flow flow, struct sip_str bytes);
int sip_tcp_connect(void *host, struct sip_flow flow, const struct sip_path *path,
                    struct sip_str name);
void sip_tcp_close(void *host, struct sip_flow flow);

#endif
