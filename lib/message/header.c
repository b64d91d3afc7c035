/* The tables of header names and methods (see message/match.h), and in the small layout one table of
 * both, in which names are compared with each that is as long. */
#include "sip/header.h"
#include "base/bytes.h"
#include "base/memory.h"
#include "message/letters.h"
#include "message/match.h"
#include "message/names.h"

/* --- written by tests/message/header_slots.py --- */

/* §7.3.3: the one-letter forms, from a to z. */
const uint8_t sip_header_letters[26] = {
    [0] = SIP_HEADER_ACCEPT_CONTACT,
    [1] = SIP_HEADER_REFERRED_BY,
    [2] = SIP_HEADER_CONTENT_TYPE,
    [3] = SIP_HEADER_REQUEST_DISPOSITION,
    [4] = SIP_HEADER_CONTENT_ENCODING,
    [5] = SIP_HEADER_FROM,
    [8] = SIP_HEADER_CALL_ID,
    [9] = SIP_HEADER_REJECT_CONTACT,
    [10] = SIP_HEADER_SUPPORTED,
    [11] = SIP_HEADER_CONTENT_LENGTH,
    [12] = SIP_HEADER_CONTACT,
    [13] = SIP_HEADER_IDENTITY_INFO,
    [14] = SIP_HEADER_EVENT,
    [17] = SIP_HEADER_REFER_TO,
    [18] = SIP_HEADER_SUBJECT,
    [19] = SIP_HEADER_TO,
    [20] = SIP_HEADER_ALLOW_EVENTS,
    [21] = SIP_HEADER_VIA,
    [23] = SIP_HEADER_SESSION_EXPIRES,
    [24] = SIP_HEADER_IDENTITY,
};

/* --- end of what was written --- */

char sip_header_compact(enum sip_header id)
{
    for (unsigned i = 0; i < sizeof sip_header_letters; i++)
        if (sip_header_letters[i] != SIP_HEADER_OTHER && sip_header_letters[i] == (unsigned)id)
            return (char)('a' + i);
    return 0;
}

enum sip_header sip_header_of(struct sip_str name)
{
    for (size_t i = 0; i < name.len; i++)
        if (!sip_is_token(name.at[i]))
            return SIP_HEADER_OTHER;
    return (enum sip_header)sip_header_match(name.at, name.len, name.len);
}

bool sip_header_may_be_empty(enum sip_header id)
{
    switch (id) {
    case SIP_HEADER_OTHER:
    case SIP_HEADER_ACCEPT:
    case SIP_HEADER_ACCEPT_ENCODING:
    case SIP_HEADER_ACCEPT_LANGUAGE:
    case SIP_HEADER_ACCEPT_RESOURCE_PRIORITY:
    case SIP_HEADER_ALLOW:
    case SIP_HEADER_ORGANIZATION:
    case SIP_HEADER_P_ASSOCIATED_URI:
    case SIP_HEADER_P_EARLY_MEDIA:
    case SIP_HEADER_RECV_INFO:
    case SIP_HEADER_SUBJECT:
    case SIP_HEADER_SUPPORTED:
        return true;
    default:
        return false;
    }
}

#if SIP_OPTIMIZE_SIZE

/* All names of headers, one behind the other, and behind them those of methods. */
static const char names[] =
#define TEXT(id, name, compact, flags, grammar) name
    SIP_HEADERS(TEXT)
#undef TEXT
#define TEXT(id) #id
        SIP_METHODS(TEXT)
#undef TEXT
    ;

#define LENGTH(row)  ((row)&0x3fu)
#define FLAGS(row)   ((row) >> 6)
#define FIRST_METHOD SIP_HEADER_COUNT
#define ROWS         (FIRST_METHOD + SIP_METHOD_COUNT)

/* Of each its length, and a header's flags above that. */
static const uint8_t rows[ROWS] = {0,
#define ROW(id, name, compact, flags, grammar) (sizeof name - 1) | (flags) << 6,
                                   SIP_HEADERS(ROW)
#undef ROW
                                       0,
#define ROW(id) sizeof #id - 1,
                                   SIP_METHODS(ROW)
#undef ROW
};

static struct sip_str name_of(unsigned row)
{
    struct sip_str name = {names, LENGTH(rows[row])};

    for (unsigned before = 0; before < row; before++)
        name.at += LENGTH(rows[before]);
    return name;
}

/* The first row from `row` to `end` that has this name but for the case of letters, else `end`. */
static unsigned row_of(struct sip_str name, unsigned row, unsigned end)
{
    struct sip_str known = name_of(row);

    while (row < end && !sip_str_same(name, known)) {
        row++;
        known.at += known.len;
        known.len = row < end ? LENGTH(rows[row]) : 0;
    }
    return row;
}

unsigned sip_header_match(const char *name, size_t len, size_t room)
{
    unsigned row = row_of(sip_bytes(name, len), 1, FIRST_METHOD);

    (void)room;
    if (len == 1)
        return sip_header_of_letter(name[0]);
    return row < FIRST_METHOD ? row : SIP_HEADER_OTHER;
}

