/* The message files under tests/, and the lists that name them. */
#ifndef TORTURE_FILES_H
#define TORTURE_FILES_H

#include "sip/message.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define FILES_BYTES_MAX  70000
#define FILES_FIELDS_MAX 4096

static inline FILE *files_open_in(const char *folder, size_t folder_len, const char *name,
                                  const char *mode)
{
    char path[1200];

    snprintf(path, sizeof path, "%.*s%s", (int)folder_len, folder, name);
    return fopen(path, mode);
}

/* A file under tests/, found from where this program was compiled or run; NULL after a word. */
static inline FILE *files_open(const char *name, const char *mode)
{
    static const char *const runs_in[] = {"tests/", "../tests/", ""};
    const char *end = strstr(__FILE__, "torture/files.h");
    FILE *file = files_open_in(__FILE__, (size_t)(end - __FILE__), name, mode);

    for (size_t i = 0; !file && i < sizeof runs_in / sizeof *runs_in; i++)
        file = files_open_in(runs_in[i], strlen(runs_in[i]), name, mode);
    if (!file)
        printf("cannot open %s: run this in the project's folder or where it was built\n", name);
    return file;
}

/* `len` bytes in a heap block of exactly that size. */
static inline char *files_copy(const char *bytes, size_t len)
{
    char *exact = malloc(len ? len : 1);

    if (len)
        memcpy(exact, bytes, len);
    return exact;
}

/* Its bytes in a heap block of exactly their size, so that reading on is an error; or NULL. */
static inline char *files_read(const char *name, size_t *len)
{
    static char bytes[FILES_BYTES_MAX];
    FILE *file = files_open(name, "rb");

    if (!file)
        return NULL;
    *len = fread(bytes, 1, sizeof bytes, file);
    fclose(file);
    return files_copy(bytes, *len);
}

/* Calls `use` with each line of torture/verdicts.txt: its file, the verdict that stands there, and
 * the remark behind it. Returns how many there were. */
static inline unsigned files_each(void (*use)(const char *name, const char *verdict))
{
    FILE *list = files_open("torture/verdicts.txt", "r");
    unsigned count = 0;
    char line[300];

    while (list && fgets(line, sizeof line, list)) {
        char *space = strchr(line, ' '), *remark = strstr(line, "  #");

        if (line[0] == '#' || !space)
            continue;
        line[strcspn(line, "\n")] = 0;
        if (remark)
            *remark = 0;
        *space = 0;
        use(line, space + 1);
        count++;
    }
    if (list)
        fclose(list);
    return count;
}

static inline size_t files_print_fault(char *out, size_t size, const struct sip_fault *fault)
{
    struct sip_str name = sip_header_name(fault->header);

    return (size_t)snprintf(out, size, "%s %.*s %u", sip_reason_name(fault->reason),
                            name.len ? (int)name.len : 1, name.len ? name.at : "-",
                            (unsigned)fault->offset);
}

/* The verdict on bytes that came as one datagram, in the words of verdicts.txt. */
static inline void files_judge(const char *bytes, size_t len, char *out, size_t size)
{
    static struct sip_field fields[FILES_FIELDS_MAX];
    struct sip_message message;
    struct sip_essentials essentials;
    struct sip_fault fault;
    size_t used = 0;

    sip_message_init(&message, fields, FILES_FIELDS_MAX);
    if (sip_message_parse(&message, sip_bytes(bytes, len), SIP_DATAGRAM, &fault) < 0) {
        used = files_print_fault(out, size, &fault);
        if (!message.has_head)
            return;
        used += (size_t)snprintf(out + used, size - used, " then ");
    }
    if (sip_message_check(&message, &essentials, &fault) != 0 ||
        sip_message_check_values(&message, &fault) != 0)
        files_print_fault(out + used, size - used, &fault);
    else
        snprintf(out + used, size - used, "ok");
}

static inline bool files_same_letters(const char *at, const char *lower, size_t len)
{
    for (size_t i = 0; i < len; i++)
        if ((at[i] >= 'A' && at[i] <= 'Z' ? at[i] + 'a' - 'A' : at[i]) != lower[i])
            return false;
    return true;
}

/* Where the value of the first Content-Length begins, and `*end` behind it and its folds; 0: none.
 * By plain text, without the parser that is on trial. */
static inline size_t files_find_length(const char *bytes, size_t head, size_t *end)
{
    static const char name[] = "\r\ncontent-length:";
    size_t at = 0;

    while (at < head && !files_same_letters(bytes + at, name, sizeof name - 1))
        at++;
    if (at >= head)
        return 0;
    at += sizeof name - 1;
    *end = at - 2;
    do
        for (*end += 2; bytes[*end] != '\r'; ++*end)
            continue;
    while (*end < head && (bytes[*end + 2] == ' ' || bytes[*end + 2] == '\t'));
    return at;
}

/* A copy whose first Content-Length says what its body has, in place of all that stands there; with
 * `only_words`, only where no number begins the value, else that number remains. Returns the new
 * length; 0 when there is no such field or no room. */
static inline size_t files_mend_length(const char *bytes, size_t len, bool only_words, char *out,
                                       size_t size)
{
    size_t head = 0, at, end, body;
    int digits = 0, wrote;
    unsigned number;

    while (head + 4 <= len && memcmp(bytes + head, "\r\n\r\n", 4) != 0)
        head++;
    at = head + 4 <= len && len + 20 <= size ? files_find_length(bytes, head, &end) : 0;
    if (!at)
        return 0;
    body = len - head - 4;
    if (only_words && sscanf(bytes + at, "%u%n", &number, &digits) == 1)
        body = number;
    memcpy(out, bytes, at);
    wrote = snprintf(out + at, size - at, " %zu", body);
    memcpy(out + at + (size_t)wrote, bytes + end, len - end);
    return at + (size_t)wrote + len - end;
}

#endif
