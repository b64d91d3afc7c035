/* The six functions of libc that the core may call, declared without <string.h>, so that the core
 * builds where there is no libc but these. */
#ifndef SIP_BASE_MEMORY_H
#define SIP_BASE_MEMORY_H

#include <stddef.h>

void *memcpy(void *restrict, const void *restrict, size_t);
void *memmove(void *, const void *, size_t);
void *memset(void *, int, size_t);
int memcmp(const void *, const void *, size_t);
void *memchr(const void *, int, size_t);
size_t strlen(const char *);

/* Compiled for no libc, gcc and clang do a copy of few bytes themselves only when told so. */
#if defined(__GNUC__) && !defined(__FRAMAC__)
#define memcpy(to, from, len) __builtin_memcpy(to, from, len)
#endif

#endif
