/* Via on its way out, and where it came from (RFC 3261 §18.2.1, §20.42, RFC 3581 §4). */
#include "base/bytes.h"
#include "base/memory.h"
#include "message/known.h"
#include "sip/fields_write.h"

/* The members among the parameters: ";rport" may be without a value, so that it is no row of a table
 * (message/known.h). */
static bool is_member(struct sip_str name)
{
    return sip_str_is(name, "branch") || sip_str_is(name, "maddr") ||
           sip_str_is(name, "received") || sip_str_is(name, "rport");
}

/* A host, with the zone of an IPv6 address when that was let pass (sip/tolerance.h). */
static bool is_host(struct sip_str text)
{
    struct scan s = sip_scan_of(text);
    struct sip_str host = {NULL, 0};

    s.tolerate = SIP_TOLERATE_IPV6_ZONE;
    return sip_scan_host(&s, &host) && s.at >= s.len;
}

static void write_member(struct sip_writer *writer, const char *name, struct sip_str value,
                         bool good)
{
    if (!value.at)
        return;
    sip_write_text(writer, name);
    sip_write_first(writer, value, good);
}

static void write_others(struct sip_writer *writer, struct sip_str params)
{
    struct sip_param param;

    while (sip_params_next(&params, &param)) {
        if (is_member(param.name))
            continue;
        sip_write_text(writer, ";");
        sip_write_received(writer, param.name);
        if (param.value.at) {
            sip_write_text(writer, "=");
            sip_write_received(writer, param.value);
        }
    }
    if (params.len > 0)
        sip_write_fail(writer, SIP_EINVAL);
}

void sip_write_via(struct sip_writer *writer, const struct sip_via *via)
{
    struct sip_addr ignored;

    sip_write_text(writer, "SIP/2.0/");
    sip_write_first(writer, via->transport, sip_scan_whole(via->transport, sip_scan_token));
    sip_write_text(writer, " ");
    sip_write_first(writer, via->host, is_host(via->host));
    if (via->port) {
        sip_write_text(writer, ":");
        sip_write_decimal(writer, via->port);
    }
    write_member(writer, ";branch=", via->branch, sip_scan_whole(via->branch, sip_scan_token));
    write_member(writer, ";maddr=", via->maddr, is_host(via->maddr));
    write_others(writer, via->params);
    write_member(writer, ";received=", via->received,
                 sip_addr_parse(&ignored, via->received) != SIP_EINVAL);
    if (via->has_rport) {
        sip_write_text(writer, via->rport ? ";rport=" : ";rport");
        if (via->rport)
            sip_write_decimal(writer, via->rport);
    }
}

static bool same_host(struct sip_str host, const struct sip_addr *source)
{
    struct sip_addr named;

    return !sip_addr_parse(&named, host) && named.family == source->family &&
           !memcmp(named.bytes, source->bytes, source->family == SIP_IPV4 ? 4 : 16);
}

void sip_via_stamp(struct sip_via *via, const struct sip_addr *source, char *text)
{
    bool differs = !same_host(via->host, source);

    via->received = (struct sip_str){NULL, 0};
    if (via->has_rport || differs)
        via->received = sip_bytes(text, sip_addr_text(source, text));
    via->rport = via->has_rport ? source->port : 0;
}
