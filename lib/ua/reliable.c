/* Reliable provisional responses (RFC 3262): ours with their repetition until the PRACK, and the
 * PRACKs for those of peers. RSeq counts in the dialog.
 *
 * A peer's call has one of them under way at a time. A call of ours has one offer at a time that
 * waits for the host: another one is not taken before, its peer repeats it. */
#include "base/memory.h"
#include "dialog/dialog.h"
#include "sip/fields_event.h"
#include "ua/call.h"

#define EXTEND_MS 150000 /* §3: so often while it rings, so that proxies wait */
#define REPEATS_MOST 7   /* T1, 2*T1 ... 64*T1 */

static const struct sip_str none = {NULL, 0};

/* --- theirs: our provisionals --- */

bool sip_reliable_invited(struct sip_ua *ua, const struct sip_received *received)
{
    static const char line[] = "Require: 100rel\r\n";

    if (ua->config.reliable != SIP_RELIABLE_REQUIRED ||
        sip_message_lists(received->message, SIP_HEADER_SUPPORTED, "100rel") ||
        sip_message_lists(received->message, SIP_HEADER_REQUIRE, "100rel"))
        return true;
    sip_answer_stateless(ua, received, 421, sip_str(line)); /* RFC 3261 §21.4.16 */
    return false;
}

void sip_reliable_read(struct sip_call_slot *call, const struct sip_message *invite)
{
    call->insists = sip_message_lists(invite, SIP_HEADER_REQUIRE, "100rel");
    call->reliable = call->insists || sip_message_lists(invite, SIP_HEADER_SUPPORTED, "100rel");
}

bool sip_reliable_wanted(const struct sip_ua *ua, const struct sip_call_slot *call,
                         const struct sip_call_message *message)
{
    if (!call->reliable || ua->config.reliable == SIP_RELIABLE_OFF)
        return false;
    return call->insists || ua->config.reliable == SIP_RELIABLE_REQUIRED ||
           (message && message->body.bytes.at);
}

static uint64_t interval(const struct sip_ua *ua, unsigned repeats)
{
    return (uint64_t)ua->stack->config.timers.t1_ms << repeats;
}

int sip_reliable_ring(struct sip_ua *ua, uint64_t id, uint16_t status,
                      const struct sip_call_message *message)
{
    struct sip_call_slot *call = sip_call_find(ua, id);
    uint32_t first = (uint32_t)sip_stack_unique(ua->stack) & INT32_MAX;
    struct dialog *d = sip_dialog_at(ua->stack, call->dialog);
    uint32_t rseq = d->rseq ? d->rseq + 1 : first ? first : 1;
    struct sip_writer w;
    char lines[48];
    int error;

    sip_writer_init(&w, lines, sizeof lines);
    sip_write_header(&w, SIP_HEADER_REQUIRE, sip_str("100rel"));
    sip_write_number(&w, SIP_HEADER_RSEQ, rseq);
    error = sip_call_in_reply(ua, call, status, message, sip_bytes(lines, w.used));
    if (error)
        return error;
    d->rseq = rseq;
    call->pending = true;
    call->described = message && message->body.bytes.at;
    call->repeats = 0;
    sip_call_remind_at(ua, id, ua->stack->now + interval(ua, 0));
    return 0;
}

/* The peer never said PRACK: 5xx (§3). */
static void give_up(struct sip_ua *ua, uint64_t id)
{
    sip_call_leave(ua, id, NULL, 504);
    sip_call_finish(ua, id, SIP_END_TIMEOUT, 504, NULL);
}

void sip_reliable_fire(struct sip_ua *ua, uint64_t id)
{
    struct sip_call_slot *call = sip_call_find(ua, id);
    bool last;

    if (!call->pending) {
        sip_call_remind_at(ua, id, ua->stack->now + EXTEND_MS);
        sip_reliable_ring(ua, id, 180, NULL);
        return;
    }
    call->repeats++;
    if (call->repeats == REPEATS_MOST) {
        give_up(ua, id);
        return;
    }
    sip_server_repeat(ua->stack, ua->stack->now, call->server);
    last = call->repeats == REPEATS_MOST - 1; /* what is left of 64*T1 is T1 */
    sip_call_remind_at(ua, id, ua->stack->now + interval(ua, last ? 0 : call->repeats));
}

