/* The messages of RFC 4475, RFC 5118, of the flows in the RFCs, and of the benchmark, each with its
 * verdict in tests/torture/verdicts.txt:
 *
 *     FILE ok                              accepted
 *     FILE REASON HEADER OFFSET            refused, and the head cannot be used
 *     FILE REASON HEADER OFFSET then ...   refused, but the head can be used, and is itself ...
 *
 * Verdicts were read against the RFCs' own words; `program print` prints the present ones. What a
 * user agent answers to the first two: tests/torture/torture.c. */
#include <stdlib.h>

#include "sip/error.h"
#include "sip/message.h"
#include "test.h"
#include "torture/files.h"

static struct sip_field fields[FILES_FIELDS_MAX];

static void compare(const char *name, const char *verdict)
{
    size_t len;
    char *bytes = files_read(name, &len), got[300];

    CHECK(bytes != NULL);
    if (!bytes)
        return;
    files_judge(bytes, len, got, sizeof got);
    free(bytes);
    if (strcmp(got, verdict) != 0)
        printf("%s: %s, wanted %s\n", name, got, verdict);
    CHECK(strcmp(got, verdict) == 0);
}

TEST(each_message_gets_its_verdict) /* RFC 4475, RFC 5118 */
{
    CHECK_INT(files_each(compare), 50 + 12 + 683 + 27);
}

/* --- the example messages of the RFCs' flows, counted --- */

struct count {
    unsigned parsed, short_of_body, other;
    unsigned checked, every_value;
};

/* As the RFCs print them, and with words like "..." in Content-Length replaced by the true number.
 * 18 have a number whose body the RFC leaves out: these stay refused. */
static struct count printed, filled;

static void count_one(struct count *count, const char *bytes, size_t len)
{
    struct sip_essentials essentials;
    struct sip_message message;
    struct sip_fault fault;
    char verdict[300];

    sip_message_init(&message, fields, FILES_FIELDS_MAX);
    if (sip_message_parse(&message, sip_bytes(bytes, len), SIP_DATAGRAM, &fault) < 0) {
        CHECK(message.has_head); /* the head is never what is wrong */
        CHECK_INT(fault.header, SIP_HEADER_CONTENT_LENGTH);
        count->short_of_body += fault.reason == SIP_BODY_SHORT;
        count->other += fault.reason != SIP_BODY_SHORT;
        return;
    }
    count->parsed++;
    count->checked += sip_message_check(&message, &essentials, &fault) == 0;
    files_judge(bytes, len, verdict, sizeof verdict);
    count->every_value += strcmp(verdict, "ok") == 0;
}

static void count_flow(const char *name, const char *verdict)
{
    static char mended[FILES_BYTES_MAX];
    size_t len, mended_len;
    char *bytes, *exact;

    (void)verdict;
    if (strncmp(name, "torture/flows/", 14) != 0 || (bytes = files_read(name, &len)) == NULL)
        return;
    count_one(&printed, bytes, len);
    mended_len = files_mend_length(bytes, len, true, mended, sizeof mended);
    exact = mended_len ? files_copy(mended, mended_len) : files_copy(bytes, len);
    count_one(&filled, exact, mended_len ? mended_len : len);
    free(exact);
    free(bytes);
}

static void tell(const char *how, const struct count *count)
{
    printf("%s: %u parse, %u are short of their body, %u say no length; %u pass the check, %u with "
           "every value\n",
           how, count->parsed, count->short_of_body, count->other, count->checked,
           count->every_value);
}

TEST(of_683_examples_665_parse_and_18_are_refused_for_their_length)
{
    files_each(count_flow);
    tell("as printed", &printed);
    tell("with a number for \"...\"", &filled);
    CHECK_INT(printed.parsed + printed.short_of_body + printed.other, 683);
    CHECK_INT(filled.parsed, 665);
    CHECK_INT(filled.short_of_body, 18);
    CHECK_INT(filled.other, 0);
}

/* --- cuts --- */

/* A message cut anywhere is incomplete as a stream, unless what is there is already refused; where
 * the whole is accepted no cut is. Each cut lies in a block of its own size. */
static void cut(const char *name, const char *verdict)
{
    size_t len, wanted;
    char *bytes = files_read(name, &len);
    struct sip_message message;
    struct sip_fault fault;
    long whole;

    if (!bytes || len > 3000 || strncmp(name, "torture/flows/rfc5359", 21) == 0) {
        free(bytes);
        return;
    }
    sip_message_init(&message, fields, FILES_FIELDS_MAX);
    whole = sip_message_parse(&message, sip_bytes(bytes, len), SIP_STREAM, &fault);
    wanted = whole > 0 ? (size_t)whole : len;
    for (size_t n = 0; n < wanted; n++) {
        char *part = files_copy(bytes, n), got[300];
        long taken = sip_message_parse(&message, sip_bytes(part, n), SIP_STREAM, &fault);

        CHECK(whole > 0 ? taken == 0 : taken <= 0);
        files_judge(part, n, got, sizeof got);
        if (whole > 0 && strcmp(verdict, "ok") == 0)
            CHECK(strcmp(got, "ok") != 0);
        free(part);
    }
    free(bytes);
}

TEST(each_message_cut_at_each_length_is_incomplete)
{
    files_each(cut);
}

static void print(const char *name, const char *verdict)
{
    size_t len;
    char *bytes = files_read(name, &len), got[300];

    (void)verdict;
    if (!bytes)
        return;
    files_judge(bytes, len, got, sizeof got);
    printf("%s %s\n", name, got);
    free(bytes);
}

static const struct test all_tests[] = {
    T(each_message_gets_its_verdict)
        T(of_683_examples_665_parse_and_18_are_refused_for_their_length)
            T(each_message_cut_at_each_length_is_incomplete){NULL, NULL}};

int main(int argc, char **argv)
{
    if (argc == 2 && strcmp(argv[1], "print") == 0) {
        files_each(print);
        return 0;
    }
    return test_run(all_tests, argc, argv);
}
