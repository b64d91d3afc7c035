/* A real program in C99 that knows the public headers alone: it invites bob over a wire that only takes
 * notes, hears that he is busy, and is told so. Exit status 0 when all of that happened. */
#include <sip/sip.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct wire {
    char last[2048]; /* what was sent last */
    size_t len;
    unsigned ended; /* the status with which the call ended */
};

static int wire_send(void *host, const struct sip_path *path, struct sip_str bytes)
{
    struct wire *wire = (struct wire *)host;

    if (path->protocol != SIP_UDP || bytes.len >= sizeof wire->last)
        return -1;
    memcpy(wire->last, bytes.at, bytes.len);
    wire->last[bytes.len] = '\0';
    wire->len = bytes.len;
    return 0;
}

static int wire_local(void *host, const struct sip_path *path, struct sip_addr *local)
{
    (void)host;
    (void)path;
    if (sip_addr_parse(local, sip_str("192.0.2.1")) < 0)
        return -1;
    local->port = 5060;
    return 0;
}

static int wire_random(void *host, void *bytes, size_t count)
{
    (void)host;
    memset(bytes, 0x5a, count); /* a program that is no test has a better source */
    return 0;
}

static void call_event(void *host, struct sip_ua *ua, const struct sip_call_event *event)
{
    struct wire *wire = (struct wire *)host;

    (void)ua;
    if (event->kind == SIP_CALL_ENDED && event->end == SIP_END_REFUSED)
        wire->ended = event->status;
}

/* The value of a header field of what was sent, with its name and the end of its line. */
static int line_of(const struct wire *wire, const char *name)
{
    const char *at = strstr(wire->last, name);

    return at ? printf("%.*s\n", (int)strcspn(at, "\r\n"), at) : -1;
}

static size_t answer_busy(const struct wire *wire, char *out)
{
    static const char *const copied[] = {"Via: ", "From: ", "To: ", "Call-ID: ", "CSeq: "};
    size_t len = 0;
    unsigned i;

    len += (size_t)sprintf(out, "SIP/2.0 486 Busy Here\r\n");
    for (i = 0; i < 5; i++) {
        const char *at = strstr(wire->last, copied[i]);
        size_t size = at ? strcspn(at, "\r\n") : 0;

        if (!at || len + size + 64 > sizeof wire->last)
            return 0;
        memcpy(out + len, at, size);
        len += size;
        len += (size_t)sprintf(out + len, strcmp(copied[i], "To: ") ? "\r\n" : ";tag=bob\r\n");
    }
    return len + (size_t)sprintf(out + len, "Content-Length: 0\r\n\r\n");
}

int main(void)
{
    static struct wire wire;
    static char reply[sizeof wire.last];
    struct sip_config config;
    struct sip_call_args args;
    struct sip_packet packet;
    struct sip_ua *ua;
    struct sip_call call;
    size_t size;

    memset(&config, 0, sizeof config);
    config.stack.transport.host = &wire;
    config.stack.transport.send = wire_send;
    config.stack.transport.local = wire_local;
    config.stack.transport.random = wire_random;
    config.stack.limits.flows = SIP_NONE_AT_ALL;
    config.events.host = &wire;
    config.events.call = call_event;
    size = sip_ua_size(&config);
    if (sip_ua_init(&ua, malloc(size), size, &config, 1000) < 0)
        return fputs("init\n", stderr), 1;

    memset(&args, 0, sizeof args);
    args.to = sip_str("sip:bob@192.0.2.7");
    args.from = sip_str("sip:alice@192.0.2.1");
    if (sip_call_start(ua, 1000, &args, &call) < 0)
        return fputs("start\n", stderr), 1;
    if (strncmp(wire.last, "INVITE sip:bob@192.0.2.7 SIP/2.0\r\n", 34) || line_of(&wire, "From: ") < 0)
        return fputs("no INVITE\n", stderr), 1;

    memset(&packet, 0, sizeof packet);
    packet.bytes = sip_bytes(reply, answer_busy(&wire, reply));
    packet.path.protocol = SIP_UDP;
    if (wire_local(&wire, &packet.path, &packet.path.local) < 0 ||
        sip_addr_parse(&packet.path.remote, sip_str("192.0.2.7")) < 0)
        return fputs("addresses\n", stderr), 1;
    packet.path.remote.port = 5060;
    if (sip_stack_datagram(sip_ua_stack(ua), 1020, &packet) < 0 || wire.ended != 486)
        return fputs("not ended with 486\n", stderr), 1;
    return 0;
}
