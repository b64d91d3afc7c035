/* The values of single lines (RFC 8866 §5, §9). */
#include "sip/sdp_lines.h"
#include "message/scan.h"
#include "sdp/line.h"
#include "sip/error.h"

/* Notes the first wrong byte; always SIP_EBAD. */
static int refuse(struct sip_str value, const char *at, struct sip_fault *fault)
{
    if (fault) {
        fault->reason = SIP_BAD_SDP_VALUE;
        fault->header = SIP_HEADER_OTHER;
        fault->offset = (uint32_t)(at - value.at);
    }
    return SIP_EBAD;
}

/* --- any line --- */

bool sip_sdp_next_any_line(struct sip_str *rest, struct sip_sdp_line *line)
{
    struct sip_str text;

    while (sip_sdp_next_word(rest, '\n', &text)) {
        if (text.len && text.at[text.len - 1] == '\r')
            text.len--;
        if (text.len < 2 || text.at[1] != '=')
            continue;
        line->type = text.at[0];
        line->value = sip_bytes(text.at + 2, text.len - 2);
        return true;
    }
    return false;
}

bool sip_sdp_next_any_attribute(struct sip_str *rest, struct sip_param *attribute)
{
    struct sip_str value;

    if (!sip_sdp_next_line(rest, 'a', &value))
        return false;
    sip_sdp_next_word(&value, ':', &attribute->name);
    attribute->value = value;
    return true;
}

/* --- words --- */

/* 1*DIGIT, as long as it likes. */
static bool is_digits(struct sip_str word)
{
    return sip_sdp_all(word, SCAN_DIGIT);
}

/* The number that a word is, when it fits. */
static bool read_number(struct sip_str word, uint64_t *number)
{
    uint64_t value = 0;

    for (size_t i = 0; i < word.len; i++) {
        unsigned digit = (unsigned)(unsigned char)word.at[i] - '0';

        if (digit > 9 || value > UINT64_MAX / 10 || value * 10 > UINT64_MAX - digit)
            return false;
        value = value * 10 + digit;
    }
    *number = value;
    return word.len > 0;
}

/* typed-time = 1*DIGIT ["d" / "h" / "m" / "s"], in seconds up to `max` */
static bool read_typed_time(struct sip_str word, uint32_t max, uint32_t *seconds)
{
    static const char units[] = "smhd";
    static const uint32_t lengths[] = {1, 60, 3600, 86400};
    const char *unit = word.len ? memchr(units, word.at[word.len - 1], 4) : NULL;
    uint32_t count, length = unit ? lengths[unit - units] : 1;

    word.len -= unit ? 1 : 0;
    if (!sip_sdp_number(word, max, &count) || (uint64_t)count * length > max)
        return false;
    *seconds = count * length;
    return true;
}

/* Where a value ends whose words are used up, or the word that is one too many. */
static const char *end_of(struct sip_str value, struct sip_str rest)
{
    return rest.at ? rest.at : value.at + value.len;
}

/* --- o= --- */

/* username SP sess-id SP sess-version SP nettype SP addrtype SP unicast-address */
int sip_sdp_origin_parse(struct sip_sdp_origin *origin, struct sip_str value,
                         struct sip_fault *fault)
{
    struct sip_sdp_origin got;
    struct {
        struct sip_str *word;
        bool (*is)(struct sip_str);
    } words[] = {
        {&got.user, sip_sdp_is_visible},
        {&got.session_id, is_digits},
        {&got.version, is_digits},
        {&got.network_type, sip_sdp_is_token},
        {&got.address_type, sip_sdp_is_token},
        {&got.address, sip_sdp_is_visible},
    };
    struct sip_str rest = value;

    for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
        const char *at = end_of(value, rest);

        sip_sdp_next_word(&rest, ' ', words[i].word);
        if (!words[i].is(*words[i].word))
            return refuse(value, at, fault);
    }
    if (rest.at)
        return refuse(value, rest.at, fault);
    *origin = got;
    return SIP_OK;
}

/* --- e=, p= --- */

/* email-safe is any byte but NUL, CR, LF, and these, which stand around addresses and names. */
static bool is_safe(struct sip_str text)
{
    for (size_t i = 0; i < text.len; i++)
        if (memchr("()<>\r\n", text.at[i], 7)) /* its NUL included */
            return false;
    return true;
}

static struct sip_str trimmed(struct sip_str text)
{
    while (text.len && text.at[0] == ' ')
        text = sip_bytes(text.at + 1, text.len - 1);
    while (text.len && text.at[text.len - 1] == ' ')
        text.len--;
    return text;
}

/* email-address  =  address-and-comment / dispname-and-address / addr-spec
 * phone-number   =  phone *SP "(" 1*email-safe ")" / 1*email-safe "<" phone ">" / phone
 *
 * What an address may be is not looked at further. */
int sip_sdp_contact_parse(struct sip_sdp_contact *contact, struct sip_str value,
                          struct sip_fault *fault)
{
    struct sip_sdp_contact got = {trimmed(value), {NULL, 0}};
    struct sip_str behind = value, before;
    char last = value.len ? value.at[value.len - 1] : ' ';

    if (last == ')' || last == '>') {
        behind.len--;
        sip_sdp_next_word(&behind, last == ')' ? '(' : '<', &before);
        if (!behind.at || behind.len == 0)
            return refuse(value, value.at + value.len - 1, fault);
        got.address = trimmed(last == ')' ? before : behind);
        got.name = trimmed(last == ')' ? behind : before);
    }
    if (got.address.len == 0 || !is_safe(got.address) || !is_safe(got.name) ||
        (got.name.at && got.name.len == 0))
        return refuse(value, value.at, fault);
    *contact = got;
    return SIP_OK;
}

