/* Rows of one value each: what a parser must say to it. Each value is parsed in a heap block of its
 * own length, so that a sanitizer sees a read behind the end, and then again cut at each length and
 * with each byte replaced, where any answer will do that is an answer and blames no good byte. */
#ifndef ROWS_H
#define ROWS_H

#include <stdlib.h>

#include "message/letters.h"
#include "sip/error.h"
#include "sip/fault.h"
#include "test.h"

struct row {
    const char *value;
    enum sip_reason reason; /* SIP_REASON_NONE: accepted */
    unsigned offset;
    size_t len; /* 0: up to the NUL */
};

#define GOOD(text) {text, SIP_REASON_NONE, 0, 0}
#define BAD(text, reason, offset) {text, reason, offset, 0}

/* Parses and reports what is wrong with the parser's manners. */
typedef int parse_row(struct sip_str value, struct sip_fault *fault);

/* Makes parse_NAME(): parses with FUNCTION into a struct TYPE, which a refusal must leave alone. */
#define PARSE_ROW(name, type, call)                                                                \
    static int parse_##name(struct sip_str value, struct sip_fault *fault)                         \
    {                                                                                              \
        type got, before;                                                                          \
        memset(&got, 0x5a, sizeof got);                                                            \
        memset(&before, 0x5a, sizeof before);                                                      \
        int result = (call);                                                                       \
        CHECK(result == 0 || memcmp(&got, &before, sizeof got) == 0);                              \
        return result;                                                                             \
    }

/* A block of exactly `len` bytes. */
static inline char *exact_block(const char *text, size_t len)
{
    char *block = malloc(len ? len : 1);
    if (!block)
        abort();
    memcpy(block, text, len);
    return block;
}

static inline int run_exact(parse_row *parse, const char *text, size_t len, struct sip_fault *fault)
{
    const struct sip_fault untouched = {SIP_REASON_COUNT, SIP_HEADER_COUNT, 12345};
    char *block = exact_block(text, len);
    char *end = block + (len ? 0 : 1); /* nothing may be read of an empty text */

    *fault = untouched;
    int result = parse(sip_bytes(len ? block : end, len), fault);
    free(block);
    CHECK(result == 0 || result == SIP_EBAD);
    if (result == 0)
        CHECK(fault->reason == untouched.reason && fault->offset == untouched.offset);
    else
        CHECK(fault->reason > SIP_REASON_NONE && fault->reason < SIP_REASON_COUNT &&
              fault->offset <= len);
    if (len == 0)
        CHECK(result == SIP_EBAD && fault->reason == SIP_EMPTY_VALUE && fault->offset == 0);
    return result;
}

/* What comes before the damage at `at` of a good value is the beginning of a good value, so that the
 * first byte that cannot be right is not there (sip/fault.h). These are judged as one piece: white
 * space with its fold, a word of a list of words, a line, a userinfo that lacks its "@"; and a second
 * parameter of a name is told at the name. */
static inline bool is_behind(const struct sip_fault *fault, const char *text, size_t at)
{
    size_t len = fault->offset < at ? at - fault->offset : 0, white = 0, word = 0;
    const char *piece = text + (at - len);

    while (white < len && memchr(" \t\r\n", piece[white], 4))
        white++;
    while (word < len && sip_is_token(piece[word]))
        word++;
    if (white >= len)
        return true;
    switch (fault->reason) {
    case SIP_REPEATED:
    case SIP_BAD_HEADER_NAME:
        return true;
    case SIP_BAD_TOKEN:
    case SIP_BAD_VERSION:
        return word >= len;
    case SIP_BAD_HOST:
    case SIP_BAD_PORT:
        return !memchr(piece, '@', len);
    case SIP_BAD_BRACKETS: /* of a URI that should have some */
        return memchr(piece, ':', len + 1) != NULL;
    default:
        return false;
    }
}

static inline void tell_offset(const struct sip_fault *fault, const char *text, size_t len)
{
    printf("%s too early at %u: %.*s\n", sip_reason_name(fault->reason), (unsigned)fault->offset,
           (int)len, text);
    CHECK(false);
}

/* Cut and damaged values: any answer will do, but it must be one. */
static inline void run_damaged(parse_row *parse, const char *text, size_t len, bool good)
{
    static const char bytes[] = "\0\t\r\n \"%'(),/:;<=>?@A[\\]z{\x7f\x80\xc3\xff";
    struct sip_fault fault;

    for (size_t cut = 0; cut < len; cut++)
        if (run_exact(parse, text, cut, &fault) != 0 && good && !is_behind(&fault, text, cut))
            tell_offset(&fault, text, cut);
    for (size_t at = 0; at < len; at++) {
        char *copy = exact_block(text, len);
        for (size_t i = 0; i < sizeof bytes - 1; i++) {
            copy[at] = bytes[i];
            if (run_exact(parse, copy, len, &fault) != 0 && good && !is_behind(&fault, copy, at))
                tell_offset(&fault, copy, len);
        }
        free(copy);
    }
}

static inline void check_row(parse_row *parse, const struct row *row)
{
    size_t len = row->len ? row->len : strlen(row->value);
    struct sip_fault fault;
    int failures = test_failures;
    int result = run_exact(parse, row->value, len, &fault);

    CHECK_INT(result, row->reason ? SIP_EBAD : 0);
    if (result && row->reason) {
        CHECK_INT(fault.reason, row->reason);
        CHECK_INT(fault.offset, row->offset);
    } else if (result) {
        printf("refused at %u: %s\n", (unsigned)fault.offset, sip_reason_name(fault.reason));
    }
    run_damaged(parse, row->value, len, row->reason == SIP_REASON_NONE);
    if (test_failures > failures)
        printf("  value: %s\n", row->value);
}

#define CHECK_ROWS(parse, rows)                                                                    \
    for (size_t row_ = 0; row_ < sizeof(rows) / sizeof *(rows); row_++)                            \
        check_row(parse, &(rows)[row_])

#endif
