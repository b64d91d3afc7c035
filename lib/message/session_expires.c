#include "message/known.h"
#include "sip/fields_event.h"

static const struct known rows[] = {
    KNOWN("refresher", KNOWN_TOKEN, struct sip_session_expires, refresher),
};
static const struct known_params params = KNOWN_PARAMS(rows, struct sip_session_expires, params);

/* Session-Expires  =  delta-seconds *( SEMI se-params )                          (RFC 4028 §4)
 * se-params        =  refresher-param / generic-param
 * refresher-param  =  "refresher" EQUAL ( "uas" / "uac" )
 * Min-SE           =  delta-seconds *( SEMI generic-param )                      (RFC 4028 §5) */
int sip_session_expires_parse(struct sip_session_expires *expires, struct sip_str value,
                              struct sip_fault *fault)
{
    struct scan s = sip_scan_of(value);
    struct sip_session_expires got = {0};

    if (!sip_scan_number(&s, UINT32_MAX, &got.interval_s) || !sip_scan_known(&s, &params, &got))
        return sip_scan_refuse(&s, SIP_HEADER_OTHER, fault);
    *expires = got;
    return 0;
}

void sip_write_session_expires(struct sip_writer *writer, const struct sip_session_expires *expires)
{
    sip_write_decimal(writer, expires->interval_s);
    sip_write_known(writer, &params, expires);
}
