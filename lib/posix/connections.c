#include "posix/connections.h"
#include "posix/socket.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>

#define BUCKETS_FIRST 64
#define READ_SIZE     65536

int sip_connections_open(struct sip_posix *posix)
{
    struct sip_connections *all = &posix->connections;

    all->spare_fd = open("/dev/null", O_RDONLY | O_CLOEXEC);
    all->bucket_count = BUCKETS_FIRST;
    all->buckets = calloc(all->bucket_count, sizeof *all->buckets);
    all->bytes = malloc(READ_SIZE);
    return all->buckets && all->bytes ? 0 : -1;
}

/* --- by flow --- */

static struct sip_connection **bucket_of(const struct sip_connections *all, uint64_t id)
{
    uint64_t hash = id * UINT64_C(0x9e3779b97f4a7c15);

    return &all->buckets[(size_t)(hash >> 32) & (all->bucket_count - 1)];
}

static void put(struct sip_connections *all, struct sip_connection *connection)
{
    struct sip_connection **bucket = bucket_of(all, connection->flow.id);

    connection->next = *bucket;
    *bucket = connection;
}

/* Twice as many buckets; without memory the chains only get longer. */
static void grow(struct sip_connections *all)
{
    struct sip_connection **old = all->buckets;
    size_t old_count = all->bucket_count;
    struct sip_connection **fresh = calloc(2 * old_count, sizeof *fresh);

    if (!fresh)
        return;
    all->buckets = fresh;
    all->bucket_count = 2 * old_count;
    for (size_t i = 0; i < old_count; i++) {
        while (old[i]) {
            struct sip_connection *connection = old[i];
            old[i] = connection->next;
            put(all, connection);
        }
    }
    free(old);
}

void sip_connection_enter(struct sip_posix *posix, struct sip_connection *connection,
                          struct sip_flow flow)
{
    struct sip_connections *all = &posix->connections;

    if (all->count >= all->bucket_count)
        grow(all);
    connection->flow = flow;
    put(all, connection);
    all->count++;
}

void sip_connection_leave(struct sip_posix *posix, struct sip_connection *connection)
{
    struct sip_connections *all = &posix->connections;
    struct sip_connection **link = bucket_of(all, connection->flow.id);

    if (!connection->flow.id)
        return;
    while (*link != connection)
        link = &(*link)->next;
    *link = connection->next;
    connection->flow.id = 0;
    all->count--;
}

struct sip_connection *sip_connection_of(const struct sip_posix *posix, struct sip_flow flow)
{
    struct sip_connection *connection = *bucket_of(&posix->connections, flow.id);

    while (connection && connection->flow.id != flow.id)
        connection = connection->next;
    return connection;
}

/* --- by time --- */

static void stay(struct sip_posix *posix, struct sip_connection *connection)
{
    struct sip_connections *all = &posix->connections;

    if (!connection->expires)
        return;
    if (connection->state == SIP_LEAVING)
        all->leaving--;
    *(connection->earlier ? &connection->earlier->later : &all->fading_first) = connection->later;
    *(connection->later ? &connection->later->earlier : &all->fading_last) = connection->earlier;
    connection->expires = 0;
}

/* All have the same time left, so the list is in order. */
void sip_connection_fade(struct sip_posix *posix, struct sip_connection *connection)
{
    struct sip_connections *all = &posix->connections;

    stay(posix, connection);
    connection->expires = sip_posix_now() + posix->config.linger_ms;
    connection->earlier = all->fading_last;
    connection->later = NULL;
    *(all->fading_last ? &all->fading_last->later : &all->fading_first) = connection;
    all->fading_last = connection;
    if (connection->state == SIP_LEAVING)
        all->leaving++;
}

uint64_t sip_connections_deadline(const struct sip_posix *posix)
{
    const struct sip_connection *first = posix->connections.fading_first;

    return first ? first->expires : SIP_NEVER;
}

/* --- one --- */

struct sip_connection *sip_connection_make(struct sip_posix *posix, int fd, unsigned wanted)
{
    struct sip_connection *connection = calloc(1, sizeof *connection);

    if (!connection)
        return NULL;
    if (sip_posix_add(posix, &connection->source, fd, wanted, sip_tcp_ready)) {
        free(connection);
        return NULL;
    }
    return connection;
}

void sip_connection_drop(struct sip_posix *posix, struct sip_connection *connection)
{
    int fd = connection->source.fd;

    sip_connection_leave(posix, connection);
    stay(posix, connection);
    sip_posix_drop(posix, &connection->source);
    sip_socket_close(fd);
}

void sip_connections_close(struct sip_posix *posix)
{
    struct sip_connections *all = &posix->connections;

    while (all->fading_first)
        sip_connection_drop(posix, all->fading_first);
    for (size_t i = 0; all->buckets && i < all->bucket_count; i++)
        while (all->buckets[i])
            sip_connection_drop(posix, all->buckets[i]);
    free(all->buckets);
    free(all->bytes);
    sip_socket_close(all->spare_fd);
}
