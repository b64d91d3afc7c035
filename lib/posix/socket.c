#include "posix/socket.h"

#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/ip.h>
#include <netinet/tcp.h>
#include <unistd.h>

#ifndef SOCK_NONBLOCK
#define SOCK_NONBLOCK                 0
#define SOCK_CLOEXEC                  0
#define accept4(fd, addr, len, flags) accept(fd, addr, len)
#endif

void sip_socket_no_block(int fd)
{
    fcntl(fd, F_SETFL, fcntl(fd, F_GETFL) | O_NONBLOCK);
    fcntl(fd, F_SETFD, FD_CLOEXEC);
}

static void set(int fd, int level, int option, int value)
{
    setsockopt(fd, level, option, &value, sizeof value);
}

/* An option that the system refuses is no reason to do without the socket. */
static void set_options(const struct sip_posix_config *config, int fd, int family, int type)
{
    int class = config->dscp << 2; /* above the two bits of ECN */

    if (!SOCK_NONBLOCK)
        sip_socket_no_block(fd);
#ifdef SO_NOSIGPIPE
    set(fd, SOL_SOCKET, SO_NOSIGPIPE, 1);
#endif
    if (type == SOCK_STREAM)
        set(fd, IPPROTO_TCP, TCP_NODELAY, 1);
    if (family == SIP_IPV4) {
        set(fd, IPPROTO_IP, IP_TOS, class);
    } else {
        set(fd, IPPROTO_IPV6, IPV6_TCLASS, class);
        set(fd, IPPROTO_IPV6, IPV6_V6ONLY, 1);
    }
    if (type == SOCK_DGRAM && config->socket_bytes) {
        set(fd, SOL_SOCKET, SO_RCVBUF, (int)config->socket_bytes);
        set(fd, SOL_SOCKET, SO_SNDBUF, (int)config->socket_bytes);
    }
}

int sip_socket_open(const struct sip_posix_config *config, const struct sip_addr *addr, int type)
{
    int family = addr->family == SIP_IPV4 ? AF_INET : AF_INET6;
    int fd = socket(family, type | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);

    if (fd >= 0)
        set_options(config, fd, addr->family, type);
    return fd;
}

int sip_socket_bind(int fd, const struct sip_addr *addr)
{
    struct sockaddr_storage name;
    socklen_t len = sip_posix_to_sockaddr(addr, &name);

    return bind(fd, (struct sockaddr *)&name, len);
}

int sip_socket_accept(const struct sip_posix_config *config, int fd, struct sip_addr *from)
{
    struct sockaddr_storage name;
    socklen_t len = sizeof name;
    int accepted = accept4(fd, (struct sockaddr *)&name, &len, SOCK_NONBLOCK | SOCK_CLOEXEC);

    if (accepted < 0)
        return -1;
    if (sip_posix_from_sockaddr(from, (struct sockaddr *)&name)) {
        close(accepted);
        errno = ECONNABORTED;
        return -1;
    }
    set_options(config, accepted, from->family, SOCK_STREAM);
    return accepted;
}

int sip_socket_name(int fd, struct sip_addr *addr)
{
    struct sockaddr_storage name;
    socklen_t len = sizeof name;

    if (getsockname(fd, (struct sockaddr *)&name, &len))
        return -1;
    return sip_posix_from_sockaddr(addr, (struct sockaddr *)&name) ? -1 : 0;
}

int sip_socket_error(int fd)
{
    int error = 0;
    socklen_t len = sizeof error;

    return getsockopt(fd, SOL_SOCKET, SO_ERROR, &error, &len) ? errno : error;
}

void sip_socket_close(int fd)
{
    int error = errno;

    if (fd >= 0)
        close(fd);
    errno = error;
}
