/* A user agent that is given one datagram: what it puts on the wire. */
#ifndef TORTURE_AGENT_H
#define TORTURE_AGENT_H

#include <stddef.h>

struct agent_answer {
    int count;   /* messages sent */
    int status;  /* of the first; 0 when nothing was sent, -1 when it is a request */
    size_t len;
    char bytes[8192]; /* the first */
    char to[64];      /* where it went */
};

/* A fresh agent with the account sip:alice@example.net, whose host takes MESSAGE and INFO with 200
 * and answers every call with a session at once, gets the datagram from 192.0.2.7:5060. */
void agent_gets(const char *bytes, size_t len, struct agent_answer *answer);

#endif
