/* A small PBX: phones of its users register here, and call each other through it.
 *
 *     pbx --domain sip.test --users FILE --listen udp:127.0.0.1:5060 [--listen tcp:127.0.0.1:5060]
 *         [--algorithms MD5,SHA-256] [--redirect] [--trace FILE]
 *
 * FILE has a line "name:password" for each user. Tells one event a line on standard output, first of
 * all where it listens. SIGINT and SIGTERM end its calls, then itself. */
#include <errno.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <sip/posix.h>
#include <sip/sip.h>

#include "arguments.h"
#include "pbx/pbx.h"
#include "pbx/registrar.h"
#include "trace_file.h"

struct options {
    const char *domain, *users, *algorithms, *trace;
    struct argument_texts listen;
    bool redirect;
};

static struct pbx pbx;

void pbx_say(const char *format, ...)
{
    va_list list;

    va_start(list, format);
    vprintf(format, list);
    va_end(list);
    putchar('\n');
}

bool pbx_serves(const struct pbx *served, const struct sip_received *request,
                const struct sip_uri *uri)
{
    struct sip_addr addr;

    if (sip_str_is(uri->host, served->domain))
        return true;
    if (sip_addr_parse(&addr, uri->host) < 0)
        return false;
    addr.port = uri->port ? uri->port : 5060;
    addr.scope = request->path.local.scope;
    return sip_addr_equal(&addr, &request->path.local);
}

bool pbx_is_ours(const struct pbx *asked, const struct sip_received *request)
{
    struct sip_fault fault;
    struct sip_uri uri;

    return sip_uri_parse(&uri, request->head->from.uri, &fault) == 0 &&
           pbx_serves(asked, request, &uri);
}

/* OPTIONS is anybody's; who registers, or calls as one of us, proves it. */
static enum sip_screened screen(void *host, const struct sip_ua *ua,
                                const struct sip_received *request, struct sip_refusal *refusal)
{
    enum sip_method method = request->message->method;

    (void)host, (void)ua;
    if (method == SIP_OPTIONS || (method != SIP_REGISTER && !pbx_is_ours(&pbx, request)))
        return SIP_PASS;
    return guard_screen(&pbx.guard, sip_posix_now(), request, refusal);
}

static void stopped(void *host, struct sip_ua *ua)
{
    (void)host, (void)ua;
    pbx.stopped = true;
    sip_posix_stop(pbx.posix);
}

static void interrupted(int number)
{
    signal(number, SIG_DFL); /* a second one ends us at once */
    sip_posix_stop(pbx.posix);
}

/* --- from the command line to a running user agent --- */

/* A domain is what may stand behind the @ of a URI, and nothing else. */
static void check_domain(const char *domain)
{
    char text[256];
    struct sip_fault fault;
    struct sip_uri uri;
    int len = snprintf(text, sizeof text, "sip:%s", domain);

    if (len >= (int)sizeof text || sip_uri_parse(&uri, sip_str(text), &fault) < 0 ||
        !sip_str_is(uri.host, domain))
        arguments_refuse("--domain", domain, "wants a name, as in sip.test");
}

static void read_options(struct options *options, int argc, char **argv)
{
    const struct argument table[] = {
        {"--domain", ARGUMENT_TEXT, &options->domain, "NAME", true},
        {"--users", ARGUMENT_TEXT, &options->users, "FILE", true},
        {"--listen", ARGUMENT_TEXTS, &options->listen, "udp:ADDRESS:PORT", true},
        {"--algorithms", ARGUMENT_TEXT, &options->algorithms, "LIST", false},
        {"--redirect", ARGUMENT_FLAG, &options->redirect, NULL, false},
        {"--trace", ARGUMENT_TEXT, &options->trace, "FILE", false},
        {0},
    };
    const char *wrong;
    char why[256];

    arguments_read(table, argc, argv);
    check_domain(options->domain);
    if (!users_read(&pbx.users, options->users, why, sizeof why))
        arguments_refuse("--users", NULL, why);
    wrong = guard_init(&pbx.guard, &pbx.users, options->domain, options->algorithms);
    if (wrong)
        arguments_refuse("--algorithms", options->algorithms, wrong);
}

static void start_ua(const struct options *options)
{
    struct sip_config config = {0};
    size_t size;

    config.stack.transport = sip_posix_transport(pbx.posix);
    config.stack.limits.calls = BRIDGES_MAX * 4;
    config.stack.limits.requests = 32;
    config.stack.limits.flows = 64;
    config.stack.limits.message_max = 4096;
    config.methods = "REGISTER";
    config.events.call = bridge_event;
    config.events.request = registrar_event;
    config.events.screen = screen;
    config.events.stopped = stopped;
    config.events.host = &pbx;
    if (options->trace && !trace_file_open(&config.stack.tracer, options->trace, "pbx"))
        arguments_refuse("--trace", options->trace, strerror(errno));
    size = sip_ua_size(&config);
    if (!guard_start(&pbx.guard, &config.stack.transport) ||
        sip_ua_init(&pbx.ua, malloc(size), size, &config, sip_posix_now()) < 0) {
        fprintf(stderr, "pbx: no memory or no randomness\n");
        exit(1);
    }
    sip_posix_attach(pbx.posix, sip_ua_stack(pbx.ua));
}

static void listen_at(const char *where)
{
    char address[SIP_ADDR_TEXT + 1];
    struct sip_path bound;

    arguments_listen(pbx.posix, where, &bound);
    address[sip_addr_text(&bound.local, address)] = '\0';
    pbx_say(bound.local.family == SIP_IPV6 ? "listening %s:[%s]:%u" : "listening %s:%s:%u",
            sip_protocol_param(bound.protocol), address, bound.local.port);
}

int main(int argc, char **argv)
{
    struct options options = {0};

    setvbuf(stdout, NULL, _IOLBF, BUFSIZ);
    read_options(&options, argc, argv);
    pbx.domain = options.domain;
    pbx.redirect = options.redirect;
    if (sip_posix_open(&pbx.posix, NULL) < 0)
        return perror("pbx"), 1;
    start_ua(&options);
    for (size_t i = 0; i < options.listen.count; i++)
        listen_at(options.listen.at[i]);
    signal(SIGINT, interrupted);
    signal(SIGTERM, interrupted);
    while (!pbx.stopped) {
        if (sip_posix_loop(pbx.posix) < 0)
            return perror("pbx"), 1;
        bridges_stop(&pbx, sip_posix_now());
        sip_ua_stop(pbx.ua, sip_posix_now());
    }
    sip_posix_close(pbx.posix);
    return 0;
}