/* --- a 2xx that waits for the PRACK --- */

/* What stands before the texts in its buffer. */
struct held {
    uint16_t status, reason, type, lines, body;
};

static struct sip_str cut(const char **at, uint16_t len)
{
    struct sip_str text = sip_bytes(*at, len);

    *at += len;
    return text;
}

int sip_reliable_hold(struct sip_ua *ua, uint64_t id, const struct sip_call_message *message)
{
    struct sip_call_slot *call = sip_call_find(ua, id);
    size_t most = ua->stack->config.limits.message_max;
    struct sip_str body = none;
    struct held held = {0};
    struct sip_writer w;
    uint32_t buffer;
    char *at;
    long len;

    if (call->held)
        return SIP_ESTATE;
    if (message && message->body.bytes.len && !message->body.type.len)
        return SIP_EINVAL; /* RFC 3261 §20.15 */
    buffer = sip_stack_buffer(ua->stack, most, false);
    if (!buffer)
        return SIP_EFULL;
    at = sip_buffers_at(&ua->stack->buffers, buffer) + sizeof held;
    most -= sizeof held;
    sip_writer_init(&w, at, most);
    if (message) {
        held.status = message->status;
        held.reason = (uint16_t)message->reason.len;
        held.type = (uint16_t)message->body.type.len;
        sip_write_piece(&w, message->reason);
        sip_write_piece(&w, message->body.type);
        sip_write_extras(&w, &message->headers);
        body = message->body.bytes;
    }
    len = sip_writer_done(&w);
    if (len >= 0 && body.len > most - (size_t)len)
        len = SIP_ESIZE;
    if (len < 0) {
        sip_stack_unkeep(ua->stack, buffer);
        return (int)len;
    }
    if (body.len)
        memcpy(at + len, body.at, body.len);
    held.lines = (uint16_t)((size_t)len - held.reason - held.type);
    held.body = (uint16_t)body.len;
    memcpy(at - sizeof held, &held, sizeof held);
    call->held = buffer;
    if (!call->expires) /* it rings no longer; the PRACK has its own time */
        call->deadline = SIP_NEVER;
    return 0;
}

bool sip_reliable_release(struct sip_ua *ua, uint64_t id)
{
    struct sip_call_slot *call = sip_call_find(ua, id);
    struct sip_call_message message = {0};
    uint32_t buffer = call->held;
    const char *at = sip_buffers_at(&ua->stack->buffers, buffer);
    struct held held;
    int error;

    memcpy(&held, at, sizeof held);
    at += sizeof held;
    message.status = held.status;
    message.reason = cut(&at, held.reason);
    message.body.type = cut(&at, held.type);
    message.headers.lines = cut(&at, held.lines);
    message.body.bytes = held.body ? cut(&at, held.body) : none;
    call->held = 0;
    error = sip_call_in_answer(ua, id, &message);
    sip_stack_unkeep(ua->stack, buffer);
    if (!error)
        return true;
    sip_call_leave(ua, id, NULL, 500);
    sip_call_finish(ua, id, SIP_END_LIMIT, 500, NULL);
    return false;
}

/* --- theirs: the PRACK --- */

static bool matches(const struct sip_ua *ua, const struct sip_call_slot *call,
                    const struct sip_received *prack)
{
    struct sip_fault ignored;
    struct sip_rack rack;

    return call->pending &&
           !sip_rack_parse(&rack, sip_message_value(prack->message, SIP_HEADER_RACK), &ignored) &&
           rack.rseq == sip_dialog_rseq(ua->stack, call->dialog) &&
           rack.cseq.number == call->their_cseq && rack.cseq.method == SIP_INVITE;
}

static void answer_prack(struct sip_ua *ua, const struct sip_received *prack)
{
    struct sip_answering answer = {0};
    struct sip_server server;

    answer.status = 200;
    if (sip_server_start(ua->stack, ua->stack->now, prack, &server))
        sip_answer_stateless(ua, prack, 200, none);
    else
        sip_answer_surely(ua, server, &answer);
}

