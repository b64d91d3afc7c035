#include "message/known.h"

#include "base/bytes.h"

/* What a name or an unquoted value may consist of: token (§25.1) in headers, with the brackets and
 * colons of a host; paramchar in URIs, where "%" begins an escape. */
#define NAME (SCAN_TOKEN | SCAN_PARAM)

static bool scan_name(struct scan *s, struct sip_str *text)
{
    size_t end = sip_scan_span(s, s->at, NAME);

    if (end <= s->at)
        return false;
    *text = sip_scan_slice(s, s->at, end);
    s->at = end;
    return true;
}

/* A value that is no name, with its quotes or brackets. */
static bool scan_enclosed(struct scan *s, struct sip_str *text)
{
    size_t from = s->at;

    if (sip_scan_peek(s) == '"')
        return sip_scan_quoted(s, text);
    if (!sip_scan_uri_in_brackets(s, text))
        return false;
    *text = sip_scan_slice(s, from, s->at);
    return true;
}

/* params = param *( SEMI param )
 * param  = name [ EQUAL ( value / quoted-string / LAQUOT absoluteURI RAQUOT ) ] (RFC 8224 §4) */
bool sip_scan_listed(struct scan *s, struct sip_param *param)
{
    struct sip_param got = {{NULL, 0}, {NULL, 0}};
    size_t from = s->at;
    bool good = scan_name(s, &got.name);

    if (good && sip_scan_around(s, '=', SIP_TRAILING))
        good = scan_name(s, &got.value) || scan_enclosed(s, &got.value);
    if (!good || (s->at < s->len && !sip_scan_around(s, ';', SIP_TRAILING))) {
        s->at = from;
        return false;
    }
    *param = got;
    return true;
}

struct sip_str sip_scan_empty_behind(const struct scan *s, struct sip_str part)
{
    size_t end = sip_scan_offset(s, part) + part.len;

    return sip_scan_slice(s, end, end);
}

bool sip_params_next(struct sip_str *rest, struct sip_param *param)
{
    struct scan s = sip_scan_of(*rest);

    if (!sip_scan_listed(&s, param))
        return false;
    *rest = sip_scan_slice(&s, s.at, s.len);
    return true;
}

struct sip_str sip_params_find(struct sip_str params, const char *name)
{
    struct sip_str none = {NULL, 0}, wanted = sip_str(name);
    struct scan s = sip_scan_of(params);
    struct sip_param param = {{NULL, 0}, {NULL, 0}};

    while (sip_scan_listed(&s, &param))
        if (sip_str_same(param.name, wanted))
            return param.value.at ? param.value : sip_scan_empty_behind(&s, param.name);
    return none;
}
