/* Hides secrets in what a trace shows. It looks at bytes, not at lines or headers, so that what a
 * parser refused is masked as well as what it took; each byte is looked at a bounded number of
 * times. */
#include "base/bytes.h"
#include "base/memory.h"
#include "message/letters.h"
#include "sip/trace.h"

struct mask {
    struct sip_str bytes;
    char *out;
    size_t size;
    bool copied;     /* a secret was found, `out` is in use */
    size_t userinfo; /* up to here user parts of URIs have been looked at */
};

/* Line ends stay, so that the text keeps its lines. */
static void hide(struct mask *m, size_t from, size_t to)
{
    size_t len = m->bytes.len < m->size ? m->bytes.len : m->size;

    if (from >= to)
        return;
    if (!m->copied && len)
        memcpy(m->out, m->bytes.at, len);
    m->copied = true;
    for (size_t i = from; i < to && i < len; i++)
        if (m->bytes.at[i] != '\r' && m->bytes.at[i] != '\n')
            m->out[i] = '*';
}

static bool ends_token(const struct mask *m, size_t at)
{
    return at >= m->bytes.len || !sip_is_token(m->bytes.at[at]);
}

/* True when the whole token at `at` is `name`, in any case. */
static bool is_token_at(const struct mask *m, size_t at, const char *name)
{
    size_t len = strlen(name);

    if (m->bytes.len - at < len || !ends_token(m, at + len))
        return false;
    return sip_str_same(sip_bytes(m->bytes.at + at, len), sip_bytes(name, len));
}

static size_t skip_space(const struct mask *m, size_t at)
{
    while (at < m->bytes.len && sip_is_space(m->bytes.at[at]))
        at++;
    return at;
}

/* The end of the value at `at`: of a quoted string its closing quote, else the next separator. */
static size_t value_end(const struct mask *m, size_t at)
{
    const char *bytes = m->bytes.at;

    for (; at < m->bytes.len; at++)
        if (bytes[at] == ',' || bytes[at] == ';' || sip_is_space(bytes[at]))
            break;
    return at;
}

static size_t quoted_end(const struct mask *m, size_t at)
{
    for (; at < m->bytes.len && m->bytes.at[at] != '"'; at++)
        if (m->bytes.at[at] == '\\')
            at++;
    return at < m->bytes.len ? at : m->bytes.len;
}

/* response = "..." and rspauth = "...": `at` is behind the name. */
static size_t hide_value(struct mask *m, size_t at)
{
    size_t end, value = skip_space(m, at);

    if (value >= m->bytes.len || m->bytes.at[value] != '=')
        return at;
    value = skip_space(m, value + 1);
    if (value < m->bytes.len && m->bytes.at[value] == '"')
        end = quoted_end(m, ++value);
    else
        end = value_end(m, value);
    hide(m, value, end);
    return end;
}

/* The end of the header: the first line end with no white space behind it. */
static size_t header_end(const struct mask *m, size_t at)
{
    const char *bytes = m->bytes.at;

    for (; at < m->bytes.len; at++) {
        size_t behind = at;

        while (behind < m->bytes.len && behind - at < 2 &&
               (bytes[behind] == '\r' || bytes[behind] == '\n'))
            behind++;
        if (behind > at && (behind >= m->bytes.len || !sip_is_blank(bytes[behind])))
            return at;
    }
    return m->bytes.len;
}

/* Authorization: of another scheme than Digest; `at` is behind the name. */
static size_t hide_credentials(struct mask *m, size_t at)
{
    size_t scheme = skip_space(m, at), end;

    if (scheme >= m->bytes.len || m->bytes.at[scheme] != ':')
        return at;
    scheme = skip_space(m, scheme + 1);
    if (is_token_at(m, scheme, "Digest"))
        return scheme;
    for (end = scheme; !ends_token(m, end);)
        end++;
    at = header_end(m, end);
    hide(m, end < at ? end + 1 : end, at);
    return at;
}

/* sip:user:password@host: `at` is behind the colon of the scheme. */
static void hide_password(struct mask *m, size_t at)
{
    size_t password = 0;

    if (at < m->userinfo)
        return;
    for (; at < m->bytes.len; at++) {
        char c = m->bytes.at[at];

        if (c == '@' || sip_is_space(c) || c == '<' || c == '>' || c == '"' || c == ',')
            break;
        if (c == ':' && password == 0)
            password = at + 1;
    }
    m->userinfo = at;
    if (password && at < m->bytes.len && m->bytes.at[at] == '@')
        hide(m, password, at);
}

/* Looks at the token that begins at `at`; returns where to go on. */
static size_t look_at_token(struct mask *m, size_t at)
{
    size_t end = at;

    while (!ends_token(m, end))
        end++;
    if (is_token_at(m, at, "response") || is_token_at(m, at, "rspauth"))
        return hide_value(m, end);
    if (is_token_at(m, at, "Authorization") || is_token_at(m, at, "Proxy-Authorization"))
        return hide_credentials(m, end);
    if (end < m->bytes.len && m->bytes.at[end] == ':' &&
        (is_token_at(m, at, "sip") || is_token_at(m, at, "sips")))
        hide_password(m, end + 1);
    return end;
}

struct sip_str sip_trace_mask(struct sip_str bytes, char *scratch, size_t size)
{
    struct mask m = {.bytes = bytes, .out = scratch, .size = size};

    for (size_t at = 0; at < bytes.len;)
        at = ends_token(&m, at) ? at + 1 : look_at_token(&m, at);
    if (!m.copied)
        return bytes;
    return sip_bytes(scratch, bytes.len < size ? bytes.len : size);
}
