#include "message/known.h"
#include "base/bytes.h"
#include "base/memory.h"

/* index-val = number *( "." number ) (RFC 7044 §5) */
static bool scan_index(struct scan *s, struct sip_str *text)
{
    size_t from = s->at, at = from;

    for (;;) {
        size_t end = sip_scan_span(s, at, SCAN_DIGIT);

        if (end <= at)
            return sip_scan_no(s, at, SIP_BAD_NUMBER);
        at = end;
        if (sip_scan_byte(s, at) != '.')
            break;
        at++;
    }
    *text = sip_scan_slice(s, from, at);
    s->at = at;
    return true;
}

bool sip_scan_uri_in_brackets(struct scan *s, struct sip_str *uri)
{
    struct sip_uri parts;
    size_t from;

    if (!sip_scan_char(s, '<', SIP_BAD_BRACKETS))
        return false;
    from = s->at;
    if (!sip_scan_uri(s, '>', &parts))
        return false;
    sip_scan_since(s, from, uri);
    s->at++;
    return true;
}

/* The value behind EQUAL that is text. */
static bool scan_text(struct scan *s, enum known_kind kind, struct sip_str *text)
{
    switch (kind) {
    case KNOWN_TOKEN:
        return sip_scan_token(s, text);
    case KNOWN_QUOTED:
        return sip_scan_quoted(s, text);
    case KNOWN_TEXT:
        return sip_scan_token_or_quoted(s, text);
    case KNOWN_HOST:
        return sip_scan_host(s, text);
    case KNOWN_INDEX:
        return scan_index(s, text);
    case KNOWN_URI:
        return sip_scan_uri_in_brackets(s, text);
    default:
        return sip_scan_gen_value(s, text);
    }
}

/* qvalue, of which sip_scan_qvalue() wants the end too. */
static bool scan_q(struct scan *s, uint32_t *thousandths)
{
    struct sip_str token = {NULL, 0};
    struct scan value = *s;
    int got = 0;

    if (!sip_scan_token(&value, &token))
        return sip_scan_no(s, s->at, SIP_BAD_NUMBER);
    value = sip_scan_part(s, token);
    if (!sip_scan_qvalue(&value, &got))
        return sip_scan_blame(s, &value);
    *thousandths = (uint32_t)got;
    s->at = value.at;
    return true;
}

static void put_member(void *into, size_t at, const void *value, size_t size)
{
    memcpy((char *)into + at, value, size);
}

static void put_params(void *into, const struct known_params *known, struct sip_str params)
{
    if (known->params != KNOWN_NO_PARAMS)
        put_member(into, known->params, &params, sizeof params);
}

/* The value of the parameter of `row`, its EQUAL included. */
static bool scan_value(struct scan *s, const struct known *row, void *into)
{
    struct sip_amount amount = {0, true};
    struct sip_str text = sip_scan_slice(s, s->at, s->at);
    const bool there = true;

    if (row->kind == KNOWN_FLAG) {
        put_member(into, row->at, &there, sizeof there);
        return true;
    }
    if (!sip_scan_around(s, '=', SIP_BAD_PARAMETER)) {
        if (row->kind != KNOWN_VALUE)
            return false;
    } else if (row->kind == KNOWN_NUMBER || row->kind == KNOWN_QVALUE) {
        if (!(row->kind == KNOWN_NUMBER ? sip_scan_number(s, row->max, &amount.value)
                                        : scan_q(s, &amount.value)))
            return false;
        put_member(into, row->at, &amount, sizeof amount);
        return true;
    } else if (!scan_text(s, row->kind, &text)) {
        return false;
    }
    put_member(into, row->at, &text, sizeof text);
    return true;
}

/* The row of a name; `known->count` when there is none. */
static unsigned row_of(const struct known_params *known, struct sip_str name)
{
    unsigned row = 0;

    while (row < known->count && !sip_str_same(name, known->rows[row].name))
        row++;
    return row;
}

