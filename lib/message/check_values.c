/* Every value of every header against its grammar (RFC 3261 §20): for those who judge messages, not
 * for those who act on them. */
#include "sip/message.h"
#include "sip/error.h"

/* What a header's values look like; the grammars are those of sip/fields.h. */
enum shape {
    ANYTHING,
    VIA,
    ADDRESS,
    CONTACT, /* "*" or addresses (§20.10) */
    CSEQ,
    CALL_ID,
    NUMBER_8,  /* 0 to 255 */
    NUMBER_32, /* 0 to 2**32 - 1 (§20.19) */
    MEDIA_TYPE,
    TOKEN,
    TOKEN_OR_EMPTY, /* a list that may be empty */
    RETRY_AFTER,
    WARNING,
    DATE,
    CREDENTIALS, /* a scheme and fields */
    AUTH_INFO
};

static const uint8_t shapes[SIP_HEADER_COUNT] = {
    [SIP_HEADER_ALLOW] = TOKEN_OR_EMPTY,
    [SIP_HEADER_AUTHENTICATION_INFO] = AUTH_INFO,
    [SIP_HEADER_AUTHORIZATION] = CREDENTIALS,
    [SIP_HEADER_CALL_ID] = CALL_ID,
    [SIP_HEADER_CONTACT] = CONTACT,
    [SIP_HEADER_CONTENT_DISPOSITION] = TOKEN,
    [SIP_HEADER_CONTENT_ENCODING] = TOKEN,
    [SIP_HEADER_CONTENT_TYPE] = MEDIA_TYPE,
    [SIP_HEADER_CSEQ] = CSEQ,
    [SIP_HEADER_DATE] = DATE,
    [SIP_HEADER_EVENT] = TOKEN,
    [SIP_HEADER_EXPIRES] = NUMBER_32,
    [SIP_HEADER_FROM] = ADDRESS,
    [SIP_HEADER_MAX_FORWARDS] = NUMBER_8,
    [SIP_HEADER_MIN_EXPIRES] = NUMBER_32,
    [SIP_HEADER_PRIORITY] = TOKEN,
    [SIP_HEADER_PROXY_AUTHENTICATE] = CREDENTIALS,
    [SIP_HEADER_PROXY_AUTHORIZATION] = CREDENTIALS,
    [SIP_HEADER_PROXY_REQUIRE] = TOKEN,
    [SIP_HEADER_RECORD_ROUTE] = ADDRESS,
    [SIP_HEADER_REPLY_TO] = ADDRESS,
    [SIP_HEADER_REQUIRE] = TOKEN,
    [SIP_HEADER_RETRY_AFTER] = RETRY_AFTER,
    [SIP_HEADER_ROUTE] = ADDRESS,
    [SIP_HEADER_SUPPORTED] = TOKEN_OR_EMPTY,
    [SIP_HEADER_TO] = ADDRESS,
    [SIP_HEADER_UNSUPPORTED] = TOKEN,
    [SIP_HEADER_VIA] = VIA,
    [SIP_HEADER_WARNING] = WARNING,
    [SIP_HEADER_WWW_AUTHENTICATE] = CREDENTIALS,
};

static int parse_number(struct sip_str value, uint32_t max, struct sip_fault *fault)
{
    uint32_t number;

    return sip_number_parse(&number, value, max, fault);
}

static int parse_address(struct sip_str value, enum shape shape, struct sip_fault *fault)
{
    struct sip_address address;

    if (shape == CONTACT && value.len == 1 && value.at[0] == '*')
        return 0;
    return sip_address_parse(&address, value, fault);
}

static int parse_auth(struct sip_str value, enum shape shape, struct sip_fault *fault)
{
    struct sip_auth auth;

    return shape == AUTH_INFO ? sip_auth_info_parse(&auth, value, fault)
                              : sip_auth_parse(&auth, value, fault);
}

/* One value against its grammar. */
static int parse_value(struct sip_str value, enum shape shape, struct sip_fault *fault)
{
    union {
        struct sip_via via;
        struct sip_cseq cseq;
        struct sip_str call_id;
        struct sip_media_type media_type;
        struct sip_token_value token;
        struct sip_retry_after retry_after;
        struct sip_warning warning;
        struct sip_date date;
    } got;

    switch (shape) {
    case ANYTHING:
        return 0;
    case VIA:
        return sip_via_parse(&got.via, value, fault);
    case ADDRESS:
    case CONTACT:
        return parse_address(value, shape, fault);
    case CSEQ:
        return sip_cseq_parse(&got.cseq, value, fault);
    case CALL_ID:
        return sip_call_id_parse(&got.call_id, value, fault);
    case NUMBER_8:
        return parse_number(value, 255, fault);
    case NUMBER_32:
        return parse_number(value, UINT32_MAX, fault);
    case MEDIA_TYPE:
        return sip_media_type_parse(&got.media_type, value, fault);
    case TOKEN:
    case TOKEN_OR_EMPTY:
        return sip_token_value_parse(&got.token, value, fault);
    case RETRY_AFTER:
        return sip_retry_after_parse(&got.retry_after, value, fault);
    case WARNING:
        return sip_warning_parse(&got.warning, value, fault);
    case DATE:
        return sip_date_parse(&got.date, value, fault);
    case CREDENTIALS:
    case AUTH_INFO:
        return parse_auth(value, shape, fault);
    }
    return 0;
}

/* The value, or each element of a comma list, of one field; `*wrong` is the one that is refused. */
static int parse_field(const struct sip_field *field, struct sip_str whole, struct sip_str *wrong,
                       struct sip_fault *fault)
{
    enum shape shape = (enum shape)shapes[field->id];
    struct sip_str rest = whole;

    *wrong = whole;
    if (whole.len == 0 && shape == TOKEN_OR_EMPTY)
        return 0;
    if (whole.len == 0 || !(sip_header_flags((enum sip_header)field->id) & SIP_LIST))
        return parse_value(whole, shape, fault);
    while (sip_list_next(&rest, wrong))
        if (parse_value(*wrong, shape, fault) != 0)
            return SIP_EBAD;
    return 0;
}

int sip_message_check_values(const struct sip_message *message, struct sip_fault *fault)
{
    for (size_t i = 0; i < message->fields_count; i++) {
        const struct sip_field *field = &message->fields[i];
        struct sip_str value = sip_bytes(message->bytes.at + field->value, field->value_len);
        struct sip_str wrong;

        if (parse_field(field, value, &wrong, fault) != 0) {
            fault->header = (enum sip_header)field->id;
            fault->offset += (uint32_t)(wrong.at - message->bytes.at);
            return SIP_EBAD;
        }
    }
    return 0;
}
