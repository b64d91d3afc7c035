#include "message/known.h"
#include "sip/fields_event.h"

/* A token and nothing else: priority-value (§20.26), entity-tag (RFC 3903 §12), option-tag, Method,
 * content-coding, em-param (RFC 5009 §8). */
int sip_token_parse(struct sip_str *token, struct sip_str value, struct sip_fault *fault)
{
    struct scan s = sip_scan_of(value);
    struct sip_str got = {NULL, 0};

    if (!sip_scan_token(&s, &got) || !sip_scan_end(&s, SIP_TRAILING))
        return sip_scan_refuse(&s, SIP_HEADER_OTHER, fault);
    *token = got;
    return 0;
}

static const struct known_params any = {NULL, 0, offsetof(struct sip_token_value, params), false};

void sip_write_token_value(struct sip_writer *writer, const struct sip_token_value *value)
{
    sip_write_first(writer, value->token, sip_scan_whole(value->token, sip_scan_token));
    sip_write_known(writer, &any, value);
}
