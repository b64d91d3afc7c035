/* The messages of RFC 4475 and RFC 5118: what the parser says of each, and what a user agent
 * answers that gets it as a datagram, held against torture/table.txt.
 *
 *     torture           prints the table of verdicts; 1 when one differs, or the table in
 *                       tests/README.md is not this one
 *     torture write     the same, and writes the table into tests/README.md
 *
 * Each answer has to please strict.c, but for two that repeat what the peer has in From: no tag (it
 * is of RFC 2543), a name without quotes. */
#include "reader.h"
#include "strict.h"
#include "torture/agent.h"
#include "torture/files.h"

#include <stdlib.h>
#include <string.h>

#define COLUMNS  5
#define TEXT_MAX (1 << 17)

enum column { MESSAGE, SECTION, PARSE, AGENT, WHY };

static unsigned rows, wrong;
static char table[TEXT_MAX]; /* as it stands in tests/README.md */
static size_t table_len;

static void differs(const char *name, const char *what, const char *got, const char *wanted)
{
    wrong++;
    printf("DIFFERS %s: %s is \"%s\", wanted \"%s\"\n", name, what, got, wanted);
}

/* --- one message --- */

/* The bytes of a message; a "+" behind its name has them mended. */
static char *message_of(const char *name, size_t *len)
{
    static char mended[FILES_BYTES_MAX];
    size_t bare = strcspn(name, "+");
    char file[300], *bytes;

    snprintf(file, sizeof file, "torture/%.*s.dat", (int)bare, name);
    bytes = files_read(file, len);
    if (!bytes || !name[bare])
        return bytes;
    if (strncmp(name, "rfc5118/", 8) == 0) {
        *len = files_mend_length(bytes, *len, false, mended, sizeof mended);
    } else {
        memcpy(mended, bytes, *len);
        memcpy(mended + *len, "\r\n", 2);
        *len += 2;
    }
    free(bytes);
    return files_copy(mended, *len);
}

/* `wanted` as "200" or "501 Allow: INVITE": the status, and what a header has to begin with, for a
 * Warning its text. */
static void compare_answer(const char *name, const struct agent_answer *answer, const char *wanted)
{
    const char *value, *colon = strchr(wanted, ':');
    char got[20], header[40];

    snprintf(got, sizeof got, answer->count ? "%d" : "dropped", answer->status);
    if (strncmp(got, wanted, strlen(got)) != 0 || (!colon && strcmp(got, wanted) != 0))
        differs(name, "answer", got, wanted);
    if (answer->count > 1)
        differs(name, "answer", "more than one message", wanted);
    if (!colon)
        return;
    snprintf(header, sizeof header, "%.*s", (int)(colon - wanted - 4), wanted + 4);
    value = reader_header(answer->bytes, answer->len, header, 0);
    if (strcmp(header, "Warning") == 0)
        value += strncmp(value, "399 libsip \"", 12) == 0 ? 12 : 0;
    if (strncmp(value, colon + 2, strlen(colon + 2)) != 0)
        differs(name, header, value, colon + 2);
}

/* The fields an answer repeats say what those of the request say (RFC 3261 §8.2.6.2). */
static void compare_echo(const char *name, const char *request, size_t len,
                         const struct agent_answer *answer)
{
    static const char *const once[] = {"From", "Call-ID", "CSeq"};

    for (size_t i = 0; i < sizeof once / sizeof *once; i++) {
        const char *wanted = reader_header(request, len, once[i], 0);
        const char *got = reader_header(answer->bytes, answer->len, once[i], 0);

        if (strcmp(got, wanted) != 0)
            differs(name, once[i], got, wanted);
    }
}

static void judge_answer(const char *name, const char *parse, const char *request, size_t len,
                         const struct agent_answer *answer)
{
    bool repeats = strstr(name, "inv2543") || strstr(name, "baddn");
    char why[300];

    if (strcmp(parse, "ok") == 0)
        compare_echo(name, request, len, answer);
    if (!repeats && strict_check(answer->bytes, answer->len, why, sizeof why))
        differs(name, "judged strictly", why, "");
}

static void judge_row(char *const column[COLUMNS])
{
    static struct agent_answer answer;
    size_t len;
    char got[300], *bytes = message_of(column[MESSAGE], &len);

    if (!bytes) {
        wrong++;
        return;
    }
    files_judge(bytes, len, got, sizeof got);
    if (strcmp(got, column[PARSE]) != 0)
        differs(column[MESSAGE], "parse", got, column[PARSE]);
    agent_gets(bytes, len, &answer);
    compare_answer(column[MESSAGE], &answer, column[AGENT]);
    if (answer.count)
        judge_answer(column[MESSAGE], column[PARSE], bytes, len, &answer);
    free(bytes);
    rows++;
}

/* --- what must be looked at closely --- */

