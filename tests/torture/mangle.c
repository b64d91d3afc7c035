/* Each valid message of torture/verdicts.txt spoiled byte by byte: cut before each byte, each byte
 * left out, each replaced by each of the nasty ones. Whatever comes of it is ok, incomplete or
 * refused, with all views inside the bytes; as a stream it is the same whether it comes whole, byte
 * by byte, or in two pieces.
 *
 *     mangle            at some places of each message, chosen from one seed
 *     mangle SEED       from another
 *     mangle all        everywhere, and a stream cut in two at every place of a valid message
 *     mangle print ...  with a line for each message before the sum
 *
 * The sum at the end stands for all results: mangled.sh runs this program with vector and with
 * plain scans, and wants the same from each. Messages over 4,000 bytes are spoiled at some places
 * only. */
#include "sip/framer.h"
#include "test.h"
#include "torture/files.h"

#include <stdint.h>
#include <stdlib.h>

#define LONG_MAX_BYTES 4000
#define PLACES_SEEDED  2   /* of each message */
#define PLACES_LONG    200 /* of each long one, when all is asked for */
#define FRAMES_MAX     64

static const char nasty[] = "\0\r\n \t,;\"<>@:%\x7f\x80\xff"
                            "0\\";
#define NASTY (sizeof nasty - 1)

static struct sip_field fields[FILES_FIELDS_MAX];
static uint64_t seed = 1, sum;
static unsigned long long variants, messages;
static bool everywhere, prints;
static const char *message_on; /* told when something is wrong */

static size_t below(size_t limit)
{
    seed = seed * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    return limit ? (size_t)(seed >> 33) % limit : 0;
}

/* --- the sum: FNV-1a over all that was said --- */

static void add(uint64_t number)
{
    for (int i = 0; i < 8; i++)
        sum = (sum ^ (number >> (8 * i) & 255)) * UINT64_C(0x100000001b3);
}

static void add_fault(const struct sip_fault *fault, size_t len)
{
    CHECK(fault->reason > SIP_REASON_NONE && fault->reason < SIP_REASON_COUNT);
    CHECK(fault->header <= SIP_HEADER_COUNT && fault->offset <= len);
    add((uint64_t)fault->reason << 48 | (uint64_t)fault->header << 32 | fault->offset);
}

/* --- as one message --- */

static void add_view(const struct sip_message *message, struct sip_str view)
{
    bool inside = !view.at || (view.at >= message->bytes.at &&
                               view.at + view.len <= message->bytes.at + message->bytes.len);

    CHECK(inside);
    add(view.at && inside ? (uint64_t)(view.at - message->bytes.at) << 32 | view.len : UINT64_MAX);
}

static void add_head(const struct sip_message *message)
{
    struct sip_essentials essentials;
    struct sip_fault fault;

    add((uint64_t)message->status << 32 | (uint64_t)message->method << 16 | message->tolerated);
    add_view(message, message->method_name);
    add_view(message, message->uri);
    add_view(message, message->reason);
    for (unsigned i = 0; i < message->fields_count; i++) {
        const struct sip_field *field = &message->fields[i];
        size_t end = (size_t)field->value + field->value_len;

        CHECK(field->name + field->name_len <= field->value && end <= message->bytes.len);
        add((uint64_t)field->id << 48 | (uint64_t)field->value << 16 | field->value_len);
    }
    if (sip_message_check(message, &essentials, &fault) != 0) {
        add_fault(&fault, message->bytes.len);
    } else {
        add_view(message, essentials.via.branch);
        add_view(message, essentials.from.uri);
        add_view(message, essentials.to.tag);
        add_view(message, essentials.call_id);
        add((uint64_t)essentials.cseq.number << 32 | essentials.tolerated);
    }
    if (sip_message_check_values(message, &fault) != 0)
        add_fault(&fault, message->bytes.len);
}

static void parse(const char *bytes, size_t len, enum sip_framing framing)
{
    struct sip_message message;
    struct sip_fault fault;
    long taken;

    sip_message_init(&message, fields, FILES_FIELDS_MAX);
    taken = sip_message_parse(&message, sip_bytes(bytes, len), framing, &fault);
    add((uint64_t)taken);
    CHECK(taken > 0 ? (size_t)taken <= len : taken == 0 ? framing == SIP_STREAM : true);
    if (taken < 0)
        add_fault(&fault, len);
    if (taken > 0) {
        add_view(&message, message.body);
        CHECK(message.has_head);
    }
    if (message.has_head)
        add_head(&message);
}

/* --- as a stream --- */

/* What the framer said of a stream, its offsets counted from the first byte. */
struct said {
    struct {
        int kind;
        size_t from, len;
        unsigned reason;
    } frame[FRAMES_MAX];
    int count;
    size_t rest; /* where the bytes begin that it still wants to see again */
};

