/* URIs: sip:, sips:, tel: and others, strictly and with exceptions (sip/tolerance.h), escapes, and
 * equality (RFC 3261 §19.1.4). The first byte chooses; for equality two URIs stand on a line each.
 *
 * What is equal by the rules is made here: letters in another case where it does not count, escapes
 * where none are needed, parameters in another order. */
#include <ctype.h>
#include <strings.h>

#include "value.h"
#include "lenient.h"
#include "sip/tel.h"

enum { URI_MAX = 1 << 12 };

/* --- parts --- */

static void write_uri(struct sip_writer *writer, const struct sip_uri *uri)
{
    sip_write_piece(writer, uri->scheme_name);
    sip_write_text(writer, ":");
    sip_write_piece(writer, uri->rest);
    if (uri->user.at) {
        sip_write_piece(writer, uri->user);
        sip_write_text(writer, uri->password.at ? ":" : "");
        sip_write_piece(writer, uri->password);
        sip_write_text(writer, "@");
    }
    sip_write_piece(writer, uri->host);
    if (uri->port) {
        sip_write_text(writer, ":");
        sip_write_decimal(writer, uri->port);
    }
    sip_write_text(writer, uri->params.at ? ";" : "");
    sip_write_piece(writer, uri->params);
    sip_write_text(writer, uri->headers.at ? "?" : "");
    sip_write_piece(writer, uri->headers);
}

static void write_number(struct sip_writer *writer, const struct sip_tel *tel)
{
    require(tel->global == (tel->number.at[0] == '+') && (tel->global || tel->context.at));
    sip_write_piece(writer, tel->number);
    sip_write_text(writer, tel->params.at ? ";" : "");
    sip_write_piece(writer, tel->params);
}

static void write_tel(struct sip_writer *writer, const struct sip_tel *tel)
{
    require(sip_tel_equal(tel, tel));
    sip_write_text(writer, "tel:");
    write_number(writer, tel);
}

LENIENT(struct sip_uri, sip_uri_accept)

#define URI                                                                                        \
    NUMBER(scheme)                                                                                 \
    TEXT(scheme_name) TEXT(user) TEXT(password) TEXT(host) NUMBER(port) TEXT(params) TEXT(headers) \
        TEXT(rest) require(sip_uri_equal(got, got));
#define TEL TEXT(number) TEXT(extension) TEXT(subaddress) TEXT(context) TEXT(params)

KIND_OF(strict, struct sip_uri, sip_uri_parse, write_uri, URI)
KIND_OF(lenient, struct sip_uri, leniently, write_uri, URI)
KIND_OF(tel, struct sip_tel, sip_tel_parse, write_tel, TEL)
KIND_OF(subscriber, struct sip_tel, sip_tel_of_user, write_number, TEL)

/* --- equality --- */

struct text {
    size_t len;
    char at[3 * URI_MAX];
};

static void add(struct text *text, struct sip_str piece)
{
    if (piece.len > 0)
        memcpy(text->at + text->len, piece.at, piece.len);
    text->len += piece.len;
}

/* Letters in the other case, but those of an escape, whose case does not count anyhow. */
static void add_flipped(struct text *text, struct sip_str piece)
{
    for (size_t i = 0; i < piece.len; i++) {
        int c = (unsigned char)piece.at[i];

        text->at[text->len++] = (char)(islower(c) ? toupper(c) : tolower(c));
    }
}

/* Each letter and digit that is no escape itself is escaped. */
static void add_escaped(struct text *text, struct sip_str piece)
{
    for (size_t i = 0; i < piece.len; i++) {
        if (isalnum((unsigned char)piece.at[i])) {
            snprintf(text->at + text->len, 4, "%%%02x", (unsigned char)piece.at[i]);
            text->len += 3;
        } else {
            size_t count = piece.at[i] == '%' ? 3 : 1;

            add(text, sip_bytes(piece.at + i, count));
            i += count - 1;
        }
    }
}

/* The last parameter first. */
static void add_rotated(struct text *text, struct sip_str params)
{
    size_t last = params.len;

    if (last == 0)
        return;
    while (last > 0 && params.at[last - 1] != ';')
        last--;
    add(text, sip_bytes(params.at + last, params.len - last));
    if (last > 0) {
        add(text, sip_str(";"));
        add(text, sip_bytes(params.at, last - 1));
    }
}

static unsigned count_of(struct sip_str text, char c)
{
    unsigned count = 0;

    for (size_t i = 0; i < text.len; i++)
        count += text.at[i] == c;
    return count;
}

