/* What all targets share: the condition that stops a run, and copies of texts in blocks of exactly
 * their size, so that a sanitizer sees a read behind the end. */
#ifndef FUZZ_FUZZ_H
#define FUZZ_FUZZ_H

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sip/str.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define require(condition) require_at(__FILE__, __LINE__, condition, #condition)

static inline void require_at(const char *file, int line, bool condition, const char *what)
{
    if (condition)
        return;
    fprintf(stderr, "%s:%d: %s\n", file, line, what);
    abort();
}

/* A view of a block that exact_free() frees; nothing may be read of an empty one. */
static inline struct sip_str exact_copy(struct sip_str text)
{
    char *block = malloc(text.len ? text.len : 1);

    require(block != NULL);
    if (text.len == 0)
        return sip_bytes(block + 1, 0);
    memcpy(block, text.at, text.len);
    return sip_bytes(block, text.len);
}

static inline void exact_free(struct sip_str copy)
{
    free((char *)(uintptr_t)copy.at - (copy.len ? 0 : 1));
}

/* The first `len` bytes. */
static inline struct sip_str cut_at(struct sip_str text, size_t len)
{
    return sip_bytes(text.at, len < text.len ? len : text.len);
}

static inline bool is_inside(struct sip_str part, struct sip_str whole)
{
    return part.at == NULL ? part.len == 0
                           : part.at >= whole.at && part.at + part.len <= whole.at + whole.len;
}

/* A number made of all bytes: where to cut them, the same each time they are played. */
static inline uint32_t chance_of(struct sip_str bytes)
{
    uint32_t hash = 2166136261u;

    for (size_t i = 0; i < bytes.len; i++)
        hash = (hash ^ (uint8_t)bytes.at[i]) * 16777619u;
    return hash ^ hash >> 15;
}

#endif
