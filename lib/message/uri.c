#include "message/scan.h"
#include "message/uri_text.h"
#include "message/wide.h"

/* Parameters that mean something to the library: they have a grammar of their own, and §19.1.1 lets
 * each stand once. Others are other-param. */
enum known { KNOWN_LR, KNOWN_TRANSPORT, KNOWN_USER, KNOWN_MADDR, KNOWN_METHOD, KNOWN_TTL, UNKNOWN };

static const struct scan_word known_names[UNKNOWN] = {
    SCAN_WORD_OF("lr"),    SCAN_WORD_OF("transport"), SCAN_WORD_OF("user"),
    SCAN_WORD_OF("maddr"), SCAN_WORD_OF("method"),    SCAN_WORD_OF("ttl"),
};

static enum known known_of(const struct scan *s, struct sip_str name)
{
    return (enum known)sip_scan_which(s, name, known_names, UNKNOWN);
}

/* userinfo = ( user / telephone-subscriber ) [ ":" password ] "@"
 *
 * What a telephone-subscriber may hold beyond `user` has to be escaped (§25.1), so that its bytes
 * are those of `user`. */
static bool scan_userinfo(struct scan *s, struct sip_uri *uri)
{
    if (!sip_scan_escaped(s, SCAN_USER, SIP_BAD_URI, &uri->user))
        return false;
    if (sip_scan_peek(s) == ':') {
        s->at++;
        if (!sip_scan_escaped_any(s, SCAN_PASSWORD, &uri->password))
            return false;
    }
    return sip_scan_char(s, '@', SIP_BAD_URI);
}

/* ttl-param takes 0 to 255, maddr-param a host. */
static SIP_COLD bool check_rare(struct scan *s, enum known known, struct sip_str part)
{
    struct scan value = sip_scan_part(s, part);
    struct sip_str text = {NULL, 0};
    bool good;

    if (known == KNOWN_TTL)
        good = sip_scan_ttl(&value) && sip_scan_end(&value, SIP_BAD_NUMBER);
    else
        good = sip_scan_host(&value, &text) && sip_scan_end(&value, SIP_BAD_HOST);
    return good || sip_scan_blame(s, &value);
}

/* transport-param, user-param and method-param take a token; "lr" has no value, but many write
 * "lr=on", which is an other-param. */
static inline bool check_known(struct scan *s, enum known known, const struct sip_param *param)
{
    struct scan copy, *rare;
    size_t end;
    bool good;

    if (known == UNKNOWN || known == KNOWN_LR)
        return true;
    if (!param->value.at)
        return sip_scan_no(s, s->at, SIP_BAD_PARAMETER);
    if (known != KNOWN_TTL && known != KNOWN_MADDR) {
        end = sip_scan_span(s, sip_scan_offset(s, param->value), SCAN_TOKEN);
        return end >= s->at || sip_scan_no(s, end, SIP_BAD_TOKEN);
    }
    if (SIP_OPTIMIZE_SIZE)
        return check_rare(s, known, param->value);
    rare = sip_scan_lend(s, &copy);
    good = check_rare(rare, known, param->value);
    sip_scan_follow(s, rare);
    return good;
}

/* uri-parameters  =  *( ";" uri-parameter)
 * other-param     =  pname [ "=" pvalue ], both 1*paramchar */
static bool scan_uri_params(struct scan *s, struct sip_uri *uri)
{
    size_t from = s->at;
    unsigned seen = 0;

    while (sip_scan_peek(s) == ';') {
        struct sip_param param = {{NULL, 0}, {NULL, 0}};
        size_t start = ++s->at;

        if (!sip_scan_escaped(s, SCAN_PARAM, SIP_BAD_PARAMETER, &param.name))
            return false;
        enum known known = known_of(s, param.name);
        if (known != UNKNOWN && (seen & 1u << known))
            return sip_scan_no(s, start, SIP_REPEATED);
        seen |= 1u << known;
        if (sip_scan_peek(s) == '=') {
            s->at++;
            if (!sip_scan_escaped(s, SCAN_PARAM, SIP_BAD_PARAMETER, &param.value))
                return false;
        }
        if (!check_known(s, known, &param))
            return false;
    }
    if (s->at > from)
        sip_scan_since(s, from + 1, &uri->params);
    return true;
}

/* headers  =  "?" header *( "&" header )
 * header   =  hname "=" hvalue, where hvalue may be empty */
