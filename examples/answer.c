/* Answers whoever calls or asks until SIGTERM or SIGINT, then tells what it did and has in use.
 *
 *     answer --listen udp:127.0.0.1:5080 [--listen ...] [--calls N] [--transactions N] [--hold S] */
#include <inttypes.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>

#include <sip/posix.h>
#include <sip/sip.h>

#include "arguments.h"
#include "description.h"

static struct sip_posix *posix;
static struct sip_call held[1 << 16]; /* a ring: which calls to hang up, and when */
static uint64_t until[1 << 16];
static uint16_t first, next;
static unsigned hold_s;

static void hold_due(void *ua, uint64_t now)
{
    for (; first != next && until[first] <= now; first++)
        sip_call_hang_up(ua, now, held[first], NULL);
    sip_posix_timer(posix, first == next ? SIP_NEVER : until[first], hold_due, ua);
}

static void call_event(void *text, struct sip_ua *ua, const struct sip_call_event *event)
{
    static const struct sip_refusal unacceptable = {.status = 488};
    struct sip_call_message message = {0};
    struct sip_sdp_session session;
    struct sip_sdp_stream stream;

    if (event->kind != SIP_CALL_INCOMING && event->kind != SIP_CALL_OFFERED)
        return;
    description_begin(&session, event->call.id, &event->received->path.local, 9); /* discard */
    message.body = event->offer ? description_answer(&session, event->body, &stream, text)
                                : description_offer(&session, text);
    if (!message.body.bytes.at)
        sip_call_decline(ua, event->now, event->call, &unacceptable);
    else if (sip_call_accept(ua, event->now, event->call, &message) == 0 && hold_s) {
        held[next] = event->call;
        until[next++] = event->now + hold_s * 1000;
        hold_due(ua, event->now);
    }
}

static void terminated(int number)
{
    signal(number, SIG_DFL); /* a second one ends us at once */
    sip_posix_stop(posix);
}

int main(int argc, char **argv)
{
    static char text[DESCRIPTION_MAX];
    struct sip_config config = {.events = {.host = text, .call = call_event},
                                .stack.limits = {.calls = 16384, .flows = 64}};
    struct argument_texts listen = {0};
    const struct argument table[] = {
        {"--listen", ARGUMENT_TEXTS, &listen, "udp:ADDRESS:PORT", true},
        {"--calls", ARGUMENT_NUMBER, &config.stack.limits.calls, "N", false},
        {"--transactions", ARGUMENT_NUMBER, &config.stack.limits.transactions, "N", false},
        {"--hold", ARGUMENT_NUMBER, &hold_s, "SECONDS", false}, {0}};
    struct sip_pool_usage pool;
    struct sip_ua *ua;

    arguments_read(table, argc, argv);
    if (sip_posix_open(&posix, NULL) < 0)
        return perror("answer"), 1;
    config.stack.transport = sip_posix_transport(posix);
    size_t size = sip_ua_size(&config);
    if (sip_ua_init(&ua, malloc(size), size, &config, sip_posix_now()) < 0)
        arguments_refuse("--calls and --transactions", NULL, "are too many");
    sip_posix_attach(posix, sip_ua_stack(ua));
    for (size_t i = 0; i < listen.count; i++)
        arguments_listen(posix, listen.at[i], NULL);
    signal(SIGTERM, terminated);
    signal(SIGINT, terminated);
    sip_posix_loop(posix);
    const struct sip_counters *n = sip_stack_counters(sip_ua_stack(ua));
    printf("received=%" PRIu64 " sent=%" PRIu64 " retransmitted=%" PRIu64 " dropped=%" PRIu64
           " refused=%" PRIu64 "\n",
           n->received, n->sent, n->retransmitted, n->dropped, n->refused);
    for (unsigned i = 0; sip_stack_usage(sip_ua_stack(ua), i, &pool); i++)
        printf("%s limit=%u used=%u peak=%u refused=%u\n", pool.name, pool.limit, pool.used,
               pool.peak, pool.refused);
}
