/* Requests of peers before they reach a usage, and those that concern none (RFC 3261 §8.2, §11.2).
 */
#include "base/bytes.h"
#include "base/memory.h"
#include "message/lenient.h"
#include "ua/agent.h"

#define LINES_MAX 512

static const struct sip_str none = {NULL, 0};

/* --- refusals --- */

/* 500 with a time to wait, from 0 to 10 s (§14.2). */
void sip_serve_later(struct sip_ua *ua, const struct sip_received *received)
{
    struct sip_writer w;
    char line[32];

    sip_writer_init(&w, line, sizeof line);
    sip_write_number(&w, SIP_HEADER_RETRY_AFTER, (uint32_t)sip_stack_unique(ua->stack) % 11);
    sip_answer_stateless(ua, received, 500, sip_bytes(line, w.used));
}

/* No slot for a request outside of dialogs: 503 to INVITE, so many in a second; others repeat. */
void sip_serve_full(struct sip_ua *ua, const struct sip_received *received)
{
    struct sip_stack *stack = ua->stack;

    if (stack->refusals_until <= stack->now) {
        stack->refusals_until = stack->now + 1000;
        stack->refusals_left = stack->config.limits.refusals_per_s;
    }
    if (received->message->method != SIP_INVITE || stack->refusals_left == 0) {
        if (received->message->method == SIP_INVITE)
            sip_stack_trace_limit(stack, "refusals_per_s");
        stack->counters.dropped++;
        return;
    }
    stack->refusals_left--;
    sip_answer_stateless(ua, received, 503, none);
}

/* 405 for methods known by name, 501 for others, both with what we take (§8.2.1, §21.5.2). */
static void refuse_method(struct sip_ua *ua, const struct sip_received *received)
{
    struct sip_writer w;
    char lines[LINES_MAX];

    sip_writer_init(&w, lines, sizeof lines);
    sip_write_allow(&w, ua);
    sip_answer_stateless(ua, received,
                         received->message->method == SIP_METHOD_OTHER ? 501 : 405,
                         sip_writer_done(&w) > 0 ? sip_bytes(lines, w.used) : none);
}

/* 420 with all option tags that are not supported (§8.2.2.3). */
static bool refuse_extensions(struct sip_ua *ua, const struct sip_received *received)
{
    struct sip_values values;
    struct sip_str value;
    struct sip_writer w;
    char lines[LINES_MAX];
    int count = 0;

    sip_writer_init(&w, lines, sizeof lines);
    sip_write_begin(&w, SIP_HEADER_UNSUPPORTED);
    sip_values_begin(&values, received->message, SIP_HEADER_REQUIRE);
    while (sip_values_next(&values, &value)) {
        if (sip_option_supported(ua, value))
            continue;
        sip_write_text(&w, count++ ? ", " : "");
        sip_write_piece(&w, value);
    }
    sip_write_end(&w);
    if (count)
        sip_answer_stateless(ua, received, 420,
                             sip_writer_done(&w) > 0 ? sip_bytes(lines, w.used) : none);
    return count != 0;
}

static void write_accept(struct sip_writer *w, const struct sip_ua *ua)
{
    sip_write_begin(w, SIP_HEADER_ACCEPT);
    sip_write_text(w, "application/sdp");
    if (ua->config.accept && *ua->config.accept) {
        sip_write_text(w, ", ");
        sip_write_text(w, ua->config.accept);
    }
    sip_write_end(w);
}

static bool takes_type(const struct sip_ua *ua, const struct sip_media_type *type)
{
    struct sip_str rest = sip_str(ua->config.accept), each;
    struct sip_media_type taken;
    struct sip_fault ignored;

    if (sip_str_is(type->type, "application") && sip_str_is(type->subtype, "sdp"))
        return true;
    while (sip_list_next(&rest, &each))
        if (!sip_media_type_parse(&taken, each, &ignored) &&
            sip_str_same(taken.type, type->type) && sip_str_same(taken.subtype, type->subtype))
            return true;
    return false;
}

/* What a body is for, as far as we know (§20.11); none said: a session or to be shown. */
static bool knows_disposition(struct sip_str type)
{
    return !type.len || sip_str_is(type, "session") || sip_str_is(type, "render") ||
           sip_str_is(type, "alert") || sip_str_is(type, "icon");
}

