#include "posix/loop.h"
#include "posix/socket.h"

#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#define READY_MAX         64
#define DSCP_DEFAULT      24 /* class selector 3 */
#define DATAGRAM_DEFAULT  65535
#define BATCH_DEFAULT     16
#define BATCH_MAX         1024
#define LINGER_DEFAULT_MS 2000

uint64_t sip_posix_now(void)
{
    struct timespec time;

    clock_gettime(CLOCK_MONOTONIC, &time);
    return (uint64_t)time.tv_sec * 1000 + (uint64_t)time.tv_nsec / 1000000;
}

/* --- sources --- */

int sip_posix_add(struct sip_posix *posix, struct sip_source *source, int fd, unsigned wanted,
                  void (*ready)(struct sip_posix *, struct sip_source *, unsigned what))
{
    source->fd = fd;
    source->wanted = wanted;
    source->ready = ready;
    return sip_poller_add(&posix->poller, source) ? SIP_ESYSTEM : 0;
}

void sip_posix_want(struct sip_posix *posix, struct sip_source *source, unsigned wanted)
{
    if (source->wanted == wanted)
        return;
    source->wanted = wanted;
    sip_poller_change(&posix->poller, source);
}

static void free_gone(struct sip_posix *posix)
{
    while (posix->gone) {
        struct sip_source *source = posix->gone;
        posix->gone = source->next_gone;
        free(source);
    }
}

void sip_posix_drop(struct sip_posix *posix, struct sip_source *source)
{
    sip_poller_remove(&posix->poller, source);
    source->fd = -1;
    source->next_gone = posix->gone;
    posix->gone = source;
}

/* --- open and close --- */

static bool config_of(struct sip_posix_config *config, const struct sip_posix_config *given)
{
    struct sip_posix_config none = {0};

    *config = given ? *given : none;
    if (config->dscp == 0)
        config->dscp = DSCP_DEFAULT;
    else if (config->dscp == SIP_POSIX_BEST_EFFORT)
        config->dscp = 0;
    if (config->datagram_max == 0)
        config->datagram_max = DATAGRAM_DEFAULT;
    if (config->batch == 0)
        config->batch = BATCH_DEFAULT;
    if (config->linger_ms == 0)
        config->linger_ms = LINGER_DEFAULT_MS;
    return config->dscp < 64 && config->datagram_max <= DATAGRAM_DEFAULT &&
           config->batch <= BATCH_MAX && config->socket_bytes <= INT_MAX;
}

static void woken(struct sip_posix *posix, struct sip_source *source, unsigned what)
{
    char bytes[16];

    (void)posix;
    (void)what;
    while (read(source->fd, bytes, sizeof bytes) == sizeof bytes)
        continue;
}

static int open_wake(struct sip_posix *posix)
{
    int ends[2];

    if (pipe(ends))
        return SIP_ESYSTEM;
    sip_socket_no_block(ends[0]);
    sip_socket_no_block(ends[1]);
    posix->wake.fd = ends[0];
    posix->wake_fd = ends[1];
    return sip_posix_add(posix, &posix->wake, ends[0], SIP_READABLE, woken);
}

int sip_posix_open(struct sip_posix **posix, const struct sip_posix_config *config)
{
    struct sip_posix *made;

    *posix = NULL;
    made = calloc(1, sizeof *made);
    if (!made)
        return SIP_ESYSTEM;
    made->wake.fd = made->wake_fd = made->poller.fd = -1;
    made->connections.spare_fd = -1;
    if (!config_of(&made->config, config)) {
        free(made);
        return SIP_EINVAL;
    }
    if (sip_poller_open(&made->poller) || open_wake(made) || sip_connections_open(made)) {
        sip_posix_close(made);
        return SIP_ESYSTEM;
    }
    *posix = made;
    return 0;
}

void sip_posix_close(struct sip_posix *posix)
{
    int error = errno;

    if (!posix)
        return;
    sip_posix_program_close(posix);
    sip_posix_listeners_close(posix);
    sip_connections_close(posix);
    sip_inbox_close(&posix->inbox);
    free_gone(posix);
    sip_socket_close(posix->wake.fd);
    sip_socket_close(posix->wake_fd);
    sip_poller_close(&posix->poller);
    free(posix);
    errno = error;
}

int sip_posix_attach(struct sip_posix *posix, struct sip_stack *stack)
{
    posix->stack = stack;
    return 0;
}

/* --- turns --- */

static uint64_t deadline_of(const struct sip_posix *posix)
{
    uint64_t earliest = sip_posix_alarms_deadline(posix);
    uint64_t at = sip_connections_deadline(posix);

    if (at < earliest)
        earliest = at;
    at = posix->stack ? sip_stack_deadline(posix->stack) : SIP_NEVER;
    return at < earliest ? at : earliest;
}

int sip_posix_timeout(const struct sip_posix *posix)
{
    uint64_t at = deadline_of(posix), now;

    if (at == SIP_NEVER)
        return -1;
    now = sip_posix_now();
    if (at <= now)
        return 0;
    return at - now < INT_MAX ? (int)(at - now) : INT_MAX;
}

static int shorter(int timeout_ms, int other_ms)
{
    if (timeout_ms < 0)
        return other_ms;
    return other_ms >= 0 && other_ms < timeout_ms ? other_ms : timeout_ms;
}

/* What arrived is told before what is due: an answer that is here already stops its timer. */
static void do_due(struct sip_posix *posix)
{
    uint64_t now = sip_posix_now();

    sip_connections_expire(posix, now);
    if (posix->stack && sip_stack_deadline(posix->stack) <= now)
        sip_stack_tick(posix->stack, now);
    sip_posix_alarms_fire(posix, now);
}

int sip_posix_run_once(struct sip_posix *posix, int timeout_ms)
{
    struct sip_ready ready[READY_MAX];
    int count;

    if (posix->running)
        return SIP_ESTATE;
    posix->running = true;
    count = sip_poller_wait(&posix->poller, shorter(timeout_ms, sip_posix_timeout(posix)), ready,
                            READY_MAX);
    for (int i = 0; i < count; i++)
        if (ready[i].source->fd >= 0)
            ready[i].source->ready(posix, ready[i].source, ready[i].what);
    if (count >= 0)
        do_due(posix);
    free_gone(posix);
    posix->running = false;
    return count < 0 ? SIP_ESYSTEM : 0;
}

int sip_posix_loop(struct sip_posix *posix)
{
    int error = 0;

    while (!posix->stopping && !error)
        error = sip_posix_run_once(posix, -1);
    posix->stopping = 0;
    return error;
}

void sip_posix_stop(struct sip_posix *posix)
{
    int error = errno;
    ssize_t written;

    posix->stopping = 1;
    written = write(posix->wake_fd, "", 1); /* full: it will wake all the same */
    (void)written;
    errno = error;
}

int sip_posix_fd(const struct sip_posix *posix)
{
    return posix->poller.fd;
}
