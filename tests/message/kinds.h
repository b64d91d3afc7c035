/* Kinds of typed values that are parsed and written: rows as in rows.h, and what was parsed has to
 * be written so that it is parsed and written the same again, in a buffer of each size. */
#ifndef KINDS_H
#define KINDS_H

#include "message/rows.h"
#include "sip/writer.h"

#define KIND_ROOM 600

struct kind {
    parse_row *parse;
    long (*rewrite)(struct sip_str value, char *out, size_t size);
};

/* Makes the kind NAME of struct sip_NAME, sip_NAME_parse() and sip_write_NAME(). */
#define KIND(name) KIND_OF(name, struct sip_##name, sip_##name##_parse, sip_write_##name)

#define KIND_OF(name, type, parser, writer_)                                                       \
    PARSE_ROW(name, type, parser(&got, value, fault))                                              \
    static long rewrite_##name(struct sip_str value, char *out, size_t size)                       \
    {                                                                                              \
        struct sip_writer writer;                                                                  \
        type got;                                                                                  \
        if (parser(&got, value, NULL) != 0)                                                        \
            return -1000;                                                                          \
        sip_writer_init(&writer, out, size);                                                       \
        writer_(&writer, &got);                                                                    \
        return sip_writer_done(&writer);                                                           \
    }                                                                                              \
    static const struct kind name = {parse_##name, rewrite_##name};

static inline void check_rewritten(const struct kind *kind, const char *value)
{
    char once[KIND_ROOM], twice[KIND_ROOM];
    long first = kind->rewrite(sip_str(value), once, sizeof once), second;

    CHECK(first > 0);
    if (first <= 0)
        return;
    second = kind->rewrite(sip_bytes(once, (size_t)first), twice, sizeof twice);
    CHECK_INT(second, first);
    CHECK(second == first && memcmp(once, twice, (size_t)first) == 0);
    for (size_t size = 0; size < (size_t)first; size++) {
        char *exact = malloc(size ? size : 1);
        CHECK_INT(kind->rewrite(sip_str(value), exact, size), SIP_ESIZE);
        free(exact);
    }
}

static inline void check_kind_row(const struct kind *kind, const struct row *row)
{
    int failures = test_failures;

    check_row(kind->parse, row);
    if (row->reason == SIP_REASON_NONE)
        check_rewritten(kind, row->value);
    if (test_failures > failures)
        printf("  value: %s\n", row->value);
}

#define CHECK_KIND(kind, rows)                                                                     \
    for (size_t row_ = 0; row_ < sizeof(rows) / sizeof *(rows); row_++)                            \
    check_kind_row(&(kind), &(rows)[row_])

/* What is written of `value`. */
static inline void check_written(const struct kind *kind, const char *value, const char *wanted)
{
    char out[KIND_ROOM];
    long len = kind->rewrite(sip_str(value), out, sizeof out);

    CHECK(len >= 0);
    if (len >= 0)
        CHECK_STR(sip_bytes(out, (size_t)len), wanted);
}

/* Writes a struct of the host's own making: the error that is remembered, or the length. */
#define WRITTEN(writer_, value)                                                                    \
    (sip_writer_init(&writer, room, sizeof room), writer_(&writer, value), sip_writer_done(&writer))

#endif