struct sip_str sip_header_name(enum sip_header id)
{
    return name_of((unsigned)id < SIP_HEADER_COUNT ? (unsigned)id : SIP_HEADER_OTHER);
}

unsigned sip_header_flags(enum sip_header id)
{
    return (unsigned)id < SIP_HEADER_COUNT ? FLAGS(rows[id]) : 0;
}

enum sip_method sip_method_of(struct sip_str name)
{
    unsigned row = row_of(name, FIRST_METHOD, ROWS);

    return row < ROWS && sip_str_equal(name, name_of(row)) ? (enum sip_method)(row - FIRST_METHOD)
                                                           : SIP_METHOD_OTHER;
}

struct sip_str sip_method_text(enum sip_method id)
{
    unsigned row = (unsigned)id < SIP_METHOD_COUNT ? (unsigned)id : SIP_METHOD_OTHER;

    return name_of(FIRST_METHOD + row);
}

#else

/* All names, one behind the other; behind the last one stands what a piece may reach. */
const char sip_header_names[] =
#define TEXT(id, name, compact, flags, grammar) name
    SIP_HEADERS(TEXT)
#undef TEXT
        "\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0";

/* Where in sip_header_names each begins: one behind the last byte of the one before. */
enum {
    BEFORE_ALL = -1,
#define PLACE(id, name, compact, flags, grammar) AT_##id, LAST_##id = AT_##id + (int)sizeof name - 2,
    SIP_HEADERS(PLACE)
#undef PLACE
};

const struct sip_header_row sip_header_rows[SIP_HEADER_COUNT] = {{0, 0, 0},
#define ROW(id, name, compact, flags, grammar) {AT_##id, sizeof name - 1, flags},
                                                                 SIP_HEADERS(ROW)
#undef ROW
};

static const struct {
    const char *name;
    uint8_t len;
} methods[SIP_METHOD_COUNT] = {{"", 0},
#define ROW(id) {#id, sizeof #id - 1},
                               SIP_METHODS(ROW)
#undef ROW
};

/* --- written by tests/message/header_slots.py --- */

const uint8_t sip_header_slots[1 << SIP_HEADER_SLOT_BITS] = {
    [4] = SIP_HEADER_IN_REPLY_TO,
    [10] = SIP_HEADER_PRIORITY,
    [12] = SIP_HEADER_RETRY_AFTER,
    [17] = SIP_HEADER_ROUTE,
    [24] = SIP_HEADER_DATE,
    [25] = SIP_HEADER_ERROR_INFO,
    [29] = SIP_HEADER_SIP_IF_MATCH,
    [38] = SIP_HEADER_IDENTITY_INFO,
    [41] = SIP_HEADER_PROXY_AUTHENTICATE,
    [47] = SIP_HEADER_PRIVACY,
    [53] = SIP_HEADER_ORGANIZATION,
    [55] = SIP_HEADER_CONTENT_ENCODING,
    [59] = SIP_HEADER_REPLY_TO,
    [63] = SIP_HEADER_MIME_VERSION,
    [73] = SIP_HEADER_JOIN,
    [74] = SIP_HEADER_ACCEPT_CONTACT,
    [89] = SIP_HEADER_CALL_ID,
    [95] = SIP_HEADER_SECURITY_VERIFY,
    [98] = SIP_HEADER_P_CALLED_PARTY_ID,
    [100] = SIP_HEADER_SERVER,
    [101] = SIP_HEADER_IDENTITY,
    [106] = SIP_HEADER_P_ASSOCIATED_URI,
    [111] = SIP_HEADER_CONTENT_LENGTH,
    [114] = SIP_HEADER_ALLOW_EVENTS,
    [117] = SIP_HEADER_REFER_TO,
    [126] = SIP_HEADER_INFO_PACKAGE,
    [130] = SIP_HEADER_ACCEPT,
    [136] = SIP_HEADER_P_EARLY_MEDIA,
    [137] = SIP_HEADER_HISTORY_INFO,
    [141] = SIP_HEADER_ANSWER_MODE,
    [157] = SIP_HEADER_RESOURCE_PRIORITY,
    [160] = SIP_HEADER_ACCEPT_LANGUAGE,
    [162] = SIP_HEADER_P_PREFERRED_IDENTITY,
    [171] = SIP_HEADER_REFER_SUB,
    [191] = SIP_HEADER_SECURITY_CLIENT,
    [197] = SIP_HEADER_RSEQ,
    [202] = SIP_HEADER_P_CHARGING_VECTOR,
    [207] = SIP_HEADER_DIVERSION,
    [210] = SIP_HEADER_FLOW_TIMER,
    [214] = SIP_HEADER_ALERT_INFO,
    [215] = SIP_HEADER_TARGET_DIALOG,
    [218] = SIP_HEADER_VIA,
    [227] = SIP_HEADER_AUTHORIZATION,
    [228] = SIP_HEADER_P_ACCESS_NETWORK_INFO,
    [235] = SIP_HEADER_SERVICE_ROUTE,
    [236] = SIP_HEADER_WWW_AUTHENTICATE,
    [241] = SIP_HEADER_MAX_BREADTH,
    [243] = SIP_HEADER_MAX_FORWARDS,
    [244] = SIP_HEADER_P_SERVED_USER,
    [247] = SIP_HEADER_CALL_INFO,
    [261] = SIP_HEADER_FEATURE_CAPS,
    [264] = SIP_HEADER_TO,
    [267] = SIP_HEADER_SUPPORTED,
    [268] = SIP_HEADER_MIN_SE,
    [274] = SIP_HEADER_RECORD_ROUTE,
    [279] = SIP_HEADER_REPLACES,
    [281] = SIP_HEADER_USER_AGENT,
    [282] = SIP_HEADER_CONTACT,
    [291] = SIP_HEADER_EXPIRES,
    [295] = SIP_HEADER_SECURITY_SERVER,
    [307] = SIP_HEADER_REJECT_CONTACT,
    [313] = SIP_HEADER_UNSUPPORTED,
    [331] = SIP_HEADER_ALLOW,
    [337] = SIP_HEADER_P_ASSERTED_IDENTITY,
    [340] = SIP_HEADER_MIN_EXPIRES,
    [361] = SIP_HEADER_CONTENT_LANGUAGE,
    [362] = SIP_HEADER_CONTENT_TYPE,
    [371] = SIP_HEADER_RACK,
    [394] = SIP_HEADER_SIP_ETAG,
    [395] = SIP_HEADER_P_VISITED_NETWORK_ID,
    [397] = SIP_HEADER_WARNING,
    [402] = SIP_HEADER_SESSION_EXPIRES,
    [405] = SIP_HEADER_SESSION_ID,
    [409] = SIP_HEADER_REQUEST_DISPOSITION,
    [412] = SIP_HEADER_TIMESTAMP,
    [418] = SIP_HEADER_REFERRED_BY,
    [425] = SIP_HEADER_CONTENT_DISPOSITION,
    [427] = SIP_HEADER_AUTHENTICATION_INFO,
    [432] = SIP_HEADER_REQUIRE,
    [435] = SIP_HEADER_PROXY_AUTHORIZATION,
    [446] = SIP_HEADER_REASON,
    [447] = SIP_HEADER_PROXY_REQUIRE,
    [449] = SIP_HEADER_CSEQ,
    [454] = SIP_HEADER_ACCEPT_RESOURCE_PRIORITY,
    [462] = SIP_HEADER_PRIV_ANSWER_MODE,
    [467] = SIP_HEADER_SUBJECT,
    [468] = SIP_HEADER_P_CHARGING_FUNCTION_ADDRESSES,
    [470] = SIP_HEADER_PATH,
    [476] = SIP_HEADER_RECV_INFO,
    [490] = SIP_HEADER_EVENT,
    [496] = SIP_HEADER_USER_TO_USER,
    [500] = SIP_HEADER_ACCEPT_ENCODING,
    [504] = SIP_HEADER_SUBSCRIPTION_STATE,
    [509] = SIP_HEADER_FROM,
};

