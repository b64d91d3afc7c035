#include "posix/tcp.h"
#include "posix/address.h"
#include "posix/connections.h"
#include "posix/socket.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <netinet/in.h>
#include <unistd.h>

#define READ_SIZE   65536
#define READS_MAX   4 /* of one connection in one turn */
#define ACCEPTS_MAX 16
#define LEAVING_MAX 64 /* then the oldest is closed at once */

/* --- in --- */

static void tell_closed(struct sip_posix *posix, struct sip_connection *connection)
{
    struct sip_flow flow = connection->flow;

    sip_connection_drop(posix, connection);
    if (flow.id && posix->stack)
        sip_stack_closed(posix->stack, sip_posix_now(), flow);
}

/* The peer will send no more, but may still read: one that has just said something may wait for its
 * answer, one that was silent has gone. A connection that was given up needs no more than this. */
static void peer_is_done(struct sip_posix *posix, struct sip_connection *connection)
{
    uint64_t heard_at = connection->heard_at;

    if (connection->state == SIP_LEAVING || heard_at == 0 ||
        sip_posix_now() - heard_at > posix->config.linger_ms) {
        tell_closed(posix, connection);
        return;
    }
    connection->state = SIP_HALF_CLOSED;
    sip_posix_want(posix, &connection->source, connection->source.wanted & ~(unsigned)SIP_READABLE);
    sip_connection_fade(posix, connection);
}

/* Reads once; false when there is no more for now, or no connection. */
static bool read_once(struct sip_posix *posix, struct sip_connection *connection)
{
    char *bytes = posix->connections.bytes;
    ssize_t got = recv(connection->source.fd, bytes, READ_SIZE, 0);

    if (got < 0) {
        if (errno != EAGAIN && errno != EWOULDBLOCK && errno != EINTR)
            tell_closed(posix, connection);
        return false;
    }
    if (got == 0) {
        peer_is_done(posix, connection);
        return false;
    }
    connection->heard_at = sip_posix_now();
    if (connection->state == SIP_OPEN && posix->stack)
        sip_stack_bytes(posix->stack, connection->heard_at, connection->flow,
                        sip_bytes(bytes, (size_t)got));
    return got == READ_SIZE && connection->source.fd >= 0;
}

static void tell_connected(struct sip_posix *posix, struct sip_connection *connection)
{
    struct sip_addr local = {0};

    if (sip_socket_error(connection->source.fd) || sip_socket_name(connection->source.fd, &local)) {
        tell_closed(posix, connection);
        return;
    }
    connection->state = SIP_OPEN;
    sip_posix_want(posix, &connection->source, SIP_READABLE);
    if (posix->stack)
        sip_stack_connected(posix->stack, sip_posix_now(), connection->flow, &local);
}

void sip_tcp_ready(struct sip_posix *posix, struct sip_source *source, unsigned what)
{
    struct sip_connection *connection = (struct sip_connection *)source;

    if (connection->state == SIP_CONNECTING) {
        tell_connected(posix, connection);
        return;
    }
    if (what & SIP_READABLE)
        for (int reads = 0; reads < READS_MAX && read_once(posix, connection); reads++)
            continue;
    if (source->fd >= 0 && (what & (SIP_FAILED | SIP_HUNG_UP)) &&
        (!(what & SIP_READABLE) || connection->state == SIP_HALF_CLOSED)) {
        tell_closed(posix, connection);
        return;
    }
    if (source->fd >= 0 && (what & source->wanted & SIP_WRITABLE)) {
        sip_posix_want(posix, source, source->wanted & ~(unsigned)SIP_WRITABLE);
        if (connection->flow.id && posix->stack)
            sip_stack_writable(posix->stack, sip_posix_now(), connection->flow);
    }
}

void sip_connections_expire(struct sip_posix *posix, uint64_t now)
{
    while (sip_connections_deadline(posix) <= now)
        tell_closed(posix, posix->connections.fading_first);
}

/* --- accepting --- */

static void accepted(struct sip_posix *posix, const struct sip_listener *listener, int fd,
                     const struct sip_addr *from)
{
    struct sip_connection *connection = sip_connection_make(posix, fd, SIP_READABLE);
    struct sip_path path = listener->bound;
    struct sip_flow flow = {0};

    path.remote = *from;
    if (!connection) {
        sip_socket_close(fd);
        return;
    }
    connection->state = SIP_OPEN;
    if (listener->any)
        sip_socket_name(fd, &path.local);
    if (!posix->stack || sip_stack_accepted(posix->stack, sip_posix_now(), &path, &flow) ||
        !flow.id) {
        sip_connection_drop(posix, connection);
        return;
    }
    sip_connection_enter(posix, connection, flow);
}

