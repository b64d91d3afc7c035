/* What was parsed and written is parsed the same, and written the same again: all messages of
 * tests/torture/verdicts.txt that are taken. Folds become one space (RFC 3261 §7.3.1), Content-Type
 * and Content-Length go to the end; nothing else changes. */
#include <stdlib.h>

#include "sip/error.h"
#include "sip/message.h"
#include "sip/writer.h"
#include "test.h"

#define BYTES_MAX  70000
#define FIELDS_MAX 4096

static struct sip_field fields[2][FIELDS_MAX];
static char bytes[BYTES_MAX], once[BYTES_MAX], twice[BYTES_MAX];
static unsigned messages;

static FILE *open_file(const char *name)
{
    const char *end = strstr(__FILE__, "message/round_trip.c");
    char path[1200];

    snprintf(path, sizeof path, "%.*s%s", (int)(end - __FILE__), __FILE__, name);
    return fopen(path, "rb");
}

/* Parses `len` bytes at `at` as a datagram. */
static bool parse(struct sip_message *message, unsigned table, const char *at, size_t len)
{
    struct sip_fault fault;

    sip_message_init(message, fields[table], FIELDS_MAX);
    return sip_message_parse(message, sip_bytes(at, len), SIP_DATAGRAM, &fault) > 0;
}

static long write(const struct sip_message *message, char *out)
{
    struct sip_writer writer;

    sip_writer_init(&writer, out, BYTES_MAX);
    if (message->status)
        sip_write_status_line(&writer, message->status, message->reason);
    else
        sip_write_request_line(&writer, message->method_name, message->uri);
    sip_write_fields_except(&writer, message, NULL, 0);
    sip_write_copy_all(&writer, message, SIP_HEADER_CONTENT_TYPE); /* which may be folded */
    sip_write_body(&writer, sip_str(NULL), message->body);
    return sip_writer_done(&writer);
}

/* `text` with one space for each fold and the white space around it, and for each control byte that
 * was escaped (sip/writer.h). */
static size_t unfolded(struct sip_str text, char *out)
{
    size_t used = 0;

    for (size_t i = 0; i < text.len; i++) {
        char next = i + 1 < text.len ? text.at[i + 1] : 'x';

        if (text.at[i] == '\\' && ((next < ' ' && next >= 0 && next != '\t') || next == 0x7f)) {
            out[used++] = ' ';
            i++;
            continue;
        }
        if (text.at[i] != '\r') {
            out[used++] = text.at[i];
            continue;
        }
        while (used > 0 && (out[used - 1] == ' ' || out[used - 1] == '\t'))
            used--;
        while (i + 1 < text.len && strchr("\r\n \t", text.at[i + 1]))
            i++;
        out[used++] = ' ';
    }
    return used;
}

static bool same_text(struct sip_str a, struct sip_str b)
{
    static char one[BYTES_MAX], other[BYTES_MAX];
    size_t len = unfolded(a, one);

    return unfolded(b, other) == len && memcmp(one, other, len) == 0;
}

/* All values of a header are the same in the same order; SIP_HEADER_OTHER stands for all others. */
static bool same_values(const struct sip_message *a, const struct sip_message *b,
                        enum sip_header id)
{
    struct sip_values of_a, of_b;
    struct sip_str one, other;

    sip_values_begin(&of_a, a, id);
    sip_values_begin(&of_b, b, id);
    while (sip_values_next(&of_a, &one))
        if (!sip_values_next(&of_b, &other) || !same_text(one, other))
            return false;
    return !sip_values_next(&of_b, &other);
}

static bool same_message(const struct sip_message *a, const struct sip_message *b)
{
    if (a->status != b->status || a->method != b->method ||
        !sip_str_equal(a->method_name, b->method_name) || !sip_str_equal(a->uri, b->uri) ||
        !sip_str_equal(a->body, b->body))
        return false;
    for (int id = 0; id < SIP_HEADER_COUNT; id++)
        if (id != SIP_HEADER_CONTENT_LENGTH && !same_values(a, b, (enum sip_header)id))
            return false;
    return true;
}

/* What the layers above read is the same; a message that breaks a rule breaks it again. */
static bool same_essentials(const struct sip_message *a, const struct sip_message *b)
{
    struct sip_essentials one, other;
    struct sip_fault fault, again;

    if (sip_message_check(a, &one, &fault) != 0)
        return sip_message_check(b, &other, &again) != 0 && fault.reason == again.reason &&
               fault.header == again.header;
    return sip_message_check(b, &other, &again) == 0 && one.cseq.number == other.cseq.number &&
           one.max_forwards == other.max_forwards && one.via.port == other.via.port &&
           sip_str_equal(one.call_id, other.call_id) && same_text(one.from.tag, other.from.tag) &&
           same_text(one.to.uri, other.to.uri) && same_text(one.via.branch, other.via.branch);
}

static void check_file(const char *name)
{
    struct sip_message message, again;
    FILE *file = open_file(name);
    size_t len;
    long first, second;

    CHECK(file != NULL);
    if (!file)
        return;
    len = fread(bytes, 1, sizeof bytes, file);
    fclose(file);
    if (!parse(&message, 0, bytes, len))
        return;
    messages++;
    first = write(&message, once);
    CHECK(first > 0);
    if (first <= 0 || !parse(&again, 1, once, (size_t)first)) {
        CHECK(first == -1);
        printf("  %s\n", name);
        return;
    }
    second = write(&again, twice);
    CHECK_INT(second, first);
    CHECK(second == first && memcmp(once, twice, (size_t)first) == 0);
    CHECK(same_message(&message, &again));
    CHECK(same_essentials(&message, &again));
    if (test_failures)
        printf("  %s\n", name);
}

TEST(messages_survive_a_round_trip)
{
    FILE *list = open_file("torture/verdicts.txt");
    char line[300];

    CHECK(list != NULL);
    while (list && test_failures == 0 && fgets(line, sizeof line, list)) {
        line[strcspn(line, " \n")] = 0;
        if (line[0] != '#' && line[0])
            check_file(line);
    }
    if (list)
        fclose(list);
    CHECK(messages > 590);
    printf("%u messages\n", messages);
}

TESTS(T(messages_survive_a_round_trip))
