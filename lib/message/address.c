#include "base/memory.h"
#include "message/known.h"

/* display-name = *(token LWS) / quoted-string, and the SWS before "<". The grammar wants LWS behind
 * the last token too, which RFC 4475 §3.1.1.6 calls a mistake of the grammar. */
static bool scan_display(struct scan *s, struct sip_str *display)
{
    size_t from = s->at, end = s->at;
    struct sip_str token = {NULL, 0};

    sip_scan_sws(s); /* allowed before quotes and "<" only */
    if (sip_scan_peek(s) == '"') {
        if (!sip_scan_quoted(s, display))
            return false;
        sip_scan_sws(s);
        return true;
    }
    if (s->at > from)
        return sip_scan_peek(s) == '<' || sip_scan_no(s, s->at, SIP_BAD_TOKEN);
    while (sip_scan_token(s, &token)) {
        end = s->at;
        if (!sip_scan_lws(s, SIP_BAD_TOKEN))
            break;
    }
    if (end > from)
        *display = sip_scan_slice(s, from, end);
    return true;
}

/* A display name that should be in quotes, up to the "<"; else the fault stays. */
static bool scan_bare_name(struct scan *s, size_t from, struct sip_str *display)
{
    size_t at = from, end = from;

    if (!(s->tolerate & SIP_TOLERATE_BARE_NAME))
        return false;
    for (; sip_scan_byte(s, at) != '<'; at++) {
        int c = sip_scan_byte(s, at);
        if ((c < ' ' && c != '\t') || c == 0x7f || c == '"' || c == '>')
            return false;
        if (c > ' ')
            end = at + 1;
    }
    *display = sip_scan_slice(s, from, end);
    s->at = at;
    s->tolerated |= SIP_TOLERATE_BARE_NAME;
    return true;
}

/* name-addr = [ display-name ] LAQUOT addr-spec RAQUOT */
static bool scan_name_addr(struct scan *s, struct sip_address *address)
{
    struct sip_uri uri;
    size_t from = s->at;

    if (!scan_display(s, &address->display) ||
        (sip_scan_peek(s) != '<' &&
         !sip_scan_no(s, s->at, s->at >= s->len ? SIP_BAD_URI : SIP_BAD_TOKEN)))
        if (!scan_bare_name(s, from, &address->display))
            return false;
    s->at++;
    from = s->at;
    if (!sip_scan_uri(s, '>', &uri))
        return false;
    sip_scan_since(s, from, &address->uri);
    address->brackets = true;
    s->at++;
    sip_scan_sws(s);
    return true;
}

/* An addr-spec without brackets: it ends before white space and ";", and may hold neither "," nor
 * "?" (§20.10). */
static bool scan_bare(struct scan *s, struct sip_address *address)
{
    struct scan inside;
    struct sip_uri uri;
    size_t end = s->at;

    for (; end < s->len; end++) {
        int c = sip_scan_byte(s, end);
        if (c == ';' || c == ' ' || c == '\t' || c == '\r')
            break;
        if (c == ',' || c == '?')
            return sip_scan_no(s, end, SIP_BAD_URI);
    }
    inside = sip_scan_within(s, s->at, end);
    inside.tolerate = s->tolerate;
    if (!sip_scan_uri(&inside, SCAN_END, &uri))
        return sip_scan_blame(s, &inside);
    s->tolerated |= inside.tolerated;
    address->uri = sip_scan_slice(s, s->at, end);
    s->at = end;
    return true;
}

/* tag-param = "tag" EQUAL token; it may stand once (§7.3.1). */
static bool take_tag(struct scan *s, const struct sip_param *param, struct sip_str *tag)
{
    static const struct sip_str name = {"tag", 3};
    struct scan value;
    struct sip_str token = {NULL, 0};

    if (!sip_scan_same(s, param->name, name))
        return true;
    if (tag->at)
        return sip_scan_no(s, sip_scan_offset(s, param->name), SIP_REPEATED);
    if (!param->value.at)
        return sip_scan_no(s, s->at, SIP_BAD_PARAMETER);
    value = sip_scan_part(s, param->value);
    if (!sip_scan_token(&value, &token))
        return sip_scan_blame(s, &value);
    *tag = token;
    return true;
}

/* True when a scheme and its colon stand at the cursor: an addr-spec, not a display name. */
static bool bare_here(const struct scan *s)
{
    return sip_scan_is(sip_scan_peek(s), SCAN_TOKEN) &&
           sip_scan_byte(s, sip_scan_span(s, s->at, SCAN_TOKEN)) == ':';
}

bool sip_scan_address(struct scan *s, struct sip_address *address)
{
    return bare_here(s) ? scan_bare(s, address) : scan_name_addr(s, address);
}

/* By members, so that what is gathered need not be in memory before. */
static inline void put_address(struct sip_address *to, const struct sip_address *from)
{
    if (SIP_OPTIMIZE_SIZE) {
        *to = *from;
        return;
    }
    to->display = from->display;
    to->uri = from->uri;
    to->params = from->params;
    to->tag = from->tag;
    to->brackets = from->brackets;
}

static inline void clear_address(struct sip_address *address)
{
    static const struct sip_address none = {0};

    if (SIP_OPTIMIZE_SIZE)
        memset(address, 0, sizeof *address);
    else
        put_address(address, &none);
}

/* ( name-addr / addr-spec ) *( SEMI generic-param ): contact-param, from-spec, To, route-param
 * ... */
SIP_FLAT int sip_address_accept(struct sip_address *address, struct sip_str value,
                                struct sip_leniency *leniency, struct sip_fault *fault)
{
    struct scan s = sip_scan_of(value);
    struct sip_address got;
    struct sip_param param = {{NULL, 0}, {NULL, 0}};
    size_t from;

    clear_address(&got);
    s.tolerate = leniency->tolerate;
    if (!sip_scan_address(&s, &got))
        return sip_scan_refuse(&s, SIP_HEADER_OTHER, fault);
    from = s.at;
    while (s.at < s.len)
        if (!sip_scan_param(&s, &param) || !take_tag(&s, &param, &got.tag))
            return sip_scan_refuse(&s, SIP_HEADER_OTHER, fault);
    sip_scan_take_params(&s, from, &got.params);
    leniency->tolerated |= s.tolerated;
    put_address(address, &got);
    return 0;
}

int sip_address_parse(struct sip_address *address, struct sip_str value, struct sip_fault *fault)
{
    struct sip_leniency none = {0, 0};

    return sip_address_accept(address, value, &none, fault);
}
