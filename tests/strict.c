#define _POSIX_C_SOURCE 200809L

#include "strict.h"

#include <ctype.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "strict_fields.h"

enum field {
    ACCEPT, ACCEPT_ENCODING, ACCEPT_LANGUAGE, ALERT_INFO, ALLOW, ALLOW_EVENTS, AUTHENTICATION_INFO,
    AUTHORIZATION, CALL_ID, CALL_INFO, CONTACT, CONTENT_DISPOSITION, CONTENT_ENCODING,
    CONTENT_LANGUAGE, CONTENT_LENGTH, CONTENT_TYPE, CSEQ, DATE, ERROR_INFO, EVENT, EXPIRES,
    FLOW_TIMER, FROM, IN_REPLY_TO, INFO_PACKAGE, JOIN, MAX_FORWARDS, MIME_VERSION, MIN_EXPIRES,
    MIN_SE, ORGANIZATION, P_ASSERTED_IDENTITY, P_PREFERRED_IDENTITY, PATH, PRIORITY, PRIVACY,
    PROXY_AUTHENTICATE, PROXY_AUTHORIZATION, PROXY_REQUIRE, RACK, REASON, RECORD_ROUTE, RECV_INFO,
    REFER_SUB, REFER_TO, REFERRED_BY, REPLACES, REPLY_TO, REQUIRE, RETRY_AFTER, ROUTE, RSEQ, SERVER,
    SERVICE_ROUTE, SESSION_EXPIRES, SIP_ETAG, SIP_IF_MATCH, SUBJECT, SUBSCRIPTION_STATE, SUPPORTED,
    TARGET_DIALOG, TIMESTAMP, TO, UNSUPPORTED, USER_AGENT, VIA, WARNING, WWW_AUTHENTICATE,
    FIELDS
};

enum {
    LIST = 1,        /* elements between commas; may stand on several lines */
    LINES = 2,       /* may stand on several lines, one element each */
    EMPTY = 4,       /* may be empty */
    REQUEST = 8,     /* in requests only (§20 tables 2 and 3, and the RFC of the field) */
    RESPONSE = 16    /* in responses only */
};

struct rule {
    const char *name, *compact;
    grammar match;
    unsigned flags;
};