enum { METHOD_LEN_FACTOR = 12, METHOD_FIRST_FACTOR = 33 };

static const uint8_t method_slots[32] = {
    [1] = SIP_MESSAGE,
    [3] = SIP_OPTIONS,
    [4] = SIP_PUBLISH,
    [5] = SIP_ACK,
    [6] = SIP_BYE,
    [11] = SIP_CANCEL,
    [12] = SIP_PRACK,
    [14] = SIP_REFER,
    [17] = SIP_INVITE,
    [18] = SIP_REGISTER,
    [22] = SIP_NOTIFY,
    [25] = SIP_INFO,
    [29] = SIP_UPDATE,
    [31] = SIP_SUBSCRIBE,
};

/* --- end of what was written --- */

unsigned sip_header_match(const char *name, size_t len, size_t room)
{
    return sip_header_match_here(name, len, room);
}

struct sip_str sip_header_name(enum sip_header id)
{
    unsigned row = (unsigned)id < SIP_HEADER_COUNT ? (unsigned)id : SIP_HEADER_OTHER;

    struct sip_str name = {sip_header_names + sip_header_rows[row].at, sip_header_rows[row].len};

    return name;
}

unsigned sip_header_flags(enum sip_header id)
{
    return (unsigned)id < SIP_HEADER_COUNT ? sip_header_rows[id].flags : 0;
}

enum sip_method sip_method_of(struct sip_str name)
{
    unsigned id;

    if (name.len == 0)
        return SIP_METHOD_OTHER;
    id = method_slots[((unsigned)name.len * METHOD_LEN_FACTOR +
                       (unsigned char)name.at[0] * METHOD_FIRST_FACTOR) %
                      sizeof method_slots];
    return sip_str_equal(name, sip_bytes(methods[id].name, methods[id].len)) ? (enum sip_method)id
                                                                             : SIP_METHOD_OTHER;
}

struct sip_str sip_method_text(enum sip_method id)
{
    unsigned row = (unsigned)id < SIP_METHOD_COUNT ? (unsigned)id : SIP_METHOD_OTHER;

    return sip_bytes(methods[row].name, methods[row].len);
}

#endif
