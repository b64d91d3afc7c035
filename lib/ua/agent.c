/* Joins the usages to the transactions: who gets which response, request, failure. */
#include "ua/agent.h"
#include "base/memory.h"

_Static_assert(sizeof(struct sip_ua) <= SIP_SIZE_UA, "SIP_SIZE_UA");

static void on_request(void *user, struct sip_stack *stack, const struct sip_received *received)
{
    (void)stack;
    sip_serve(user, received);
}

static void on_ack(void *user, struct sip_stack *stack, const struct sip_received *received)
{
    struct sip_dialog dialog = sip_dialog_find(stack, received);
    struct sip_dialog_view view;

    if (sip_dialog_look(stack, dialog, &view))
        return;
    if (view.owner >> 56 == SIP_KIND_CALL)
        sip_call_acked(user, view.owner, received);
    else
        sip_leave_acked(user, dialog);
}

static void on_cancelled(void *user, struct sip_stack *stack, struct sip_server server,
                         const struct sip_received *cancel)
{
    sip_call_cancelled(user, sip_server_owner(stack, server), server, cancel);
}

static void on_response(void *user, struct sip_stack *stack, struct sip_client client,
                        uint64_t owner, const struct sip_received *received)
{
    (void)stack;
    switch (owner >> 56) {
    case SIP_KIND_CALL:
        sip_call_response(user, owner, client, received);
        break;
    case SIP_KIND_REGISTRATION:
        sip_registration_response(user, owner, client, received);
        break;
    case SIP_KIND_REQUEST:
        sip_request_response(user, owner, client, received);
        break;
    default:
        sip_leave_response(user, owner, client, received);
    }
}

static void on_failed(void *user, struct sip_stack *stack, struct sip_client client,
                      uint64_t owner, uint16_t status, const char *why)
{
    (void)stack;
    (void)why;
    switch (owner >> 56) {
    case SIP_KIND_CALL:
        sip_call_failed(user, owner, client, status);
        break;
    case SIP_KIND_REGISTRATION:
        sip_registration_failed(user, owner, status);
        break;
    case SIP_KIND_REQUEST:
        sip_request_failed(user, owner, status);
        break;
    default:
        sip_leave_failed(user, owner);
    }
}

static void on_unacknowledged(void *user, struct sip_stack *stack, struct sip_server server,
                              uint64_t owner)
{
    (void)stack;
    if (owner >> 56 == SIP_KIND_CALL)
        sip_call_unacknowledged(user, owner, server);
    else
        sip_leave_unacknowledged(user, owner);
}

static const struct sip_user table = {
    .request = on_request,
    .ack = on_ack,
    .cancelled = on_cancelled,
    .response = on_response,
    .failed = on_failed,
    .unacknowledged = on_unacknowledged,
};

/* --- stopping --- */

static bool all_said(const struct sip_ua *ua)
{
    const struct sip_slots *pools = ua->stack->pools;

    return !pools[SIP_KIND_CALL].used && !pools[SIP_KIND_REGISTRATION].used &&
           !pools[SIP_KIND_REQUEST].used && !pools[SIP_KIND_DIALOG].used;
}

void sip_ua_settle(struct sip_ua *ua)
{
    if (ua->state == AGENT_STOPPING)
        sip_stack_wake(ua->stack, SIP_KIND_UA, ua->index, ua->stack->now);
}

static void fire(struct sip_stack *stack, uint32_t index)
{
    struct sip_ua *ua = sip_ua_of(stack);

    if (ua->state != AGENT_STOPPING)
        return;
    if (stack->now < ua->stop_by) {
        if (!all_said(ua)) {
            sip_stack_wake(stack, SIP_KIND_UA, index, ua->stop_by);
            return;
        }
    } else if (sip_registrations_end_one(ua) || sip_requests_end_one(ua) ||
               stack->pools[SIP_KIND_CALL].used) { /* calls end by themselves, at this tick */
        sip_stack_wake(stack, SIP_KIND_UA, index, stack->now);
        return;
    }
    ua->state = AGENT_STOPPED;
    if (ua->config.events.stopped)
        ua->config.events.stopped(ua->config.events.host, ua);
}

int sip_ua_stop(struct sip_ua *ua, uint64_t now)
{
    struct sip_stack *stack = ua->stack;

    sip_stack_time(stack, now);
    if (ua->state != AGENT_RUNNING)
        return SIP_ESTATE;
    ua->state = AGENT_STOPPING;
    ua->stop_by = stack->now + 64 * (uint64_t)stack->config.timers.t1_ms;
    sip_calls_stop(ua);
    sip_registrations_stop(ua);
    sip_requests_stop(ua);
    sip_ua_settle(ua);
    return 0;
}

/* --- beginning --- */

size_t sip_ua_size(const struct sip_config *config)
{
    return sip_stack_size(&config->stack);
}

static uint32_t or_default(uint32_t given, uint32_t otherwise)
{
    return given ? given : otherwise;
}

int sip_ua_init(struct sip_ua **made, void *memory, size_t size, const struct sip_config *config,
                uint64_t now)
{
    struct sip_stack *stack;
    struct sip_ua *ua;
    uint32_t index;
    int error = sip_stack_init(&stack, memory, size, &config->stack, now);

    *made = NULL;
    if (error)
        return error;
    ua = sip_stack_take(stack, SIP_KIND_UA, &index, false);
    ua->index = index;
    ua->stack = stack;
    ua->config = *config;
    ua->config.ring_max_s = or_default(config->ring_max_s, 180);
    ua->config.offer_wait_s = or_default(config->offer_wait_s, 30);
    ua->config.request_wait_s = or_default(config->request_wait_s, 20);
    ua->config.credentials_wait_s = or_default(config->credentials_wait_s, 60);
    stack->fire[SIP_KIND_UA] = fire;
    stack->fire[SIP_KIND_CALL] = sip_call_fire;
    stack->fire[SIP_KIND_REGISTRATION] = sip_registration_fire;
    stack->fire[SIP_KIND_REQUEST] = sip_request_fire;
    stack->fire[SIP_KIND_DIALOG] = sip_leave_fire;
    error = sip_transactions_join(stack, &table, ua);
    if (error)
        return error;
    *made = ua;
    return 0;
}

struct sip_stack *sip_ua_stack(struct sip_ua *ua)
{
    return ua->stack;
}

const char *sip_end_name(enum sip_end end)
{
    static const char *const names[] = {
        [SIP_END_LOCAL] = "local",         [SIP_END_REMOTE] = "remote",
        [SIP_END_CANCELLED] = "cancelled", [SIP_END_REFUSED] = "refused",
        [SIP_END_ELSEWHERE] = "elsewhere", [SIP_END_TIMEOUT] = "timeout",
        [SIP_END_NETWORK] = "network",     [SIP_END_LIMIT] = "limit",
        [SIP_END_EXPIRED] = "expired",
    };

    return (unsigned)end < sizeof names / sizeof *names ? names[end] : "unknown";
}
