/* The message files under tests/, and the lists that name them. */
#ifndef TORTURE_FILES_H
#define TORTURE_FILES_H

#include "sip/message.h"

#include <stddef.h>
#include <stdio.h>

#define FILES_BYTES_MAX  70000
#define FILES_FIELDS_MAX 4096

/* A file under tests/, found from where this program was compiled or run; NULL after a word. */
FILE *files_open(const char *name, const char *mode);

/* Its bytes in a heap block of exactly their size, so that reading on is an error; or NULL. */
char *files_read(const char *name, size_t *len);

/* `len` bytes in a heap block of exactly that size. */
char *files_copy(const char *bytes, size_t len);

/* Calls `use` with each line of torture/verdicts.txt: its file, the verdict that stands there, and
 * the remark behind it. Returns how many there were. */
unsigned files_each(void (*use)(const char *name, const char *verdict));

/* The verdict on bytes that came as one datagram, in the words of verdicts.txt. */
void files_judge(const char *bytes, size_t len, char *out, size_t size);

/* A copy whose first Content-Length says what its body has, in place of all that stands there; with
 * `only_words`, only where no number begins the value, else that number remains. Returns the new
 * length; 0 when there is no such field or no room. */
size_t files_mend_length(const char *bytes, size_t len, bool only_words, char *out, size_t size);

#endif
