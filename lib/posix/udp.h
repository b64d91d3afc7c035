/* Datagrams: reading them in batches, sending them, and what the network says of those sent. */
#ifndef SIP_POSIX_UDP_H
#define SIP_POSIX_UDP_H

#include "sip/transport.h"

struct sip_posix;
struct sip_source;
struct sip_letter;
struct mmsghdr;

/* Room for one batch, shared by all sockets; made with the first of them. */
struct sip_inbox {
    struct sip_letter *letters;
    struct mmsghdr *heads;
    char *bytes;
};

/* 0 or -1 with errno. */
int sip_inbox_open(struct sip_posix *);
void sip_inbox_close(struct sip_inbox *);

/* Asks the system for the local address and the errors of datagrams. */
void sip_udp_prepare(int fd, enum sip_family family, bool any);

/* `ready` of an UDP listener. */
void sip_udp_ready(struct sip_posix *, struct sip_source *, unsigned what);

/* `send` of the transport. */
int sip_udp_send(void *host, const struct sip_path *path, struct sip_str bytes);

/* --- udp_error.c --- */

/* Reports what ICMP said, at most `count` times. */
struct sip_listener;
void sip_udp_errors(struct sip_posix *, struct sip_listener *, unsigned count);

#endif
