/* The messages of RFC 4475, RFC 5118, of the flows in the RFCs, and of the benchmark, each with its
 * verdict in tests/torture/verdicts.txt:
 *
 *     FILE ok                              accepted
 *     FILE REASON HEADER OFFSET            refused, and the head cannot be used
 *     FILE REASON HEADER OFFSET then ...   refused, but the head can be used, and is itself ...
 *
 * Verdicts were read against the RFCs' own words; `program print` prints the present ones. */
#include <stdlib.h>

#include "test.h"
#include "sip/error.h"
#include "sip/message.h"

#define BYTES_MAX 70000
#define FIELDS_MAX 4096

static struct sip_field fields[FIELDS_MAX];

/* tests/, found from where this file was compiled. */
static const char *tests_folder(void)
{
    static char folder[1000];
    const char *end = strstr(__FILE__, "message/torture.c");

    snprintf(folder, sizeof folder, "%.*s", (int)(end - __FILE__), __FILE__);
    return folder;
}

static FILE *open_file(const char *name)
{
    char path[1200];
    FILE *file;

    snprintf(path, sizeof path, "%s%s", tests_folder(), name);
    file = fopen(path, "rb");
    if (!file)
        printf("cannot open %s: run this in the folder it was built in\n", path);
    return file;
}

/* The bytes of a file in a heap block of exactly their size. */
static char *read_file(const char *name, size_t *len)
{
    static char bytes[BYTES_MAX];
    FILE *file = open_file(name);
    char *exact;

    if (!file)
        return NULL;
    *len = fread(bytes, 1, sizeof bytes, file);
    fclose(file);
    exact = malloc(*len ? *len : 1);
    memcpy(exact, bytes, *len);
    return exact;
}

static size_t print_fault(char *out, size_t size, const struct sip_fault *fault)
{
    struct sip_str name = sip_header_name(fault->header);

    return (size_t)snprintf(out, size, "%s %.*s %u", sip_reason_name(fault->reason),
                            name.len ? (int)name.len : 1, name.len ? name.at : "-",
                            (unsigned)fault->offset);
}

/* The verdict on the bytes as one datagram. */
static void judge(const char *bytes, size_t len, char *out, size_t size)
{
    struct sip_message message;
    struct sip_essentials essentials;
    struct sip_fault fault;
    size_t used = 0;

    sip_message_init(&message, fields, FIELDS_MAX);
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

/* Calls `use` for each line of the list, its name and the verdict that stands there. */
static void each_verdict(void (*use)(const char *name, const char *verdict))
{
    FILE *list = open_file("torture/verdicts.txt");
    char line[300];

    CHECK(list != NULL);
    while (list && fgets(line, sizeof line, list)) {
        char *space = strchr(line, ' '), *remark = strstr(line, "  #");

        if (line[0] == '#' || !space)
            continue;
        line[strcspn(line, "\n")] = 0;
        if (remark)
            *remark = 0;
        *space = 0;
        use(line, space + 1);
    }
    if (list)
        fclose(list);
}

static unsigned judged;

static void compare(const char *name, const char *verdict)
{
    size_t len;
    char *bytes = read_file(name, &len), got[300];

    CHECK(bytes != NULL);
    if (!bytes)
        return;
    judge(bytes, len, got, sizeof got);
    free(bytes);
    judged++;
    if (strcmp(got, verdict) != 0)
        printf("%s: %s, wanted %s\n", name, got, verdict);
    CHECK(strcmp(got, verdict) == 0);
}

TEST(each_message_gets_its_verdict) /* RFC 4475, RFC 5118 */
{
    judged = 0;
    each_verdict(compare);
    CHECK_INT(judged, 50 + 12 + 683 + 27);
}

/* A message cut anywhere is incomplete as a stream, unless what is there is already refused; where
 * the whole is accepted no cut is. Each cut lies in a block of its own size. */
static void cut(const char *name, const char *verdict)
{
    size_t len, wanted;
    char *bytes = read_file(name, &len);
    struct sip_message message;
    struct sip_fault fault;
    long whole;

    if (!bytes || len > 3000 || strncmp(name, "torture/flows/rfc5359", 21) == 0) {
        free(bytes);
        return;
    }
    sip_message_init(&message, fields, FIELDS_MAX);
    whole = sip_message_parse(&message, sip_bytes(bytes, len), SIP_STREAM, &fault);
    wanted = whole > 0 ? (size_t)whole : len;
    for (size_t n = 0; n < wanted; n++) {
        char *part = malloc(n ? n : 1), got[300];
        long taken;

        memcpy(part, bytes, n);
        taken = sip_message_parse(&message, sip_bytes(part, n), SIP_STREAM, &fault);
        CHECK(whole > 0 ? taken == 0 : taken <= 0);
        judge(part, n, got, sizeof got);
        if (whole > 0 && strcmp(verdict, "ok") == 0)
            CHECK(strcmp(got, "ok") != 0);
        free(part);
    }
    free(bytes);
}

TEST(each_message_cut_at_each_length_is_incomplete)
{
    each_verdict(cut);
}

static void print(const char *name, const char *verdict)
{
    size_t len;
    char *bytes = read_file(name, &len), got[300];

    (void)verdict;
    if (!bytes)
        return;
    judge(bytes, len, got, sizeof got);
    printf("%s %s\n", name, got);
    free(bytes);
}

static const struct test all_tests[] = {T(each_message_gets_its_verdict)
                                        T(each_message_cut_at_each_length_is_incomplete)
                                        {NULL, NULL}};

int main(int argc, char **argv)
{
    if (argc == 2 && strcmp(argv[1], "print") == 0) {
        each_verdict(print);
        return 0;
    }
    return test_run(all_tests, argc, argv);
}
