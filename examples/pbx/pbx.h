/* The PBX as its parts see it: guard.c knows who somebody is, registrar.c where he is, bridge.c
 * connects two. */
#ifndef PBX_PBX_H
#define PBX_PBX_H

#include <sip/posix.h>
#include <sip/sip.h>

#include "pbx/bridge.h"
#include "pbx/guard.h"
#include "pbx/locations.h"
#include "pbx/users.h"

struct pbx {
    const char *domain;
    bool redirect; /* answer 302 instead of connecting */
    struct sip_posix *posix;
    struct sip_ua *ua;
    struct users users;
    struct guard guard;
    struct locations locations;
    struct bridges bridges;
    bool stopped;
};

/* True when the URI is one of our domain: of its name, or of the address the request came to. */
bool pbx_serves(const struct pbx *pbx, const struct sip_received *request,
                const struct sip_uri *uri);

/* True when the sender says that he is of our domain, and must prove it. */
bool pbx_is_ours(const struct pbx *pbx, const struct sip_received *request);

/* One event as a line on standard output. */
void pbx_say(const char *format, ...);

#endif
