/* What RFC 3261 demands of any message, before any layer looks at it. */
#include "sip/message.h"
#include "message/names.h"
#include "sip/error.h"
#include "base/bytes.h"

/* --- faults that count from the start line --- */

static int refuse(struct sip_fault *fault, enum sip_reason reason, enum sip_header header,
                  size_t offset)
{
    fault->reason = reason;
    fault->header = header;
    fault->offset = (uint32_t)offset;
    return SIP_EBAD;
}

/* The fault that a parser found in `value`, a part of the message: its offset counts from there. */
static int refuse_value(const struct sip_message *message, struct sip_str value,
                        enum sip_header header, struct sip_fault *fault)
{
    return refuse(fault, fault->reason, header,
                  (size_t)(value.at - message->bytes.at) + fault->offset);
}

/* The offset of the empty line behind the last field: where a missing one could have stood. */
static size_t fields_end(const struct sip_message *message)
{
    const struct sip_field *last;

    if (message->fields_count == 0)
        return 0;
    last = &message->fields[message->fields_count - 1];
    return (size_t)last->value + last->value_len;
}

/* --- the fields --- */

/* Which headers may stand only once: the bits of sip_message.repeated. */
#define SINGLE_IN(word, id, flags)                                                                 \
    ((flags)&SIP_SINGLE && SIP_HEADER_##id / 32 == (word) ? UINT32_C(1) << SIP_HEADER_##id % 32    \
                                                          : 0) |
#define IN_0(id, name, compact, flags, grammar) SINGLE_IN(0, id, flags)
#define IN_1(id, name, compact, flags, grammar) SINGLE_IN(1, id, flags)
#define IN_2(id, name, compact, flags, grammar) SINGLE_IN(2, id, flags)
#define IN_3(id, name, compact, flags, grammar) SINGLE_IN(3, id, flags)
static const uint32_t singles[] = {SIP_HEADERS(IN_0) 0, SIP_HEADERS(IN_1) 0, SIP_HEADERS(IN_2) 0,
                                   SIP_HEADERS(IN_3) 0};
_Static_assert(SIP_HEADER_COUNT / 32 + 1 <= sizeof singles / sizeof singles[0],
               "a word is missing");

/* No header that may stand only once stands twice (§7.3.1, §20). */
static int check_singles(const struct sip_message *message, struct sip_fault *fault)
{
    uint32_t repeated = 0;

    for (size_t i = 0; i < SIP_HEADER_COUNT / 32 + 1; i++)
        repeated |= message->repeated[i] & singles[i];
    for (size_t i = 0; repeated && i < message->fields_count; i++) {
        const struct sip_field *field = &message->fields[i];
        enum sip_header id = (enum sip_header)field->id;

        if (message->first[id] != i + 1 && (sip_header_flags(id) & SIP_SINGLE) &&
            sip_first_field(message, id) != i + 1)
            return refuse(fault, SIP_REPEATED, id, field->name);
    }
    return 0;
}

/* True when `bit` is let pass, which is noted. */
static bool may_pass(struct sip_leniency *leniency, uint16_t bit)
{
    leniency->tolerated |= leniency->tolerate & bit;
    return (leniency->tolerate & bit) != 0;
}

/* Only headers whose grammar allows it are without a value (§20), or that is tolerated. */
static int check_empties(const struct sip_message *message, struct sip_leniency *leniency,
                         struct sip_fault *fault)
{
    for (size_t i = 0; message->has_empty && i < message->fields_count; i++) {
        const struct sip_field *field = &message->fields[i];
        enum sip_header id = (enum sip_header)field->id;

        if (field->value_len == 0 && !sip_header_may_be_empty(id) &&
            !may_pass(leniency, SIP_TOLERATE_EMPTY_VALUE))
            return refuse(fault, SIP_EMPTY_VALUE, id, field->value);
    }
    return 0;
}

/* The headers without which a message is none (§8.1.1); Max-Forwards has its own rule. */
static int check_mandatory(const struct sip_message *message, struct sip_fault *fault)
{
    static const enum sip_header mandatory[] = {SIP_HEADER_VIA, SIP_HEADER_TO, SIP_HEADER_FROM,
                                                SIP_HEADER_CSEQ, SIP_HEADER_CALL_ID};

    for (size_t i = 0; i < sizeof mandatory / sizeof mandatory[0]; i++)
        if (message->first[mandatory[i]] == 0)
            return refuse(fault, SIP_MISSING, mandatory[i], fields_end(message));
    return 0;
}

/* --- the values --- */

/* A branch begins with the cookie of RFC 3261 (§8.1.1.7), or is tolerated; that of a response is
 * ours. */
static int check_branch(const struct sip_message *message, const struct sip_via *via,
                        struct sip_leniency *leniency, struct sip_fault *fault)
{
    static const struct sip_str cookie = {"z9hg4bk", 7};
    struct sip_str begin = {via->branch.at, via->branch.len < 7 ? via->branch.len : 7};