static const struct rule rules[FIELDS] = {
    [ACCEPT] = {"Accept", NULL, match_media_range, LIST | EMPTY},
    [ACCEPT_ENCODING] = {"Accept-Encoding", NULL, match_word_params, LIST | EMPTY},
    [ACCEPT_LANGUAGE] = {"Accept-Language", NULL, match_language, LIST | EMPTY},
    [ALERT_INFO] = {"Alert-Info", NULL, match_info, LIST},
    [ALLOW] = {"Allow", NULL, match_word, LIST | EMPTY},
    [ALLOW_EVENTS] = {"Allow-Events", "u", match_word, LIST},
    [AUTHENTICATION_INFO] = {"Authentication-Info", NULL, match_auth_info, RESPONSE},
    [AUTHORIZATION] = {"Authorization", NULL, match_credentials, LINES | REQUEST},
    [CALL_ID] = {"Call-ID", "i", match_call_id, 0},
    [CALL_INFO] = {"Call-Info", NULL, match_info, LIST},
    [CONTACT] = {"Contact", "m", match_address, LIST},
    [CONTENT_DISPOSITION] = {"Content-Disposition", NULL, match_word_params, 0},
    [CONTENT_ENCODING] = {"Content-Encoding", "e", match_word, LIST},
    [CONTENT_LANGUAGE] = {"Content-Language", NULL, match_language, LIST},
    [CONTENT_LENGTH] = {"Content-Length", "l", match_number, 0},
    [CONTENT_TYPE] = {"Content-Type", "c", match_media, 0},
    [CSEQ] = {"CSeq", NULL, match_cseq, 0},
    [DATE] = {"Date", NULL, match_date, 0},
    [ERROR_INFO] = {"Error-Info", NULL, match_info, LIST | RESPONSE},
    [EVENT] = {"Event", "o", match_word_params, 0},
    [EXPIRES] = {"Expires", NULL, match_number, 0},
    [FLOW_TIMER] = {"Flow-Timer", NULL, match_number, RESPONSE},
    [FROM] = {"From", "f", match_address, 0},
    [IN_REPLY_TO] = {"In-Reply-To", NULL, match_call_id, LIST | REQUEST},
    [INFO_PACKAGE] = {"Info-Package", NULL, match_word_params, REQUEST},
    [JOIN] = {"Join", NULL, match_replaces, REQUEST},
    [MAX_FORWARDS] = {"Max-Forwards", NULL, match_number, REQUEST},
    [MIME_VERSION] = {"MIME-Version", NULL, match_mime_version, 0},
    [MIN_EXPIRES] = {"Min-Expires", NULL, match_number, RESPONSE},
    [MIN_SE] = {"Min-SE", NULL, match_number_params, 0},
    [ORGANIZATION] = {"Organization", NULL, match_free_text, EMPTY},
    [P_ASSERTED_IDENTITY] = {"P-Asserted-Identity", NULL, match_identity, LIST},
    [P_PREFERRED_IDENTITY] = {"P-Preferred-Identity", NULL, match_identity, LIST | REQUEST},
    [PATH] = {"Path", NULL, match_route, LIST},
    [PRIORITY] = {"Priority", NULL, match_word, REQUEST},
    [PRIVACY] = {"Privacy", NULL, match_privacy, 0},
    [PROXY_AUTHENTICATE] = {"Proxy-Authenticate", NULL, match_challenge, LINES | RESPONSE},
    [PROXY_AUTHORIZATION] = {"Proxy-Authorization", NULL, match_credentials, LINES | REQUEST},
    [PROXY_REQUIRE] = {"Proxy-Require", NULL, match_word, LIST | REQUEST},
    [RACK] = {"RAck", NULL, match_rack, REQUEST},
    [REASON] = {"Reason", NULL, match_word_params, LIST},
    [RECORD_ROUTE] = {"Record-Route", NULL, match_route, LIST},
    [RECV_INFO] = {"Recv-Info", NULL, match_word_params, LIST | EMPTY},
    [REFER_SUB] = {"Refer-Sub", NULL, match_word_params, 0},
    [REFER_TO] = {"Refer-To", "r", match_address, REQUEST},
    [REFERRED_BY] = {"Referred-By", "b", match_address, REQUEST},
    [REPLACES] = {"Replaces", NULL, match_replaces, REQUEST},
    [REPLY_TO] = {"Reply-To", NULL, match_address, 0},
    [REQUIRE] = {"Require", NULL, match_word, LIST},
    [RETRY_AFTER] = {"Retry-After", NULL, match_number_params, RESPONSE},
    [ROUTE] = {"Route", NULL, match_route, LIST | REQUEST},
    [RSEQ] = {"RSeq", NULL, match_number, RESPONSE},
    [SERVER] = {"Server", NULL, match_agent, RESPONSE},
    [SERVICE_ROUTE] = {"Service-Route", NULL, match_route, LIST | RESPONSE},
    [SESSION_EXPIRES] = {"Session-Expires", "x", match_number_params, 0},
    [SIP_ETAG] = {"SIP-ETag", NULL, match_word, RESPONSE},
    [SIP_IF_MATCH] = {"SIP-If-Match", NULL, match_word, REQUEST},
    [SUBJECT] = {"Subject", "s", match_free_text, EMPTY | REQUEST},
    [SUBSCRIPTION_STATE] = {"Subscription-State", NULL, match_word_params, REQUEST},
    [SUPPORTED] = {"Supported", "k", match_word, LIST | EMPTY},
    [TARGET_DIALOG] = {"Target-Dialog", NULL, match_replaces, REQUEST},
    [TIMESTAMP] = {"Timestamp", NULL, match_timestamp, 0},
    [TO] = {"To", "t", match_address, 0},
    [UNSUPPORTED] = {"Unsupported", NULL, match_word, LIST | RESPONSE},
    [USER_AGENT] = {"User-Agent", NULL, match_agent, 0},
    [VIA] = {"Via", "v", match_via, LIST},
    [WARNING] = {"Warning", NULL, match_warning, LIST | RESPONSE},
    [WWW_AUTHENTICATE] = {"WWW-Authenticate", NULL, match_challenge, LINES | RESPONSE},
};

/* What the rows of the tables below say of a method or of the statuses from `low` to `high`. */
struct demand {
    const char *method;
    int low, high;
    enum field field;
    const char *section;
};

enum { ANY_REQUEST = 0 };

