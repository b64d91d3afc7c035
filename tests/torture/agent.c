#include "torture/agent.h"

#include "sip/sip.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char session[] = "v=0\r\no=alice 2 2 IN IP4 192.0.2.1\r\ns=-\r\nc=IN IP4 192.0.2.1\r\n"
                              "t=0 0\r\nm=audio 5000 RTP/AVP 0\r\n";

static struct sip_addr address(const char *host)
{
    struct sip_addr addr = {0};

    sip_addr_parse(&addr, sip_str(host));
    addr.port = 5060;
    return addr;
}

static int wire_send(void *host, const struct sip_path *path, struct sip_str bytes)
{
    struct agent_answer *answer = host;
    char to[SIP_ADDR_TEXT];

    if (answer->count++)
        return 0;
    answer->len = bytes.len < sizeof answer->bytes ? bytes.len : sizeof answer->bytes;
    memcpy(answer->bytes, bytes.at, answer->len);
    answer->status =
        bytes.len > 12 && memcmp(bytes.at, "SIP/2.0 ", 8) == 0 ? atoi(bytes.at + 8) : -1;
    snprintf(answer->to, sizeof answer->to, "%.*s:%u", (int)sip_addr_text(&path->remote, to), to,
             (unsigned)path->remote.port);
    return 0;
}

static int wire_local(void *host, const struct sip_path *path, struct sip_addr *local)
{
    (void)host, (void)path;
    *local = address("192.0.2.1");
    return 0;
}

static int wire_random(void *host, void *bytes, size_t count)
{
    (void)host;
    memset(bytes, 0x5a, count);
    return 0;
}

static void on_call(void *host, struct sip_ua *ua, const struct sip_call_event *event)
{
    struct sip_call_message answer = {0};

    (void)host;
    answer.body.type = sip_str("application/sdp");
    answer.body.bytes = sip_str(session);
    if (event->kind == SIP_CALL_INCOMING)
        sip_call_accept(ua, event->now, event->call, &answer);
}

static void on_request(void *host, struct sip_ua *ua, const struct sip_request_event *event)
{
    (void)host;
    if (event->kind == SIP_REQUEST_RECEIVED)
        sip_request_reply(ua, event->now, event->request, NULL);
}

static void set_up(struct sip_config *config, struct agent_answer *answer)
{
    config->stack.transport.host = answer;
    config->stack.transport.send = wire_send;
    config->stack.transport.local = wire_local;
    config->stack.transport.random = wire_random;
    config->stack.limits.message_max = 8000;
    config->events.call = on_call;
    config->events.request = on_request;
    config->methods = "MESSAGE INFO";
}

void agent_gets(const char *bytes, size_t len, struct agent_answer *answer)
{
    struct sip_config config = {0};
    struct sip_account_args alice = {0};
    struct sip_account account;
    struct sip_packet packet = {0};
    struct sip_ua *ua;
    void *block;

    memset(answer, 0, sizeof *answer);
    set_up(&config, answer);
    alice.aor = sip_str("sip:alice@example.net");
    block = malloc(sip_ua_size(&config));
    if (sip_ua_init(&ua, block, sip_ua_size(&config), &config, 0) ||
        sip_account_add(ua, 0, &alice, &account))
        abort();
    packet.bytes = sip_bytes(bytes, len);
    packet.path.protocol = SIP_UDP;
    packet.path.local = address("192.0.2.1");
    packet.path.remote = address("192.0.2.7");
    sip_stack_datagram(sip_ua_stack(ua), 0, &packet);
    sip_stack_tick(sip_ua_stack(ua), 0);
    free(block);
}
