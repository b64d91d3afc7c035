/* Targets of value grammars: the first byte of an input chooses the kind, the rest is one value.
 *
 * Of each kind is known how a value is parsed, what is in the result, and how it is written. Then
 * value.c holds it to: a refusal has its reason and an offset, and leaves the result alone; views
 * lie in the value; the same bytes in another block give the same; what is written is taken again,
 * says the same, is written in the same bytes, and fits exactly where it fits. */
#ifndef FUZZ_VALUE_H
#define FUZZ_VALUE_H

#include "fuzz.h"
#include "sip/error.h"
#include "sip/fields.h"
#include "sip/writer.h"

enum { RECORD_MAX = 1 << 16, LISTS_MAX = 32 };

/* What is in a result: its texts and numbers one after the other, folds in them one space as the
 * writer makes them; lists of parameters apart, whose order may change. */
struct eye {
    struct sip_str value; /* that was parsed */
    struct sip_str lists[LISTS_MAX];
    unsigned list_count;
    size_t used;
    char record[RECORD_MAX];
};

void look_text(struct eye *, struct sip_str);
void look_number(struct eye *, uint64_t);
void look_amount(struct eye *, struct sip_amount);
void look_params(struct eye *, struct sip_str);
void look_address(struct eye *, const struct sip_address *);

/* The same, but for folds and escaped control bytes. */
bool same_text(struct sip_str, struct sip_str);

struct kind {
    size_t size; /* of the result */
    int (*parse)(void *got, struct sip_str value, struct sip_fault *);
    void (*look)(struct eye *, const void *got);
    void (*write)(struct sip_writer *, const void *got);
};

/* Makes the kind NAME of struct sip_NAME, sip_NAME_parse() and sip_write_NAME(). */
#define KIND(name, members)                                                                        \
    KIND_OF(name, struct sip_##name, sip_##name##_parse, sip_write_##name, members)

#define KIND_OF(name, type, parser, writer_, members)                                              \
    static int parse_##name(void *got, struct sip_str value, struct sip_fault *fault)              \
    {                                                                                              \
        return parser((type *)got, value, fault);                                                  \
    }                                                                                              \
    static void look_##name(struct eye *eye, const void *of)                                       \
    {                                                                                              \
        const type *got = of;                                                                      \
        members                                                                                    \
    }                                                                                              \
    static void again_##name(struct sip_writer *writer, const void *got)                           \
    {                                                                                              \
        writer_(writer, (const type *)got);                                                        \
    }                                                                                              \
    static const struct kind name = {sizeof(type), parse_##name, look_##name, again_##name};

#define TEXT(member)    look_text(eye, got->member);
#define NUMBER(member)  look_number(eye, (uint64_t)got->member);
#define AMOUNT(member)  look_amount(eye, got->member);
#define PARAMS(member)  look_params(eye, got->member);
#define ADDRESS(member) look_address(eye, &got->member);

/* Looks at a result of `value`; {NULL, 0} is one that was not parsed, whose views are not judged. */
void look(struct eye *, const struct kind *, const void *got, struct sip_str value);

/* True when the result of a parse says all that was to be said. */
bool says(const struct eye *wanted, const struct eye *parsed);

/* Plays one value; true when it was taken. */
bool play_value(const struct kind *, struct sip_str value);

/* Plays an input of a group. */
#define GROUP(...)                                                                                 \
    int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)                                   \
    {                                                                                              \
        static const struct kind *const kinds[] = {__VA_ARGS__};                                   \
        if (size > 0)                                                                              \
            play_value(kinds[data[0] % (sizeof kinds / sizeof *kinds)],                            \
                       sip_bytes(data + 1, size - 1));                                             \
        return 0;                                                                                  \
    }

#endif