/* Mandatory: in requests of the method, or in responses to it (any method: NULL). */
static const struct demand needed[] = {
    {NULL, ANY_REQUEST, 0, MAX_FORWARDS, "§8.1.1"},
    {"INVITE", ANY_REQUEST, 0, CONTACT, "§8.1.1.8"},
    {"SUBSCRIBE", ANY_REQUEST, 0, CONTACT, "RFC 6665 §3.1.1"},
    {"SUBSCRIBE", ANY_REQUEST, 0, EVENT, "RFC 6665 §3.1.2"},
    {"NOTIFY", ANY_REQUEST, 0, CONTACT, "RFC 6665 §8.2"},
    {"NOTIFY", ANY_REQUEST, 0, EVENT, "RFC 6665 §3.2.1"},
    {"NOTIFY", ANY_REQUEST, 0, SUBSCRIPTION_STATE, "RFC 6665 §4.1.3"},
    {"UPDATE", ANY_REQUEST, 0, CONTACT, "RFC 3311 §5.1"},
    {"REFER", ANY_REQUEST, 0, CONTACT, "RFC 3515 §2.2"},
    {"REFER", ANY_REQUEST, 0, REFER_TO, "RFC 3515 §2.4.1"},
    {"PRACK", ANY_REQUEST, 0, RACK, "RFC 3262 §7.2"},
    {"PUBLISH", ANY_REQUEST, 0, EVENT, "RFC 3903 §4"},
    {"INVITE", 200, 299, CONTACT, "§12.1.1"},
    {"SUBSCRIBE", 200, 299, CONTACT, "§12.1.1"},
    {"SUBSCRIBE", 200, 299, EXPIRES, "RFC 6665 §4.2.1.1"},
    {"UPDATE", 200, 299, CONTACT, "RFC 3311 §5.2"},
    {"REFER", 200, 299, CONTACT, "RFC 3515 §2.2"},
    {"PUBLISH", 200, 299, SIP_ETAG, "RFC 3903 §6"},
    {"PUBLISH", 200, 299, EXPIRES, "RFC 3903 §6"},
    {NULL, 401, 401, WWW_AUTHENTICATE, "§20.44"},
    {NULL, 405, 405, ALLOW, "§8.2.1"},
    {NULL, 407, 407, PROXY_AUTHENTICATE, "§20.27"},
    {NULL, 420, 420, UNSUPPORTED, "§8.2.2.3"},
    {NULL, 421, 421, REQUIRE, "§21.4.15"},
    {NULL, 422, 422, MIN_SE, "RFC 4028 §6"},
    {NULL, 423, 423, MIN_EXPIRES, "§20.23"},
    {NULL, 489, 489, ALLOW_EVENTS, "RFC 6665 §8.3.2"},
};

/* Forbidden: in requests of the method, and with a range in responses to it. */
static const struct demand forbidden[] = {
    {"ACK", ANY_REQUEST, 0, ACCEPT, "§20"},
    {"ACK", ANY_REQUEST, 0, ALLOW, "§20"},
    {"ACK", ANY_REQUEST, 0, EXPIRES, "§20"},
    {"ACK", ANY_REQUEST, 0, SUPPORTED, "§20"},
    {"BYE", ANY_REQUEST, 0, CONTACT, "§20"},
    {"BYE", ANY_REQUEST, 0, EXPIRES, "§20"},
    {"CANCEL", ANY_REQUEST, 0, ACCEPT, "§20"},
    {"CANCEL", ANY_REQUEST, 0, ALLOW, "§20"},
    {"CANCEL", ANY_REQUEST, 0, CONTACT, "§20"},
    {"CANCEL", ANY_REQUEST, 0, CONTENT_TYPE, "§20"},
    {"CANCEL", ANY_REQUEST, 0, EXPIRES, "§20"},
    {"CANCEL", ANY_REQUEST, 0, PROXY_AUTHORIZATION, "§20"},
    {"CANCEL", ANY_REQUEST, 0, PROXY_REQUIRE, "§9.1"},
    {"CANCEL", ANY_REQUEST, 0, REQUIRE, "§9.1"},
    {"REGISTER", ANY_REQUEST, 0, RECORD_ROUTE, "§10.2"},
    {"BYE", 100, 299, CONTACT, "§20"},
    {"CANCEL", 100, 299, CONTACT, "§20"},
    {NULL, 100, 100, RSEQ, "RFC 3262 §3"},
};

