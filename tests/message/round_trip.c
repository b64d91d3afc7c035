/* What was parsed and written is parsed the same, and written the same again: all messages of
 * tests/torture/verdicts.txt that are taken, the RFCs' examples also with a number where they have
 * words for their length. The same: each value as its typed parser reads it (typed.h). Folds become
 * one space (RFC 3261 §7.3.1), Content-Type and Content-Length go to the end; nothing else
 * changes. */
#include <stdlib.h>

#include "message/typed.h"
#include "sip/error.h"
#include "sip/message.h"
#include "sip/writer.h"
#include "test.h"
#include "torture/files.h"

static struct sip_field fields[2][FILES_FIELDS_MAX];
static char once[FILES_BYTES_MAX], twice[FILES_BYTES_MAX];
static unsigned messages, examples, values;

/* Parses `len` bytes at `at` as a datagram. */
static bool parse(struct sip_message *message, unsigned table, const char *at, size_t len)
{
    struct sip_fault fault;

    sip_message_init(message, fields[table], FILES_FIELDS_MAX);
    return sip_message_parse(message, sip_bytes(at, len), SIP_DATAGRAM, &fault) > 0;
}

static long write(const struct sip_message *message, char *out)
{
    struct sip_writer writer;

    sip_writer_init(&writer, out, FILES_BYTES_MAX);
    if (message->status)
        sip_write_status_line(&writer, message->status, message->reason);
    else
        sip_write_request_line(&writer, message->method_name, message->uri);
    sip_write_fields_except(&writer, message, NULL, 0);
    sip_write_copy_all(&writer, message, SIP_HEADER_CONTENT_TYPE); /* which may be folded */
    sip_write_body(&writer, sip_str(NULL), message->body);
    return sip_writer_done(&writer);
}

/* All that was read in a message but Content-Length, whose value the body tells. */
static void read_all(struct typed *out, const struct sip_message *message)
{
    struct sip_essentials head;
    struct sip_values list;
    struct sip_fault fault;
    struct sip_str value;

    out->len = 0;
    typed_number(out, message->status);
    typed_number(out, (unsigned)message->method);
    typed_text(out, message->method_name);
    typed_uri(out, message->uri);
    for (int id = 0; id < SIP_HEADER_COUNT; id++) { /* SIP_HEADER_OTHER stands for all others */
        sip_values_begin(&list, message, (enum sip_header)id);
        while (id != SIP_HEADER_CONTENT_LENGTH && sip_values_next(&list, &value)) {
            typed_number(out, (unsigned)id);
            typed_value(out, (enum sip_header)id, value);
            values++;
        }
    }
    if (sip_message_check(message, &head, &fault) != 0) { /* what breaks a rule breaks it again */
        typed_number(out, (unsigned)fault.reason);
        typed_number(out, (unsigned)fault.header);
    } else {
        typed_number(out, head.tolerated & ~(unsigned)SIP_TOLERATE_BARE_LF);
        typed_number(out, head.max_forwards);
    }
    CHECK(out->len < TYPED_MAX);
}

static bool same_message(const struct sip_message *a, const struct sip_message *b)
{
    static struct typed one, other;

    read_all(&one, a);
    read_all(&other, b);
    return one.len == other.len && memcmp(one.at, other.at, one.len) == 0 &&
           sip_str_equal(a->body, b->body) &&
           (a->reason.len == 0 || sip_str_equal(a->reason, b->reason)); /* none: the usual one */
}

static void check_bytes(const char *name, const char *bytes, size_t len)
{
    struct sip_message message, again;
    long first, second;

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
    if (test_failures)
        printf("  %s\n", name);
}

static void check_file(const char *name, const char *verdict)
{
    static char mended[FILES_BYTES_MAX];
    size_t len, mended_len;
    char *bytes = test_failures ? NULL : files_read(name, &len);

    (void)verdict;
    if (!bytes)
        return;
    if (strncmp(name, "torture/flows/", 14) == 0) {
        unsigned before = messages;
        mended_len = files_mend_length(bytes, len, true, mended, sizeof mended);
        check_bytes(name, mended_len ? mended : bytes, mended_len ? mended_len : len);
        examples += messages - before;
    } else {
        check_bytes(name, bytes, len);
    }
    free(bytes);
}

TEST(messages_survive_a_round_trip)
{
    files_each(check_file);
    CHECK_INT(examples, 665); /* all that parse, see torture.c */
    CHECK(messages > 665 + 50);
    printf("%u messages, %u of them RFCs' examples; %u values\n", messages, examples, values / 2);
}

TESTS(T(messages_survive_a_round_trip))