    if (message->status != 0 || sip_str_same(begin, cookie) ||
        may_pass(leniency, SIP_TOLERATE_OLD_BRANCH))
        return 0;
    if (!begin.at)
        begin = via->host;
    return refuse(fault, SIP_BAD_PARAMETER, SIP_HEADER_VIA, (size_t)(begin.at - message->bytes.at));
}

static int read_via(const struct sip_message *message, struct sip_via *via,
                    struct sip_leniency *leniency, struct sip_fault *fault)
{
    struct sip_str rest = sip_message_value(message, SIP_HEADER_VIA), value = rest;

    sip_list_next(&rest, &value);
    if (sip_via_accept(via, value, leniency, fault) == 0)
        return check_branch(message, via, leniency, fault);
    return refuse_value(message, value, SIP_HEADER_VIA, fault);
}

static int read_address(const struct sip_message *message, enum sip_header id,
                        struct sip_address *address, struct sip_leniency *leniency,
                        struct sip_fault *fault)
{
    struct sip_str value = sip_message_value(message, id);

    if (sip_address_accept(address, value, leniency, fault) == 0)
        return 0;
    return refuse_value(message, value, id, fault);
}

/* The method of CSeq is that of the request, letter by letter (§8.1.1.5). */
static int read_cseq(const struct sip_message *message, struct sip_cseq *cseq,
                     struct sip_fault *fault)
{
    struct sip_str value = sip_message_value(message, SIP_HEADER_CSEQ);

    if (sip_cseq_parse(cseq, value, fault) != 0)
        return refuse_value(message, value, SIP_HEADER_CSEQ, fault);
    if (message->status == 0 && !sip_str_equal(cseq->method_name, message->method_name)) {
        size_t method = (size_t)(cseq->method_name.at - message->bytes.at);
        return refuse(fault, SIP_CSEQ_MISMATCH, SIP_HEADER_CSEQ, method);
    }
    return 0;
}

static int read_call_id(const struct sip_message *message, struct sip_str *call_id,
                        struct sip_fault *fault)
{
    struct sip_str value = sip_message_value(message, SIP_HEADER_CALL_ID);

    if (sip_call_id_parse(call_id, value, fault) == 0)
        return 0;
    return refuse_value(message, value, SIP_HEADER_CALL_ID, fault);
}

/* Max-Forwards = 0 to 255 (§20.22); a request without it counts as 70 (§16.3). */
static int read_max_forwards(const struct sip_message *message, struct sip_essentials *essentials,
                             struct sip_leniency *leniency, struct sip_fault *fault)
{
    struct sip_str value = sip_message_value(message, SIP_HEADER_MAX_FORWARDS);
    uint32_t number = 70;
    bool there = value.len > 0; /* without a value it has been let pass */

    if (!there && message->status == 0 && !may_pass(leniency, SIP_TOLERATE_NO_MAX_FORWARDS))
        return refuse(fault, SIP_MISSING, SIP_HEADER_MAX_FORWARDS, fields_end(message));
    if (there && sip_number_parse(&number, value, 255, fault) != 0)
        return refuse_value(message, value, SIP_HEADER_MAX_FORWARDS, fault);
    essentials->has_max_forwards = there;
    essentials->max_forwards = (uint8_t)number;
    return 0;
}

/* The Request-URI is of a scheme we know or of any other (§7.1, §8.2.2.1). */
static int check_uri(const struct sip_message *message, struct sip_leniency *leniency,
                     struct sip_fault *fault)
{
    struct sip_uri uri;

    if (message->status != 0 || sip_uri_accept(&uri, message->uri, leniency, fault) == 0)
        return 0;
    return refuse_value(message, message->uri, SIP_HEADER_OTHER, fault);
}

int sip_message_check(const struct sip_message *message, struct sip_essentials *essentials,
                      struct sip_fault *fault)
{
    struct sip_leniency leniency = {message->tolerate, message->tolerated};
    struct sip_essentials got;

    if (check_singles(message, fault) != 0 || check_mandatory(message, fault) != 0 ||
        check_empties(message, &leniency, fault) != 0 ||
        read_via(message, &got.via, &leniency, fault) != 0 ||
        read_address(message, SIP_HEADER_FROM, &got.from, &leniency, fault) != 0 ||
        read_address(message, SIP_HEADER_TO, &got.to, &leniency, fault) != 0 ||
        read_cseq(message, &got.cseq, fault) != 0 ||
        read_call_id(message, &got.call_id, fault) != 0 ||
        read_max_forwards(message, &got, &leniency, fault) != 0 ||
        check_uri(message, &leniency, fault) != 0)
        return SIP_EBAD;
    essentials->via = got.via; /* one by one: as a whole it would take a memcpy() of libc */
    essentials->from = got.from;
    essentials->to = got.to;
    essentials->cseq = got.cseq;
    essentials->call_id = got.call_id;
    essentials->tolerated = leniency.tolerated;
    essentials->max_forwards = got.max_forwards;
    essentials->has_max_forwards = got.has_max_forwards;
    return 0;
}
