#define _POSIX_C_SOURCE 200809L

#include "strict_fields.h"

#include <string.h>
#include <strings.h>

static bool is_ttl(struct param param)
{
    return is_number(param) && param.value.len <= 3;
}

static bool is_host(struct param param)
{
    struct cursor cursor = cursor_of(param.value);
    struct piece host;

    return param.has_value && match_host(&cursor, &host) && is_end(&cursor);
}

/* RFC 3581 §9: "rport" [EQUAL 1*DIGIT]. */
static bool is_rport(struct param param)
{
    return !param.has_value || is_number(param);
}

static bool is_address(struct param param)
{
    return param.has_value && !param.quoted;
}

bool match_via(struct cursor *cursor, struct value *value)
{
    struct piece name, version, host;

    if (!match_token(cursor, &name) || !match_separator(cursor, '/') ||
        !match_token(cursor, &version) || !match_separator(cursor, '/') ||
        !match_token(cursor, &value->word) || !match_lws(cursor))
        return false;
    if (!match_host(cursor, &host) || (match_separator(cursor, ':') && !match_port(cursor)))
        return false;
    struct params *params = &value->params;
    if (!piece_is(name, "SIP") || !piece_is(version, "2.0") || !match_params(cursor, params))
        return false;
    return is_param(params, "branch", is_plain_token) && is_param(params, "ttl", is_ttl) &&
           is_param(params, "maddr", is_host) && is_param(params, "received", is_address) &&
           is_param(params, "rport", is_rport) && is_param(params, "keep", is_rport);
}

/* *(token LWS) / quoted-string, then "<". That the last token needs white space behind it is an
 * error of the grammar (RFC 4475 §3.1.1.6). */
static bool match_display_name(struct cursor *cursor)
{
    struct piece piece;

    if (match_quoted(cursor, &piece)) {
        match_lws(cursor);
        return match_char(cursor, '<');
    }
    while (match_token(cursor, &piece) && match_lws(cursor))
        continue;
    return match_char(cursor, '<');
}

/* [ display-name ] LAQUOT addr-spec RAQUOT */
static bool match_name_addr(struct cursor *cursor, struct uri *uri)
{
    struct cursor next = *cursor;

    if (!match_display_name(&next))
        return false;
    const char *close = memchr(next.at, '>', (size_t)(next.end - next.at));
    if (!close || !uri_is_good((struct piece){next.at, (size_t)(close - next.at)}, uri))
        return false;
    cursor->at = close + 1;
    return true;
}

/* An address without brackets ends where a parameter or the next element begins (§20). */
static bool match_bare_addr(struct cursor *cursor, struct uri *uri)
{
    const char *end = cursor->at;

    while (end < cursor->end && !is_one_of(*end, ";, \t?"))
        end++;
    if ((end < cursor->end && *end == '?') ||
        !uri_is_good((struct piece){cursor->at, (size_t)(end - cursor->at)}, uri))
        return false;
    cursor->at = end;
    return true;
}

bool match_identity(struct cursor *cursor, struct value *value)
{
    return match_name_addr(cursor, &value->uri) || match_bare_addr(cursor, &value->uri);
}

bool match_address(struct cursor *cursor, struct value *value)
{
    if (cursor->end - cursor->at == 1 && match_char(cursor, '*')) {
        value->star = true;
        return true;
    }
    return match_identity(cursor, value) && match_params(cursor, &value->params);
}

bool match_route(struct cursor *cursor, struct value *value)
{
    return match_name_addr(cursor, &value->uri) && match_params(cursor, &value->params);
}

bool match_info(struct cursor *cursor, struct value *value)
{
    return !is_end(cursor) && *cursor->at == '<' && match_route(cursor, value);
}

enum { CSEQ_MAX = 0x7fffffff };    /* less than 2**31 (§8.1.1.5) */

bool match_cseq(struct cursor *cursor, struct value *value)
{
    return match_digits(cursor, CSEQ_MAX, &value->number) && match_lws(cursor) &&
           match_token(cursor, &value->word);
}

bool match_rack(struct cursor *cursor, struct value *value)
{
    uint64_t sequence;

    return match_digits(cursor, UINT32_MAX, &value->number) && match_lws(cursor) &&
           match_digits(cursor, CSEQ_MAX, &sequence) && match_lws(cursor) &&
           match_token(cursor, &value->word);
}

bool match_call_id(struct cursor *cursor, struct value *value)
{
    struct piece host;

    return match_run(cursor, is_word_char, &value->word) &&
           (!match_char(cursor, '@') || match_run(cursor, is_word_char, &host));
}

bool match_replaces(struct cursor *cursor, struct value *value)
{
    return match_call_id(cursor, value) && match_params(cursor, &value->params);
}

bool match_number(struct cursor *cursor, struct value *value)
{
    return match_digits(cursor, UINT32_MAX, &value->number);
}