/* --- c= --- */

/* What stands behind the address: "/" ttl ["/" numaddr] of IP4, "/" numaddr of IP6. */
static bool read_slashes(struct sip_sdp_connection *connection, struct sip_str rest)
{
    bool ip4 = sip_str_is(connection->address_type, "IP4");
    struct sip_str word;

    if (ip4 && rest.at) {
        sip_sdp_next_word(&rest, '/', &word);
        connection->ttl.given = true;
        if (!sip_sdp_number(word, 255, &connection->ttl.value))
            return false;
    }
    if (!rest.at)
        return true;
    connection->count.given = true;
    return sip_sdp_number(rest, UINT16_MAX, &connection->count.value) &&
           connection->count.value > 0 && rest.at[0] != '0';
}

/* nettype SP addrtype SP connection-address */
int sip_sdp_connection_parse(struct sip_sdp_connection *connection, struct sip_str value,
                             struct sip_fault *fault)
{
    struct sip_sdp_connection got = {0};
    struct sip_str rest = value, address;
    const char *at = value.at;

    sip_sdp_next_word(&rest, ' ', &got.network_type);
    if (!sip_sdp_is_token(got.network_type))
        return refuse(value, at, fault);
    at = end_of(value, rest);
    sip_sdp_next_word(&rest, ' ', &got.address_type);
    if (!sip_sdp_is_token(got.address_type))
        return refuse(value, at, fault);
    at = end_of(value, rest);
    address = rest;
    if (!sip_sdp_is_visible(address))
        return refuse(value, at, fault);
    got.address = address;
    if (sip_str_is(got.address_type, "IP4") || sip_str_is(got.address_type, "IP6")) {
        sip_sdp_next_word(&address, '/', &got.address);
        if (got.address.len == 0 || !read_slashes(&got, address))
            return refuse(value, at + got.address.len, fault);
    }
    *connection = got;
    return SIP_OK;
}

/* --- b= --- */

/* bwtype ":" bandwidth */
int sip_sdp_bandwidth_parse(struct sip_sdp_bandwidth *bandwidth, struct sip_str value,
                            struct sip_fault *fault)
{
    struct sip_sdp_bandwidth got;
    struct sip_str rest = value;

    sip_sdp_next_word(&rest, ':', &got.type);
    if (!sip_sdp_is_token(got.type))
        return refuse(value, value.at, fault);
    if (!sip_sdp_number(rest, UINT32_MAX, &got.value))
        return refuse(value, end_of(value, rest), fault);
    *bandwidth = got;
    return SIP_OK;
}

/* --- t=, r=, z= --- */

/* start-time SP stop-time */
int sip_sdp_time_parse(struct sip_sdp_time *time, struct sip_str value, struct sip_fault *fault)
{
    struct sip_sdp_time got;
    struct sip_str rest = value, word;

    sip_sdp_next_word(&rest, ' ', &word);
    if (!read_number(word, &got.start_s))
        return refuse(value, value.at, fault);
    if (!read_number(rest, &got.stop_s))
        return refuse(value, end_of(value, rest), fault);
    *time = got;
    return SIP_OK;
}

bool sip_sdp_next_offset(struct sip_str *rest, uint32_t *offset_s)
{
    struct sip_str left = *rest, word;

    if (!sip_sdp_next_word(&left, ' ', &word) || !read_typed_time(word, UINT32_MAX, offset_s))
        return false;
    *rest = left;
    return true;
}

/* repeat-interval 2*(SP typed-time) */
int sip_sdp_repeat_parse(struct sip_sdp_repeat *repeat, struct sip_str value,
                         struct sip_fault *fault)
{
    struct sip_sdp_repeat got;
    struct sip_str rest = value;
    uint32_t ignored;

    if (!sip_sdp_next_offset(&rest, &got.interval_s) || got.interval_s == 0)
        return refuse(value, value.at, fault);
    if (!sip_sdp_next_offset(&rest, &got.duration_s))
        return refuse(value, end_of(value, rest), fault);
    got.offsets = rest;
    do {
        if (!sip_sdp_next_offset(&rest, &ignored))
            return refuse(value, end_of(value, rest), fault);
    } while (rest.at);
    *repeat = got;
    return SIP_OK;
}

/* time SP ["-"] typed-time */
bool sip_sdp_next_zone(struct sip_str *rest, struct sip_sdp_zone *zone)
{
    struct sip_str left = *rest, time, offset;
    struct sip_sdp_zone got;
    uint32_t seconds;
    bool minus;

    if (!sip_sdp_next_word(&left, ' ', &time) || !sip_sdp_next_word(&left, ' ', &offset))
        return false;
    minus = offset.len > 0 && offset.at[0] == '-';
    if (minus)
        offset = sip_bytes(offset.at + 1, offset.len - 1);
    if (!read_number(time, &got.time_s) || !read_typed_time(offset, INT32_MAX, &seconds))
        return false;
    got.offset_s = minus ? -(int32_t)seconds : (int32_t)seconds;
    *zone = got;
    *rest = left;
    return true;
}

/* --- k= --- */

/* "prompt" / "clear:" text / "base64:" base64 / "uri:" uri */
int sip_sdp_key_parse(struct sip_param *key, struct sip_str value, struct sip_fault *fault)
{
    struct sip_param got;
    struct sip_str rest = value;

    sip_sdp_next_word(&rest, ':', &got.name);
    if (!sip_sdp_is_token(got.name))
        return refuse(value, value.at, fault);
    if (rest.at && rest.len == 0)
        return refuse(value, rest.at, fault);
    got.value = rest;
    *key = got;
    return SIP_OK;
}
