#include "posix/poller.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

int sip_poller_open(struct sip_poller *poller)
{
    memset(poller, 0, sizeof *poller);
    poller->fd = -1;
    return 0;
}

void sip_poller_close(struct sip_poller *poller)
{
    free(poller->list);
    free(poller->sources);
    memset(poller, 0, sizeof *poller);
    poller->fd = -1;
}

static int grow(struct sip_poller *poller)
{
    size_t room = poller->room ? 2 * poller->room : 16;
    struct pollfd *list = realloc(poller->list, room * sizeof *list);
    struct sip_source **sources;

    if (!list)
        return -1;
    poller->list = list;
    sources = realloc(poller->sources, room * sizeof *sources);
    if (!sources)
        return -1;
    poller->sources = sources;
    poller->room = room;
    return 0;
}

int sip_poller_add(struct sip_poller *poller, struct sip_source *source)
{
    if (poller->count == poller->room && grow(poller))
        return -1;
    source->place = poller->count++;
    poller->sources[source->place] = source;
    poller->list[source->place].fd = source->fd;
    return sip_poller_change(poller, source);
}

int sip_poller_change(struct sip_poller *poller, struct sip_source *source)
{
    int events = (source->wanted & SIP_READABLE ? POLLIN : 0) |
                 (source->wanted & SIP_WRITABLE ? POLLOUT : 0);

    poller->list[source->place].events = (short)events;
    return 0;
}

/* The last one takes the place of the one that goes. */
void sip_poller_remove(struct sip_poller *poller, struct sip_source *source)
{
    size_t last = --poller->count;

    poller->list[source->place] = poller->list[last];
    poller->sources[source->place] = poller->sources[last];
    poller->sources[source->place]->place = source->place;
}

static unsigned what_of(short events)
{
    return (events & POLLIN ? SIP_READABLE : 0u) | (events & POLLOUT ? SIP_WRITABLE : 0u) |
           (events & (POLLERR | POLLNVAL) ? SIP_FAILED : 0u) |
           (events & POLLHUP ? SIP_HUNG_UP : 0u);
}

/* When more are ready than fit, the next turn begins behind those that had theirs. */
int sip_poller_wait(struct sip_poller *poller, int timeout_ms, struct sip_ready *ready,
                    int ready_max)
{
    int left = poll(poller->list, (nfds_t)poller->count, timeout_ms), count = 0;
    size_t begin = poller->begin < poller->count ? poller->begin : 0;

    if (left < 0)
        return errno == EINTR ? 0 : -1;
    for (size_t i = 0; i < poller->count && left > 0 && count < ready_max; i++) {
        size_t place = (begin + i) % poller->count;
        if (!poller->list[place].revents)
            continue;
        ready[count].source = poller->sources[place];
        ready[count++].what = what_of(poller->list[place].revents);
        poller->begin = place + 1;
        left--;
    }
    return count;
}
