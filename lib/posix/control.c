#include "posix/control.h"
#include "posix/address.h"

#include <string.h>

static void local_v4(struct cmsghdr *part, struct sip_addr *local)
{
#ifdef IP_PKTINFO
    struct in_pktinfo info;

    if (part->cmsg_level != IPPROTO_IP || part->cmsg_type != IP_PKTINFO)
        return;
    memcpy(&info, CMSG_DATA(part), sizeof info);
    if (info.ipi_spec_dst.s_addr == INADDR_ANY)
        return;
    local->family = SIP_IPV4;
    memcpy(local->bytes, &info.ipi_spec_dst, 4);
#else
    (void)part, (void)local;
#endif
}

static void local_v6(struct cmsghdr *part, struct sip_addr *local)
{
    struct in6_pktinfo info;

    if (part->cmsg_level != IPPROTO_IPV6 || part->cmsg_type != IPV6_PKTINFO)
        return;
    memcpy(&info, CMSG_DATA(part), sizeof info);
    if (IN6_IS_ADDR_MULTICAST(&info.ipi6_addr) || IN6_IS_ADDR_UNSPECIFIED(&info.ipi6_addr))
        return;
    local->family = SIP_IPV6;
    memcpy(local->bytes, &info.ipi6_addr, 16);
    local->scope = IN6_IS_ADDR_LINKLOCAL(&info.ipi6_addr) ? (uint32_t)info.ipi6_ifindex : 0;
}

void sip_control_local(struct msghdr *head, struct sip_addr *local)
{
    for (struct cmsghdr *part = CMSG_FIRSTHDR(head); part; part = CMSG_NXTHDR(head, part)) {
        local_v4(part, local);
        local_v6(part, local);
    }
}

static void put(struct msghdr *head, int level, int type, const void *data, size_t size)
{
    struct cmsghdr *part;

    head->msg_controllen = CMSG_SPACE(size);
    part = CMSG_FIRSTHDR(head);
    part->cmsg_level = level;
    part->cmsg_type = type;
    part->cmsg_len = CMSG_LEN(size);
    memcpy(CMSG_DATA(part), data, size);
}

void sip_control_source(struct msghdr *head, struct sip_control *control,
                        const struct sip_addr *local)
{
    memset(control, 0, sizeof *control);
    head->msg_control = control;
    head->msg_controllen = 0;
    if (local->family == SIP_IPV6) {
        struct in6_pktinfo info = {0};
        memcpy(&info.ipi6_addr, local->bytes, 16);
        info.ipi6_ifindex = local->scope;
        put(head, IPPROTO_IPV6, IPV6_PKTINFO, &info, sizeof info);
    }
#ifdef IP_PKTINFO
    if (local->family == SIP_IPV4) {
        struct in_pktinfo info = {0};
        memcpy(&info.ipi_spec_dst, local->bytes, 4);
        put(head, IPPROTO_IP, IP_PKTINFO, &info, sizeof info);
    }
#endif
    if (head->msg_controllen == 0)
        head->msg_control = NULL;
}
