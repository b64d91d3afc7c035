#include "posix/udp.h"
#include "posix/control.h"
#include "posix/address.h"
#include "posix/loop.h"
#include "posix/socket.h"

#include <errno.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>

#ifdef MSG_WAITFORONE /* systems with this have recvmmsg() */
static int receive(int fd, struct mmsghdr *heads, unsigned count)
{
    return (int)recvmmsg(fd, heads, count, 0, NULL);
}
#else
struct mmsghdr {
    struct msghdr msg_hdr;
    unsigned msg_len;
};

static int receive(int fd, struct mmsghdr *heads, unsigned count)
{
    unsigned got;

    for (got = 0; got < count; got++) {
        ssize_t len = recvmsg(fd, &heads[got].msg_hdr, 0);
        if (len < 0)
            return got ? (int)got : -1;
        heads[got].msg_len = (unsigned)len;
    }
    return (int)got;
}
#endif

/* What one datagram needs beside its bytes. */
struct sip_letter {
    struct iovec bytes;
    struct sockaddr_storage from;
    struct sip_control control;
};

int sip_inbox_open(struct sip_posix *posix)
{
    struct sip_inbox *inbox = &posix->inbox;
    size_t count = posix->config.batch, size = posix->config.datagram_max;

    if (inbox->bytes)
        return 0;
    inbox->letters = calloc(count, sizeof *inbox->letters);
    inbox->heads = calloc(count, sizeof *inbox->heads);
    inbox->bytes = malloc(count * size);
    if (!inbox->letters || !inbox->heads || !inbox->bytes) {
        sip_inbox_close(inbox);
        return -1;
    }
    for (size_t i = 0; i < count; i++) {
        inbox->letters[i].bytes.iov_base = inbox->bytes + i * size;
        inbox->letters[i].bytes.iov_len = size;
    }
    return 0;
}

void sip_inbox_close(struct sip_inbox *inbox)
{
    free(inbox->letters);
    free(inbox->heads);
    free(inbox->bytes);
    memset(inbox, 0, sizeof *inbox);
}

static void turn_on(int fd, int level, int option)
{
    int on = 1;

    setsockopt(fd, level, option, &on, sizeof on);
}

void sip_udp_prepare(int fd, enum sip_family family, bool any)
{
#ifdef IP_RECVERR
    if (family == SIP_IPV4)
        turn_on(fd, IPPROTO_IP, IP_RECVERR);
    else
        turn_on(fd, IPPROTO_IPV6, IPV6_RECVERR);
#endif
    if (any && family == SIP_IPV6)
        turn_on(fd, IPPROTO_IPV6, IPV6_RECVPKTINFO);
#ifdef IP_PKTINFO
    if (any && family == SIP_IPV4)
        turn_on(fd, IPPROTO_IP, IP_PKTINFO);
#endif
}

/* --- in --- */

static void prepare_batch(struct sip_inbox *inbox, unsigned count)
{
    for (unsigned i = 0; i < count; i++) {
        struct sip_letter *letter = &inbox->letters[i];
        struct msghdr head = {0};
        head.msg_name = &letter->from;
        head.msg_namelen = sizeof letter->from;
        head.msg_iov = &letter->bytes;
        head.msg_iovlen = 1;
        head.msg_control = &letter->control;
        head.msg_controllen = sizeof letter->control;
        inbox->heads[i].msg_hdr = head;
    }
}

static void report(struct sip_posix *posix, const struct sip_listener *listener, unsigned index)
{
    struct msghdr *head = &posix->inbox.heads[index].msg_hdr;
    struct sip_packet packet = {0};

    packet.bytes.at = posix->inbox.letters[index].bytes.iov_base;
    packet.bytes.len = posix->inbox.heads[index].msg_len;
    packet.truncated = (head->msg_flags & MSG_TRUNC) != 0;
    packet.path = listener->bound;
    if (sip_posix_from_sockaddr(&packet.path.remote, head->msg_name))
        return;
    if (listener->any)
        sip_control_local(head, &packet.path.local);
    sip_stack_datagram(posix->stack, sip_posix_now(), &packet);
}

/* One batch: the rest is told again in the next turn, after the others. */
void sip_udp_ready(struct sip_posix *posix, struct sip_source *source, unsigned what)
{
    struct sip_listener *listener = (struct sip_listener *)source;
    unsigned count = posix->config.batch;
    int got;

    if (what & SIP_FAILED)
        sip_udp_errors(posix, listener, count);
    if (!(what & SIP_READABLE))
        return;
    prepare_batch(&posix->inbox, count);
    got = receive(source->fd, posix->inbox.heads, count);
    for (int i = 0; i < got; i++)
        if (posix->stack)
            report(posix, listener, (unsigned)i);
}

/* --- out --- */

static ssize_t send_one(const struct sip_listener *listener, const struct sip_path *path,
                        struct sip_str bytes)
{
    struct sockaddr_storage to;
    socklen_t to_len = sip_posix_to_sockaddr(&path->remote, &to);
    struct sip_control control;
    struct msghdr head = {0};
    struct iovec iov;

    if (!listener->any || path->local.family == SIP_FAMILY_NONE || sip_posix_is_any(&path->local))
        return sendto(listener->source.fd, bytes.at, bytes.len, MSG_NOSIGNAL,
                      (struct sockaddr *)&to, to_len);
    iov.iov_base = (char *)(uintptr_t)bytes.at;
    iov.iov_len = bytes.len;
    head.msg_name = &to;
    head.msg_namelen = to_len;
    head.msg_iov = &iov;
    head.msg_iovlen = 1;
    sip_control_source(&head, &control, &path->local);
    return sendmsg(listener->source.fd, &head, MSG_NOSIGNAL);
}

/* A full queue drops datagrams, as the network does. */
static bool is_loss(int error)
{
    return error == EAGAIN || error == EWOULDBLOCK || error == ENOBUFS || error == ENOMEM ||
           error == EINTR;
}

int sip_udp_send(void *host, const struct sip_path *path, struct sip_str bytes)
{
    struct sip_posix *posix = host;
    struct sip_listener *listener;

    if (path->protocol != SIP_UDP)
        return SIP_EINVAL;
    listener = sip_posix_listener(posix, path);
    if (!listener)
        return SIP_ESYSTEM;
    if (send_one(listener, path, bytes) >= 0 || is_loss(errno))
        return 0;
    /* The error may be what ICMP said of an earlier datagram, to whomever; it is told once. */
    if (send_one(listener, path, bytes) >= 0 || is_loss(errno))
        return 0;
    sip_routes_forget(&posix->routes);
    return SIP_ESYSTEM;
}