/* The same URI written in another way. */
static void disguise(struct text *text, const struct sip_uri *uri)
{
    text->len = 0;
    add_flipped(text, uri->scheme_name);
    add(text, sip_str(":"));
    if (uri->user.at) {
        add_escaped(text, uri->user);
        add(text, sip_str(uri->password.at ? ":" : ""));
        add_escaped(text, uri->password);
        add(text, sip_str("@"));
    }
    add_flipped(text, uri->host);
    if (uri->port)
        text->len += (size_t)snprintf(text->at + text->len, 8, ":0%u", uri->port);
    add(text, sip_str(uri->params.at ? ";" : ""));
    add_rotated(text, uri->params);
    add(text, sip_str(uri->headers.at ? "?" : ""));
    add(text, uri->headers);
}

/* True when no parameter stands twice, so that their order does not count. */
static bool may_rotate(struct sip_str params)
{
    struct sip_str rest = params, later;
    struct sip_param one, other;

    if (count_of(params, ';') > 30 || count_of(params, '%') > 0)
        return false;
    while (sip_params_next(&rest, &one)) {
        later = rest;
        while (sip_params_next(&later, &other))
            if (one.name.len == other.name.len &&
                strncasecmp(one.name.at, other.name.at, one.name.len) == 0)
                return false;
    }
    return true;
}

static void play_disguise(const struct sip_uri *uri)
{
    static struct text text;
    struct sip_uri other;
    char digits[4];

    if (uri->scheme == SIP_SCHEME_TEL || uri->scheme == SIP_SCHEME_OTHER ||
        !may_rotate(uri->params))
        return;
    disguise(&text, uri);
    require(sip_uri_parse(&other, sip_bytes(text.at, text.len), NULL) == 0);
    require(sip_uri_equal(uri, &other) && sip_uri_equal(&other, uri));
    if (uri->user.len > 0 && isalpha((unsigned char)uri->user.at[0])) { /* here the case counts */
        snprintf(digits, sizeof digits, "%%%02x", (unsigned char)uri->user.at[0] ^ 0x20u);
        memcpy(text.at + uri->scheme_name.len + 1, digits, 3);
        require(sip_uri_parse(&other, sip_bytes(text.at, text.len), NULL) == 0);
        require(!sip_uri_equal(uri, &other) && !sip_uri_equal(&other, uri));
    }
}

static void play_pair(struct sip_str both)
{
    const char *line = both.len ? memchr(both.at, '\n', both.len) : NULL;
    size_t len = line ? (size_t)(line - both.at) : both.len;
    struct sip_str first = exact_copy(sip_bytes(both.at, len)), second;
    struct sip_uri a, b;
    struct sip_tel one, other;

    second = exact_copy(line ? sip_bytes(line + 1, both.len - len - 1) : first);
    if (sip_uri_parse(&a, first, NULL) == 0 && sip_uri_parse(&b, second, NULL) == 0) {
        require(sip_uri_equal(&a, &b) == sip_uri_equal(&b, &a));
        require(!sip_str_equal(first, second) || sip_uri_equal(&a, &b));
        play_disguise(&a);
    }
    if (sip_tel_parse(&one, first, NULL) == 0 && sip_tel_parse(&other, second, NULL) == 0) {
        require(sip_tel_equal(&one, &other) == sip_tel_equal(&other, &one));
        require(!sip_str_equal(first, second) || sip_tel_equal(&one, &other));
    }
    exact_free(first);
    exact_free(second);
}

/* --- escapes --- */

static void play_escapes(struct sip_str text)
{
    char plain[URI_MAX];
    char *exact;
    size_t len = 0;

    for (size_t i = 0; i < text.len; i++) {
        char digits[3] = {0}, *end = digits;
        unsigned long byte = 0;

        if (text.at[i] == '%' && text.len - i > 2 && isxdigit((unsigned char)text.at[i + 1])) {
            memcpy(digits, text.at + i + 1, 2);
            byte = strtoul(digits, &end, 16);
        }
        plain[len++] = end == digits + 2 ? (char)byte : text.at[i];
        i += end == digits + 2 ? 2 : 0;
    }
    exact = malloc(len ? len : 1);
    require(exact != NULL);
    require(sip_uri_unescape(text, exact, len) == (long)len);
    require(len == 0 || memcmp(exact, plain, len) == 0);
    require(len == 0 || sip_uri_unescape(text, exact, len - 1) == -1);
    free(exact);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const struct kind *const kinds[] = {&strict, &lenient, &tel, &subscriber};
    struct sip_str text = sip_bytes(data + 1, size - 1);

    if (size == 0 || text.len > URI_MAX)
        return 0;
    if (data[0] % 6 < 4)
        play_value(kinds[data[0] % 6], text);
    else if (data[0] % 6 == 4)
        play_pair(text);
    else
        play_escapes(text);
    return 0;
}
