#include "phone/options.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "arguments.h"
#include "media/wav.h"

static void check_uri(const char *name, const char *text, struct sip_uri *uri)
{
    struct sip_fault fault;

    if (sip_uri_parse(uri, sip_str(text), &fault) < 0)
        arguments_refuse(name, text, sip_reason_text(fault.reason));
    if (uri->scheme != SIP_SCHEME_SIP)
        arguments_refuse(name, text, "wants a URI that begins with sip:");
}

/* Whom we speak to first says which protocol it is to be, and which of our addresses. */
static void find_first(struct phone_options *options)
{
    const char *first = options->server;
    struct sip_str transport;

    options->first_option = "--server";
    if (!first && options->no_register && options->call) {
        options->first_option = "--call";
        first = options->call;
    } else if (!first) {
        options->first_option = "--aor";
        first = options->aor;
    }
    check_uri(options->first_option, first, &options->first_uri);
    transport = sip_uri_param(&options->first_uri, "transport");
    if (transport.at && !sip_str_is(transport, "udp") && !sip_str_is(transport, "tcp"))
        arguments_refuse(options->first_option, first, "transport wants to be udp or tcp");
    if (!options->no_register && !options->server)
        options->server = options->aor;
}

static void check_readable(const char *name, const char *path)
{
    struct wav wav;
    char why[256];

    if (!path)
        return;
    if (wav_read(path, &wav, why, sizeof why) < 0)
        arguments_refuse(name, NULL, why);
    free(wav.samples);
}

static void check_writable(const char *name, const char *path)
{
    FILE *file = path ? fopen(path, "ab") : NULL;

    if (path && !file)
        arguments_refuse(name, path, strerror(errno));
    if (file)
        fclose(file);
}

void phone_options_read(struct phone_options *options, int argc, char **argv)
{
    *options = (struct phone_options){.listen = "0.0.0.0:0"};
    const struct argument table[] = {
        {"--aor", ARGUMENT_TEXT, &options->aor, "URI", true},
        {"--server", ARGUMENT_TEXT, &options->server, "URI", false},
        {"--user", ARGUMENT_TEXT, &options->user, "NAME", false},
        {"--password", ARGUMENT_TEXT, &options->password, "TEXT", false},
        {"--listen", ARGUMENT_TEXT, &options->listen, "ADDRESS:PORT", false},
        {"--call", ARGUMENT_TEXT, &options->call, "URI", false},
        {"--auto-answer", ARGUMENT_FLAG, &options->auto_answer, NULL, false},
        {"--hang-up-after", ARGUMENT_NUMBER, &options->hang_up_after_s, "SECONDS", false},
        {"--play", ARGUMENT_TEXT, &options->play, "FILE.wav", false},
        {"--record", ARGUMENT_TEXT, &options->record, "FILE.wav", false},
        {"--expires", ARGUMENT_NUMBER, &options->expires_s, "SECONDS", false},
        {"--no-register", ARGUMENT_FLAG, &options->no_register, NULL, false},
        {"--trace", ARGUMENT_TEXT, &options->trace, "FILE", false},
        {"--record-core", ARGUMENT_TEXT, &options->record_core, "FILE", false},
        {0},
    };

    arguments_read(table, argc, argv);
    check_uri("--aor", options->aor, &options->aor_uri);
    find_first(options);
    if (options->call)
        check_uri("--call", options->call, &(struct sip_uri){0});
    check_readable("--play", options->play);
    check_writable("--record", options->record);
    check_writable("--trace", options->trace);
}