static bool scan_uri_headers(struct scan *s, struct sip_uri *uri)
{
    struct sip_str text = {NULL, 0};
    size_t from = s->at;

    if (sip_scan_peek(s) != '?')
        return true;
    do {
        s->at++;
        if (!sip_scan_escaped(s, SCAN_HNV, SIP_BAD_URI, &text) ||
            !sip_scan_char(s, '=', SIP_BAD_URI) || !sip_scan_escaped_any(s, SCAN_HNV, &text))
            return false;
    } while (sip_scan_peek(s) == '&');
    sip_scan_since(s, from + 1, &uri->headers);
    return true;
}

/* hostport uri-parameters [ headers ], up to `stop`. */
static bool scan_behind_userinfo(struct scan *s, int stop, struct sip_uri *uri)
{
    int next;

    if (!sip_scan_hostport(s, &uri->host, &uri->port))
        return false;
    next = sip_scan_peek(s);
    if (next != ';' && next != '?')
        return sip_scan_stop(s, stop, uri->port ? SIP_BAD_PORT : SIP_BAD_HOST);
    return scan_uri_params(s, uri) && scan_uri_headers(s, uri) &&
           sip_scan_stop(s, stop, uri->headers.at ? SIP_BAD_URI : SIP_BAD_PARAMETER);
}

/* SIP-URI   =  "sip:" [ userinfo ] hostport uri-parameters [ headers ]
 * SIPS-URI  =  "sips:" ... the same
 *
 * When neither a userinfo nor a host can stand here, the one that led further tells the fault,
 * unless all it lacks is an "@" behind the end. */
static bool scan_sip(struct scan *s, int stop, struct sip_uri *uri)
{
    const struct sip_str none = {NULL, 0};
    enum sip_reason reason = SIP_REASON_NONE;
    size_t from = s->at, wrong = 0;

    if (!scan_userinfo(s, uri)) {
        wrong = s->wrong;
        reason = s->reason;
        s->at = from;
        uri->user = none;
        uri->password = none;
    }
    if (scan_behind_userinfo(s, stop, uri))
        return true;
    if (wrong > s->wrong && wrong < s->len && sip_scan_byte(s, wrong) != stop)
        sip_scan_no(s, wrong, reason);
    return false;
}

/* The one place of an absoluteURI where bytes beyond uric may stand is the IPv6reference of a
 * "//" srvr, and srvr = [ [ userinfo "@" ] hostport ]. `slashes` is where "//" should be. */
static bool scan_srvr(struct scan *s, size_t slashes, int stop)
{
    struct scan before = sip_scan_within(s, slashes, s->at);
    struct sip_uri ignored = {0};
    struct sip_str host = {NULL, 0};
    int next;

    if (!sip_scan_char(&before, '/', SIP_BAD_URI) || !sip_scan_char(&before, '/', SIP_BAD_URI) ||
        (before.at < before.len &&
         (!scan_userinfo(&before, &ignored) || !sip_scan_end(&before, SIP_BAD_URI))))
        return sip_scan_no(s, s->at, SIP_BAD_URI);
    if (!sip_scan_host(s, &host))
        return false;
    if (sip_scan_peek(s) == ':') {
        size_t digits = s->at + 1, end = sip_scan_span(s, digits, SCAN_DIGIT);
        if (end <= digits)
            return sip_scan_no(s, digits, SIP_BAD_PORT);
        s->at = end;
    }
    next = sip_scan_peek(s);
    return next == '/' || next == '?' || sip_scan_stop(s, stop, SIP_BAD_URI);
}

/* absoluteURI  =  scheme ":" ( hier-part / opaque-part )
 *
 * All their bytes are uric, and any text of uric that is not empty is one of the two. */
static bool scan_rest(struct scan *s, int stop, struct sip_uri *uri)
{
    struct sip_str text = {NULL, 0};
    size_t from = s->at;

    if (!sip_scan_escaped(s, SCAN_URIC, SIP_BAD_URI, &text))
        return false;
    if (sip_scan_peek(s) == '[' && !scan_srvr(s, from, stop))
        return false;
    if (!sip_scan_escaped_any(s, SCAN_URIC, &text))
        return false;
    sip_scan_since(s, from, &uri->rest);
    return sip_scan_stop(s, stop, SIP_BAD_URI);
}

static enum sip_scheme scheme_of(const struct scan *s, struct sip_str name)
{
    static const struct scan_word words[3] = {SCAN_WORD_OF("sip"), SCAN_WORD_OF("sips"),
                                              SCAN_WORD_OF("tel")};
    static const uint8_t schemes[4] = {SIP_SCHEME_SIP, SIP_SCHEME_SIPS, SIP_SCHEME_TEL,
                                       SIP_SCHEME_OTHER};

