/* A telephone for the command line: registers, calls and is called, holds, resumes, and is heard.
 *
 *     phone --aor sip:alice@sip.test --server "sip:127.0.0.1:5060;transport=udp" \
 *           --user alice --password pw-alice [--listen 127.0.0.1:0] [--call URI] [--auto-answer]
 *           [--hang-up-after S] [--play A.wav] [--record B.wav] [--expires S] [--no-register]
 *           [--trace FILE] [--record-core FILE]
 *
 * Tells one event a line on standard output, and takes commands on standard input: call URI,
 * answer, reject [STATUS], hangup, hold, resume, status, quit. SIGINT is quit.
 *
 * FILE of --record-core holds the password; that of --trace does not. Exit status: 1 when the call
 * of --call was never answered. */
#include <errno.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <sip/posix.h>
#include <sip/sip.h>

#include "arguments.h"
#include "phone/commands.h"
#include "phone/phone.h"
#include "record/record.h"
#include "trace_file.h"

void phone_say(const char *format, ...)
{
    va_list list;

    va_start(list, format);
    vprintf(format, list);
    va_end(list);
    putchar('\n');
}

void phone_complain(const char *format, ...)
{
    va_list list;

    va_start(list, format);
    fputs("phone: ", stderr);
    vfprintf(stderr, format, list);
    fputc('\n', stderr);
    va_end(list);
}

void phone_leave(struct phone *phone)
{
    phone->call_wanted = false;
    sip_ua_stop(phone->ua, sip_posix_now());
}

void phone_idle(struct phone *phone)
{
    const struct phone_options *options = &phone->options;
    bool was_called_for =
        options->hang_up_after_s && (phone->call.number > 0 || phone->called_in_vain);

    if (phone->call.state != CALL_NONE || phone->call_wanted)
        return;
    if (was_called_for || (phone->input_over && !options->auto_answer))
        phone_leave(phone);
}

/* --- what happens --- */

static void start_wanted_call(struct phone *phone)
{
    const char *why;

    if (!phone->call_wanted)
        return;
    phone->call_wanted = false;
    why = call_start(phone, phone->options.call);
    if (why)
        phone_complain("call %s: %s", phone->options.call, why);
    phone_idle(phone);
}

/* What nobody will mend leaves no hope for a call that waits for it. */
static void registration_failed(struct phone *phone, const struct sip_registration_event *event)
{
    phone->registered = false;
    phone_say("register-failed aor=%s status=%u retry_in=%u", phone->options.aor, event->status,
              (unsigned)event->retry_in_s);
    if (phone->call_wanted && !event->retry_in_s) {
        phone_complain("call %s: not registered", phone->options.call);
        phone_leave(phone);
    }
}

static void registration_event(void *host, struct sip_ua *ua,
                               const struct sip_registration_event *event)
{
    struct phone *phone = host;
    const char *aor = phone->options.aor;

    (void)ua;
    switch (event->kind) {
    case SIP_REGISTRATION_DONE:
        phone->registered = true;
        phone_say("registered aor=%s expires=%u", aor, (unsigned)event->expires_s);
        start_wanted_call(phone);
        break;
    case SIP_REGISTRATION_FAILED:
        registration_failed(phone, event);
        break;
    case SIP_REGISTRATION_ENDED:
        if (phone->registered)
            phone_say("unregistered aor=%s", aor);
        phone->registered = false;
        break;
    default:
        break;
    }
}

static void stopped(void *host, struct sip_ua *ua)
{
    struct phone *phone = host;

    (void)ua;
    phone->stopped = true;
    sip_posix_stop(phone->posix);
}

/* --- from the command line to a running user agent --- */

static _Noreturn void fail(const char *what, int error)
{
    phone_complain("%s: %s", what, error == SIP_ESYSTEM ? strerror(errno) : sip_strerror(error));
    exit(1);
}

/* One socket for SIP, of the protocol that the first URI asks for. */
static enum sip_protocol open_socket(struct phone *phone)
{
    const struct phone_options *options = &phone->options;
    enum sip_protocol protocol = sip_protocol_of(sip_uri_param(&options->first_uri, "transport"));
    struct sip_path bound;
    char where[128];
    int error;