/* 415 for a body of an INVITE that we cannot read and that must be (§8.2.3, §20.11). */
static bool can_read(const struct sip_ua *ua, const struct sip_message *message)
{
    struct sip_str encoding = sip_message_value(message, SIP_HEADER_CONTENT_ENCODING);
    struct sip_str disposition = sip_message_value(message, SIP_HEADER_CONTENT_DISPOSITION);
    struct sip_token_value how = {{NULL, 0}, {NULL, 0}};
    struct sip_media_type type;
    struct sip_fault ignored;

    if (disposition.len && !sip_token_value_parse(&how, disposition, &ignored) &&
        sip_str_is(sip_params_find(how.params, "handling"), "optional"))
        return true;
    return knows_disposition(how.token) && (!encoding.len || sip_str_is(encoding, "identity")) &&
           !sip_media_type_parse(&type, sip_message_value(message, SIP_HEADER_CONTENT_TYPE),
                                 &ignored) &&
           takes_type(ua, &type);
}

static bool refuse_body(struct sip_ua *ua, const struct sip_received *received)
{
    const struct sip_message *message = received->message;
    struct sip_writer w;
    char lines[LINES_MAX];

    if (!message->body.len || can_read(ua, message) ||
        (message->method != SIP_INVITE && message->method != SIP_UPDATE))
        return false;
    sip_writer_init(&w, lines, sizeof lines);
    write_accept(&w, ua);
    if (sip_message_value(message, SIP_HEADER_CONTENT_ENCODING).len)
        sip_write_header(&w, SIP_HEADER_ACCEPT_ENCODING, sip_str("identity"));
    sip_answer_stateless(ua, received, 415,
                         sip_writer_done(&w) > 0 ? sip_bytes(lines, w.used) : none);
    return true;
}

/* True when a media range names a type that we answer calls with. */
static bool names_ours(const struct sip_ua *ua, const struct sip_media_type *range)
{
    if (!sip_str_is(range->subtype, "*"))
        return takes_type(ua, range);
    return sip_str_is(range->type, "*") || sip_str_is(range->type, "application");
}

/* 406 to an INVITE whose Accept has no place for a session description (§20.1, §21.4.7); an empty
 * one says nothing. */
static bool refuse_answer(struct sip_ua *ua, const struct sip_received *received)
{
    static const char line[] = "Warning: 399 libsip \"Accept: without application/sdp\"\r\n";
    struct sip_media_type range;
    struct sip_values values;
    struct sip_fault ignored;
    struct sip_str value;

    sip_values_begin(&values, received->message, SIP_HEADER_ACCEPT);
    if (received->message->method != SIP_INVITE || !sip_values_next(&values, &value))
        return false;
    do {
        if (sip_media_range_parse(&range, value, &ignored) || names_ours(ua, &range))
            return false;
    } while (sip_values_next(&values, &value));
    sip_answer_stateless(ua, received, 406, sip_str(line));
    return true;
}

/* 416 for a Request-URI of another scheme, 404 for users nobody here is (§8.2.2.1). */
static bool refuse_uri(struct sip_ua *ua, const struct sip_received *received)
{
    struct sip_uri uri;

    if (sip_uri_again(&uri, received->message->uri) ||
        (uri.scheme != SIP_SCHEME_SIP && uri.scheme != SIP_SCHEME_SIPS)) {
        sip_answer_stateless(ua, received, 416, none);
        return true;
    }
    if (ua->config.known_users_only && !sip_account_matches(ua, received)) {
        sip_answer_stateless(ua, received, 404, none);
        return true;
    }
    return false;
}

/* --- OPTIONS (§11.2): what an INVITE would get now, and what we can do --- */

static void answer_options(struct sip_ua *ua, const struct sip_received *received)
{
    struct sip_writer w;
    char lines[LINES_MAX];

    sip_writer_init(&w, lines, sizeof lines);
    sip_write_allow(&w, ua);
    write_accept(&w, ua);
    sip_write_header(&w, SIP_HEADER_ACCEPT_ENCODING, sip_str("identity"));
    sip_write_header(&w, SIP_HEADER_ACCEPT_LANGUAGE, sip_str("en"));
    sip_write_supported(&w, ua);
    sip_answer_stateless(ua, received, sip_call_prospect(ua),
                         sip_writer_done(&w) > 0 ? sip_bytes(lines, w.used) : none);
}

/* --- sorting --- */