/* The statuses a field of responses may stand in; one not listed may stand in all. */
static const struct demand only_in[] = {
    {NULL, 101, 199, RSEQ, "RFC 3262 §3"},
    {NULL, 101, 399, CONTACT, "§20"},
    {NULL, 485, 485, CONTACT, "§20"},
    {NULL, 101, 299, RECORD_ROUTE, "§20"},
    {NULL, 200, 299, AUTHENTICATION_INFO, "§20"},
    {NULL, 200, 299, SERVICE_ROUTE, "RFC 3608 §5"},
    {NULL, 200, 299, SIP_ETAG, "RFC 3903 §11.3.1"},
    {NULL, 300, 699, ERROR_INFO, "§20"},
    {NULL, 401, 401, WWW_AUTHENTICATE, "§20"},
    {NULL, 407, 407, WWW_AUTHENTICATE, "§20"},
    {NULL, 401, 401, PROXY_AUTHENTICATE, "§20"},
    {NULL, 407, 407, PROXY_AUTHENTICATE, "§20"},
    {NULL, 420, 420, UNSUPPORTED, "§20"},
    {NULL, 423, 423, MIN_EXPIRES, "§20"},
    {NULL, 404, 404, RETRY_AFTER, "§20"},
    {NULL, 413, 413, RETRY_AFTER, "§20"},
    {NULL, 480, 480, RETRY_AFTER, "§20"},
    {NULL, 486, 486, RETRY_AFTER, "§20"},
    {NULL, 500, 500, RETRY_AFTER, "§20"},
    {NULL, 503, 503, RETRY_AFTER, "§20"},
    {NULL, 600, 600, RETRY_AFTER, "§20"},
    {NULL, 603, 603, RETRY_AFTER, "§20"},
};

/* What is known of the message; filled line by line. */
struct check {
    char *why;
    size_t why_size;
    bool is_request;
    int status;                  /* 0 in a request */
    struct piece method;         /* of the request line, or of CSeq in a response */
    struct uri target;           /* the Request-URI */
    int lines[FIELDS], elements[FIELDS];
    uint64_t content_length, expires, max_forwards;
    struct piece cseq_method;
    bool to_tag, from_tag, star, all_contacts_sip, all_contacts_sips, requires_100rel;
};

static int fail(const struct check *check, const char *format, ...)
{
    va_list args;

    va_start(args, format);
    vsnprintf(check->why, check->why_size, format, args);
    va_end(args);
    return -1;
}

static int fail_field(const struct check *check, enum field field, const char *text)
{
    return fail(check, "%s: %s", rules[field].name, text);
}

static bool is_method(const struct check *check, const char *method)
{
    return check->method.len == strlen(method) &&
           memcmp(check->method.at, method, check->method.len) == 0;
}

/* Start lines. */

/* Method SP Request-URI SP SIP-Version; no headers or method in the URI (§19.1.1 table 1). */
static int check_request_line(struct check *check, struct cursor line)
{
    if (!match_token(&line, &check->method) || !match_char(&line, ' '))
        return fail(check, "request line: no method (§7.1)");
    const char *space = memchr(line.at, ' ', (size_t)(line.end - line.at));
    if (!space || !uri_is_good((struct piece){line.at, (size_t)(space - line.at)}, &check->target))
        return fail(check, "request line: no good Request-URI (§7.1)");
    if (check->target.has_headers || check->target.has_method)
        return fail(check, "request line: headers or method in the Request-URI (§19.1.1)");
    if (line.end - space != 8 || memcmp(space, " SIP/2.0", 8) != 0)
        return fail(check, "request line: does not end in SP SIP/2.0 (§7.1)");
    return 0;
}

/* Reason-Phrase = *(reserved / unreserved / escaped / UTF8-NONASCII / UTF8-CONT / SP / HTAB) */
static bool is_reason_phrase(struct cursor text)
{
    for (; !is_end(&text); text.at++) {
        char c = *text.at;
        bool escape = c == '%' && text.end - text.at >= 3 && isxdigit((unsigned char)text.at[1]) &&
                      isxdigit((unsigned char)text.at[2]);

        if (!is_alnum(c) && !is_one_of(c, ";/?:@&=+$,-_.!~*'() \t") && !escape &&
            ((unsigned char)c < 0x80 || (unsigned char)c > 0xfd))
            return false;
    }
    return true;
}

