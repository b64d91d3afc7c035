#include "torture/files.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

static FILE *open_in(const char *folder, size_t folder_len, const char *name, const char *mode)
{
    char path[1200];

    snprintf(path, sizeof path, "%.*s%s", (int)folder_len, folder, name);
    return fopen(path, mode);
}

FILE *files_open(const char *name, const char *mode)
{
    static const char *const runs_in[] = {"tests/", "../tests/", ""};
    const char *end = strstr(__FILE__, "torture/files.c");
    FILE *file = open_in(__FILE__, (size_t)(end - __FILE__), name, mode);

    for (size_t i = 0; !file && i < sizeof runs_in / sizeof *runs_in; i++)
        file = open_in(runs_in[i], strlen(runs_in[i]), name, mode);
    if (!file)
        printf("cannot open %s: run this in the project's folder or where it was built\n", name);
    return file;
}

char *files_copy(const char *bytes, size_t len)
{
    char *exact = malloc(len ? len : 1);

    if (len)
        memcpy(exact, bytes, len);
    return exact;
}

char *files_read(const char *name, size_t *len)
{
    static char bytes[FILES_BYTES_MAX];
    FILE *file = files_open(name, "rb");

    if (!file)
        return NULL;
    *len = fread(bytes, 1, sizeof bytes, file);
    fclose(file);
    return files_copy(bytes, *len);
}

unsigned files_each(void (*use)(const char *name, const char *verdict))
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

static size_t print_fault(char *out, size_t size, const struct sip_fault *fault)
{
    struct sip_str name = sip_header_name(fault->header);

    return (size_t)snprintf(out, size, "%s %.*s %u", sip_reason_name(fault->reason),
                            name.len ? (int)name.len : 1, name.len ? name.at : "-",
                            (unsigned)fault->offset);
}

void files_judge(const char *bytes, size_t len, char *out, size_t size)
{
    static struct sip_field fields[FILES_FIELDS_MAX];
    struct sip_message message;
    struct sip_essentials essentials;
    struct sip_fault fault;
    size_t used = 0;

    sip_message_init(&message, fields, FILES_FIELDS_MAX);
    if (sip_message_parse(&message, sip_bytes(bytes, len), SIP_DATAGRAM, &fault) < 0) {
        used = print_fault(out, size, &fault);
        if (!message.has_head)
            return;
        used += (size_t)snprintf(out + used, size - used, " then ");
    }
    if (sip_message_check(&message, &essentials, &fault) != 0 ||
        sip_message_check_values(&message, &fault) != 0)
        print_fault(out + used, size - used, &fault);
    else
        snprintf(out + used, size - used, "ok");
}

/* Where the value of the first Content-Length begins, and `*end` behind it and its folds; 0: none.
 * By plain text, without the parser that is on trial. */
static size_t find_length(const char *bytes, size_t head, size_t *end)
{
    static const char name[] = "\r\nContent-Length:";
    size_t at = 0;

    while (at < head && strncasecmp(bytes + at, name, sizeof name - 1) != 0)
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

size_t files_mend_length(const char *bytes, size_t len, bool only_words, char *out, size_t size)
{
    size_t head = 0, at, end, body;
    int digits = 0, wrote;
    unsigned number;

    while (head + 4 <= len && memcmp(bytes + head, "\r\n\r\n", 4) != 0)
        head++;
    at = head + 4 <= len && len + 20 <= size ? find_length(bytes, head, &end) : 0;
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