/* RFC 4475 §3.1.1.1: fields of wsinv that are folded and spread out come back on one line each. */
static void look_at_wsinv(void)
{
    static const struct {
        const char *name;
        int number;
        const char *value;
    } lines[] = {
        {"Via", 0, "SIP/2.0/UDP 192.0.2.2;branch=390skdjuw;received=192.0.2.7"},
        {"Via", 1, "SIP  / 2.0  / TCP     spindle.example.com   ; branch  =   z9hG4bK9ikj8"},
        {"Via", 2, "SIP  /    2.0   / UDP  192.168.255.111   ; branch= z9hG4bK30239"},
        {"From", 0, "\"J Rosenberg \\\\\\\"\"       <sip:jdrosen@example.com> ; tag = 98asjd8"},
        {"To", 0, "sip:vivekg@chair-dnrc.example.com ;   tag    = 1918181833n"},
        {"Call-ID", 0, "wsinv.ndaksdj@192.0.2.1"},
        {"CSeq", 0, "0009 INVITE"},
    };
    static struct agent_answer answer;
    size_t len;
    char *bytes = message_of("rfc4475/wsinv", &len);

    if (!bytes)
        return;
    agent_gets(bytes, len, &answer);
    for (size_t i = 0; i < sizeof lines / sizeof *lines; i++) {
        const char *got = reader_header(answer.bytes, answer.len, lines[i].name, lines[i].number);
        if (strcmp(got, lines[i].value) != 0)
            differs("rfc4475/wsinv", lines[i].name, got, lines[i].value);
    }
    if (reader_count(answer.bytes, answer.len, "Via") != 3)
        differs("rfc4475/wsinv", "Via", "not three", "three");
    free(bytes);
}

/* --- the table --- */

static void put(const char *text)
{
    size_t len = strlen(text);

    if (len < sizeof table - table_len)
        memcpy(table + table_len, text, len + 1), table_len += len;
}

/* A row of the README; bars of its own would end a cell. */
static void put_row(char *const column[COLUMNS])
{
    static const enum column order[COLUMNS] = {MESSAGE, SECTION, PARSE, AGENT, WHY};

    for (int i = 0; i < COLUMNS; i++) {
        put(i ? " | " : "| ");
        put(column[order[i]] + (order[i] == MESSAGE ? strlen("rfc4475/") : 0));
    }
    put(" |\n");
}

static bool take_row(char *line)
{
    char *column[COLUMNS] = {line};

    line[strcspn(line, "\n")] = 0;
    for (int i = 1; i < COLUMNS; i++) {
        char *bar = strstr(column[i - 1], " | ");
        if (!bar)
            return false;
        *bar = 0;
        column[i] = bar + 3;
    }
    judge_row(column);
    put_row(column);
    printf("%-40s %-18s %-50s %-30s %s\n", column[MESSAGE], column[SECTION], column[PARSE],
           column[AGENT], column[WHY]);
    return true;
}

static void take_table(void)
{
    FILE *list = files_open("torture/table.txt", "r");
    char line[500];

    put("| message | section | parse | user agent | the RFC's words |\n"
        "| --- | --- | --- | --- | --- |\n");
    while (list && fgets(line, sizeof line, list))
        if (line[0] != '#' && !take_row(line))
            differs(line, "row", "not five columns", "five");
    if (list)
        fclose(list);
}

/* --- tests/README.md: what stands between the marks is this program's --- */

static const char begin_mark[] = "<!-- written by build/tests/torture write -->\n";
static const char end_mark[] = "<!-- up to here -->\n";

static void compare_readme(bool write)
{
    size_t len;
    char *page = files_read("README.md", &len), *text = page ? calloc(1, len + 1) : NULL;
    char *begin, *end;
    FILE *out;

    if (!page) {
        wrong++;
        return;
    }
    memcpy(text, page, len);
    begin = strstr(text, begin_mark);
    end = strstr(text, end_mark);
    if (!begin || !end || end < begin) {
        differs("tests/README.md", "marks", "not there", "two");
    } else {
        begin += sizeof begin_mark - 1;
        if (write && (out = files_open("README.md", "wb")) != NULL) {
            fprintf(out, "%.*s%s%s", (int)(begin - text), text, table, end);
            fclose(out);
        } else if ((size_t)(end - begin) != table_len || memcmp(begin, table, table_len) != 0) {
            differs("tests/README.md", "table", "stale", "what `build/tests/torture write` makes");
        }
    }
    free(text);
    free(page);
}

int main(int argc, char **argv)
{
    take_table();
    look_at_wsinv();
    if (rows != 49 + 12 + 12 + 1)
        differs("torture/table.txt", "rows", "not so many", "74");
    compare_readme(argc == 2 && strcmp(argv[1], "write") == 0);
    printf("%u messages, %u of them mended, %u differ\n", rows, 13u, wrong);
    return wrong != 0;
}
