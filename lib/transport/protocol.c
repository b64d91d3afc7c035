#include "base/bytes.h"
#include "sip/transport.h"

static const struct {
    const char *name;
    const char *param;
} protocols[] = {
    [SIP_PROTOCOL_NONE] = {NULL, NULL}, [SIP_UDP] = {"UDP", "udp"}, [SIP_TCP] = {"TCP", "tcp"},
    [SIP_TLS] = {"TLS", "tls"},         [SIP_WS] = {"WS", "ws"},    [SIP_WSS] = {"WSS", "wss"},
};

#define PROTOCOLS (sizeof protocols / sizeof *protocols)

const char *sip_protocol_name(enum sip_protocol protocol)
{
    return (size_t)protocol < PROTOCOLS ? protocols[protocol].name : NULL;
}

const char *sip_protocol_param(enum sip_protocol protocol)
{
    return (size_t)protocol < PROTOCOLS ? protocols[protocol].param : NULL;
}

enum sip_protocol sip_protocol_of(struct sip_str name)
{
    for (size_t i = SIP_UDP; i < PROTOCOLS; i++)
        if (sip_str_is(name, protocols[i].name))
            return (enum sip_protocol)i;
    return SIP_PROTOCOL_NONE;
}

bool sip_protocol_reliable(enum sip_protocol protocol)
{
    return protocol != SIP_UDP && protocol != SIP_PROTOCOL_NONE;
}
