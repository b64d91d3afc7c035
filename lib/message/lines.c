/* Header lines that another writer made, checked again line by line. */
#include "base/bytes.h"
#include "base/memory.h"
#include "message/known.h"

static struct sip_str trimmed(struct sip_str value)
{
    while (value.len && (value.at[0] == ' ' || value.at[0] == '\t')) {
        value.at++;
        value.len--;
    }
    return value;
}

void sip_write_lines(struct sip_writer *writer, struct sip_str lines)
{
    while (lines.len) {
        const char *end = memchr(lines.at, '\n', lines.len);
        size_t whole = end ? (size_t)(end - lines.at) + 1 : 0;
        const char *colon = whole ? memchr(lines.at, ':', whole) : NULL;
        size_t name_len;

        if (whole < 2 || lines.at[whole - 2] != '\r' || !colon) {
            sip_write_fail(writer, SIP_EHEADER);
            return;
        }
        name_len = (size_t)(colon - lines.at);
        sip_write_named(writer, sip_bytes(lines.at, name_len),
                        trimmed(sip_bytes(colon + 1, whole - name_len - 3)));
        lines.at += whole;
        lines.len -= whole;
    }
}
