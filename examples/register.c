/* Keeps a phone registered until Ctrl-C, then unregisters; status 1 when there is no hope of it:
 *     register sip:alice@example.net sip:192.0.2.1 alice secret */
#include <signal.h>
#include <stdio.h>
#include <sip/posix.h>
#include <sip/sip.h>

static struct sip_posix *posix;
static int status;

static void interrupted(int number)
{
    signal(number, SIG_DFL); /* a second one ends us at once */
    sip_posix_stop(posix);
}

static void told(void *host, struct sip_ua *ua, const struct sip_registration_event *event)
{
    (void)host, (void)ua;
    if (event->kind == SIP_REGISTRATION_DONE)
        printf("registered for %u s\n", (unsigned)event->expires_s);
    if (event->kind == SIP_REGISTRATION_FAILED)
        printf("failed with %u, next try in %u s\n", event->status, (unsigned)event->retry_in_s);
    status |= event->kind == SIP_REGISTRATION_FAILED && event->retry_in_s == 0;
    if (event->kind == SIP_REGISTRATION_ENDED || status)
        sip_posix_stop(posix);
}

int main(int argc, char **argv)
{
    static uint8_t memory[SIP_STACK_SIZE(2, 2, 4, 1472)];
    struct sip_config config = {.events.registration = told};
    struct sip_account_args account = {0};
    struct sip_registration_args args = {0};
    struct sip_registration registration;
    struct sip_ua *ua;
    int error;

    if (argc != 5)
        return fputs("usage: register AOR SERVER USER PASSWORD\n", stderr), 2;
    if (sip_posix_open(&posix, NULL) || sip_posix_listen(posix, "udp:0.0.0.0:0", NULL))
        return perror("register"), 1;
    config.stack.transport = sip_posix_transport(posix);
    if (sip_ua_init(&ua, memory, sizeof memory, &config, sip_posix_now()))
        return fputs("register: no random bytes\n", stderr), 1;
    sip_posix_attach(posix, sip_ua_stack(ua));
    signal(SIGINT, interrupted);
    account.aor = sip_str(argv[1]);
    account.servers[0] = sip_str(argv[2]);
    account.login.username = sip_str(argv[3]);
    account.login.password = sip_str(argv[4]);
    if ((error = sip_account_add(ua, sip_posix_now(), &account, &args.account)) < 0 ||
        (error = sip_registration_start(ua, sip_posix_now(), &args, &registration)) < 0)
        return fprintf(stderr, "register: AOR or SERVER: %s\n", sip_strerror(error)), 2;
    sip_posix_loop(posix);
    sip_registration_stop(ua, sip_posix_now(), registration);
    sip_posix_loop(posix);
    return sip_posix_close(posix), status;
}