    return (enum sip_scheme)schemes[sip_scan_which(s, name, words, 3)];
}

/* scheme = ALPHA *( ALPHA / DIGIT / "+" / "-" / "." ) */
static bool scan_scheme(struct scan *s, struct sip_uri *uri)
{
    size_t end;

    end = sip_scan_span(s, s->at, SCAN_SCHEME);
    if (!sip_scan_is(sip_scan_peek(s), SCAN_ALPHA))
        return sip_scan_no(s, s->at, SIP_BAD_URI);
    if (sip_scan_byte(s, end) != ':')
        return sip_scan_no(s, end, SIP_BAD_URI);
    uri->scheme_name = sip_scan_slice(s, s->at, end);
    uri->scheme = scheme_of(s, uri->scheme_name);
    s->at = end + 1;
    return true;
}

/* A userinfo with bytes that should have been escaped: up to the first "@". */
static bool scan_odd_userinfo(struct scan *s, struct sip_uri *uri)
{
    size_t from = s->at, at = from, colon = SCAN_NOWHERE;

    for (; sip_scan_byte(s, at) != '@'; at++) {
        int c = sip_scan_byte(s, at);
        if (c <= ' ' || c == 0x7f || c == '<' || c == '>' || c == '"')
            return false;
        if (c == ':' && colon == SCAN_NOWHERE)
            colon = at;
    }
    if (at == from || colon == from)
        return false;
    uri->user = sip_scan_slice(s, from, colon < at ? colon : at);
    if (colon < at)
        uri->password = sip_scan_slice(s, colon + 1, at);
    s->at = at + 1;
    return true;
}

/* What scan_sip() has refused, from `from` on, behind the scheme of `uri`, with an odd userinfo; else
 * the fault stays. */
static bool scan_odd_sip(struct scan *s, size_t from, int stop, struct sip_uri *uri)
{
    size_t wrong = s->wrong;
    enum sip_reason reason = s->reason;
    struct sip_uri odd = {0};

    odd.scheme = uri->scheme;
    odd.scheme_name = uri->scheme_name;
    s->at = from;
    if (!scan_odd_userinfo(s, &odd) || !scan_behind_userinfo(s, stop, &odd))
        return sip_scan_no(s, wrong, reason);
    s->tolerated |= SIP_TOLERATE_ODD_USER;
    *uri = odd;
    return true;
}

/* By members, so that what is gathered need not be in memory before. */
static inline void put_uri(struct sip_uri *to, const struct sip_uri *from)
{
    if (SIP_OPTIMIZE_SIZE) {
        *to = *from;
        return;
    }
    to->scheme = from->scheme;
    to->scheme_name = from->scheme_name;
    to->user = from->user;
    to->password = from->password;
    to->host = from->host;
    to->port = from->port;
    to->params = from->params;
    to->headers = from->headers;
    to->rest = from->rest;
}

/* SIP-URI / SIPS-URI / absoluteURI, or what is let pass of one. */
static SIP_COLD bool scan_odd_uri(struct scan *s, int stop, struct sip_uri *uri)
{
    size_t from;

    *uri = (struct sip_uri){0};
    if (!scan_scheme(s, uri))
        return false;
    from = s->at;
    if (uri->scheme != SIP_SCHEME_SIP && uri->scheme != SIP_SCHEME_SIPS)
        return scan_rest(s, stop, uri);
    return scan_sip(s, stop, uri) ||
           ((s->tolerate & SIP_TOLERATE_ODD_USER) && scan_odd_sip(s, from, stop, uri));
}

/* ";lr" and ";transport=" with letters and digits, once each, as long as there is nothing else. */
static inline bool scan_plain_params(struct scan *s, int stop, struct sip_uri *uri)
{
    size_t from = s->at, end = s->len > 10 ? s->len - 9 : 0;
    bool lr = false, transport = false;

    while (sip_scan_peek(s) == ';') {
        size_t name = s->at + 1, value;

        if ((sip_scan_byte(s, name) | 0x20) == 'l') {
            if (lr || (sip_scan_byte(s, name + 1) | 0x20) != 'r')
                return false;
            lr = true;
            s->at = name + 2;
            continue;
        }
        if (transport || name >= end ||
            (sip_load_64(s->base + name) | SIP_EACH(0x20)) != sip_load_64("transpor") ||
            (s->base[name + 8] | 0x20) != 't' || s->base[name + 9] != '=')
            return false;
        transport = true;
        value = name + 10;
        s->at = sip_scan_span(s, value, SCAN_LABEL);
        if (s->at <= value)
            return false;
    }
    if (sip_scan_peek(s) != stop)
        return false;
    sip_scan_since(s, from + 1, &uri->params);
    return true;
}