/* No descriptor is left: without this the connection would wait and wake us without end. */
static void refuse_one(struct sip_posix *posix, int listening)
{
    struct sip_connections *all = &posix->connections;

    sip_socket_close(all->spare_fd);
    sip_socket_close(accept(listening, NULL, NULL));
    all->spare_fd = open("/dev/null", O_RDONLY | O_CLOEXEC);
}

void sip_tcp_accept_ready(struct sip_posix *posix, struct sip_source *source, unsigned what)
{
    struct sip_addr from;

    (void)what;
    for (int i = 0; i < ACCEPTS_MAX; i++) {
        int fd = sip_socket_accept(&posix->config, source->fd, &from);
        if (fd >= 0)
            accepted(posix, (struct sip_listener *)source, fd, &from);
        else if (errno == EMFILE || errno == ENFILE)
            refuse_one(posix, source->fd);
        else if (errno != ECONNABORTED && errno != EINTR)
            return;
    }
}

/* --- out --- */

long sip_tcp_write(void *host, struct sip_flow flow, struct sip_str bytes)
{
    struct sip_posix *posix = host;
    struct sip_connection *connection = sip_connection_of(posix, flow);
    ssize_t taken;

    if (!connection)
        return SIP_EGONE;
    if (connection->state == SIP_CONNECTING || bytes.len == 0)
        return 0; /* there is room when it is up: sip_stack_connected() says so */
    if (bytes.len > INT_MAX)
        bytes.len = INT_MAX;
    taken = send(connection->source.fd, bytes.at, bytes.len, MSG_NOSIGNAL);
    if (taken < 0 && errno != EAGAIN && errno != EWOULDBLOCK && errno != EINTR && errno != ENOBUFS)
        return SIP_ESYSTEM;
    if (taken < 0)
        taken = 0;
    if ((size_t)taken < bytes.len)
        sip_posix_want(posix, &connection->source, connection->source.wanted | SIP_WRITABLE);
    return (long)taken;
}

/* Our address, when the path says one, but a port of the system's choice. */
static int bind_to(int fd, const struct sip_path *path)
{
    struct sip_addr local = path->local;
    int on = 1;

    if (local.family != path->remote.family || sip_posix_is_any(&local))
        return 0;
    local.port = 0;
#ifdef IP_BIND_ADDRESS_NO_PORT
    setsockopt(fd, IPPROTO_IP, IP_BIND_ADDRESS_NO_PORT, &on, sizeof on);
#endif
    (void)on;
    return sip_socket_bind(fd, &local);
}

static int begin(struct sip_posix *posix, int fd, struct sip_flow flow, const struct sip_path *path)
{
    struct sockaddr_storage to;
    socklen_t to_len = sip_posix_to_sockaddr(&path->remote, &to);
    struct sip_connection *connection;

    if (bind_to(fd, path))
        return -1;
    if (connect(fd, (struct sockaddr *)&to, to_len) && errno != EINPROGRESS)
        return -1;
    connection = sip_connection_make(posix, fd, SIP_WRITABLE);
    if (!connection)
        return -1;
    connection->state = SIP_CONNECTING;
    sip_connection_enter(posix, connection, flow);
    return 0;
}

int sip_tcp_connect(void *host, struct sip_flow flow, const struct sip_path *path,
                    struct sip_str name)
{
    struct sip_posix *posix = host;
    int fd;

    (void)name; /* nothing to prove without TLS */
    if (path->protocol != SIP_TCP || path->remote.family == SIP_FAMILY_NONE || !flow.id)
        return SIP_EINVAL;
    fd = sip_socket_open(&posix->config, &path->remote, SOCK_STREAM);
    if (fd < 0)
        return SIP_ESYSTEM;
    if (begin(posix, fd, flow, path)) {
        sip_socket_close(fd);
        return SIP_ESYSTEM;
    }
    return 0;
}

/* The oldest of those that leave makes room. */
static void bound_leaving(struct sip_posix *posix)
{
    struct sip_connection *connection = posix->connections.fading_first;

    while (connection && connection->state != SIP_LEAVING)
        connection = connection->later;
    if (connection && posix->connections.leaving > LEAVING_MAX)
        sip_connection_drop(posix, connection);
}

void sip_tcp_close(void *host, struct sip_flow flow)
{
    struct sip_posix *posix = host;
    struct sip_connection *connection = sip_connection_of(posix, flow);

    if (!connection)
        return;
    if (connection->state != SIP_OPEN || shutdown(connection->source.fd, SHUT_WR)) {
        sip_connection_drop(posix, connection);
        return;
    }
    sip_connection_leave(posix, connection);
    connection->state = SIP_LEAVING;
    sip_posix_want(posix, &connection->source, SIP_READABLE);
    sip_connection_fade(posix, connection);
    bound_leaving(posix);
}
