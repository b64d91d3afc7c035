/* Says of each file whether it holds a valid SIP message, and if not, why and where.
 *
 *     parse FILE...        "-" is standard input
 *
 * Each file is taken as one datagram, and as the RFC has it: what the library lets pass by default
 * for the sake of known devices (sip/tolerance.h) is refused here, but for what was right before
 * RFC 3261. Standard output has one line for each file; standard error explains the refusals: what
 * is wrong in words, and what stands there. Exit status: 0 all valid, 1 some refused, 2 some not readable. */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include <sip/fault.h>
#include <sip/message.h>

#define BYTES_MAX  (1 << 20)
#define FIELDS_MAX 8192
#define SHOWN_MAX  40 /* bytes of what is refused */

static char bytes[BYTES_MAX];
static struct sip_field fields[FIELDS_MAX];

/* All bytes of the file, or -1 after one line that says what is wrong with it. */
static long read_file(const char *name)
{
    FILE *file = strcmp(name, "-") == 0 ? stdin : fopen(name, "rb");
    size_t len = file ? fread(bytes, 1, sizeof bytes, file) : 0;
    int bad = !file || ferror(file) || len == sizeof bytes;

    if (bad)
        fprintf(stderr, "parse: %s: %s\n", name,
                len == sizeof bytes ? "1 MiB or more is no message" : strerror(errno));
    if (file && file != stdin)
        fclose(file);
    return bad ? -1 : (long)len;
}

/* Explains a refusal: line and column, what is wrong, and the bytes that stand there. */
static void explain(const char *name, enum sip_reason reason, struct sip_str datagram, size_t at)
{
    size_t line = 1, begin = 0, end;

    for (size_t i = 0; i < at && i < datagram.len; i++)
        if (datagram.at[i] == '\n') {
            line++;
            begin = i + 1;
        }
    fflush(stdout);
    fprintf(stderr, "parse: %s: line %lu, column %lu: %s: ", name, (unsigned long)line,
            (unsigned long)(at - begin + 1), sip_reason_text(reason));
    if (at >= datagram.len)
        fprintf(stderr, "it ends here\n");
    for (end = at; end < datagram.len && end - at < SHOWN_MAX; end++) {
        unsigned char c = (unsigned char)datagram.at[end];

        if (c == '\r' || c == '\n') {
            fprintf(stderr, c == '\r' ? "<CR>" : "<LF>");
            if (c == '\n')
                break;
        } else {
            fprintf(stderr, c < ' ' || c == 0x7f ? "<%02x>" : "%c", c);
        }
    }
    if (end > at)
        fprintf(stderr, "\n");
}

/* Prints the verdict on one message; true when it is valid. */
static int judge(const char *name, struct sip_str datagram)
{
    struct sip_message message;
    struct sip_essentials essentials;
    struct sip_fault fault;
    size_t skipped = 0; /* line ends before the start line */
    int bad;

    sip_message_init(&message, fields, FIELDS_MAX);
    message.tolerate = SIP_TOLERATE_OLD_BRANCH | SIP_TOLERATE_NO_MAX_FORWARDS; /* RFC 2543 */
    bad = sip_message_parse(&message, datagram, SIP_DATAGRAM, &fault) < 0;
    if (!bad) {
        skipped = (size_t)(message.bytes.at - datagram.at);
        bad = sip_message_check(&message, &essentials, &fault) != 0 ||
              sip_message_check_values(&message, &fault) != 0;
    }
    if (bad) {
        struct sip_str header = sip_header_name(fault.header);
        printf("%s: refused %s header=%.*s offset=%lu (%s)\n", name, sip_reason_name(fault.reason),
               header.len ? (int)header.len : 1, header.len ? header.at : "-",
               (unsigned long)(skipped + fault.offset), sip_reason_section(fault.reason));
        explain(name, fault.reason, datagram, skipped + fault.offset);
        return 0;
    }
    if (message.status)
        printf("%s: ok %u\n", name, (unsigned)message.status);
    else
        printf("%s: ok %.*s %.*s\n", name, (int)message.method_name.len, message.method_name.at,
               (int)message.uri.len, message.uri.at);
    return 1;
}

int main(int argc, char **argv)
{
    int status = 0;

    if (argc < 2) {
        fprintf(stderr, "usage: parse FILE...   (\"-\" is standard input)\n");
        return 2;
    }
    for (int i = 1; i < argc; i++) {
        long len = read_file(argv[i]);
        if (len < 0)
            status = 2;
        else if (!judge(argv[i], sip_bytes(bytes, (size_t)len)) && !status)
            status = 1;
    }
    if (fflush(stdout) || ferror(stdout))
        return perror("parse: standard output"), 2;
    return status;
}
