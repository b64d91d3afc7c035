/* The sockets that were asked for, and which of them serves a path. */
#include "posix/address.h"
#include "posix/loop.h"
#include "posix/socket.h"

#include <errno.h>
#include <stdlib.h>

#define BACKLOG 128

static int bind_listener(struct sip_posix *posix, struct sip_listener *listener, int fd)
{
    int on = 1;

    if (listener->bound.protocol == SIP_UDP) {
        if (sip_inbox_open(posix))
            return SIP_ESYSTEM;
        sip_udp_prepare(fd, listener->bound.local.family, listener->any);
    } else {
        setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
    }
    if (sip_socket_bind(fd, &listener->bound.local) ||
        sip_socket_name(fd, &listener->bound.local) ||
        (listener->bound.protocol == SIP_TCP && listen(fd, BACKLOG)))
        return SIP_ESYSTEM;
    return sip_posix_add(posix, &listener->source, fd, SIP_READABLE,
                         listener->bound.protocol == SIP_UDP ? sip_udp_ready
                                                             : sip_tcp_accept_ready);
}

int sip_posix_listen(struct sip_posix *posix, const char *where, struct sip_path *bound)
{
    struct sip_listener made = {0}, *listener, **end = &posix->listeners;
    int error = sip_posix_where(&made.bound, where), fd;

    if (error)
        return error;
    made.any = sip_posix_is_any(&made.bound.local);
    fd = sip_socket_open(&posix->config, &made.bound.local,
                         made.bound.protocol == SIP_UDP ? SOCK_DGRAM : SOCK_STREAM);
    listener = fd < 0 ? NULL : malloc(sizeof *listener);
    if (!listener) {
        sip_socket_close(fd);
        return SIP_ESYSTEM;
    }
    *listener = made;
    error = bind_listener(posix, listener, fd);
    if (error) {
        sip_socket_close(fd);
        free(listener);
        return error;
    }
    while (*end)
        end = &(*end)->next;
    *end = listener;
    if (bound)
        *bound = listener->bound;
    return 0;
}

void sip_posix_listeners_close(struct sip_posix *posix)
{
    while (posix->listeners) {
        struct sip_listener *listener = posix->listeners;
        int fd = listener->source.fd;
        posix->listeners = listener->next;
        sip_posix_drop(posix, &listener->source);
        sip_socket_close(fd);
    }
}

/* --- choosing --- */

static bool serves(const struct sip_listener *listener, const struct sip_path *path)
{
    return listener->bound.protocol == path->protocol &&
           listener->bound.local.family == path->remote.family;
}

/* How well a listener suits our address of the path, 0 = not at all. An unknown port suits any. */
static int score(const struct sip_listener *listener, const struct sip_addr *local)
{
    int port = local->port == listener->bound.local.port ? 4 : 0;

    if (sip_posix_same_host(&listener->bound.local, local))
        return port + 2;
    return listener->any ? port + 1 : 0;
}

static struct sip_listener *best_for(struct sip_posix *posix, const struct sip_path *path,
                                     const struct sip_addr *local)
{
    struct sip_listener *best = NULL;
    int best_score = 0;

    for (struct sip_listener *l = posix->listeners; l; l = l->next) {
        int got = serves(l, path) ? score(l, local) : 0;
        if (got > best_score) {
            best = l;
            best_score = got;
        }
    }
    return best;
}

static struct sip_listener *first_for(struct sip_listener *from, const struct sip_path *path)
{
    while (from && !serves(from, path))
        from = from->next;
    return from;
}

/* Without an address of ours, it is the one that the system would take. A host with a single
 * socket of the family is not asked. */
struct sip_listener *sip_posix_listener(struct sip_posix *posix, const struct sip_path *path)
{
    struct sip_listener *first = first_for(posix->listeners, path), *best = NULL;
    struct sip_addr local;

    if (!first) {
        errno = EAFNOSUPPORT;
        return NULL;
    }
    if (path->local.family == path->remote.family && !sip_posix_is_any(&path->local)) {
        best = best_for(posix, path, &path->local);
        errno = EADDRNOTAVAIL;
        return best;
    }
    if (!first_for(first->next, path))
        return first;
    if (sip_route_find(&posix->routes, sip_posix_now(), &path->remote, &local) == 0) {
        local.port = path->local.port;
        best = best_for(posix, path, &local);
    }
    return best ? best : first;
}