static bool begins_gen_value(const struct scan *s)
{
    return sip_scan_peek(s) == '"' || sip_scan_peek(s) == '[';
}

/* SEMI and a gen-value that is no token; else the fault of `s` stays. */
static bool scan_gen_value(struct scan *s)
{
    struct scan value = *s;
    struct sip_str text = {NULL, 0};

    if (!sip_scan_around(&value, ';', SIP_TRAILING) || !begins_gen_value(&value))
        return false;
    if (!sip_scan_gen_value(&value, &text))
        return sip_scan_no(s, value.wrong, value.reason);
    s->at = value.at;
    return true;
}

/* The parameter that begins at the cursor: its name, or SEMI and its name. */
static bool scan_one(struct scan *s, const struct known_params *known, bool semi, uint32_t *seen,
                     void *into)
{
    struct sip_str name = {NULL, 0}, value = {NULL, 0};
    unsigned row;

    if (!(semi ? sip_scan_param_name(s, &name) : sip_scan_token(s, &name)))
        return known->gen_values && scan_gen_value(s);
    row = row_of(known, name);
    if (row >= known->count)
        return !sip_scan_around(s, '=', SIP_TRAILING) || sip_scan_gen_value(s, &value);
    if (*seen >> (row & 31) & 1)
        return sip_scan_no(s, sip_scan_offset(s, name), SIP_REPEATED);
    *seen |= UINT32_C(1) << (row & 31);
    return scan_value(s, &known->rows[row], into);
}

bool sip_scan_known(struct scan *s, const struct known_params *known, void *into)
{
    struct sip_str params = {NULL, 0};
    size_t from = s->at;
    uint32_t seen = 0;

    while (s->at < s->len)
        if (!scan_one(s, known, true, &seen, into))
            return false;
    sip_scan_take_params(s, from, &params);
    put_params(into, known, params);
    return true;
}

bool sip_scan_known_only(struct scan *s, const struct known_params *known, void *into)
{
    size_t from = s->at;
    uint32_t seen = 0;

    if (!scan_one(s, known, false, &seen, into))
        return false;
    while (s->at < s->len)
        if (!scan_one(s, known, true, &seen, into))
            return false;
    put_params(into, known, sip_scan_slice(s, from, s->len));
    return true;
}

bool sip_scan_whole(struct sip_str text, bool (*piece)(struct scan *, struct sip_str *))
{
    struct scan s = sip_scan_of(text);
    struct sip_str got = {NULL, 0};

    return piece(&s, &got) && s.at >= s.len;
}

/* --- the way out --- */

void sip_write_fail(struct sip_writer *writer, int error)
{
    if (writer->error == SIP_OK)
        writer->error = error;
}

void sip_write_first(struct sip_writer *writer, struct sip_str text, bool good)
{
    if (!good)
        sip_write_fail(writer, SIP_EINVAL);
    sip_write_received(writer, text);
}

/* A qvalue of `thousandths`: "1", "0.5", "0.125" ... */
static void write_q(struct sip_writer *writer, uint32_t thousandths)
{
    char text[5];
    size_t len = 0;

    if (thousandths > 1000)
        sip_write_fail(writer, SIP_EINVAL);
    text[len++] = thousandths >= 1000 ? '1' : '0';
    thousandths %= 1000;
    for (unsigned unit = 100; thousandths > 0; unit /= 10) {
        if (len == 1)
            text[len++] = '.';
        text[len++] = (char)('0' + thousandths / unit);
        thousandths %= unit;
    }
    sip_write_piece(writer, sip_bytes(text, len));
}

static void write_name(struct sip_writer *writer, bool *first, struct sip_str name)
{
    if (!*first)
        sip_write_text(writer, ";");
    *first = false;
    sip_write_received(writer, name);
}

