#include "pbx/bridge.h"

#include <stdio.h>
#include <string.h>

#include "pbx/pbx.h"

static struct leg *other_of(struct leg *leg)
{
    return leg == &leg->bridge->caller ? leg->bridge->answered : &leg->bridge->caller;
}

static void hang_up(struct leg *leg, const struct sip_refusal *refusal)
{
    if (leg->call.id)
        sip_call_hang_up(leg->bridge->pbx->ua, sip_stack_now(sip_ua_stack(leg->bridge->pbx->ua)),
                         leg->call, refusal);
}

static void hang_up_phones(struct bridge *bridge, const struct leg *but,
                           const struct sip_refusal *why)
{
    for (size_t i = 0; i < BINDINGS_PER_USER; i++) {
        if (&bridge->phones[i] != but)
            hang_up(&bridge->phones[i], why);
    }
}

static bool rings(const struct bridge *bridge)
{
    for (size_t i = 0; i < BINDINGS_PER_USER; i++) {
        if (bridge->phones[i].call.id)
            return true;
    }
    return false;
}

static struct bridge *free_bridge(struct pbx *pbx)
{
    for (size_t i = 0; i < BRIDGES_MAX; i++) {
        struct bridge *bridge = &pbx->bridges.at[i];

        if (!bridge->caller.call.id && !rings(bridge))
            return bridge;
    }
    return NULL;
}

static void remember(struct leg *leg, struct sip_body body)
{
    if (body.bytes.len == 0 || body.bytes.len > sizeof leg->description)
        return;
    memcpy(leg->description, body.bytes.at, body.bytes.len);
    leg->described = body.bytes.len;
}

static struct sip_body last_of(const struct leg *leg)
{
    struct sip_body body = {sip_str("application/sdp"),
                            sip_bytes(leg->description, leg->described)};

    return body;
}

/* --- a call comes in --- */

/* The user who is called; or NULL with the status of the refusal. */
static const struct user *find_callee(struct pbx *pbx, const struct sip_call_event *event,
                                      struct sip_refusal *refusal)
{
    const struct sip_received *request = event->received;
    const struct user *user, *sender = NULL;
    struct sip_uri uri, from = {0};
    struct sip_fault fault;

    if (pbx_is_ours(pbx, request)) {
        sender = guard_check(&pbx->guard, event->now, request, refusal);
        if (!sender)
            return NULL;
        sip_stack_verified(sip_ua_stack(pbx->ua), event->now, &request->path);
        refusal->status = 403;
        if (sip_uri_parse(&from, request->head->from.uri, &fault) < 0 ||
            users_find(&pbx->users, from.user) != sender)
            return NULL;
    }
    refusal->status = 404;
    if (sip_uri_parse(&uri, request->message->uri, &fault) < 0 || !pbx_serves(pbx, request, &uri))
        return NULL;
    user = users_find(&pbx->users, uri.user);
    if (user && !locations_next(&pbx->locations, event->now, user, NULL))
        refusal->status = 480;
    else if (user)
        refusal->status = 0;
    return refusal->status ? NULL : user;
}

/* What asks for credentials is not worth a line: the caller comes back with them. */
static void refuse(struct pbx *pbx, const struct sip_call_event *event,
                   const struct sip_refusal *refusal)
{
    const struct sip_essentials *head = event->received->head;

    if (refusal->status != 407)
        pbx_say("%s from=%.*s to=%.*s status=%u", refusal->status < 400 ? "redirected" : "refused",
                (int)head->from.uri.len, head->from.uri.at, (int)head->to.uri.len, head->to.uri.at,
                refusal->status);
    sip_call_decline(pbx->ua, event->now, event->call, refusal);
}

static void redirect(struct pbx *pbx, const struct sip_call_event *event, const struct user *user)
{
    char lines[BINDINGS_PER_USER * (CONTACT_TEXT + 16)];
    struct sip_refusal refusal = {.status = 302};
    struct binding *binding = NULL;
    struct sip_writer writer;

    sip_writer_init(&writer, lines, sizeof lines);
    while ((binding = locations_next(&pbx->locations, event->now, user, binding)) != NULL)
        sip_write_address(&writer, SIP_HEADER_CONTACT, sip_str(NULL), sip_str(binding->contact),
                          sip_str(binding->q));
    refusal.headers.lines = sip_bytes(lines, writer.used);
    refuse(pbx, event, &refusal);
}

