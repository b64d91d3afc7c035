/* What the command line of the phone says. */
#ifndef PHONE_OPTIONS_H
#define PHONE_OPTIONS_H

#include <stdbool.h>

#include <sip/sip.h>

struct phone_options {
    const char *aor, *user, *password;
    const char *server; /* NULL with --no-register alone: calls go where their URIs say */
    const char *listen; /* "127.0.0.1:0": for SIP; its address serves RTP too */
    const char *call;   /* whom to call at first; NULL: nobody */
    const char *play;   /* WAV files; NULL: a tone, nothing recorded */
    const char *record;
    const char *trace; /* files to write; NULL: none */
    const char *record_core;
    unsigned hang_up_after_s; /* 0: never */
    unsigned expires_s;       /* 0: what the library takes */
    bool auto_answer, no_register;

    struct sip_uri aor_uri;   /* views into the texts above */
    struct sip_uri first_uri; /* of whom we speak to first: that of ... */
    const char *first_option; /* "--server", "--call" or "--aor" */
};

/* Ends the program with status 2 when something is wrong. */
void phone_options_read(struct phone_options *options, int argc, char **argv);

#endif
