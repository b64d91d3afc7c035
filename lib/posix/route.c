#include "posix/route.h"
#include "posix/address.h"
#include "posix/socket.h"

#include <string.h>

#define KEPT_MS  5000
#define PORT_ANY 5060 /* to connect to: nothing is sent there */

static struct sip_route *place_of(struct sip_routes *routes, const struct sip_addr *remote)
{
    uint32_t hash = remote->scope;

    for (int i = 0; i < 16; i++)
        hash = hash * 31 + remote->bytes[i];
    return &routes->kept[hash % SIP_ROUTES];
}

/* Connecting a datagram socket sends nothing, but makes the system choose. */
static int ask(const struct sip_addr *remote, struct sip_addr *local)
{
    static const struct sip_posix_config plain;
    struct sip_addr to = *remote;
    struct sockaddr_storage name;
    int fd = sip_socket_open(&plain, remote, SOCK_DGRAM), failed;

    if (fd < 0)
        return -1;
    to.port = PORT_ANY;
    failed = connect(fd, (struct sockaddr *)&name, sip_posix_to_sockaddr(&to, &name)) ||
             sip_socket_name(fd, local);
    sip_socket_close(fd);
    local->port = 0;
    return failed ? -1 : 0;
}

int sip_route_find(struct sip_routes *routes, uint64_t now, const struct sip_addr *remote,
                   struct sip_addr *local)
{
    struct sip_route *route = place_of(routes, remote);
    struct sip_addr got;

    if (route->until > now && sip_posix_same_host(&route->remote, remote)) {
        *local = route->local;
        return 0;
    }
    if (ask(remote, &got))
        return -1;
    route->remote = *remote;
    route->local = got;
    route->until = now + KEPT_MS;
    *local = got;
    return 0;
}

void sip_routes_forget(struct sip_routes *routes)
{
    memset(routes, 0, sizeof *routes);
}
