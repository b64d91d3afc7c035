#include "auth/digest.h"
#include "message/letters.h"

/* The length of the fold that `text` begins with: [*WSP CRLF] 1*WSP with its CRLF there; else 0. */
static size_t fold_len(struct sip_str text)
{
    size_t at = 0;

    while (at < text.len && sip_is_blank(text.at[at]))
        at++;
    if (text.len - at < 3 || text.at[at] != '\r' || text.at[at + 1] != '\n' ||
        !sip_is_blank(text.at[at + 2]))
        return 0;
    at += 2;
    while (at < text.len && sip_is_blank(text.at[at]))
        at++;
    return at;
}

static void skip(struct sip_str *text, size_t count)
{
    text->at += count;
    text->len -= count;
}

int sip_raw_next(struct sip_str *raw)
{
    size_t fold;
    int byte;

    if (raw->len == 0)
        return -1;
    fold = fold_len(*raw);
    if (fold > 0) {
        skip(raw, fold);
        return ' ';
    }
    if (raw->at[0] == '\\' && raw->len > 1)
        skip(raw, 1);
    byte = (unsigned char)raw->at[0];
    skip(raw, 1);
    return byte;
}

long sip_raw_copy(struct sip_str raw, char *out, size_t size)
{
    size_t len = 0;

    for (int byte; (byte = sip_raw_next(&raw)) >= 0; len++) {
        if (len == size)
            return -1;
        out[len] = (char)byte;
    }
    return (long)len;
}

bool sip_raw_is(struct sip_str raw, struct sip_str plain)
{
    size_t i = 0;

    for (int byte; (byte = sip_raw_next(&raw)) >= 0; i++)
        if (i == plain.len || byte != (unsigned char)plain.at[i])
            return false;
    return i == plain.len;
}

bool sip_raw_equal(struct sip_str a, struct sip_str b)
{
    int byte;

    do {
        byte = sip_raw_next(&a);
        if (byte != sip_raw_next(&b))
            return false;
    } while (byte >= 0);
    return true;
}

void sip_write_raw(struct sip_writer *writer, const char *name, struct sip_str raw)
{
    size_t from = 0;

    sip_write_text(writer, ", ");
    sip_write_text(writer, name);
    sip_write_text(writer, "=\"");
    for (size_t i = 0; i < raw.len;) {
        size_t fold = fold_len(sip_bytes(raw.at + i, raw.len - i));

        if (fold > 0) {
            sip_write_piece(writer, sip_bytes(raw.at + from, i - from));
            sip_write_text(writer, " ");
            from = i + fold;
        }
        i += fold > 0 ? fold : raw.at[i] == '\\' ? 2 : 1;
    }
    sip_write_piece(writer, sip_bytes(raw.at + from, raw.len - from));
    sip_write_text(writer, "\"");
}

bool sip_text_fits(struct sip_str text)
{
    for (size_t i = 0; i < text.len; i++)
        if (sip_is_control(text.at[i]))
            return false;
    return text.len > 0;
}

bool sip_raw_fits(struct sip_str text)
{
    for (size_t i = 0; i < text.len; i++)
        if (text.at[i] == '"' || text.at[i] == '\\')
            return false;
    return sip_text_fits(text);
}

bool sip_raw_printable(struct sip_str raw)
{
    for (int byte; (byte = sip_raw_next(&raw)) >= 0;)
        if (sip_is_control((char)byte))
            return false;
    return true;
}
