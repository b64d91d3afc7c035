/* Names to ids without comparing against each: a hash over the length and three letters gives each
 * known name a slot of its own, and one comparison decides. */
#include "sip/header.h"
#include "base/bytes.h"
#include "base/memory.h"

static const struct {
    const char *name;
    uint8_t len;
    uint8_t flags;
} headers[SIP_HEADER_COUNT] = {
    {"", 0, 0},
#define ROW(id, name, compact, flags) {name, sizeof name - 1, flags},
    SIP_HEADERS(ROW)
#undef ROW
};

static const struct {
    const char *name;
    uint8_t len;
} methods[SIP_METHOD_COUNT] = {
    {"", 0},
#define ROW(id) {#id, sizeof #id - 1},
    SIP_METHODS(ROW)
#undef ROW
};

/* --- printed by tests/message/header_slots.py --- */

enum { LEN_FACTOR = 23, FIRST_FACTOR = 9, MIDDLE_FACTOR = 7, LAST_FACTOR = 21 };

static const uint8_t header_slots[128] = {
    [0] = SIP_HEADER_CONTENT_LENGTH,
    [2] = SIP_HEADER_PROXY_REQUIRE,
    [3] = SIP_HEADER_PROXY_AUTHORIZATION,
    [4] = SIP_HEADER_CONTENT_TYPE,
    [9] = SIP_HEADER_MIN_EXPIRES,
    [19] = SIP_HEADER_ALLOW,
    [20] = SIP_HEADER_RETRY_AFTER,
    [21] = SIP_HEADER_CONTENT_DISPOSITION,
    [22] = SIP_HEADER_SUBJECT,
    [23] = SIP_HEADER_SUPPORTED,
    [26] = SIP_HEADER_RECORD_ROUTE,
    [31] = SIP_HEADER_REQUIRE,
    [32] = SIP_HEADER_CALL_INFO,
    [33] = SIP_HEADER_CONTENT_ENCODING,
    [36] = SIP_HEADER_REPLY_TO,
    [37] = SIP_HEADER_ALERT_INFO,
    [40] = SIP_HEADER_CONTENT_LANGUAGE,
    [41] = SIP_HEADER_SERVER,
    [43] = SIP_HEADER_WWW_AUTHENTICATE,
    [46] = SIP_HEADER_USER_AGENT,
    [47] = SIP_HEADER_PROXY_AUTHENTICATE,
    [50] = SIP_HEADER_MIME_VERSION,
    [51] = SIP_HEADER_PRIORITY,
    [55] = SIP_HEADER_REASON,
    [56] = SIP_HEADER_TIMESTAMP,
    [58] = SIP_HEADER_ACCEPT,
    [63] = SIP_HEADER_VIA,
    [68] = SIP_HEADER_CALL_ID,
    [69] = SIP_HEADER_WARNING,
    [71] = SIP_HEADER_EVENT,
    [73] = SIP_HEADER_ERROR_INFO,
    [76] = SIP_HEADER_CONTACT,
    [85] = SIP_HEADER_DATE,
    [87] = SIP_HEADER_ORGANIZATION,
    [89] = SIP_HEADER_IN_REPLY_TO,
    [94] = SIP_HEADER_UNSUPPORTED,
    [95] = SIP_HEADER_CSEQ,
    [96] = SIP_HEADER_AUTHENTICATION_INFO,
    [102] = SIP_HEADER_TO,
    [108] = SIP_HEADER_FROM,
    [113] = SIP_HEADER_ROUTE,
    [118] = SIP_HEADER_MAX_FORWARDS,
    [120] = SIP_HEADER_ACCEPT_ENCODING,
    [121] = SIP_HEADER_AUTHORIZATION,
    [124] = SIP_HEADER_EXPIRES,
    [127] = SIP_HEADER_ACCEPT_LANGUAGE,
};

/* §7.3.3: the one-letter forms, from a to z. */
static const uint8_t compact_ids[26] = {
    [2] = SIP_HEADER_CONTENT_TYPE,
    [4] = SIP_HEADER_CONTENT_ENCODING,
    [5] = SIP_HEADER_FROM,
    [8] = SIP_HEADER_CALL_ID,
    [10] = SIP_HEADER_SUPPORTED,
    [11] = SIP_HEADER_CONTENT_LENGTH,
    [12] = SIP_HEADER_CONTACT,
    [14] = SIP_HEADER_EVENT,
    [18] = SIP_HEADER_SUBJECT,
    [19] = SIP_HEADER_TO,
    [21] = SIP_HEADER_VIA,
};

enum { METHOD_LEN_FACTOR = 51, METHOD_FIRST_FACTOR = 25 };

static const uint8_t method_slots[32] = {
    [1] = SIP_REFER,
    [6] = SIP_SUBSCRIBE,
    [10] = SIP_MESSAGE,
    [11] = SIP_BYE,
    [13] = SIP_INFO,
    [15] = SIP_PRACK,
    [16] = SIP_NOTIFY,
    [18] = SIP_ACK,
    [19] = SIP_INVITE,
    [21] = SIP_PUBLISH,
    [26] = SIP_REGISTER,
    [28] = SIP_OPTIONS,
    [29] = SIP_CANCEL,
    [31] = SIP_UPDATE,
};

/* --- end of what was printed --- */

static enum sip_header header_of_letter(char letter)
{
    unsigned index = (unsigned)sip_lower(letter) - 'a';

    return index < 26 ? (enum sip_header)compact_ids[index] : SIP_HEADER_OTHER;
}

static unsigned header_slot(struct sip_str name)
{
    unsigned first = sip_lower(name.at[0]);
    unsigned middle = sip_lower(name.at[name.len / 2]);
    unsigned last = sip_lower(name.at[name.len - 1]);

    return ((unsigned)name.len * LEN_FACTOR + first * FIRST_FACTOR + middle * MIDDLE_FACTOR +
            last * LAST_FACTOR) % sizeof header_slots;
}

enum sip_header sip_header_of(struct sip_str name)
{
    unsigned id;

    if (name.len < 2)
        return name.len == 1 ? header_of_letter(name.at[0]) : SIP_HEADER_OTHER;
    id = header_slots[header_slot(name)];
    return sip_str_same(name, sip_bytes(headers[id].name, headers[id].len)) ? (enum sip_header)id
                                                                            : SIP_HEADER_OTHER;
}

struct sip_str sip_header_name(enum sip_header id)
{
    unsigned row = (unsigned)id < SIP_HEADER_COUNT ? (unsigned)id : SIP_HEADER_OTHER;

    return sip_bytes(headers[row].name, headers[row].len);
}

unsigned sip_header_flags(enum sip_header id)
{
    return (unsigned)id < SIP_HEADER_COUNT ? headers[id].flags : 0;
}

enum sip_method sip_method_of(struct sip_str name)
{
    unsigned id;

    if (name.len == 0)
        return SIP_METHOD_OTHER;
    id = method_slots[((unsigned)name.len * METHOD_LEN_FACTOR +
                       (unsigned char)name.at[0] * METHOD_FIRST_FACTOR) % sizeof method_slots];
    return sip_str_equal(name, sip_bytes(methods[id].name, methods[id].len))
               ? (enum sip_method)id
               : SIP_METHOD_OTHER;
}

struct sip_str sip_method_name(enum sip_method id)
{
    unsigned row = (unsigned)id < SIP_METHOD_COUNT ? (unsigned)id : SIP_METHOD_OTHER;

    return sip_bytes(methods[row].name, methods[row].len);
}
