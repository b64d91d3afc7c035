/* Answers whoever calls or asks, until SIGTERM; then tells what it did and what is still in use.
 *
 *     answer --listen udp:127.0.0.1:5080 [--listen tcp:...] [--calls N] [--transactions N] [--hold S] */
#include <inttypes.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>

#include <sip/posix.h>
#include <sip/sip.h>

#include "arguments.h"
#include "description.h"

static const struct sip_codec codecs[] = {{"PCMU", 8000, 1, 0, NULL}, {"PCMA", 8000, 1, 8, NULL}};
static struct sip_posix *posix;
static struct { struct sip_call call; uint64_t until; } held[1 << 16]; /* a ring */
static uint16_t first_held, next_held;
static unsigned hold_s;

static void hold_due(void *ua, uint64_t now)
{
    for (; first_held != next_held && held[first_held].until <= now; first_held++)
        sip_call_hang_up(ua, now, held[first_held].call, NULL);
    sip_posix_timer(posix, first_held == next_held ? SIP_NEVER : held[first_held].until, hold_due, ua);
}

static void call_event(void *host, struct sip_ua *ua, const struct sip_call_event *event)
{
    struct sip_sdp_session session = {.id = 1, .codecs = codecs, .codec_count = 2};
    struct sip_call_message message = {.body.type = sip_str("application/sdp"), .body.bytes.at = host};
    struct sip_sdp_stream stream;
    long len;

    if (event->kind != SIP_CALL_INCOMING && event->kind != SIP_CALL_OFFERED)
        return;
    session.local = event->received->path.local;
    session.local.port = 9; /* discard: whoever talks to us is not heard */
    len = event->offer ? description_answer(&session, event->body.bytes, &stream, host, 1024)
                       : sip_sdp_offer(&session, host, 1024);
    message.body.bytes.len = (size_t)len;
    if (len <= 0)
        sip_call_hang_up(ua, event->now, event->call, NULL);
    else if (sip_call_accept(ua, event->now, event->call, &message) == 0 && hold_s) {
        held[next_held].call = event->call;
        held[next_held++].until = event->now + hold_s * 1000;
        hold_due(ua, event->now);
    }
}

static void terminated(int signal)
{
    (void)signal;
    sip_posix_stop(posix);
}

int main(int argc, char **argv)
{
    static char text[1024];
    struct sip_config config = {.stack.limits = {.calls = 16384, .flows = 64}};
    struct argument_texts listen = {0};
    const struct argument table[] = {
        {"--listen", ARGUMENT_TEXTS, &listen, "udp:ADDRESS:PORT"},
        {"--calls", ARGUMENT_NUMBER, &config.stack.limits.calls, "N"},
        {"--transactions", ARGUMENT_NUMBER, &config.stack.limits.transactions, "N"},
        {"--hold", ARGUMENT_NUMBER, &hold_s, "SECONDS"},
        {0}};
    struct sip_pool_usage pool;
    struct sip_ua *ua;

    arguments_read(table, argc, argv);
    sip_posix_open(&posix, NULL);
    config.stack.transport = sip_posix_transport(posix);
    config.events.call = call_event;
    config.events.host = text;
    if (sip_ua_init(&ua, malloc(sip_ua_size(&config)), sip_ua_size(&config), &config, sip_posix_now()))
        arguments_refuse("--calls and --transactions", NULL, "are too many");
    sip_posix_attach(posix, sip_ua_stack(ua));
    for (size_t i = 0; i < listen.count; i++)
        if (sip_posix_listen(posix, listen.at[i], NULL) < 0)
            arguments_refuse("--listen", listen.at[i], "wants udp:ADDRESS:PORT or tcp:..., ours and free");
    signal(SIGTERM, terminated);
    sip_posix_loop(posix);
    const struct sip_counters *n = sip_stack_counters(sip_ua_stack(ua));
    printf("received=%" PRIu64 " sent=%" PRIu64 " retransmitted=%" PRIu64 " dropped=%" PRIu64
           " refused=%" PRIu64 "\n", n->received, n->sent, n->retransmitted, n->dropped, n->refused);
    for (unsigned i = 0; sip_stack_usage(sip_ua_stack(ua), i, &pool); i++)
        printf("%s limit=%u used=%u peak=%u refused=%u\n", pool.name, pool.limit, pool.used, pool.peak,
               pool.refused);
}