static int check_status_line(struct check *check, struct cursor line)
{
    uint64_t status;
    const char *start = line.at += strlen("SIP/2.0 ");

    if (!match_digits(&line, 699, &status) || line.at - start != 3 || status < 100)
        return fail(check, "status line: no status from 100 to 699 (§7.2)");
    if (!match_char(&line, ' ') || !is_reason_phrase(line))
        return fail(check, "status line: no good reason phrase (§7.2)");
    check->status = (int)status;
    return 0;
}

static int check_start_line(struct check *check, struct cursor line)
{
    check->is_request = line.end - line.at < 8 || memcmp(line.at, "SIP/2.0 ", 8) != 0;
    return check->is_request ? check_request_line(check, line) : check_status_line(check, line);
}

/* One element of a header field. */

/* Only the topmost Via is ours; its branch has the cookie and something behind it (§8.1.1.7). */
static int note_via(const struct check *check, const struct value *value)
{
    const struct param *branch = param_find(&value->params, "branch");

    if (check->elements[VIA] > 1 || !check->is_request)
        return 0;
    if (!branch || branch->value.len <= 7 || memcmp(branch->value.at, "z9hG4bK", 7) != 0)
        return fail(check, "Via: branch without z9hG4bK (§8.1.1.7)");
    return 0;
}

static int note_party(struct check *check, enum field field, const struct value *value)
{
    bool tag = param_find(&value->params, "tag");

    *(field == TO ? &check->to_tag : &check->from_tag) = tag;
    if (value->star || value->uri.has_headers || value->uri.has_method)
        return fail_field(check, field, "headers or method in its URI (§19.1.1)");
    return 0;
}

static int note_contact(struct check *check, const struct value *value)
{
    check->star |= value->star;
    check->all_contacts_sip &= value->uri.is_sip;
    check->all_contacts_sips &= piece_is(value->uri.scheme, "sips");
    if (value->uri.has_method)
        return fail(check, "Contact: method in its URI (§19.1.1)");
    return 0;
}

static int note_tags(const struct check *check, enum field field, const struct value *value,
                     const char *one, const char *other)
{
    if (!param_find(&value->params, one) || !param_find(&value->params, other))
        return fail_field(check, field, "needs both tags");
    return 0;
}

static int note_refresher(const struct check *check, const struct value *value)
{
    const struct param *refresher = param_find(&value->params, "refresher");

    if (refresher && !piece_is(refresher->value, "uac") && !piece_is(refresher->value, "uas"))
        return fail(check, "Session-Expires: refresher is neither uac nor uas (RFC 4028 §4)");
    return 0;
}

static int note_element(struct check *check, enum field field, const struct value *value)
{
    switch (field) {
    case VIA: return note_via(check, value);
    case TO:
    case FROM: return note_party(check, field, value);
    case CONTACT: return note_contact(check, value);
    case REPLACES:
    case JOIN: return note_tags(check, field, value, "to-tag", "from-tag");
    case TARGET_DIALOG: return note_tags(check, field, value, "local-tag", "remote-tag");
    case SESSION_EXPIRES: return note_refresher(check, value);
    case CSEQ: check->cseq_method = value->word; break;
    case EXPIRES: check->expires = value->number; break;
    case MAX_FORWARDS: check->max_forwards = value->number; break;
    case CONTENT_LENGTH: check->content_length = value->number; break;
    case REQUIRE: check->requires_100rel |= piece_is(value->word, "100rel"); break;
    default: break;
    }
    return 0;
}

/* Lines. */

static int check_elements(struct check *check, enum field field, struct cursor text)
{
    const char *start = text.at;

    do {
        struct value value = {.star = false};

        if (!rules[field].match(&text, &value))
            break;
        check->elements[field]++;
        if (note_element(check, field, &value) < 0)
            return -1;
        if (is_end(&text))
            return 0;
    } while (rules[field].flags & LIST && match_separator(&text, ','));
    return fail(check, "%s: not in the grammar (§25.1): %.*s", rules[field].name,
                (int)(text.end - start < 80 ? text.end - start : 80), start);
}

static int find_field(struct piece name)
{
    for (int i = 0; i < FIELDS; i++)
        if (piece_is(name, rules[i].name) || (rules[i].compact && piece_is(name, rules[i].compact)))
            return i;
    return FIELDS;
}