bool match_number_params(struct cursor *cursor, struct value *value)
{
    if (!match_number(cursor, value))
        return false;
    struct cursor next = *cursor;
    match_lws(&next);
    if (match_comment(&next))
        *cursor = next;
    return match_params(cursor, &value->params);
}

bool match_word(struct cursor *cursor, struct value *value)
{
    return match_token(cursor, &value->word);
}

bool match_word_params(struct cursor *cursor, struct value *value)
{
    return match_token(cursor, &value->word) && match_params(cursor, &value->params);
}

static bool has_stars(struct piece type)
{
    return memchr(type.at, '*', type.len) != NULL;
}

bool match_media_range(struct cursor *cursor, struct value *value)
{
    struct piece subtype;

    if (!match_token(cursor, &value->word) || !match_separator(cursor, '/') ||
        !match_token(cursor, &subtype))
        return false;
    bool any_type = piece_is(value->word, "*"), any_subtype = piece_is(subtype, "*");
    return any_type <= any_subtype && match_params(cursor, &value->params);
}

bool match_media(struct cursor *cursor, struct value *value)
{
    struct piece subtype;

    if (!match_token(cursor, &value->word) || !match_separator(cursor, '/') ||
        !match_token(cursor, &subtype) || has_stars(value->word) || has_stars(subtype) ||
        !match_params(cursor, &value->params))
        return false;
    for (int i = 0; i < value->params.count; i++)
        if (!value->params.list[i].has_value)    /* m-parameter = m-attribute EQUAL m-value */
            return false;
    return true;
}

static bool is_alpha(char c)
{
    return is_alnum(c) && !is_digit(c);
}

/* 1*8ALPHA *( "-" 1*8ALPHA ) / "*" */
bool match_language(struct cursor *cursor, struct value *value)
{
    struct piece tag;

    if (match_char(cursor, '*'))
        return match_params(cursor, &value->params);
    do
        if (!match_run(cursor, is_alpha, &tag) || tag.len > 8)
            return false;
    while (match_char(cursor, '-'));
    return match_params(cursor, &value->params);
}

bool match_free_text(struct cursor *cursor, struct value *value)
{
    (void)value;
    return match_text(cursor);
}

/* RFC 3323 §4.2: priv-value *(";" priv-value). */
bool match_privacy(struct cursor *cursor, struct value *value)
{
    do
        if (!match_token(cursor, &value->word))
            return false;
    while (match_separator(cursor, ';'));
    return true;
}

static bool match_one_of(struct cursor *cursor, const char *words)
{
    for (; *words; words += 3)
        if (cursor->end - cursor->at >= 3 && memcmp(cursor->at, words, 3) == 0) {
            cursor->at += 3;
            return true;
        }
    return false;
}

static bool match_fixed(struct cursor *cursor, long digits, uint64_t max, char then)
{
    const char *start = cursor->at;
    uint64_t number;

    return match_digits(cursor, max, &number) && cursor->at - start == digits &&
           match_char(cursor, then);
}

/* wkday "," SP 2DIGIT SP month SP 4DIGIT SP 2DIGIT ":" 2DIGIT ":" 2DIGIT SP "GMT" */
bool match_date(struct cursor *cursor, struct value *value)
{
    (void)value;
    return match_one_of(cursor, "MonTueWedThuFriSatSun") && match_char(cursor, ',') &&
           match_char(cursor, ' ') && match_fixed(cursor, 2, 31, ' ') &&
           match_one_of(cursor, "JanFebMarAprMayJunJulAugSepOctNovDec") &&
           match_char(cursor, ' ') && match_fixed(cursor, 4, 9999, ' ') &&
           match_fixed(cursor, 2, 23, ':') && match_fixed(cursor, 2, 59, ':') &&
           match_fixed(cursor, 2, 59, ' ') && match_one_of(cursor, "GMT");
}

/* 1*DIGIT [ "." *DIGIT ] [ LWS delay ], delay = *DIGIT [ "." *DIGIT ] */
bool match_timestamp(struct cursor *cursor, struct value *value)
{
    struct piece run;

    (void)value;
    if (!match_run(cursor, is_digit, &run))
        return false;
    if (match_char(cursor, '.'))
        match_run(cursor, is_digit, &run);
    if (match_lws(cursor)) {
        match_run(cursor, is_digit, &run);
        if (match_char(cursor, '.'))
            match_run(cursor, is_digit, &run);
    }
    return true;
}

bool match_mime_version(struct cursor *cursor, struct value *value)
{
    return match_number(cursor, value) && match_char(cursor, '.') && match_number(cursor, value);
}

/* server-val *(LWS server-val), server-val = token [SLASH token] / comment */
bool match_agent(struct cursor *cursor, struct value *value)
{
    struct piece piece;

    (void)value;
    do {
        if (match_comment(cursor))
            continue;
        if (!match_token(cursor, &piece))
            return false;
        if (match_separator(cursor, '/') && !match_token(cursor, &piece))
            return false;
    } while (match_lws(cursor));
    return true;
}

