#define _POSIX_C_SOURCE 200809L

#include "reader.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

enum { KEPT = 16, TEXT_MAX = 4096 };

static const char *const compact[][2] = {
    {"Via", "v"}, {"From", "f"}, {"To", "t"}, {"Call-ID", "i"}, {"Contact", "m"}, {"Subject", "s"},
    {"Content-Length", "l"}, {"Content-Type", "c"}, {"Content-Encoding", "e"}, {"Supported", "k"},
    {"Event", "o"}, {"Allow-Events", "u"}, {"Refer-To", "r"}, {"Referred-By", "b"},
    {"Session-Expires", "x"},
};

static const char *keep(const char *at, size_t len)
{
    static char kept[KEPT][TEXT_MAX];
    static int next;
    char *text = kept[next];

    next = (next + 1) % KEPT;
    len = len < TEXT_MAX ? len : TEXT_MAX - 1;
    if (len)
        memcpy(text, at, len);
    text[len] = '\0';
    return text;
}

/* The first CRLF from `at` on, or NULL. */
static const char *line_end(const char *at, const char *end)
{
    for (; end - at >= 2; at++)
        if (at[0] == '\r' && at[1] == '\n')
            return at;
    return NULL;
}

const char *reader_start_line(const char *bytes, size_t len)
{
    const char *end = line_end(bytes, bytes + len);

    return end ? keep(bytes, (size_t)(end - bytes)) : "";
}

int reader_status(const char *bytes, size_t len)
{
    const char *line = reader_start_line(bytes, len);

    return strncmp(line, "SIP/2.0 ", 8) == 0 ? atoi(line + 8) : 0;
}

const char *reader_method(const char *bytes, size_t len)
{
    const char *line = reader_start_line(bytes, len);

    return strncmp(line, "SIP/2.0 ", 8) == 0 ? "" : keep(line, strcspn(line, " "));
}

const char *reader_target(const char *bytes, size_t len)
{
    const char *line = reader_start_line(bytes, len);
    const char *space = strchr(line, ' ');

    if (!space || strncmp(line, "SIP/2.0 ", 8) == 0)
        return "";
    return keep(space + 1, strcspn(space + 1, " "));
}

/* The end of a header with its continuation lines. */
static const char *header_end(const char *at, const char *end)
{
    at = line_end(at, end);
    while (at && end - at > 2 && (at[2] == ' ' || at[2] == '\t'))
        at = line_end(at + 2, end);
    return at;
}

static int is_name(const char *at, size_t len, const char *name)
{
    if (len == strlen(name) && strncasecmp(at, name, len) == 0)
        return 1;
    for (size_t i = 0; i < sizeof compact / sizeof *compact; i++)
        if (strcasecmp(name, compact[i][0]) == 0)
            return len == 1 && strncasecmp(at, compact[i][1], 1) == 0;
    return 0;
}

/* Copies a value without white space around it; each fold becomes one space. */
static const char *unfold(const char *at, const char *end)
{
    char text[TEXT_MAX];
    size_t len = 0;

    while (at < end && strchr(" \t", *at))
        at++;
    while (at < end && len < sizeof text) {
        if (*at != '\r') {
            text[len++] = *at++;
            continue;
        }
        while (at < end && strchr(" \t\r\n", *at))
            at++;
        text[len++] = ' ';
    }
    while (len && strchr(" \t", text[len - 1]))
        len--;
    return keep(text, len);
}

/* Goes through the lines of the head; returns how many have the name, and the one with `number`. */
static int search(const char *bytes, size_t len, const char *name, int number, const char **value)
{
    const char *end = bytes + len, *at = line_end(bytes, end);
    int count = 0;

    for (at = at ? at + 2 : end; at < end && *at != '\r';) {
        const char *stop = header_end(at, end);
        const char *colon = stop ? memchr(at, ':', (size_t)(stop - at)) : NULL;
        if (!colon)
            break;
        size_t name_len = (size_t)(colon - at);
        while (name_len && strchr(" \t", at[name_len - 1]))
            name_len--;
        if (is_name(at, name_len, name) && count++ == number && value)
            *value = unfold(colon + 1, stop);
        at = stop + 2;
    }
    return count;
}

const char *reader_header(const char *bytes, size_t len, const char *name, int number)
{
    const char *value = "";

    search(bytes, len, name, number, &value);
    return value;
}

int reader_count(const char *bytes, size_t len, const char *name)
{
    return search(bytes, len, name, -1, NULL);
}

const char *reader_body(const char *bytes, size_t len, size_t *body_len)
{
    for (size_t i = 0; i + 4 <= len; i++)
        if (memcmp(bytes + i, "\r\n\r\n", 4) == 0) {
            *body_len = len - i - 4;
            return bytes + i + 4;
        }
    *body_len = 0;
    return "";
}

/* Goes on to one of `stops` that stands outside of quotes and brackets, or to the end. */
static const char *skip_to(const char *at, const char *stops)
{
    int quoted = 0, brackets = 0;

    for (; *at; at++) {
        if (quoted && *at == '\\' && at[1])
            at++;
        else if (*at == '"')
            quoted = !quoted;
        else if (!quoted && (*at == '<' || *at == '>'))
            brackets = *at == '<';
        else if (!quoted && !brackets && strchr(stops, *at))
            break;
    }
    return at;
}

const char *reader_element(const char *value, int number)
{
    for (; number > 0 && *value; number--) {
        value = skip_to(value, ",");
        value += *value == ',';
    }
    return unfold(value, skip_to(value, ","));
}

const char *reader_uri(const char *value)
{
    int quoted = 0;

    for (const char *at = value; *at; at++) {
        if (quoted && *at == '\\' && at[1])
            at++;
        else if (*at == '"')
            quoted = !quoted;
        else if (!quoted && *at == '<')
            return keep(at + 1, strcspn(at + 1, ">"));
    }
    return unfold(value, value + strcspn(value, ";,"));
}

/* Finds name [= value] after one of `stops`, from `at` on: NULL when it is not there. */
static const char *find_param(const char *at, const char *name, const char *stops)
{
    for (; *at; at = skip_to(at, stops)) {
        at += strspn(at, " \t;,");
        size_t len = strcspn(at, " \t;,=");
        if (len == strlen(name) && strncasecmp(at, name, len) == 0)
            return at + len;
        if (!*at)
            break;
    }
    return NULL;
}

static const char *param_value(const char *at)
{
    if (!at)
        return "";
    at += strspn(at, " \t");
    if (*at != '=')
        return "";
    at += 1 + strspn(at + 1, " \t");
    if (*at != '"')
        return keep(at, strcspn(at, " \t;,"));
    const char *stop = ++at;
    while (*stop && *stop != '"')
        stop += *stop == '\\' && stop[1] ? 2 : 1;
    return keep(at, (size_t)(stop - at));
}

int reader_has_param(const char *value, const char *name)
{
    return find_param(skip_to(value, ";"), name, ";") != NULL;
}

const char *reader_param(const char *value, const char *name)
{
    return param_value(find_param(skip_to(value, ";"), name, ";"));
}

const char *reader_digest(const char *value, const char *name)
{
    return param_value(find_param(value + strcspn(value, " \t"), name, ","));
}