static int check_known(struct check *check, enum field field, struct cursor text)
{
    unsigned flags = rules[field].flags;

    if (flags & (check->is_request ? RESPONSE : REQUEST))
        return fail_field(check, field, "does not belong here (§20)");
    if (check->lines[field]++ && !(flags & (LIST | LINES)))
        return fail_field(check, field, "stands here twice (§7.3.1)");
    if (is_end(&text))
        return flags & EMPTY ? 0 : fail_field(check, field, "is empty (§25.1)");
    return check_elements(check, field, text);
}

/* "Name: value": no space before the colon, one behind, none at the end. */
static int check_line(struct check *check, struct cursor line)
{
    struct piece name;

    if (!match_token(&line, &name) || !match_char(&line, ':'))
        return fail(check, "a line without a name and a colon, or folded (§7.3.1): %.*s",
                    (int)(line.end - line.at < 80 ? line.end - line.at : 80), line.at);
    if (!is_end(&line) && !match_char(&line, ' '))
        return fail(check, "%.*s: no space after the colon (§7.3.1)", (int)name.len, name.at);
    if (!is_end(&line) && (is_one_of(*line.at, " \t") || is_one_of(line.end[-1], " \t")))
        return fail(check, "%.*s: more space than needed (§7.3.1)", (int)name.len, name.at);
    int field = find_field(name);
    if (field < FIELDS)
        return check_known(check, (enum field)field, line);
    if (!match_text(&line))
        return fail(check, "%.*s: holds what no header may (§25.1)", (int)name.len, name.at);
    return 0;
}

/* The whole head. */

static bool applies(const struct check *check, const struct demand *row)
{
    if (row->method && !is_method(check, row->method))
        return false;
    return check->status >= row->low && check->status <= row->high;
}

static int check_tables(const struct check *check)
{
    for (size_t i = 0; i < sizeof needed / sizeof *needed; i++)
        if (applies(check, &needed[i]) && !check->lines[needed[i].field])
            return fail(check, "no %s (%s)", rules[needed[i].field].name, needed[i].section);
    for (size_t i = 0; i < sizeof forbidden / sizeof *forbidden; i++)
        if (applies(check, &forbidden[i]) && check->lines[forbidden[i].field])
            return fail(check, "%s in %.*s (%s)", rules[forbidden[i].field].name,
                        (int)check->method.len, check->method.at, forbidden[i].section);
    return 0;
}

static int check_statuses(const struct check *check)
{
    for (int field = 0; field < FIELDS && check->status; field++) {
        bool listed = false, allowed = false;

        for (size_t i = 0; i < sizeof only_in / sizeof *only_in; i++) {
            listed |= only_in[i].field == (enum field)field;
            allowed |= only_in[i].field == (enum field)field && applies(check, &only_in[i]);
        }
        if (check->lines[field] && listed && !allowed)
            return fail(check, "%s in a %d (§20)", rules[field].name, check->status);
    }
    return 0;
}

/* §8.1.1 and §8.2.6: what each message has exactly once. */
static int check_once(const struct check *check)
{
    static const enum field fields[] = {TO, FROM, CALL_ID, CSEQ, CONTENT_LENGTH};

    for (size_t i = 0; i < sizeof fields / sizeof *fields; i++)
        if (!check->lines[fields[i]])
            return fail(check, "no %s (§8.1.1)", rules[fields[i]].name);
    if (!check->lines[VIA])
        return fail(check, "no Via (§8.1.1.7)");
    return 0;
}

/* Requests that exist only inside a dialog have a To tag (§12.2.1.1). */
static bool is_only_in_dialog(const struct check *check)
{
    static const char *const methods[] = {"ACK", "BYE", "PRACK", "UPDATE", "INFO", "NOTIFY"};

    for (size_t i = 0; i < sizeof methods / sizeof *methods; i++)
        if (is_method(check, methods[i]))
            return true;
    return false;
}

static int check_identity(const struct check *check)
{
    const struct piece *cseq = &check->cseq_method;

    if (cseq->len != check->method.len || memcmp(cseq->at, check->method.at, cseq->len) != 0)
        return fail(check, "CSeq: another method than the request's (§8.1.1.5)");
    if (!check->from_tag)
        return fail(check, "From: no tag (§8.1.1.3)");
    if (check->is_request && !check->to_tag && is_only_in_dialog(check))
        return fail(check, "To: no tag in a request inside a dialog (§12.2.1.1)");
    if (!check->is_request && !check->to_tag && check->status > 100)
        return fail(check, "To: no tag in a response (§8.2.6.2)");
    if (check->is_request && check->max_forwards > 255)
        return fail(check, "Max-Forwards: above 255 (§20.22)");
    return 0;
}

