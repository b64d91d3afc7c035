/* What the stack calls: struct sip_transport on these sockets. */
#include "posix/address.h"
#include "posix/loop.h"

#include <errno.h>
#include <unistd.h>

#define ENTROPY_MAX 256 /* of one getentropy() */

/* For a connection the port is the one on which we listen, 0 when we do not. */
static int local_of(struct sip_posix *posix, const struct sip_path *path, struct sip_addr *local)
{
    struct sip_listener *listener = sip_posix_listener(posix, path);
    struct sip_addr got = {0};

    if (!listener && path->protocol == SIP_UDP)
        return SIP_ESYSTEM;
    if (path->local.family == path->remote.family && !sip_posix_is_any(&path->local))
        got = path->local;
    else if (listener && !listener->any)
        got = listener->bound.local;
    else if (sip_route_find(&posix->routes, sip_posix_now(), &path->remote, &got))
        return SIP_ESYSTEM;
    got.port = listener ? listener->bound.local.port : 0;
    *local = got;
    return 0;
}

static int local_address(void *host, const struct sip_path *path, struct sip_addr *local)
{
    if (path->protocol != SIP_UDP && path->protocol != SIP_TCP)
        return SIP_EINVAL;
    if (path->remote.family != SIP_IPV4 && path->remote.family != SIP_IPV6)
        return SIP_EINVAL;
    return local_of(host, path, local);
}

static int random_bytes(void *host, void *bytes, size_t count)
{
    char *at = bytes;

    (void)host;
    while (count) {
        size_t part = count < ENTROPY_MAX ? count : ENTROPY_MAX;
        if (getentropy(at, part))
            return SIP_ERANDOM;
        at += part;
        count -= part;
    }
    return 0;
}

struct sip_transport sip_posix_transport(struct sip_posix *posix)
{
    struct sip_transport transport = {0};

    transport.host = posix;
    transport.send = sip_udp_send;
    transport.write = sip_tcp_write;
    transport.connect = sip_tcp_connect;
    transport.close = sip_tcp_close;
    transport.local = local_address;
    transport.random = random_bytes;
    return transport;
}
