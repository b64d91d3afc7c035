/* Via: strictly, and with each set of exceptions (sip/tolerance.h). */
#include "value.h"
#include "lenient.h"

static void write_via(struct sip_writer *writer, const struct sip_via *via)
{
    sip_write_text(writer, "SIP/2.0/");
    sip_write_received(writer, via->transport);
    sip_write_text(writer, " ");
    sip_write_received(writer, via->host);
    if (via->port) {
        sip_write_text(writer, ":");
        sip_write_decimal(writer, via->port);
    }
    sip_write_text(writer, via->params.at ? ";" : "");
    sip_write_received(writer, via->params);
}

LENIENT(struct sip_via, sip_via_accept)

#define VIA                                                                                        \
    TEXT(transport)                                                                                \
    TEXT(host) NUMBER(port) TEXT(branch) TEXT(received) TEXT(maddr) NUMBER(has_rport)              \
        NUMBER(rport) PARAMS(params)

KIND_OF(strict, struct sip_via, sip_via_parse, write_via, VIA)
KIND_OF(lenient, struct sip_via, leniently, write_via, VIA)

GROUP(&strict, &lenient)
