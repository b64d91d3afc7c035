/* Sockets that never block, with the options that all of ours have. */
#ifndef SIP_POSIX_SOCKET_H
#define SIP_POSIX_SOCKET_H

#include "sip/posix.h"

#ifndef MSG_NOSIGNAL
#define MSG_NOSIGNAL 0 /* the socket has SO_NOSIGPIPE then */
#endif

/* A socket for the family of `addr`; `type` is SOCK_DGRAM or SOCK_STREAM. -1 with errno. */
int sip_socket_open(const struct sip_posix_config *, const struct sip_addr *addr, int type);

int sip_socket_bind(int fd, const struct sip_addr *);

/* The next connection of a listening socket and who it is from. -1 with errno. */
int sip_socket_accept(const struct sip_posix_config *, int fd, struct sip_addr *from);

/* Our end; -1 with errno. */
int sip_socket_name(int fd, struct sip_addr *);

/* The error that waits on the socket, which it takes off; 0 = none. */
int sip_socket_error(int fd);

/* Closes and leaves errno as it is. */
void sip_socket_close(int fd);

/* For descriptors that were made otherwise: never blocks, is not inherited. */
void sip_socket_no_block(int fd);

#endif