/* The phone is called as the caller would have done it: his From and To, his offer. */
static int ring_phone(struct leg *leg, const struct sip_call_event *event,
                      const struct binding *binding)
{
    const struct sip_essentials *head = event->received->head;
    const struct sip_target target = {binding->path.protocol, binding->path.remote};
    char display[128];
    long display_len = sip_unquote(head->from.display, display, sizeof display);
    struct sip_call_args args = {0};

    args.to = sip_str(binding->contact);
    args.body = event->body;
    args.from = head->from.uri;
    args.from_display = sip_bytes(display, display_len > 0 ? (size_t)display_len : 0);
    args.to_header = head->to.uri;
    args.flow = binding->flow;
    if (!binding->flow.id) {
        args.targets = &target;
        args.targets_count = 1;
    }
    args.host = leg;
    return sip_call_start(leg->bridge->pbx->ua, event->now, &args, &leg->call);
}

static void connect_user(struct pbx *pbx, const struct sip_call_event *event,
                         const struct user *user)
{
    struct bridge *bridge = free_bridge(pbx);
    struct sip_refusal refusal = {.status = 480};
    struct binding *binding = NULL;
    size_t phones = 0;

    if (!bridge) {
        refuse(pbx, event, &refusal);
        return;
    }
    memset(bridge, 0, sizeof *bridge);
    bridge->pbx = pbx;
    bridge->late = !event->offer;
    while ((binding = locations_next(&pbx->locations, event->now, user, binding)) != NULL) {
        struct leg *leg = &bridge->phones[phones];

        leg->bridge = bridge;
        phones += ring_phone(leg, event, binding) == 0;
    }
    if (!phones) {
        refuse(pbx, event, &refusal);
        return;
    }
    bridge->caller.bridge = bridge;
    bridge->caller.call = event->call;
    remember(&bridge->caller, event->body);
    sip_call_set_host(pbx->ua, event->call, &bridge->caller);
    pbx_say("call from=%.*s to=%s phones=%zu", (int)event->received->head->from.uri.len,
            event->received->head->from.uri.at, user->name, phones);
}

static void incoming(struct pbx *pbx, const struct sip_call_event *event)
{
    struct sip_refusal refusal = {0};
    const struct user *user = find_callee(pbx, event, &refusal);

    if (!user)
        refuse(pbx, event, &refusal);
    else if (pbx->redirect)
        redirect(pbx, event, user);
    else
        connect_user(pbx, event, user);
}

/* --- until it is answered --- */

static void progress(struct leg *leg, const struct sip_call_event *event)
{
    struct sip_call_message message = {.status = event->status, .body = event->body};

    if (event->status > 100 && !leg->bridge->answered)
        sip_call_ring(leg->bridge->pbx->ua, event->now, leg->bridge->caller.call, &message);
}

static void answered(struct leg *leg, const struct sip_call_event *event)
{
    const struct sip_extra reason = {sip_str("Reason"),
                                     sip_str("SIP;cause=200;text=\"Call completed elsewhere\"")};
    const struct sip_refusal elsewhere = {.headers.at = &reason, .headers.count = 1};
    struct bridge *bridge = leg->bridge;
    struct sip_call_message message = {.body = event->body};

    remember(leg, event->body);
    if (bridge->answered ||
        sip_call_accept(bridge->pbx->ua, event->now, bridge->caller.call, &message) < 0) {
        hang_up(leg, NULL);
        return;
    }
    bridge->answered = leg;
    hang_up_phones(bridge, leg, &elsewhere);
    pbx_say("answered");
}

/* The ACK of the caller; the answer in it to a late offer goes into our own ACK to the phone. */
static void confirmed(struct leg *leg, const struct sip_call_event *event)
{
    struct sip_call_message message = {.body = event->body};

    remember(leg, event->body);
    if (leg->bridge->late && leg->bridge->answered)
        sip_call_accept(leg->bridge->pbx->ua, event->now, leg->bridge->answered->call, &message);
    leg->bridge->late = false;
}

/* --- changes of the session --- */

/* A re-INVITE goes through with its offer. One without is answered at once: what the other side
 * said last is offered again, and what comes back in the ACK is offered to it (see `changed`). */
