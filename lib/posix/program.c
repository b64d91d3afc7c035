/* What the program itself waits for: its descriptors and its times. */
#include "posix/loop.h"

#include <stdlib.h>

struct sip_watch {
    struct sip_source source;
    void (*ready)(void *host, int fd);
    void *host;
    struct sip_watch *next;
};

/* Few are alive at once: a plain list. */
struct sip_alarm {
    uint64_t at;
    void (*due)(void *host, uint64_t now);
    void *host;
    struct sip_alarm *next;
};

/* --- descriptors --- */

static void watch_ready(struct sip_posix *posix, struct sip_source *source, unsigned what)
{
    struct sip_watch *watch = (struct sip_watch *)source;

    (void)posix;
    (void)what;
    watch->ready(watch->host, source->fd);
}

static struct sip_watch **watch_of(struct sip_posix *posix, int fd)
{
    struct sip_watch **link = &posix->watches;

    while (*link && (*link)->source.fd != fd)
        link = &(*link)->next;
    return link;
}

int sip_posix_watch(struct sip_posix *posix, int fd, void (*ready)(void *host, int fd), void *host)
{
    struct sip_watch *watch;
    int error;

    if (fd < 0 || !ready)
        return SIP_EINVAL;
    watch = *watch_of(posix, fd);
    if (!watch) {
        watch = calloc(1, sizeof *watch);
        if (!watch)
            return SIP_ESYSTEM;
        error = sip_posix_add(posix, &watch->source, fd, SIP_READABLE, watch_ready);
        if (error) {
            free(watch);
            return error;
        }
        watch->next = posix->watches;
        posix->watches = watch;
    }
    watch->ready = ready;
    watch->host = host;
    return 0;
}

void sip_posix_unwatch(struct sip_posix *posix, int fd)
{
    struct sip_watch **link = watch_of(posix, fd), *watch = *link;

    if (!watch)
        return;
    *link = watch->next;
    sip_posix_drop(posix, &watch->source);
}

/* --- times --- */

int sip_posix_timer(struct sip_posix *posix, uint64_t at, void (*due)(void *host, uint64_t now),
                    void *host)
{
    struct sip_alarm **link = &posix->alarms, *alarm;

    if (!due)
        return SIP_EINVAL;
    while (*link && ((*link)->due != due || (*link)->host != host))
        link = &(*link)->next;
    alarm = *link;
    if (at == SIP_NEVER) {
        if (alarm)
            *link = alarm->next;
        free(alarm);
        return 0;
    }
    if (!alarm) {
        alarm = calloc(1, sizeof *alarm);
        if (!alarm)
            return SIP_ESYSTEM;
        *link = alarm;
    }
    alarm->at = at;
    alarm->due = due;
    alarm->host = host;
    return 0;
}

uint64_t sip_posix_alarms_deadline(const struct sip_posix *posix)
{
    uint64_t earliest = SIP_NEVER;

    for (const struct sip_alarm *alarm = posix->alarms; alarm; alarm = alarm->next)
        if (alarm->at < earliest)
            earliest = alarm->at;
    return earliest;
}

static size_t alarms_count(const struct sip_posix *posix)
{
    size_t count = 0;

    for (const struct sip_alarm *alarm = posix->alarms; alarm; alarm = alarm->next)
        count++;
    return count;
}

/* The earliest first. One that sets itself again in the past waits for the next turn when all that
 * were there have had theirs. */
void sip_posix_alarms_fire(struct sip_posix *posix, uint64_t now)
{
    for (size_t left = alarms_count(posix); left; left--) {
        uint64_t earliest = sip_posix_alarms_deadline(posix);
        struct sip_alarm **link = &posix->alarms, *alarm, due;
        if (earliest > now)
            return;
        while (*link && (*link)->at != earliest)
            link = &(*link)->next;
        alarm = *link;
        if (!alarm)
            return;
        due = *alarm;
        *link = alarm->next;
        free(alarm);
        due.due(due.host, now);
    }
}

void sip_posix_program_close(struct sip_posix *posix)
{
    while (posix->watches)
        sip_posix_unwatch(posix, posix->watches->source.fd);
    while (posix->alarms) {
        struct sip_alarm *alarm = posix->alarms;
        posix->alarms = alarm->next;
        free(alarm);
    }
}