/* Whether the message makes a dialog or renews its target. */
static bool is_target(const struct check *check)
{
    static const char *const methods[] = {"INVITE", "SUBSCRIBE", "UPDATE", "REFER", "NOTIFY"};

    for (size_t i = 0; i < sizeof methods / sizeof *methods; i++)
        if (is_method(check, methods[i]))
            return check->is_request || check->status < 300;
    return false;
}

static int check_contacts(const struct check *check)
{
    if (check->star && (!is_method(check, "REGISTER") || check->elements[CONTACT] > 1 ||
                        !check->lines[EXPIRES] || check->expires != 0))
        return fail(check, "Contact: * but in a REGISTER alone with Expires: 0 (§10.2.2)");
    if (is_method(check, "INVITE") && check->to_tag && check->status > 100 && check->status < 200 &&
        !check->lines[CONTACT])
        return fail(check, "no Contact in a response that makes an early dialog (§12.1.1)");
    if (!is_target(check) || !check->lines[CONTACT])
        return 0;
    if (check->elements[CONTACT] != 1 || !check->all_contacts_sip)
        return fail(check, "Contact: not exactly one SIP or SIPS URI (§8.1.1.8)");
    if (check->is_request && piece_is(check->target.scheme, "sips") && !check->all_contacts_sips)
        return fail(check, "Contact: not SIPS while the Request-URI is (§8.1.1.8)");
    return 0;
}

static int check_reliable(const struct check *check)
{
    if (check->lines[RSEQ] && !check->requires_100rel)
        return fail(check, "RSeq: without Require: 100rel (RFC 3262 §3)");
    if (check->status && check->status < 200 && check->requires_100rel && !check->lines[RSEQ])
        return fail(check, "Require: 100rel in a response without RSeq (RFC 3262 §3)");
    if (check->status == 415 && !check->lines[ACCEPT] && !check->lines[ACCEPT_ENCODING] &&
        !check->lines[ACCEPT_LANGUAGE])
        return fail(check, "no Accept, Accept-Encoding or Accept-Language in a 415 (§8.2.3)");
    return 0;
}

static int check_body(const struct check *check, size_t len)
{
    if (check->content_length != len)
        return fail(check, "Content-Length: %llu, the body has %zu (§20.14)",
                    (unsigned long long)check->content_length, len);
    if (len && !check->lines[CONTENT_TYPE])
        return fail(check, "no Content-Type for the body (§20.15)");
    return 0;
}

/* Takes a line and its CRLF off `rest`; no CR or LF stands in it. */
static bool take_line(struct cursor *rest, struct cursor *line)
{
    for (const char *at = rest->at; at < rest->end; at++) {
        if (*at == '\n' || (*at == '\r' && (at + 1 == rest->end || at[1] != '\n')))
            return false;
        if (*at == '\r') {
            *line = (struct cursor){rest->at, at};
            rest->at = at + 2;
            return true;
        }
    }
    return false;
}

static int check_head(struct check *check, struct cursor *rest)
{
    struct cursor line;

    for (int number = 0;; number++) {
        if (!take_line(rest, &line))
            return fail(check, "line %d: does not end in CRLF (§7)", number + 1);
        if (is_end(&line) && number)
            return 0;
        if ((number ? check_line(check, line) : check_start_line(check, line)) < 0)
            return -1;
    }
}

int strict_check(const char *bytes, size_t len, char *why, size_t why_size)
{
    struct check check = {.why = why, .why_size = why_size};
    struct cursor rest = {bytes, bytes + len};

    check.all_contacts_sip = check.all_contacts_sips = true;
    if (check_head(&check, &rest) < 0 || check_once(&check) < 0)
        return -1;
    if (!check.is_request)
        check.method = check.cseq_method;
    if (check_identity(&check) < 0 || check_tables(&check) < 0 || check_statuses(&check) < 0 ||
        check_contacts(&check) < 0 || check_reliable(&check) < 0)
        return -1;
    return check_body(&check, (size_t)(rest.end - rest.at));
}
