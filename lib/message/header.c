/* Names to ids without comparing against each: a hash over the length and the last letters gives
 * each known name a slot of its own, and one comparison decides. */
#include "sip/header.h"
#include "base/bytes.h"
#include "base/memory.h"
#include "message/letters.h"
#include "message/names.h"
#include "message/words.h"

#define NAME_MAX 24 /* three words of eight bytes */

static const struct {
    char name[NAME_MAX]; /* zeros behind it */
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

#define SLOT_FACTOR UINT64_C(0x9d643c25fbb230bb)
#define SLOT_BITS 8

static const uint8_t header_slots[256] = {
    [2] = SIP_HEADER_TO,
    [12] = SIP_HEADER_CONTACT,
    [14] = SIP_HEADER_FROM,
    [22] = SIP_HEADER_USER_AGENT,
    [28] = SIP_HEADER_ALERT_INFO,
    [41] = SIP_HEADER_DATE,
    [47] = SIP_HEADER_IN_REPLY_TO,
    [48] = SIP_HEADER_PRIORITY,
    [49] = SIP_HEADER_ACCEPT,
    [51] = SIP_HEADER_SUPPORTED,
    [55] = SIP_HEADER_CONTENT_DISPOSITION,
    [71] = SIP_HEADER_CONTENT_LANGUAGE,
    [75] = SIP_HEADER_VIA,
    [80] = SIP_HEADER_CONTENT_ENCODING,
    [87] = SIP_HEADER_REPLY_TO,
    [99] = SIP_HEADER_PROXY_REQUIRE,
    [110] = SIP_HEADER_UNSUPPORTED,
    [117] = SIP_HEADER_ERROR_INFO,
    [121] = SIP_HEADER_EVENT,
    [132] = SIP_HEADER_AUTHENTICATION_INFO,
    [134] = SIP_HEADER_MIME_VERSION,
    [137] = SIP_HEADER_RECORD_ROUTE,
    [140] = SIP_HEADER_WWW_AUTHENTICATE,
    [141] = SIP_HEADER_EXPIRES,
    [142] = SIP_HEADER_PROXY_AUTHORIZATION,
    [154] = SIP_HEADER_MIN_EXPIRES,
    [160] = SIP_HEADER_ROUTE,
    [168] = SIP_HEADER_REQUIRE,
    [169] = SIP_HEADER_ACCEPT_LANGUAGE,
    [176] = SIP_HEADER_TIMESTAMP,
    [179] = SIP_HEADER_ACCEPT_ENCODING,
    [184] = SIP_HEADER_RETRY_AFTER,
    [191] = SIP_HEADER_MAX_FORWARDS,
    [198] = SIP_HEADER_PROXY_AUTHENTICATE,
    [202] = SIP_HEADER_ORGANIZATION,
    [204] = SIP_HEADER_CONTENT_LENGTH,
    [206] = SIP_HEADER_CALL_INFO,
    [215] = SIP_HEADER_ALLOW,
    [216] = SIP_HEADER_CONTENT_TYPE,
    [217] = SIP_HEADER_CSEQ,
    [220] = SIP_HEADER_SUBJECT,
    [221] = SIP_HEADER_AUTHORIZATION,
    [224] = SIP_HEADER_REASON,
    [226] = SIP_HEADER_SERVER,
    [233] = SIP_HEADER_CALL_ID,
    [245] = SIP_HEADER_WARNING,
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

enum { METHOD_LEN_FACTOR = 61, METHOD_FIRST_FACTOR = 55 };

static const uint8_t method_slots[32] = {
    [1] = SIP_PRACK,
    [3] = SIP_INFO,
    [4] = SIP_OPTIONS,
    [5] = SIP_BYE,
    [6] = SIP_REGISTER,
    [14] = SIP_ACK,
    [15] = SIP_REFER,
    [16] = SIP_NOTIFY,
    [17] = SIP_UPDATE,
    [19] = SIP_CANCEL,
    [22] = SIP_MESSAGE,
    [26] = SIP_SUBSCRIBE,
    [27] = SIP_PUBLISH,
    [29] = SIP_INVITE,
};

/* --- end of what was printed --- */

static unsigned header_of_letter(char letter)
{
    unsigned index = (unsigned)sip_lower(letter) - 'a';

    return index < 26 ? compact_ids[index] : SIP_HEADER_OTHER;
}

/* Eight bytes in which letters of both cases are alike. Control bytes aside, only letters become
 * letters by this, and only "-" becomes "-". */
static inline uint64_t folded(const char *bytes)
{
    return sip_load_64(bytes) | SIP_EACH(0x20);
}

static inline unsigned slot_of(uint64_t word, size_t len)
{
    return (unsigned)(((word + len) * SLOT_FACTOR) >> (64 - SLOT_BITS));
}

/* Names of two to seven bytes. */
static unsigned match_short(const char *name, size_t len, size_t room)
{
    uint64_t unused = SIP_EACH(0xff) << (8 * (len & 7)), word;
    char copy[8];
    unsigned id;

    if (room < 8) {
        memset(copy, 0, sizeof copy);
        memcpy(copy, name, len & 7);
        name = copy;
    }
    word = folded(name) & ~unused;
    id = header_slots[slot_of(word, len)];
    return headers[id].len == len && word == (folded(headers[id].name) & ~unused)
               ? id
               : SIP_HEADER_OTHER;
}

unsigned sip_header_match(const char *name, size_t len, size_t room)
{
    const char *known;
    uint64_t word;
    unsigned id;

    if (len < 8)
        return len > 1    ? match_short(name, len, room)
               : len == 1 ? header_of_letter(name[0])
                          : SIP_HEADER_OTHER;
    word = folded(name + len - 8);
    id = header_slots[slot_of(word, len)];
    known = headers[id].name;
    if (headers[id].len != len || word != folded(known + len - 8) || folded(name) != folded(known))
        return SIP_HEADER_OTHER;
    return len <= 16 || folded(name + 8) == folded(known + 8) ? id : SIP_HEADER_OTHER;
}

enum sip_header sip_header_of(struct sip_str name)
{
    for (size_t i = 0; i < name.len; i++)
        if (!sip_is_token(name.at[i]))
            return SIP_HEADER_OTHER;
    return (enum sip_header)sip_header_match(name.at, name.len, name.len);
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

struct sip_str sip_method_text(enum sip_method id)
{
    unsigned row = (unsigned)id < SIP_METHOD_COUNT ? (unsigned)id : SIP_METHOD_OTHER;

    return sip_bytes(methods[row].name, methods[row].len);
}
