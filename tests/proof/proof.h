/* What all entries share: texts of unknown bytes, in two kinds.
 *
 *     any_NAME()    0 to 1,500 bytes, all lengths at once, at the start of an object of 1,500
 *     exact_NAME()  objects of exactly n bytes, one after the other, for each n of SIZES
 *
 * The first says that nothing outside of the object is touched, the second that the object may be
 * as small as the text. What the parsers are given to store in is not initialised. */
#ifndef PROOF_H
#define PROOF_H

#include "__fc_builtin.h"
#include "sip/error.h"
#include "sip/fault.h"
#include "sip/str.h"
#include "sip/tolerance.h"
#include "views.h"

#define BYTES_MAX 1500

#ifndef SIZES
#define SIZES(X) X(1) X(2) X(7) X(8) X(9) X(33)
#endif

/* A text of any length up to BYTES_MAX in an object of this size. */
static inline struct sip_str any_text(char object[BYTES_MAX])
{
    struct sip_str text = {object, Frama_C_size_t_interval(0, BYTES_MAX)};

    Frama_C_make_unknown(object, BYTES_MAX);
    return text;
}

/* A text behind which one more byte is outside of its object. */
#define EXACTLY(n)                                                                                 \
    {                                                                                              \
        char object[n];                                                                            \
        struct sip_str text = {object, n};                                                         \
        Frama_C_make_unknown(object, n);                                                           \
        prove(text);                                                                               \
    }

/* Entries for NAME(text), and for nothing at all and an empty text, which is what parsers get of a
 * header that is not there. */
#define PROOF(name)                                                                                \
    void any_##name(void)                                                                          \
    {                                                                                              \
        /*@ widen_hints "all", 1, 2, 3, 4, 5, 6, 7, 8, 14, 15, 16, 31, 32, 64, 255, 1500; */       \
        char object[BYTES_MAX];                                                                    \
        name(any_text(object));                                                                    \
    }                                                                                              \
    void exact_##name(void)                                                                        \
    {                                                                                              \
        void (*prove)(struct sip_str) = name;                                                      \
        char byte;                                                                                 \
        struct sip_str nothing = {0, 0}, empty = {&byte + 1, 0};                                   \
        prove(nothing);                                                                            \
        prove(empty);                                                                              \
        SIZES(EXACTLY)                                                                             \
    }

static inline struct sip_leniency any_leniency(void)
{
    struct sip_leniency leniency = {(uint16_t)Frama_C_interval(0, UINT16_MAX), 0};

    return leniency;
}

/* A parser of one value; told why it refuses, or not. */
#define PARSES(type, parse)                                                                        \
    do {                                                                                           \
        type got;                                                                                  \
        struct sip_fault fault;                                                                    \
        parse(&got, text, Frama_C_interval(0, 1) ? &fault : 0);                                    \
    } while (0)

/* One step of a walk. */
#define WALKS(type, next)                                                                          \
    do {                                                                                           \
        type got;                                                                                  \
        struct sip_str rest = text;                                                                \
        next(&rest, &got);                                                                         \
    } while (0)

#endif
