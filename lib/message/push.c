#include "message/known.h"
#include "sip/fields_reach.h"

/* pn-provider  =  "pn-provider" [ EQUAL pvalue ]                                 (RFC 8599 §8)
 * pn-param     =  "pn-param" EQUAL pvalue
 * pn-prid      =  "pn-prid" EQUAL pvalue
 * pn-purr      =  "pn-purr" EQUAL pvalue */
bool sip_push_of(const struct sip_uri *uri, struct sip_push *push)
{
    struct sip_push got;

    got.provider = sip_uri_param(uri, "pn-provider");
    if (!got.provider.at)
        return false;
    got.param = sip_uri_param(uri, "pn-param");
    got.prid = sip_uri_param(uri, "pn-prid");
    got.purr = sip_uri_param(uri, "pn-purr");
    *push = got;
    return true;
}

/* pvalue = 1*paramchar: what else a value holds has to be escaped by the host (§8). */
static bool scan_pvalue(struct scan *s, struct sip_str *value)
{
    return sip_scan_escaped(s, SCAN_PARAM, SIP_BAD_PARAMETER, value);
}

static void write_one(struct sip_writer *writer, const char *name, struct sip_str value)
{
    if (!value.at)
        return;
    sip_write_text(writer, name);
    if (value.len == 0)
        return;
    sip_write_text(writer, "=");
    sip_write_first(writer, value, sip_scan_whole(value, scan_pvalue));
}

void sip_write_push(struct sip_writer *writer, const struct sip_push *push)
{
    write_one(writer, ";pn-provider", push->provider);
    write_one(writer, ";pn-param", push->param);
    write_one(writer, ";pn-prid", push->prid);
    write_one(writer, ";pn-purr", push->purr);
}