static SIP_COLD bool scan_other_params(struct scan *s, struct sip_str *params)
{
    struct sip_uri uri = {0};
    bool good = scan_uri_params(s, &uri);

    *params = uri.params;
    return good;
}

/* What nearly all URIs are: "sip:", a user and "@" if there is one at all, a host, plain
 * parameters. What is not is left to scan_odd_uri(). */
static inline bool scan_plain_uri(struct scan *s, int stop, struct sip_uri *uri)
{
    size_t from = s->at + 4, user_end;

    if (s->len < 8 || s->at > s->len - 8 ||
        ((sip_load_64(s->base + s->at) ^ sip_load_64("sip:\0\0\0")) & UINT32_MAX) != 0)
        return false;
    uri->scheme = SIP_SCHEME_SIP;
    uri->scheme_name = sip_scan_slice(s, s->at, s->at + 3);
    s->at = from;
    user_end = sip_find(s->base, from, s->len, '@');
    if (user_end < s->len) {
        if (user_end == from || sip_scan_span(s, from, SCAN_USER) != user_end)
            return false;
        uri->user = sip_scan_slice(s, from, user_end);
        s->at = user_end + 1;
    }
    if (!sip_scan_hostport(s, &uri->host, &uri->port))
        return false;
    from = s->at;
    if (sip_scan_peek(s) == ';' && !scan_plain_params(s, stop, uri)) {
        struct scan copy = sip_scan_copy(s);
        struct sip_str params = {NULL, 0};

        copy.at = from;
        if (!scan_other_params(&copy, &params))
            return false;
        uri->params = params;
        s->at = copy.at;
        s->tolerated = copy.tolerated;
    }
    return sip_scan_peek(s) == stop;
}

/* addr-spec = SIP-URI / SIPS-URI / absoluteURI */
SIP_FLAT bool sip_scan_uri(struct scan *s, int stop, struct sip_uri *uri)
{
    static const struct sip_uri none = {0};
    struct scan plain = sip_scan_copy(s);
    struct sip_uri got;

    put_uri(&got, &none);
    if (SIP_OPTIMIZE_SIZE || !scan_plain_uri(&plain, stop, &got))
        return scan_odd_uri(s, stop, uri);
    put_uri(uri, &got);
    s->at = plain.at;
    s->tolerated = plain.tolerated;
    return true;
}

int sip_uri_accept(struct sip_uri *uri, struct sip_str text, struct sip_leniency *leniency,
                   struct sip_fault *fault)
{
    struct scan s = sip_scan_of(text);
    struct sip_uri got;

    s.tolerate = leniency->tolerate;
    if (!sip_scan_uri(&s, SCAN_END, &got))
        return sip_scan_refuse(&s, SIP_HEADER_OTHER, fault);
    leniency->tolerated |= s.tolerated;
    *uri = got;
    return 0;
}

int sip_uri_parse(struct sip_uri *uri, struct sip_str text, struct sip_fault *fault)
{
    struct sip_leniency none = {0, 0};

    return sip_uri_accept(uri, text, &none, fault);
}

/* Names may be escaped, so that they are compared as §19.1.4 compares. */
struct sip_str sip_uri_param(const struct sip_uri *uri, const char *name)
{
    struct sip_str none = {NULL, 0}, wanted = sip_str(name);
    struct scan s = sip_scan_of(uri->params);
    struct sip_param param = {{NULL, 0}, {NULL, 0}};

    while (sip_scan_listed(&s, &param))
        if (sip_uri_text_same(param.name, wanted, SIP_CASE_IGNORED))
            return param.value.at ? param.value : sip_scan_empty_behind(&s, param.name);
    return none;
}

long sip_uri_unescape(struct sip_str text, char *out, size_t size)
{
    size_t used = 0;

    for (size_t i = 0; i < text.len;) {
        unsigned byte = sip_uri_text_next(text, &i) & 0xff;
        if (used >= size)
            return -1;
        out[used++] = (char)byte;
    }
    return (long)used;
}