void sip_reliable_pracked(struct sip_ua *ua, uint64_t id, struct sip_dialog dialog,
                          const struct sip_received *prack)
{
    struct sip_call_slot *call = sip_call_find(ua, id);
    bool session = sip_has_session(prack->message), offering = call->described && !call->offered;
    bool agrees = call->described && (call->offered || session), agreed = call->agreed;
    struct sip_call_event event = {0};

    if (call->phase == OVER || !matches(ua, call, prack)) {
        sip_answer_stateless(ua, prack, 481, none);
        return;
    }
    call->agreed = agreed || agrees;
    if (session && !offering && !sip_urgent_take(ua, id, dialog, prack)) {
        call->agreed = agreed; /* the peer acknowledges it again */
        return;
    }
    call->pending = false;
    if (call->phase == INCOMING)
        sip_call_remind_at(ua, id, ua->stack->now + EXTEND_MS);
    if (session && !offering) { /* an offer, when that of the INVITE has its answer (§5) */
        sip_urgent_ask(ua, id, dialog, prack);
        return;
    }
    answer_prack(ua, prack);
    if (sip_reliable_is_due(call) && !sip_reliable_release(ua, id))
        return;
    event.received = prack;
    sip_call_tell(ua, id, SIP_CALL_PRACKED, &event);
}

/* --- ours: PRACKs --- */

bool sip_reliable_is(const struct sip_ua *ua, const struct sip_received *received)
{
    return ua->config.reliable != SIP_RELIABLE_OFF &&
           sip_message_lists(received->message, SIP_HEADER_REQUIRE, "100rel");
}

static int send_prack(struct sip_ua *ua, uint64_t id, struct sip_dialog dialog, uint32_t cseq,
                      const struct sip_body *body)
{
    struct sip_said said = {0};
    struct sip_rack rack = {0};
    struct sip_client client;
    struct sip_writer w;
    char line[48];

    rack.rseq = sip_dialog_rseq(ua->stack, dialog);
    rack.cseq.number = cseq;
    rack.cseq.method_name = sip_method_text(SIP_INVITE);
    sip_writer_init(&w, line, sizeof line);
    sip_write_begin(&w, SIP_HEADER_RACK);
    sip_write_rack(&w, &rack);
    sip_write_end(&w);
    said.lines = sip_bytes(line, w.used);
    said.body = body;
    return sip_inside_send(ua, dialog, sip_method_text(SIP_PRACK), &said, id, &client);
}

bool sip_reliable_progress(struct sip_ua *ua, uint64_t id, struct sip_dialog dialog,
                           const struct sip_received *received)
{
    struct sip_call_slot *call = sip_call_find(ua, id);
    struct dialog *d = sip_dialog_at(ua->stack, dialog);
    bool session = sip_has_session(received->message);
    struct sip_fault ignored;
    uint32_t rseq, last = d ? d->rseq : 0;

    if (!d || call->asked.id ||
        sip_number_parse(&rseq, sip_message_value(received->message, SIP_HEADER_RSEQ), UINT32_MAX,
                         &ignored) ||
        rseq == 0 || (last && rseq != last + 1)) /* §4: in order, and each once */
        return false;
    d->rseq = rseq;
    if (session && !call->offered && !d->agreed) {
        call->asked = dialog;
        call->invite_cseq = received->head->cseq.number;
    } else if (send_prack(ua, id, dialog, received->head->cseq.number, NULL)) {
        d->rseq = last;
        return false; /* the peer sends it again */
    }
    d->agreed = d->agreed || (session && call->offered);
    return true;
}

int sip_reliable_accept(struct sip_ua *ua, uint64_t id, const struct sip_call_message *message)
{
    struct sip_call_slot *call = sip_call_find(ua, id);
    struct dialog *d = sip_dialog_at(ua->stack, call->asked);
    int error;

    if (!d)
        return SIP_ESTATE;
    if (!message || !message->body.bytes.at)
        return SIP_EINVAL; /* §5: the PRACK has the answer */
    error = send_prack(ua, id, call->asked, call->invite_cseq, &message->body);
    if (error)
        return error;
    d->agreed = true;
    call->asked.id = 0;
    return 0;
}

/* A PRACK may be challenged; what else becomes of it is told by the INVITE. */
void sip_reliable_response(struct sip_ua *ua, uint64_t id, struct sip_client client,
                           const struct sip_received *received)
{
    uint16_t status = received->message->status;
    struct sip_client again;

    if (status == 401 || status == 407)
        sip_call_challenged(ua, id, client, received, &again);
}