static void offered(struct leg *leg, const struct sip_call_event *event)
{
    struct sip_ua *ua = leg->bridge->pbx->ua;
    struct leg *other = other_of(leg);
    struct sip_call_message message = {.body = event->body};
    struct sip_refusal pending = {.status = 491};

    if (!event->offer) {
        message.body = last_of(other);
        sip_call_accept(ua, event->now, leg->call, &message);
        return;
    }
    remember(leg, event->body);
    if (sip_call_offer(ua, event->now, other->call, &message) < 0)
        sip_call_decline(ua, event->now, leg->call, &pending);
    else
        leg->bridge->asking = leg;
}

static void changed(struct leg *leg, const struct sip_call_event *event)
{
    bool in_ack = event->received && event->received->message->method == SIP_ACK;
    struct bridge *bridge = leg->bridge;
    struct leg *other = other_of(leg);
    struct sip_call_message message = {.body = event->body};

    remember(leg, event->body);
    if (bridge->asking == other) {
        bridge->asking = NULL;
        sip_call_accept(bridge->pbx->ua, event->now, other->call, &message);
    } else if (in_ack && event->body.bytes.len) {
        sip_call_offer(bridge->pbx->ua, event->now, other->call, &message);
    }
}

static void unchanged(struct leg *leg, const struct sip_call_event *event)
{
    struct bridge *bridge = leg->bridge;
    struct sip_refusal refusal = {.status = event->status};

    if (bridge->asking != other_of(leg))
        return;
    sip_call_decline(bridge->pbx->ua, event->now, bridge->asking->call, &refusal);
    bridge->asking = NULL;
}

/* --- the end --- */

/* Which of two refusals the caller hears (§16.7 step 6): 6xx before all, then busy, then the
 * first. What concerns only us and the phone (nobody there, credentials, redirects) is 480. */
static uint16_t better(uint16_t old, uint16_t status)
{
    if (status < 400 || status == 401 || status == 407 || status == 408 || status == 503)
        status = 480;
    if (old == 0 || (status >= 600 && old < 600))
        return status;
    return old < 600 && status == 486 ? status : old;
}

static void ended(struct leg *leg, const struct sip_call_event *event)
{
    struct bridge *bridge = leg->bridge;
    struct sip_refusal refusal = {0};

    leg->call.id = 0;
    if (leg == &bridge->caller) {
        hang_up_phones(bridge, NULL, NULL);
        pbx_say("ended why=%s status=%u", sip_end_name(event->end), event->status);
    } else if (leg == bridge->answered) {
        hang_up(&bridge->caller, NULL);
    } else if (!bridge->answered) {
        bridge->status = better(bridge->status, event->status);
        refusal.status = bridge->status;
        if (bridge->status >= 600)
            hang_up_phones(bridge, NULL, NULL);
        if (!rings(bridge))
            sip_call_decline(bridge->pbx->ua, event->now, bridge->caller.call, &refusal);
    }
}

void bridges_stop(struct pbx *pbx, uint64_t now)
{
    const struct sip_refusal refusal = {.status = 480};

    for (size_t i = 0; i < BRIDGES_MAX; i++) {
        struct bridge *bridge = &pbx->bridges.at[i];

        if (bridge->caller.call.id && !bridge->answered)
            sip_call_decline(pbx->ua, now, bridge->caller.call, &refusal);
    }
}

static void leg_event(struct leg *leg, const struct sip_call_event *event)
{
    switch (event->kind) {
    case SIP_CALL_PROGRESS:
        progress(leg, event);
        break;
    case SIP_CALL_ANSWERED:
        answered(leg, event);
        break;
    case SIP_CALL_CONFIRMED:
        confirmed(leg, event);
        break;
    case SIP_CALL_OFFERED:
        offered(leg, event);
        break;
    case SIP_CALL_CHANGED:
        changed(leg, event);
        break;
    case SIP_CALL_UNCHANGED:
        unchanged(leg, event);
        break;
    case SIP_CALL_CHALLENGED:
        hang_up(leg, NULL);
        break;
    case SIP_CALL_ENDED:
        ended(leg, event);
        break;
    default:
        break;
    }
}

/* A call that was refused at once has no leg, and nothing to do when it ends. */
void bridge_event(void *pbx, struct sip_ua *ua, const struct sip_call_event *event)
{
    (void)ua;
    if (event->kind == SIP_CALL_INCOMING)
        incoming(pbx, event);
    else if (event->host)
        leg_event(event->host, event);
}
