/* What ICMP said of datagrams that were sent: Linux keeps it with the socket. */
#include "posix/udp.h"
#include "posix/control.h"
#include "posix/loop.h"
#include "posix/socket.h"

#ifdef IP_RECVERR
#include <linux/errqueue.h>
#include <netinet/icmp6.h>
#include <netinet/ip_icmp.h>
#include <string.h>

/* RFC 3261 §18.4: host, network, port or protocol unreachable and parameter problem are told;
 * source quench and TTL exceeded are not. Nor is "too big": the system sends fragments then. */
static bool is_unreachable(const struct sock_extended_err *error)
{
    switch (error->ee_origin) {
    case SO_EE_ORIGIN_ICMP:
        return error->ee_type == ICMP_PARAMETERPROB ||
               (error->ee_type == ICMP_DEST_UNREACH && error->ee_code != ICMP_FRAG_NEEDED);
    case SO_EE_ORIGIN_ICMP6:
        return error->ee_type == ICMP6_DST_UNREACH || error->ee_type == ICMP6_PARAM_PROB;
    default:
        return false;
    }
}

static bool says_unreachable(struct msghdr *head)
{
    struct sock_extended_err error;

    for (struct cmsghdr *part = CMSG_FIRSTHDR(head); part; part = CMSG_NXTHDR(head, part)) {
        bool told = (part->cmsg_level == IPPROTO_IP && part->cmsg_type == IP_RECVERR) ||
                    (part->cmsg_level == IPPROTO_IPV6 && part->cmsg_type == IPV6_RECVERR);
        if (!told)
            continue;
        memcpy(&error, CMSG_DATA(part), sizeof error);
        return is_unreachable(&error);
    }
    return false;
}

/* Takes one error off the queue; the name it comes with is where the datagram went. */
static bool next_error(struct sip_listener *listener, struct sip_path *path, bool *unreachable)
{
    struct sockaddr_storage to;
    struct sip_control control;
    struct msghdr head = {0};

    memset(&to, 0, sizeof to);
    head.msg_name = &to;
    head.msg_namelen = sizeof to;
    head.msg_control = &control;
    head.msg_controllen = sizeof control;
    if (recvmsg(listener->source.fd, &head, MSG_ERRQUEUE) < 0)
        return false;
    *path = listener->bound;
    *unreachable = says_unreachable(&head) &&
                   sip_posix_from_sockaddr(&path->remote, (struct sockaddr *)&to) == 0;
    return true;
}

void sip_udp_errors(struct sip_posix *posix, struct sip_listener *listener, unsigned count)
{
    struct sip_path path;
    bool unreachable;

    while (count-- && next_error(listener, &path, &unreachable))
        if (unreachable && posix->stack)
            sip_stack_unreachable(posix->stack, sip_posix_now(), &path);
    sip_socket_error(listener->source.fd); /* else reading would fail with it once */
}

#else

void sip_udp_errors(struct sip_posix *posix, struct sip_listener *listener, unsigned count)
{
    (void)posix;
    (void)count;
    sip_socket_error(listener->source.fd);
}

#endif