/* Gives the framer all up to `end`; false when it will hear no more. */
static bool feed(struct sip_framer *framer, struct said *said, const char *bytes, size_t end)
{
    while (said->count < FRAMES_MAX) {
        struct sip_framed frame;
        size_t from = said->rest;
        enum sip_frame kind = sip_framer_next(framer, sip_bytes(bytes + from, end - from), &frame);

        CHECK(frame.consumed <= end - from);
        said->rest += frame.consumed;
        if (kind == SIP_FRAME_INCOMPLETE)
            return true;
        said->frame[said->count].kind = (int)kind;
        said->frame[said->count].from =
            frame.message.at ? (size_t)(frame.message.at - bytes) : said->rest;
        said->frame[said->count].len = frame.message.len;
        if (kind == SIP_FRAME_BROKEN) {
            said->frame[said->count].from = from + frame.fault.offset;
            said->frame[said->count].reason = (unsigned)frame.fault.reason;
        }
        said->count++;
        if (kind == SIP_FRAME_BROKEN) {
            said->rest = 0; /* nothing of what comes is looked at */
            return false;
        }
    }
    return false;
}

static bool same(const struct said *a, const struct said *b)
{
    if (a->count != b->count || a->rest != b->rest)
        return false;
    for (int i = 0; i < a->count; i++)
        if (a->frame[i].kind != b->frame[i].kind || a->frame[i].from != b->frame[i].from ||
            a->frame[i].len != b->frame[i].len || a->frame[i].reason != b->frame[i].reason)
            return false;
    return true;
}

/* In two pieces, the first in a block of its own size. */
static struct said in_two(const char *bytes, size_t len, size_t split)
{
    struct sip_framer framer = {0};
    struct said said = {0};
    char *first = files_copy(bytes, split);
    bool more = feed(&framer, &said, first, split);

    if (more)
        feed(&framer, &said, bytes, len);
    free(first);
    return said;
}

/* Whether a stream ends here or goes on is not to change what is said of what came before. */
static void stream(const char *bytes, size_t len)
{
    struct sip_framer framer = {0}, slow = {0};
    struct said whole = {0}, single = {0}, two;
    bool more = true;

    feed(&framer, &whole, bytes, len);
    for (size_t end = 1; more && end <= len; end++)
        more = feed(&slow, &single, bytes, end);
    CHECK(same(&whole, &single));
    two = in_two(bytes, len, below(len + 1));
    CHECK(same(&whole, &two));
    add((uint64_t)whole.count << 32 | whole.rest);
    for (int i = 0; i < whole.count; i++) {
        add((uint64_t)whole.frame[i].kind << 32 | whole.frame[i].from);
        add((uint64_t)whole.frame[i].len << 16 | whole.frame[i].reason);
        if (whole.frame[i].kind == SIP_FRAME_MESSAGE)
            parse(bytes + whole.frame[i].from, whole.frame[i].len, SIP_STREAM);
    }
}

/* --- spoiling --- */

/* One variant, in a block of exactly its size. */
static void try(const char *bytes, size_t len)
{
    char *exact = files_copy(bytes, len);
    int before = test_failures;

    variants++;
    parse(exact, len, SIP_DATAGRAM);
    parse(exact, len, SIP_STREAM);
    stream(exact, len);
    if (test_failures > before)
        printf("  %s, variant:\n%.*s\n", message_on, (int)len, bytes);
    free(exact);
}

static void spoil_at(const char *bytes, size_t len, size_t at)
{
    char *spoiled = files_copy(bytes, len);

    try(bytes, at);
    for (size_t i = 0; i < NASTY; i++) {
        spoiled[at] = nasty[i];
        try(spoiled, len);
    }
    memmove(spoiled + at, bytes + at + 1, len - at - 1);
    try(spoiled, len - 1);
    free(spoiled);
}

static void split_everywhere(const char *bytes, size_t len)
{
    struct sip_framer framer = {0};
    struct said whole = {0}, two;

    feed(&framer, &whole, bytes, len);
    for (size_t split = 0; split <= len; split++) {
        two = in_two(bytes, len, split);
        CHECK(same(&whole, &two));
    }
}

static void spoil(const char *name, const char *verdict)
{
    size_t len, places;
    char *bytes;

    if (strcmp(verdict, "ok") != 0 || test_failures > 20 ||
        (bytes = files_read(name, &len)) == NULL)
        return;
    message_on = name;
    messages++;
    try(bytes, len);
    places = everywhere ? PLACES_LONG : PLACES_SEEDED;
    if (everywhere && len <= LONG_MAX_BYTES) {
        for (size_t at = 0; at < len; at++)
            spoil_at(bytes, len, at);
        split_everywhere(bytes, len);
        places = 0;
    }
    while (len > 0 && places-- > 0)
        spoil_at(bytes, len, below(len));
    if (prints)
        printf("%s %016llx\n", name, (unsigned long long)sum);
    free(bytes);
}

int main(int argc, char **argv)
{
    for (int i = 1; i < argc; i++) {
        everywhere |= strcmp(argv[i], "all") == 0;
        prints |= strcmp(argv[i], "print") == 0;
        if (atoll(argv[i]) > 0)
            seed = (uint64_t)atoll(argv[i]);
    }
    sum = UINT64_C(0xcbf29ce484222325);
    files_each(spoil);
    printf("%llu messages, %llu variants, sum %016llx, %d failed\n", messages, variants,
           (unsigned long long)sum, test_failures);
    return test_failures != 0 || messages < 500;
}
