#include "message/known.h"
#include "sip/fields_content.h"

static const struct known rows[] = {
    KNOWN("purpose", KNOWN_TOKEN, struct sip_info_uri, purpose),
};
static const struct known_params params = KNOWN_PARAMS(rows, struct sip_info_uri, params);

/* alert-param  =  LAQUOT absoluteURI RAQUOT *( SEMI generic-param )                    (§20.4)
 * info         =  LAQUOT absoluteURI RAQUOT *( SEMI info-param )                       (§20.9)
 * info-param   =  ( "purpose" EQUAL ( "icon" / "info" / "card" / token ) ) / generic-param
 * error-uri    =  LAQUOT absoluteURI RAQUOT *( SEMI generic-param )                   (§20.18) */
int sip_info_uri_parse(struct sip_info_uri *info, struct sip_str value, struct sip_fault *fault)
{
    struct scan s = sip_scan_of(value);
    struct sip_info_uri got = {0};

    sip_scan_sws(&s); /* of LAQUOT */
    if (!sip_scan_uri_in_brackets(&s, &got.uri) || !sip_scan_known(&s, &params, &got))
        return sip_scan_refuse(&s, SIP_HEADER_OTHER, fault);
    *info = got;
    return 0;
}

void sip_write_info_uri(struct sip_writer *writer, const struct sip_info_uri *info)
{
    struct scan s = sip_scan_of(info->uri);
    struct sip_uri uri;

    sip_write_text(writer, "<");
    sip_write_first(writer, info->uri, sip_scan_uri(&s, SCAN_END, &uri));
    sip_write_text(writer, ">");
    sip_write_known(writer, &params, info);
}
