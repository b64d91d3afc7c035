/* Rings a phone, hangs up when it answers, and says what happened; status 1 when it did not answer.
 *
 *     ring sip:bob@192.0.2.7 */
#include <stdio.h>

#include <sip/posix.h>
#include <sip/sip.h>

static int status = 1;

static void call_event(void *posix, struct sip_ua *ua, const struct sip_call_event *event)
{
    (void)posix;
    if (event->kind == SIP_CALL_PROGRESS)
        printf("%u\n", event->status);
    if (event->kind == SIP_CALL_ANSWERED)
        status = sip_call_hang_up(ua, event->now, event->call, NULL);
    if (event->kind == SIP_CALL_ENDED) {
        printf("%s %u\n", sip_end_name(event->end), event->status);
        sip_ua_stop(ua, event->now);
    }
}

static void stopped(void *posix, struct sip_ua *ua)
{
    (void)ua;
    sip_posix_stop(posix);
}

int main(int argc, char **argv)
{
    static uint8_t memory[SIP_STACK_SIZE(2, 2, 4, 1472)];
    struct sip_config config = {0};
    struct sip_call_args args = {0};
    struct sip_posix *posix;
    struct sip_ua *ua;
    struct sip_call call;
    int error;

    if (argc != 2)
        return fputs("usage: ring URI\n", stderr), 2;
    if (sip_posix_open(&posix, NULL) || sip_posix_listen(posix, "udp:0.0.0.0:0", NULL))
        return perror("ring"), 1;
    config.stack.transport = sip_posix_transport(posix);
    config.events.host = posix;
    config.events.call = call_event;
    config.events.stopped = stopped;
    if (sip_ua_init(&ua, memory, sizeof memory, &config, sip_posix_now()))
        return fputs("ring: no random bytes\n", stderr), 1;
    sip_posix_attach(posix, sip_ua_stack(ua));

    args.to = sip_str(argv[1]);
    args.from = sip_str("sip:ring@ring.invalid");
    error = sip_call_start(ua, sip_posix_now(), &args, &call);
    if (error < 0)
        return fprintf(stderr, "ring: %s: %s\n", argv[1], sip_strerror(error)), 2;
    sip_posix_loop(posix);
    return sip_posix_close(posix), status;
}
