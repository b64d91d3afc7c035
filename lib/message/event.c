#include "message/known.h"
#include "sip/fields_event.h"

/* event-type   =  event-package *( "." event-template ), each of them a token-nodot
 * token-nodot  =  1*( alphanum / "-" / "!" / "%" / "*" / "_" / "+" / "`" / "'" / "~" ) */
static bool scan_event_type(struct scan *s, struct sip_str *type)
{
    struct sip_str token = {NULL, 0};
    size_t from = s->at;
    bool dot = true; /* a part has to begin */

    if (!sip_scan_token(s, &token))
        return false;
    for (size_t i = from; i < s->at; i++) {
        bool dot_here = sip_scan_byte(s, i) == '.';

        if (dot && dot_here)
            return sip_scan_no(s, i, SIP_BAD_TOKEN);
        dot = dot_here;
    }
    if (dot)
        return sip_scan_no(s, s->at, SIP_BAD_TOKEN);
    *type = token;
    return true;
}

/* Allow-Events = event-type *( COMMA event-type ) (RFC 6665 §8.4) */
int sip_event_type_parse(struct sip_str *type, struct sip_str value, struct sip_fault *fault)
{
    struct scan s = sip_scan_of(value);
    struct sip_str got = {NULL, 0};

    if (!scan_event_type(&s, &got) || !sip_scan_end(&s, SIP_TRAILING))
        return sip_scan_refuse(&s, SIP_HEADER_ALLOW_EVENTS, fault);
    *type = got;
    return 0;
}

static const struct known event_rows[] = {KNOWN("id", KNOWN_TOKEN, struct sip_event, id)};
static const struct known_params event_params = KNOWN_PARAMS(event_rows, struct sip_event, params);

/* The part of an event-type before its first dot. */
static struct sip_str package_of(const struct scan *s, struct sip_str type)
{
    size_t from = sip_scan_offset(s, type), end = from;

    while (end < from + type.len && sip_scan_byte(s, end) != '.')
        end++;
    return sip_scan_slice(s, from, end);
}

/* Event        =  event-type *( SEMI event-param )
 * event-param  =  generic-param / ( "id" EQUAL token )                       (RFC 6665 §8.4) */
int sip_event_parse(struct sip_event *event, struct sip_str value, struct sip_fault *fault)
{
    struct scan s = sip_scan_of(value);
    struct sip_event got = {0};

    if (!scan_event_type(&s, &got.type) || !sip_scan_known(&s, &event_params, &got))
        return sip_scan_refuse(&s, SIP_HEADER_EVENT, fault);
    got.package = package_of(&s, got.type);
    *event = got;
    return 0;
}

void sip_write_event(struct sip_writer *writer, const struct sip_event *event)
{
    sip_write_first(writer, event->type, sip_scan_whole(event->type, scan_event_type));
    sip_write_known(writer, &event_params, event);
}