    if (protocol == SIP_PROTOCOL_NONE)
        protocol = SIP_UDP;
    snprintf(where, sizeof where, "%s:%s", sip_protocol_param(protocol), options->listen);
    error = sip_posix_listen(phone->posix, where, &bound);
    if (error == SIP_EINVAL || error == SIP_ENAME)
        arguments_refuse("--listen", options->listen, "wants ADDRESS:PORT");
    if (error < 0)
        arguments_refuse("--listen", options->listen, strerror(errno));
    phone->here = bound.local;
    return protocol;
}

/* Where no own address was asked for, the one on the side of the first peer serves for RTP. */
static void find_address(struct phone *phone, enum sip_protocol protocol)
{
    const struct sip_transport transport = sip_posix_transport(phone->posix);
    const struct phone_options *options = &phone->options;
    const struct sip_addr any = {.family = phone->here.family, .port = phone->here.port};
    struct sip_path path = {.protocol = (uint8_t)protocol};

    if (!sip_addr_equal(&phone->here, &any))
        return;
    if (sip_addr_parse(&path.remote, options->first_uri.host) < 0)
        arguments_refuse(options->first_option, NULL,
                         "wants a numeric address as yet, or give --server or --listen");
    if (transport.local(transport.host, &path, &phone->here) < 0)
        arguments_refuse(options->first_option, NULL, "there is no way to its address");
}

/* The lines of the trace name us by the user of our address of record. */
static void start_trace(const struct phone_options *options, struct sip_tracer *tracer)
{
    static char who[64];

    if (!options->trace)
        return;
    snprintf(who, sizeof who, "%.*s", (int)options->aor_uri.user.len, options->aor_uri.user.at);
    if (!trace_file_open(tracer, options->trace, who))
        fail(options->trace, SIP_ESYSTEM);
}

static void start_ua(struct phone *phone)
{
    struct sip_config config = {0};
    size_t size;
    int error;

    config.stack.transport = sip_posix_transport(phone->posix);
    config.stack.limits.accounts = 1;
    config.stack.limits.calls = 1;
    config.stack.limits.message_max = 4096;
    config.credentials_wait_s = 1; /* there will be no others */
    config.events.host = phone;
    config.events.call = call_event;
    config.events.registration = registration_event;
    config.events.stopped = stopped;
    start_trace(&phone->options, &config.stack.tracer);
    size = sip_ua_size(&config);
    error = sip_ua_init(&phone->ua, malloc(size), size, &config, sip_posix_now());
    if (error < 0)
        fail("user agent", error);
    sip_posix_attach(phone->posix, sip_ua_stack(phone->ua));
}

static void start_account(struct phone *phone)
{
    const struct phone_options *options = &phone->options;
    struct sip_account_args account = {0};
    struct sip_registration_args args = {0};
    struct sip_registration registration;
    int error;

    account.aor = sip_str(options->aor);
    account.servers[0] = sip_str(options->server); /* none, if that is NULL */
    account.login.username = sip_str(options->user);
    account.login.password = sip_str(options->password);
    error = sip_account_add(phone->ua, sip_posix_now(), &account, &phone->account);
    if (error == 0 && !options->no_register) {
        args.account = phone->account;
        args.expires_s = options->expires_s;
        error = sip_registration_start(phone->ua, sip_posix_now(), &args, &registration);
    }
    if (error < 0)
        arguments_refuse("--aor or --server", NULL, sip_strerror(error));
}

static struct phone phone;

static void interrupted(int number)
{
    signal(number, SIG_DFL); /* a second one ends us at once */
    sip_posix_stop(phone.posix);
}

int main(int argc, char **argv)
{
    int error;

    setvbuf(stdout, NULL, _IOLBF, BUFSIZ);
    phone_options_read(&phone.options, argc, argv);
    if (phone.options.record_core && !record_open(phone.options.record_core))
        arguments_refuse("--record-core", phone.options.record_core, strerror(errno));
    error = sip_posix_open(&phone.posix, NULL);
    if (error < 0)
        fail("sockets", error);
    find_address(&phone, open_socket(&phone));
    start_ua(&phone);
    start_account(&phone);
    signal(SIGINT, interrupted);
    signal(SIGTERM, interrupted);

    phone.call_wanted = phone.called_in_vain = phone.options.call != NULL;
    if (phone.options.no_register)
        start_wanted_call(&phone);
    commands_begin(&phone);
    while (!phone.stopped) {
        if (sip_posix_loop(phone.posix) < 0)
            fail("loop", SIP_ESYSTEM);
        phone_leave(&phone);
    }
    sip_posix_close(phone.posix);
    return phone.called_in_vain;
}