/* hostport / pseudonym, then SP. */
static bool match_warn_agent(struct cursor *cursor)
{
    struct cursor next = *cursor;
    struct piece piece;

    if (match_host(&next, &piece) && (!match_char(&next, ':') || match_port(&next)) &&
        match_char(&next, ' ')) {
        *cursor = next;
        return true;
    }
    return match_token(cursor, &piece) && match_char(cursor, ' ');
}

/* 3DIGIT SP warn-agent SP quoted-string */
bool match_warning(struct cursor *cursor, struct value *value)
{
    struct piece text;

    (void)value;
    return match_fixed(cursor, 3, 999, ' ') && match_warn_agent(cursor) &&
           match_quoted(cursor, &text);
}

/* Digest (§22.4, RFC 7616, RFC 8760 §2.7). */

static bool is_lower_hex(struct piece piece)
{
    for (size_t i = 0; i < piece.len; i++)
        if (!is_digit(piece.at[i]) && (piece.at[i] < 'a' || piece.at[i] > 'f'))
            return false;
    return true;
}

static bool is_nonce_count(struct param param)
{
    return !param.quoted && param.value.len == 8 && is_lower_hex(param.value);
}

static bool is_true_or_false(struct param param)
{
    return !param.quoted && (piece_is(param.value, "true") || piece_is(param.value, "false"));
}

static bool is_quoted_uri(struct param param)
{
    struct uri uri;

    return param.quoted && uri_is_good(param.value, &uri);
}

/* LDQUOT qop-value *("," qop-value) RDQUOT; white space after the comma is not in the grammar. */
static bool is_qop_options(struct param param)
{
    struct cursor cursor = cursor_of(param.value);
    struct piece option;

    if (!param.quoted)
        return false;
    do
        if (!match_token(&cursor, &option))
            return false;
    while (match_char(&cursor, ','));
    return is_end(&cursor);
}

/* auth-param *(COMMA auth-param), each a name and a value. */
static bool match_auth_params(struct cursor *cursor, struct params *params)
{
    do {
        struct param param = {.has_value = true};

        if (!match_token(cursor, &param.name) || !match_separator(cursor, '='))
            return false;
        param.quoted = match_quoted(cursor, &param.value);
        if (!param.quoted && !match_token(cursor, &param.value))
            return false;
        if (!add_param(params, &param))
            return false;
    } while (match_separator(cursor, ','));
    return is_param(params, "realm", is_quoted) && is_param(params, "nonce", is_quoted) &&
           is_param(params, "opaque", is_quoted) && is_param(params, "algorithm", is_plain_token) &&
           is_param(params, "userhash", is_true_or_false);
}

bool match_challenge(struct cursor *cursor, struct value *value)
{
    struct params *params = &value->params;

    if (!match_token(cursor, &value->word) || !match_lws(cursor) ||
        !match_auth_params(cursor, params))
        return false;
    if (!piece_is(value->word, "Digest"))
        return true;
    return param_find(params, "realm") && param_find(params, "nonce") &&
           is_param(params, "domain", is_quoted) && is_param(params, "stale", is_true_or_false) &&
           is_param(params, "qop", is_qop_options);
}

/* The length of `response` is that of the algorithm's hash. */
static bool is_response_good(const struct params *params)
{
    const struct param *response = param_find(params, "response");
    const struct param *algorithm = param_find(params, "algorithm");
    struct piece name = algorithm ? algorithm->value : (struct piece){"MD5", 3};
    bool long_hash = name.len >= 3 && strncasecmp(name.at, "SHA", 3) == 0;

    return response->quoted && is_lower_hex(response->value) &&
           (response->value.len == 0 || response->value.len == (long_hash ? 64 : 32));
}

bool match_credentials(struct cursor *cursor, struct value *value)
{
    struct params *params = &value->params;

    if (!match_token(cursor, &value->word) || !match_lws(cursor) ||
        !match_auth_params(cursor, params))
        return false;
    if (!piece_is(value->word, "Digest"))
        return true;
    bool has_name = !param_find(params, "username") != !param_find(params, "username*");
    bool has_all = has_name && param_find(params, "realm") && param_find(params, "nonce") &&
                   param_find(params, "uri") && param_find(params, "response");
    bool has_qop = param_find(params, "qop");
    return has_all && is_response_good(params) && has_qop == !!param_find(params, "cnonce") &&
           has_qop == !!param_find(params, "nc") && is_param(params, "qop", is_plain_token) &&
           is_param(params, "cnonce", is_quoted) && is_param(params, "nc", is_nonce_count) &&
           is_param(params, "username", is_quoted) && is_param(params, "uri", is_quoted_uri);
}

bool match_auth_info(struct cursor *cursor, struct value *value)
{
    struct params *params = &value->params;

    return match_auth_params(cursor, params) && is_param(params, "nextnonce", is_quoted) &&
           is_param(params, "rspauth", is_quoted) && is_param(params, "qop", is_plain_token) &&
           is_param(params, "cnonce", is_quoted) && is_param(params, "nc", is_nonce_count);
}
