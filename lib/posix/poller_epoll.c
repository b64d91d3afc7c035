#include "posix/poller.h"

#include <errno.h>
#include <stdint.h>
#include <sys/epoll.h>
#include <unistd.h>

#define EVENTS_MAX 64

int sip_poller_open(struct sip_poller *poller)
{
    poller->fd = epoll_create1(EPOLL_CLOEXEC);
    return poller->fd < 0 ? -1 : 0;
}

void sip_poller_close(struct sip_poller *poller)
{
    if (poller->fd >= 0)
        close(poller->fd);
    poller->fd = -1;
}

static int control(struct sip_poller *poller, int operation, struct sip_source *source)
{
    struct epoll_event event = {0};

    if (source->wanted & SIP_READABLE)
        event.events |= EPOLLIN;
    if (source->wanted & SIP_WRITABLE)
        event.events |= EPOLLOUT;
    event.data.ptr = source;
    return epoll_ctl(poller->fd, operation, source->fd, &event);
}

int sip_poller_add(struct sip_poller *poller, struct sip_source *source)
{
    return control(poller, EPOLL_CTL_ADD, source);
}

int sip_poller_change(struct sip_poller *poller, struct sip_source *source)
{
    return control(poller, EPOLL_CTL_MOD, source);
}

void sip_poller_remove(struct sip_poller *poller, struct sip_source *source)
{
    control(poller, EPOLL_CTL_DEL, source);
}

int sip_poller_wait(struct sip_poller *poller, int timeout_ms, struct sip_ready *ready,
                    int ready_max)
{
    struct epoll_event events[EVENTS_MAX];
    int count;

    count =
        epoll_wait(poller->fd, events, ready_max < EVENTS_MAX ? ready_max : EVENTS_MAX, timeout_ms);
    if (count < 0)
        return errno == EINTR ? 0 : -1;
    for (int i = 0; i < count; i++) {
        uint32_t told = events[i].events;
        ready[i].source = events[i].data.ptr;
        ready[i].what = (told & EPOLLIN ? SIP_READABLE : 0u) |
                        (told & EPOLLOUT ? SIP_WRITABLE : 0u) |
                        (told & EPOLLERR ? SIP_FAILED : 0u) | (told & EPOLLHUP ? SIP_HUNG_UP : 0u);
    }
    return count;
}