static bool takes_method(const struct sip_ua *ua, const struct sip_message *message)
{
    switch (message->method) {
    case SIP_INVITE:
    case SIP_BYE:
    case SIP_OPTIONS:
    case SIP_UPDATE:
        return true;
    case SIP_PRACK:
        if (ua->config.reliable != SIP_RELIABLE_OFF)
            return true;
        /* fall through */
    default:
        return ua->config.events.request && sip_method_taken(ua, message->method_name);
    }
}

static bool is_options_ours(const struct sip_ua *ua, const struct sip_message *message)
{
    return message->method == SIP_OPTIONS &&
           !(ua->config.events.request && sip_method_taken(ua, message->method_name));
}

static void serve_inside(struct sip_ua *ua, const struct sip_received *received)
{
    struct sip_dialog dialog = sip_dialog_find(ua->stack, received);
    struct sip_dialog_view view;

    if (!dialog.id || sip_dialog_look(ua->stack, dialog, &view)) {
        sip_answer_stateless(ua, received, 481, none); /* §12.2.2 */
        return;
    }
    sip_stack_verified(ua->stack, ua->stack->now, &received->path);
    if (sip_dialog_take(ua->stack, dialog, received)) {
        sip_serve_later(ua, received); /* a lower CSeq: §12.2.2 */
        return;
    }
    if (!takes_method(ua, received->message)) {
        refuse_method(ua, received);
        return;
    }
    if (refuse_extensions(ua, received) || refuse_body(ua, received) || refuse_answer(ua, received))
        return;
    if (is_options_ours(ua, received->message))
        answer_options(ua, received);
    else if (view.owner >> 56 == SIP_KIND_CALL)
        sip_call_request(ua, view.owner, dialog, received);
    else
        sip_leave_request(ua, dialog, received);
}

/* DESIGN: the host looks at requests of strangers before anything is kept for them. */
static bool screened_out(struct sip_ua *ua, const struct sip_received *received)
{
    static const struct sip_extras no_headers;
    struct sip_refusal refusal = {0};
    struct sip_reply reply = {0};
    struct sip_writer w;

    if (received->verified || !ua->config.events.screen)
        return false;
    switch (ua->config.events.screen(ua->config.events.host, ua, received, &refusal)) {
    case SIP_PASS:
        return false;
    case SIP_DROP:
        ua->stack->counters.dropped++;
        return true;
    case SIP_REFUSE:
        break;
    }
    if (sip_refusal_check(ua, &refusal)) { /* refused all the same */
        refusal.reason = none;
        refusal.headers = no_headers;
    }
    sip_writer_init(&w, ua->stack->aside, ua->stack->config.limits.message_max / 2);
    sip_write_extras(&w, &refusal.headers);
    reply.status = refusal.status >= 300 && refusal.status <= 699 ? refusal.status : 403;
    reply.reason = refusal.reason;
    if (sip_writer_done(&w) > 0)
        reply.lines = sip_bytes(ua->stack->aside, w.used);
    sip_reply_once(ua->stack, ua->stack->now, received, &reply);
    return true;
}

static void serve_outside(struct sip_ua *ua, const struct sip_received *received)
{
    const struct sip_message *message = received->message;
    struct sip_call no_call = {0};

    if (screened_out(ua, received))
        return;
    if (!takes_method(ua, message)) {
        refuse_method(ua, received);
        return;
    }
    if (sip_server_merged(ua->stack, received)) {
        sip_answer_stateless(ua, received, 482, none); /* §8.2.2.2 */
        return;
    }
    if (refuse_uri(ua, received) || refuse_extensions(ua, received) ||
        refuse_body(ua, received) || refuse_answer(ua, received))
        return;
    if (message->method == SIP_INVITE)
        sip_call_invited(ua, received);
    else if (message->method == SIP_BYE || message->method == SIP_UPDATE ||
             (message->method == SIP_PRACK && ua->config.reliable != SIP_RELIABLE_OFF))
        sip_answer_stateless(ua, received, 481, none); /* §15.1.2, RFC 3262 §3 */
    else if (is_options_ours(ua, message))
        answer_options(ua, received);
    else
        sip_request_received(ua, received, no_call, sip_account_for(ua, received));
}

void sip_serve(struct sip_ua *ua, const struct sip_received *received)
{
    if (ua->state == AGENT_STOPPED)
        return;
    if (received->head->to.tag.len)
        serve_inside(ua, received);
    else
        serve_outside(ua, received);
}
