#define _POSIX_C_SOURCE 200809L

#include "strict_words.h"

#include <ctype.h>
#include <string.h>
#include <strings.h>

/* Characters and pieces. */

bool is_alnum(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

bool is_one_of(char c, const char *set)
{
    return c != '\0' && strchr(set, c);
}

bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static bool is_token_char(char c)
{
    return is_alnum(c) || is_one_of(c, "-.!%*_+`'~");
}

bool is_word_char(char c)
{
    return is_token_char(c) || is_one_of(c, "()<>:\\\"/[]?{}");
}

static bool is_hex(char c)
{
    return is_digit(c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
}

bool piece_is(struct piece piece, const char *text)
{
    return piece.len == strlen(text) && strncasecmp(piece.at, text, piece.len) == 0;
}

const struct param *param_find(const struct params *params, const char *name)
{
    for (int i = 0; i < params->count; i++)
        if (piece_is(params->list[i].name, name))
            return &params->list[i];
    return NULL;
}

struct cursor cursor_of(struct piece piece)
{
    return (struct cursor){piece.at, piece.len ? piece.at + piece.len : piece.at};
}

bool is_end(const struct cursor *cursor)
{
    return cursor->at == cursor->end;
}

bool match_char(struct cursor *cursor, char c)
{
    if (is_end(cursor) || *cursor->at != c)
        return false;
    cursor->at++;
    return true;
}

bool match_lws(struct cursor *cursor)
{
    const char *start = cursor->at;

    while (!is_end(cursor) && is_one_of(*cursor->at, " \t"))
        cursor->at++;
    return cursor->at > start;
}

bool match_separator(struct cursor *cursor, char c)
{
    struct cursor next = *cursor;

    match_lws(&next);
    if (!match_char(&next, c))
        return false;
    match_lws(&next);
    *cursor = next;
    return true;
}

bool match_run(struct cursor *cursor, bool (*is_in)(char), struct piece *run)
{
    const char *start = cursor->at;

    while (!is_end(cursor) && is_in(*cursor->at))
        cursor->at++;
    *run = (struct piece){start, (size_t)(cursor->at - start)};
    return run->len > 0;
}

bool match_token(struct cursor *cursor, struct piece *token)
{
    return match_run(cursor, is_token_char, token);
}

bool match_digits(struct cursor *cursor, uint64_t max, uint64_t *number)
{
    struct cursor next = *cursor;
    struct piece run;
    uint64_t sum = 0;

    if (!match_run(&next, is_digit, &run) || run.len > 10)
        return false;
    for (size_t i = 0; i < run.len; i++)
        sum = sum * 10 + (uint64_t)(run.at[i] - '0');
    if (sum > max)
        return false;
    *number = sum;
    *cursor = next;
    return true;
}

/* UTF8-NONASCII. */
static bool match_utf8(struct cursor *cursor)
{
    unsigned char first = is_end(cursor) ? 0 : (unsigned char)*cursor->at;
    int more = 0;

    if (first >= 0xc0 && first <= 0xfd)
        for (unsigned char bit = 0x40; first & bit; bit >>= 1)
            more++;
    if (more == 0 || cursor->end - cursor->at <= more)
        return false;
    for (int i = 1; i <= more; i++)
        if (((unsigned char)cursor->at[i] & 0xc0) != 0x80)
            return false;
    cursor->at += more + 1;
    return true;
}

/* A run of TEXT-UTF8char and LWS with none of the characters `but`. */
static void match_text_but(struct cursor *cursor, const char *but)
{
    while (!is_end(cursor)) {
        char c = *cursor->at;

        if ((c == ' ' || c == '\t' || (c > 0x20 && c < 0x7f)) && !is_one_of(c, but))
            cursor->at++;
        else if (!match_utf8(cursor))
            return;
    }
}

bool match_text(struct cursor *cursor)
{
    match_text_but(cursor, "");
    return is_end(cursor);
}

/* "\" and any octet but CR and LF. */
static bool match_quoted_pair(struct cursor *cursor)
{
    if (cursor->end - cursor->at < 2 || cursor->at[0] != '\\')
        return false;
    unsigned char quoted = (unsigned char)cursor->at[1];
    if (quoted > 0x7f || quoted == '\r' || quoted == '\n')
        return false;
    cursor->at += 2;
    return true;
}

/* DQUOTE *(qdtext / quoted-pair) DQUOTE; `inside` is what stands between. */
bool match_quoted(struct cursor *cursor, struct piece *inside)
{
    struct cursor next = *cursor;

    if (!match_char(&next, '"'))
        return false;
    const char *start = next.at;
    do
        match_text_but(&next, "\"\\");
    while (match_quoted_pair(&next));
    *inside = (struct piece){start, (size_t)(next.at - start)};
    if (!match_char(&next, '"'))
        return false;
    *cursor = next;
    return true;
}

/* "(" *(ctext / quoted-pair / comment) ")": nested ones by counting. */
bool match_comment(struct cursor *cursor)
{
    struct cursor next = *cursor;
    int depth = 0;

    do {
        if (match_char(&next, '('))
            depth++;
        else if (depth && match_char(&next, ')'))
            depth--;
        else if (!depth || !match_quoted_pair(&next)) {
            const char *before = next.at;
            match_text_but(&next, "()\\");
            if (!depth || next.at == before)
                return false;
        }
    } while (depth);
    *cursor = next;
    return true;
}

/* Hosts. */

/* IPv4address, each number 255 at most (RFC 5954 §4.1). */
static bool is_ipv4(struct piece piece)
{
    struct cursor cursor = cursor_of(piece);
    uint64_t number;

    for (int i = 0; i < 4; i++) {
        const char *start = cursor.at;
        if ((i && !match_char(&cursor, '.')) || !match_digits(&cursor, 255, &number) ||
            cursor.at - start > (i ? 4 : 3))
            return false;
    }
    return is_end(&cursor);
}

/* IPv6address as RFC 3986 has it (RFC 5954 §4.1): eight groups, "::" once, the last two may be
 * IPv4. */
static bool is_ipv6(struct piece piece)
{
    struct cursor cursor = cursor_of(piece);
    bool gap = false;
    int groups = 0;

    if (piece.len >= 2 && memcmp(piece.at, "::", 2) == 0) {
        gap = true;
        cursor.at += 2;
    }
    while (!is_end(&cursor)) {
        struct piece rest = {cursor.at, (size_t)(cursor.end - cursor.at)}, group;

        if (is_ipv4(rest)) {
            groups += 2;
            break;
        }
        if (!match_run(&cursor, is_hex, &group) || group.len > 4)
            return false;
        groups++;
        if (is_end(&cursor))
            break;
        if (!match_char(&cursor, ':') || is_end(&cursor))
            return false;
        if (match_char(&cursor, ':')) {
            if (gap)
                return false;
            gap = true;
        }
    }
    return gap ? groups <= 7 : groups == 8;
}

/* *( domainlabel "." ) toplabel [ "." ]: labels begin and end with a letter or digit, the last one
 * begins with a letter. */
static bool is_hostname(struct piece piece)
{
    size_t start = 0, last = 0;

    if (piece.len && piece.at[piece.len - 1] == '.')
        piece.len--;
    for (size_t i = 0; i <= piece.len; i++) {
        if (i < piece.len && piece.at[i] != '.') {
            if (!is_alnum(piece.at[i]) && piece.at[i] != '-')
                return false;
            continue;
        }
        if (i == start || piece.at[start] == '-' || piece.at[i - 1] == '-')
            return false;
        last = start;
        start = i + 1;
    }
    return !is_digit(piece.at[last]);
}

static bool is_host_char(char c)
{
    return is_alnum(c) || c == '-' || c == '.';
}

bool match_host(struct cursor *cursor, struct piece *host)
{
    struct cursor next = *cursor;

    if (match_char(&next, '[')) {
        const char *close = memchr(next.at, ']', (size_t)(next.end - next.at));
        if (!close || !is_ipv6((struct piece){next.at, (size_t)(close - next.at)}))
            return false;
        *host = (struct piece){cursor->at, (size_t)(close + 1 - cursor->at)};
        cursor->at = close + 1;
        return true;
    }
    if (!match_run(&next, is_host_char, host) || (!is_ipv4(*host) && !is_hostname(*host)))
        return false;
    *cursor = next;
    return true;
}

bool match_port(struct cursor *cursor)
{
    uint64_t port;

    return match_digits(cursor, 65535, &port);
}

/* URIs. */

static bool is_unreserved(char c)
{
    return is_alnum(c) || is_one_of(c, "-_.!~*'()");
}

/* 1*( unreserved / escaped / one of `more` ). */
static bool match_uri_chars(struct cursor *cursor, const char *more)
{
    const char *start = cursor->at;

    while (!is_end(cursor)) {
        if (is_unreserved(*cursor->at) || is_one_of(*cursor->at, more))
            cursor->at++;
        else if (cursor->end - cursor->at >= 3 && *cursor->at == '%' && is_hex(cursor->at[1]) &&
                 is_hex(cursor->at[2]))
            cursor->at += 3;
        else
            break;
    }
    return cursor->at > start;
}

static bool match_userinfo(struct cursor *cursor, struct uri *uri)
{
    const char *start = cursor->at;

    if (!match_uri_chars(cursor, "&=+$,;?/"))
        return false;
    uri->user = (struct piece){start, (size_t)(cursor->at - start)};
    if (match_char(cursor, ':'))
        match_uri_chars(cursor, "&=+$,");
    return match_char(cursor, '@');
}

/* The names of the table have values of their own grammar. */
static bool is_uri_param_good(struct piece name, struct piece value, struct uri *uri)
{
    struct cursor cursor = cursor_of(value);
    struct piece piece;
    uint64_t ttl;
    bool good = true;

    if (piece_is(name, "transport") || piece_is(name, "user") || piece_is(name, "method"))
        good = match_token(&cursor, &piece) && is_end(&cursor);
    else if (piece_is(name, "ttl"))
        good = match_digits(&cursor, 255, &ttl) && is_end(&cursor);
    else if (piece_is(name, "maddr"))
        good = match_host(&cursor, &piece) && is_end(&cursor);
    uri->has_method |= piece_is(name, "method");
    return good;
}

static bool match_uri_params(struct cursor *cursor, struct uri *uri)
{
    struct piece names[PARAMS_MAX];

    for (int count = 0; match_char(cursor, ';'); count++) {
        struct piece name = {cursor->at, 0}, value;

        if (count == PARAMS_MAX || !match_uri_chars(cursor, "[]/:&+$"))
            return false;
        name.len = (size_t)(cursor->at - name.at);
        bool has_value = match_char(cursor, '=');
        value.at = cursor->at;
        if (has_value && !match_uri_chars(cursor, "[]/:&+$"))
            return false;
        value.len = (size_t)(cursor->at - value.at);
        if (!is_uri_param_good(name, value, uri))
            return false;
        for (int i = 0; i < count; i++)    /* §19.1.1 */
            if (names[i].len == name.len && strncasecmp(names[i].at, name.at, name.len) == 0)
                return false;
        names[count] = name;
    }
    return true;
}

static bool match_uri_headers(struct cursor *cursor, struct uri *uri)
{
    if (!match_char(cursor, '?'))
        return true;
    uri->has_headers = true;
    do {
        if (!match_uri_chars(cursor, "[]/?:+$") || !match_char(cursor, '='))
            return false;
        match_uri_chars(cursor, "[]/?:+$");
    } while (match_char(cursor, '&'));
    return true;
}

static bool is_sip_uri(struct cursor cursor, struct uri *uri)
{
    size_t left = (size_t)(cursor.end - cursor.at);

    if (memchr(cursor.at, '@', left) && !match_userinfo(&cursor, uri))
        return false;
    if (!match_host(&cursor, &uri->host) || (match_char(&cursor, ':') && !match_port(&cursor)))
        return false;
    return match_uri_params(&cursor, uri) && match_uri_headers(&cursor, uri) && is_end(&cursor);
}

static bool is_scheme_char(char c)
{
    return is_alnum(c) || is_one_of(c, "+-.");
}

bool uri_is_good(struct piece piece, struct uri *uri)
{
    struct cursor cursor = cursor_of(piece);

    *uri = (struct uri){.is_sip = false};
    if (!match_run(&cursor, is_scheme_char, &uri->scheme) || !isalpha((unsigned char)piece.at[0]) ||
        !match_char(&cursor, ':'))
        return false;
    uri->is_sip = piece_is(uri->scheme, "sip") || piece_is(uri->scheme, "sips");
    if (uri->is_sip)
        return is_sip_uri(cursor, uri);
    return match_uri_chars(&cursor, ";/?:@&=+$,") && is_end(&cursor);
}

/* Parameters. */

/* gen-value = token / host / quoted-string; `received` of Via is an address without brackets. */
static bool match_param_value(struct cursor *cursor, struct param *param)
{
    struct cursor next = *cursor;

    param->has_value = true;
    if (match_quoted(cursor, &param->value)) {
        param->quoted = true;
        return true;
    }
    if (piece_is(param->name, "received")) {
        param->value.at = next.at;
        while (!is_end(&next) && (is_hex(*next.at) || is_one_of(*next.at, ":.")))
            next.at++;
        param->value.len = (size_t)(next.at - param->value.at);
        *cursor = next;
        return is_ipv4(param->value) || is_ipv6(param->value);
    }
    if (!is_end(cursor) && *cursor->at == '[')
        return match_host(cursor, &param->value);
    return match_token(cursor, &param->value);
}

bool add_param(struct params *params, const struct param *param)
{
    for (int i = 0; i < params->count; i++) {
        const struct piece *name = &params->list[i].name;
        if (name->len == param->name.len && strncasecmp(name->at, param->name.at, name->len) == 0)
            return false;
    }
    if (params->count == PARAMS_MAX)
        return false;
    params->list[params->count++] = *param;
    return true;
}

bool is_param(const struct params *params, const char *name, bool (*is_good)(struct param))
{
    const struct param *param = param_find(params, name);

    return !param || is_good(*param);
}

bool is_number(struct param param)
{
    struct cursor cursor = cursor_of(param.value);
    uint64_t number;

    return param.has_value && !param.quoted && match_digits(&cursor, UINT32_MAX, &number) &&
           is_end(&cursor);
}

bool is_plain_token(struct param param)
{
    struct cursor cursor = cursor_of(param.value);
    struct piece token;

    return param.has_value && !param.quoted && match_token(&cursor, &token) && is_end(&cursor);
}

/* qvalue = ( "0" [ "." 0*3DIGIT ] ) / ( "1" [ "." 0*3("0") ] ) */
static bool is_qvalue(struct param param)
{
    struct piece q = param.value;

    if (!param.has_value || param.quoted || q.len < 1 || q.len > 5)
        return false;
    if ((q.at[0] != '0' && q.at[0] != '1') || (q.len > 1 && q.at[1] != '.'))
        return false;
    for (size_t i = 2; i < q.len; i++)
        if (!is_digit(q.at[i]) || (q.at[0] == '1' && q.at[i] != '0'))
            return false;
    return true;
}

bool is_quoted(struct param param)
{
    return param.quoted;
}

static bool is_flag(struct param param)
{
    return !param.has_value;
}

/* *( SEMI generic-param ), and what the named ones must be wherever they stand. */
bool match_params(struct cursor *cursor, struct params *params)
{
    while (match_separator(cursor, ';')) {
        struct param param = {.has_value = false};

        if (!match_token(cursor, &param.name))
            return false;
        if (match_separator(cursor, '=') && !match_param_value(cursor, &param))
            return false;
        if (!add_param(params, &param))
            return false;
    }
    return is_param(params, "tag", is_plain_token) && is_param(params, "q", is_qvalue) &&
           is_param(params, "expires", is_number) && is_param(params, "handling", is_plain_token) &&
           is_param(params, "duration", is_number) && is_param(params, "retry-after", is_number) &&
           is_param(params, "early-only", is_flag) && is_param(params, "to-tag", is_plain_token) &&
           is_param(params, "from-tag", is_plain_token) && is_param(params, "cause", is_number) &&
           is_param(params, "text", is_quoted) && is_param(params, "+sip.instance", is_quoted) &&
           is_param(params, "reg-id", is_number);
}
