/* bob, the peer of all flows: plain text templates, and reader.c to look at what he got. Nothing of
 * lib/ in it, so that no error of ours mirrors itself. */
#ifndef BOB_H
#define BOB_H

#include <stddef.h>

/* What one of his messages says; zero is the usual. */
struct bob_says {
    int fresh;           /* begins a new talk */
    const char *tag;     /* of his To in a response: "bob"; "": none */
    const char *contact; /* "<sip:bob@192.0.2.7>"; "": none */
    const char *headers; /* more lines, each ended by \n */
    const char *body;    /* application/sdp, unless `headers` have a Content-Type */
    const char *reason;  /* "Whatever" */
    const char *uri;     /* Request-URI */
    const char *us, *him; /* values of our and his From or To */
    const char *branch;
    const char *source;  /* where it comes from: "192.0.2.7:5060" */
    const char *arrives; /* where it arrives: "192.0.2.1:5060" */
    int cseq;            /* the next one */
};

/* One conversation: a Call-ID. */
struct bob_talk {
    char call_id[128];
    char us[256], him[256]; /* with tags, as soon as they are known */
    char target[256];       /* where requests of his go */
    char uri[256];          /* Request-URI of his INVITE */
    char branch[96];        /* of his last INVITE */
    int cseq;               /* his last number */
    int invite_cseq;
    int final;              /* our final status to his last INVITE; 0 = none */
    int his;                /* he began it */
    unsigned long rseq;     /* of our last reliable provisional; his PRACK without headers names it */
};

#define BOB_TALKS 64
#define BOB_TEXT 8192

struct bob {
    struct bob_talk talks[BOB_TALKS];
    int count, on;
    int branches;
    const char *transport; /* of his Via */
};

/* Looks at a message that alice sent. */
void bob_gets(struct bob *, const char *bytes, size_t len);

/* Writes a response to `request`; returns its length. */
size_t bob_replies(struct bob *, char *out, const char *request, size_t len, int status,
                   const struct bob_says *);

/* Writes a request. */
size_t bob_asks(struct bob *, char *out, const char *method, const struct bob_says *);

/* Writes a text, \n as CRLF, with {call} {us} {him} {target} {branch} {cseq} filled in and a
 * Content-Length if it has none. An empty line ends its head. */
size_t bob_fills(struct bob *, char *out, const char *text);

#endif