static void write_amount(struct sip_writer *writer, const struct known *row, const char *member,
                         bool *first)
{
    struct sip_amount amount;

    memcpy(&amount, member, sizeof amount);
    if (!amount.given)
        return;
    write_name(writer, first, row->name);
    sip_write_text(writer, "=");
    if (row->kind == KNOWN_QVALUE)
        write_q(writer, amount.value);
    else
        sip_write_decimal(writer, amount.value);
    if (amount.value > row->max)
        sip_write_fail(writer, SIP_EINVAL);
}

/* True when `text` is what the row wants. */
static bool is_kind(enum known_kind kind, struct sip_str text)
{
    struct scan s = sip_scan_of(text);
    struct sip_uri uri;
    struct sip_str got = {NULL, 0};

    if (kind == KNOWN_URI)
        return sip_scan_uri(&s, SCAN_END, &uri);
    return scan_text(&s, kind, &got) && s.at >= s.len;
}

static void write_text(struct sip_writer *writer, const struct known *row, const char *member,
                       bool *first)
{
    struct sip_str text;

    memcpy(&text, member, sizeof text);
    if (!text.at)
        return;
    write_name(writer, first, row->name);
    if (row->kind == KNOWN_VALUE && text.len == 0)
        return;
    sip_write_text(writer, row->kind == KNOWN_URI ? "=<" : "=");
    sip_write_first(writer, text, is_kind(row->kind, text));
    if (row->kind == KNOWN_URI)
        sip_write_text(writer, ">");
}

static void write_row(struct sip_writer *writer, const struct known *row, const char *member,
                      bool *first)
{
    bool there;

    if (row->kind == KNOWN_NUMBER || row->kind == KNOWN_QVALUE) {
        write_amount(writer, row, member, first);
    } else if (row->kind == KNOWN_FLAG) {
        memcpy(&there, member, sizeof there);
        if (there)
            write_name(writer, first, row->name);
    } else {
        write_text(writer, row, member, first);
    }
}

/* The next of a list of parameters, whose values may be URIs in brackets too; of a gen-value in the
 * place of one its text is the name. */
static bool next_param(struct scan *s, const struct known_params *known, struct sip_param *param)
{
    struct sip_param got = {{NULL, 0}, {NULL, 0}};
    size_t from;

    if (known->gen_values && begins_gen_value(s)) {
        if (!sip_scan_gen_value(s, &got.name))
            return false;
    } else if (!sip_scan_token(s, &got.name)) {
        return false;
    } else if (sip_scan_around(s, '=', SIP_TRAILING)) {
        from = s->at;
        if (!(sip_scan_peek(s) == '<' ? sip_scan_uri_in_brackets(s, &got.value)
                                      : sip_scan_gen_value(s, &got.value)))
            return false;
        sip_scan_since(s, from, &got.value);
    }
    *param = got;
    return s->at >= s->len || (sip_scan_around(s, ';', SIP_TRAILING) && s->at < s->len);
}

static void write_all(struct sip_writer *writer, const struct known_params *known, const void *from,
                      bool first)
{
    const char *members = from;
    struct sip_param param = {{NULL, 0}, {NULL, 0}};
    struct sip_str params = {NULL, 0};
    struct scan s;

    for (unsigned row = 0; row < known->count; row++)
        write_row(writer, &known->rows[row], members + known->rows[row].at, &first);
    if (known->params != KNOWN_NO_PARAMS)
        memcpy(&params, members + known->params, sizeof params);
    s = sip_scan_of(params);
    while (s.at < s.len) {
        if (!next_param(&s, known, &param)) { /* no list of parameters */
            sip_write_fail(writer, SIP_EINVAL);
            return;
        }
        if (row_of(known, param.name) < known->count)
            continue;
        write_name(writer, &first, param.name);
        if (param.value.at) {
            sip_write_text(writer, "=");
            sip_write_received(writer, param.value);
        }
    }
}

void sip_write_known(struct sip_writer *writer, const struct known_params *known, const void *from)
{
    write_all(writer, known, from, false);
}

void sip_write_known_only(struct sip_writer *writer, const struct known_params *known,
                          const void *from)
{
    write_all(writer, known, from, true);
}
