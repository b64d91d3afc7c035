/* Registrations (RFC 3261 §10.2).
 *
 *               start                      final response
 *     (none) ----------> ASKING --2xx--> BOUND --refresh is due--> ASKING
 *                          |  ^
 *                 failure  |  | retry is due, login, refresh
 *                          v  |
 *                         WAITING
 *
 *     stop: BOUND -> LEAVING (REGISTER with expires=0) --final or none--> OVER --tick--> ended
 *           ASKING -> ASKING with `stopping`, then as from BOUND; WAITING -> OVER */
#include "base/memory.h"
#include "message/lenient.h"
#include "ua/agent.h"

#define EXPIRES_DEFAULT 3600u
#define EXPIRES_MOST 604800u /* a Min-Expires beyond a week is not followed */
#define SLOW_FIRST 300u
#define SLOW_LAST 3600u
#define BACKOFF_FIRST 30u /* RFC 5626 §4.5 */
#define BACKOFF_LAST 1800u
#define ASKED_MOST 3600u /* a registrar that asks for more is asked again all the same */

enum registration_state { ASKING, BOUND, WAITING, LEAVING, OVER };

static const char *const state_name[] = {"asking", "bound", "waiting", "leaving", "over"};

struct registration {
    struct sip_slot slot;
    void *host;
    struct sip_account account;
    struct sip_client client;
    uint64_t call_id, tag;
    uint64_t bound_until;  /* the registrar may hold a binding of ours until then; 0 = none */
    uint32_t cseq;
    uint32_t expires_s;    /* asked for; a 423 raises it */
    uint32_t delay_s;      /* the last wait after a failure */
    uint32_t lines;        /* buffer of the host's headers */
    uint16_t lines_len;
    uint16_t status;       /* of the last failure */
    uint8_t state;
    uint8_t stale;
    uint8_t servers_tried;
    bool fetch_only, raised, stopping;
    bool wants_login;      /* WAITING for credentials: the deadline gives them up */
};

_Static_assert(sizeof(struct registration) <= SIP_SIZE_REGISTRATION, "SIP_SIZE_REGISTRATION");

static struct registration *find(const struct sip_ua *ua, uint64_t id)
{
    return sip_stack_find(ua->stack, SIP_KIND_REGISTRATION, id);
}

static void enter(struct sip_ua *ua, uint64_t id, enum registration_state state, uint64_t at)
{
    struct registration *reg = find(ua, id);

    if (reg->state != state)
        sip_stack_trace_state(ua->stack, "registration", id, state_name[reg->state],
                              state_name[state]);
    reg->state = (uint8_t)state;
    sip_stack_wake(ua->stack, SIP_KIND_REGISTRATION, sip_handle_index(id), at);
}

static void release(struct sip_ua *ua, uint64_t id)
{
    struct registration *reg = find(ua, id);

    sip_stack_unkeep(ua->stack, reg->lines);
    sip_account_release(ua, reg->account);
    sip_stack_free(ua->stack, SIP_KIND_REGISTRATION, sip_handle_index(id));
}

/* The last act of whatever calls it. */
static void tell(struct sip_ua *ua, uint64_t id, enum sip_registration_kind kind,
                 struct sip_registration_event *event)
{
    const struct registration *reg = find(ua, id);

    event->kind = kind;
    event->registration.id = id;
    event->account = reg->account;
    event->host = reg->host;
    event->now = ua->stack->now;
    if (ua->config.events.registration)
        ua->config.events.registration(ua->config.events.host, ua, event);
}

/* --- sending --- */

/* The Request-URI of a REGISTER: the domain alone (§10.2). */
static struct sip_str registrar_of(struct sip_str aor, char *out, size_t size)
{
    struct sip_fault ignored;
    struct sip_uri uri;
    struct sip_writer w;

    sip_writer_init(&w, out, size);
    if (sip_uri_parse(&uri, aor, &ignored))
        return aor;
    sip_write_text(&w, uri.scheme == SIP_SCHEME_SIPS ? "sips:" : "sip:");
    sip_write_piece(&w, uri.host);
    if (uri.port) {
        sip_write_text(&w, ":");
        sip_write_decimal(&w, uri.port);
    }
    return sip_bytes(out, sip_writer_done(&w) > 0 ? w.used : 0);
}

static int ask(struct sip_ua *ua, uint64_t id, uint32_t expires_s)
{
    struct registration *reg = find(ua, id);
    struct sip_account_slot *account = sip_account_find(ua, reg->account);
    struct sip_outgoing out = {0};
    struct sip_extras kept = {0};
    char registrar[SIP_ACCOUNT_TEXT];

    out.method = sip_method_text(SIP_REGISTER);
    out.to = sip_account_text(account, ACCOUNT_AOR);
    out.uri = registrar_of(out.to, registrar, sizeof registrar);
    out.from = out.to;
    out.from_display = sip_account_text(account, ACCOUNT_DISPLAY);
    out.account = account;
    out.call_id = reg->call_id;
    out.from_tag = reg->tag;
    out.cseq = ++reg->cseq;
    out.has_contact = !reg->fetch_only;
    out.contact_expires_s = expires_s;
    out.expires_s = UINT32_MAX;
    if (reg->lines)
        kept.lines = sip_bytes(sip_buffers_at(&ua->stack->buffers, reg->lines), reg->lines_len);
    out.extras = &kept;
    out.owner = id;
    return sip_outgoing_send(ua, &out, &reg->client);
}

/* Asks, or waits a little when there is no room to ask now. */
static void ask_or_wait(struct sip_ua *ua, uint64_t id)
{
    if (ask(ua, id, find(ua, id)->expires_s))
        enter(ua, id, WAITING, ua->stack->now + 1000);
    else
        enter(ua, id, ASKING, SIP_NEVER);
}

static void leave(struct sip_ua *ua, uint64_t id)
{
    struct registration *reg = find(ua, id);

    if (reg->bound_until > ua->stack->now && !ask(ua, id, 0))
        enter(ua, id, LEAVING, SIP_NEVER);
    else
        enter(ua, id, OVER, ua->stack->now);
}

/* --- waiting --- */

/* From half to all of `seconds`, by chance, in milliseconds (RFC 5626 §4.5). */
static uint64_t jittered(struct sip_ua *ua, uint32_t seconds)
{
    uint64_t part = 512 + (sip_stack_unique(ua->stack) & 511);

    return ((uint64_t)seconds * 1000 * part) >> 10;
}

/* From 3/4 to 9/10 of what was granted, so that refreshes spread and come in time (§10.2.4). */
static uint64_t refresh_after(struct sip_ua *ua, uint32_t granted_s)
{
    uint64_t part = 768 + (sip_stack_unique(ua->stack) & 127);

    return ((uint64_t)granted_s * 1000 * part) >> 10;
}

static uint32_t retry_after_of(const struct sip_received *received)
{
    struct sip_retry_after after;
    struct sip_fault ignored;

    if (!received || sip_retry_after_parse(&after,
                                           sip_message_value(received->message,
                                                             SIP_HEADER_RETRY_AFTER),
                                           &ignored))
        return 0;
    return after.seconds < ASKED_MOST ? after.seconds : ASKED_MOST;
}

static uint32_t doubled(uint32_t last, uint32_t first, uint32_t most)
{
    return last < first ? first : last > most / 2 ? most : 2 * last;
}

static bool another_server(struct sip_ua *ua, struct registration *reg)
{
    struct sip_account_slot *account = sip_account_find(ua, reg->account);
    unsigned servers = 0;

    while (servers < SIP_ACCOUNT_SERVERS && account->fields[ACCOUNT_SERVER + servers].len)
        servers++;
    if (reg->servers_tried + 1u >= servers)
        return false;
    reg->servers_tried++;
    account->server = (uint8_t)((account->server + 1u) % servers);
    return true;
}

/* What a failure leads to (sip/registration.h lists it); the last act. */
static void fail(struct sip_ua *ua, uint64_t id, uint16_t status,
                 const struct sip_received *received)
{
    struct registration *reg = find(ua, id);
    struct sip_registration_event event = {0};
    uint32_t asked_wait = retry_after_of(received);
    bool network = status == 408 || status / 100 == 5;
    uint64_t wait_ms;

    reg->status = status;
    reg->wants_login = false;
    if (reg->stopping) {
        leave(ua, id);
        return;
    }
    if (network && received && another_server(ua, reg)) {
        ask_or_wait(ua, id);
        return;
    }
    reg->servers_tried = 0;
    event.status = status;
    event.received = received;
    if (status == 401 || status == 407 || status >= 600) {
        enter(ua, id, WAITING, SIP_NEVER);
        tell(ua, id, SIP_REGISTRATION_FAILED, &event);
        return;
    }
    reg->delay_s = network ? doubled(reg->delay_s, BACKOFF_FIRST, BACKOFF_LAST)
                           : doubled(reg->delay_s, SLOW_FIRST, SLOW_LAST);
    wait_ms = jittered(ua, reg->delay_s);
    if (wait_ms < (uint64_t)asked_wait * 1000)
        wait_ms = (uint64_t)asked_wait * 1000;
    event.retry_in_s = asked_wait > reg->delay_s ? asked_wait : (uint32_t)((wait_ms * 4195) >> 22);
    enter(ua, id, WAITING, ua->stack->now + wait_ms);
    tell(ua, id, SIP_REGISTRATION_FAILED, &event);
}

/* --- answers --- */

static uint32_t expires_of(const struct sip_message *message, struct sip_str params)
{
    struct sip_str value = sip_params_find(params, "expires");
    struct sip_fault ignored;
    uint32_t seconds;

    if (!value.len)
        value = sip_message_value(message, SIP_HEADER_EXPIRES);
    return sip_number_parse(&seconds, value, EXPIRES_MOST, &ignored) ? 0 : seconds;
}

/* What was granted to our Contact among all the bindings of the answer (§10.2.4); registrars that
 * rewrite it are believed by their Expires, or by the only Contact there is. */
static uint32_t granted(struct sip_ua *ua, const struct registration *reg, struct sip_client client,
                        const struct sip_received *received)
{
    struct sip_fault ignored;
    struct sip_address ours, contact;
    struct sip_uri ours_uri, uri;
    struct sip_values values;
    struct sip_str value;
    uint32_t only = 0;

    if (sip_message_parse(&ua->stack->own, sip_client_request(ua->stack, client), SIP_DATAGRAM,
                          &ignored) <= 0 ||
        sip_address_parse(&ours, sip_message_value(&ua->stack->own, SIP_HEADER_CONTACT),
                          &ignored) ||
        sip_uri_parse(&ours_uri, ours.uri, &ignored))
        return reg->expires_s;
    sip_values_begin(&values, received->message, SIP_HEADER_CONTACT);
    while (sip_values_next(&values, &value)) {
        if (sip_address_in(received->message, value, &contact) ||
            sip_uri_again(&uri, contact.uri))
            continue;
        only = expires_of(received->message, contact.params);
        if (sip_uri_equal(&uri, &ours_uri))
            return only;
    }
    value = sip_message_value(received->message, SIP_HEADER_EXPIRES);
    return value.len ? expires_of(received->message, sip_bytes(NULL, 0)) : only;
}

static void succeed(struct sip_ua *ua, uint64_t id, struct sip_client client,
                    const struct sip_received *received)
{
    struct registration *reg = find(ua, id);
    struct sip_registration_event event = {0};
    uint32_t seconds = reg->fetch_only ? 0 : granted(ua, reg, client, received);

    sip_stack_verified(ua->stack, ua->stack->now, &received->path);
    sip_account_reached(ua, reg->account, &received->path);
    reg->delay_s = 0;
    reg->servers_tried = 0;
    reg->stale = 0;
    reg->raised = false;
    reg->bound_until = seconds ? ua->stack->now + (uint64_t)seconds * 1000 : 0;
    if (reg->stopping) {
        leave(ua, id);
        return;
    }
    event.status = received->message->status;
    event.expires_s = seconds;
    event.received = received;
    if (reg->fetch_only)
        enter(ua, id, OVER, ua->stack->now);
    else if (seconds)
        enter(ua, id, BOUND, ua->stack->now + refresh_after(ua, seconds));
    else
        enter(ua, id, WAITING, ua->stack->now + jittered(ua, BACKOFF_FIRST));
    tell(ua, id, SIP_REGISTRATION_DONE, &event);
}

/* 423: once with what the registrar asks for (§10.2.8). */
static bool raise_interval(struct sip_ua *ua, uint64_t id, const struct sip_received *received)
{
    struct registration *reg = find(ua, id);
    struct sip_fault ignored;
    uint32_t least;

    if (reg->raised || reg->stopping ||
        sip_number_parse(&least, sip_message_value(received->message, SIP_HEADER_MIN_EXPIRES),
                         EXPIRES_MOST, &ignored) ||
        least <= reg->expires_s)
        return false;
    reg->raised = true;
    reg->expires_s = least;
    ask_or_wait(ua, id);
    return true;
}

static void challenged(struct sip_ua *ua, uint64_t id, struct sip_client client,
                       const struct sip_received *received)
{
    struct registration *reg = find(ua, id);
    struct sip_registration_event event = {0};
    struct sip_challenge_answer answer = {0};

    answer.response = received;
    answer.client = client;
    answer.account = sip_account_find(ua, reg->account);
    answer.owner = id;
    answer.stale = &reg->stale;
    switch (sip_challenge_take(ua, &answer, &reg->client)) {
    case SIP_CHALLENGE_ANSWERED:
        reg->cseq++;
        return;
    case SIP_CHALLENGE_NO_LOGIN:
        if (reg->stopping || reg->state == LEAVING)
            break;
        reg->wants_login = true;
        enter(ua, id, WAITING,
              ua->stack->now + (uint64_t)ua->config.credentials_wait_s * 1000);
        event.status = received->message->status;
        event.realm = answer.realm;
        event.received = received;
        reg->status = event.status;
        tell(ua, id, SIP_REGISTRATION_CHALLENGED, &event);
        return;
    case SIP_CHALLENGE_FULL:
        fail(ua, id, 503, NULL);
        return;
    case SIP_CHALLENGE_REFUSED:
        break;
    }
    if (reg->state == LEAVING)
        enter(ua, id, OVER, ua->stack->now);
    else
        fail(ua, id, received->message->status, received);
}

void sip_registration_response(struct sip_ua *ua, uint64_t owner, struct sip_client client,
                               const struct sip_received *received)
{
    struct registration *reg = find(ua, owner);
    uint16_t status = received->message->status;

    if (!reg || reg->client.id != client.id || status < 200)
        return;
    reg->client.id = 0;
    if (status == 401 || status == 407)
        challenged(ua, owner, client, received);
    else if (reg->state == LEAVING)
        enter(ua, owner, OVER, ua->stack->now);
    else if (status < 300)
        succeed(ua, owner, client, received);
    else if (status != 423 || !raise_interval(ua, owner, received))
        fail(ua, owner, status, received);
}

void sip_registration_failed(struct sip_ua *ua, uint64_t owner, uint16_t status)
{
    struct registration *reg = find(ua, owner);

    if (!reg)
        return;
    reg->client.id = 0;
    if (reg->state == LEAVING)
        enter(ua, owner, OVER, ua->stack->now);
    else
        fail(ua, owner, status, NULL);
}

static void tell_end(struct sip_ua *ua, uint64_t id)
{
    struct sip_registration_event event = {0};

    event.status = find(ua, id)->status;
    tell(ua, id, SIP_REGISTRATION_ENDED, &event);
    release(ua, id);
    sip_ua_settle(ua);
}

bool sip_registrations_end_one(struct sip_ua *ua)
{
    struct sip_slots *pool = &ua->stack->pools[SIP_KIND_REGISTRATION];

    for (uint32_t i = 0; i < pool->touched; i++) {
        struct registration *reg = sip_slots_at(pool, i);

        if (!(reg->slot.generation & 1))
            continue;
        sip_client_abandon(ua->stack, ua->stack->now, reg->client);
        reg->state = OVER;
        tell_end(ua, sip_stack_handle(ua->stack, SIP_KIND_REGISTRATION, i));
        return true;
    }
    return false;
}

void sip_registration_fire(struct sip_stack *stack, uint32_t index)
{
    struct sip_ua *ua = sip_ua_of(stack);
    uint64_t id = sip_stack_handle(stack, SIP_KIND_REGISTRATION, index);
    struct registration *reg = find(ua, id);

    if (reg->state == OVER) {
        tell_end(ua, id);
    } else if (reg->state == WAITING && reg->wants_login) {
        fail(ua, id, reg->status, NULL);
    } else if (reg->state == WAITING || reg->state == BOUND) {
        ask_or_wait(ua, id);
    }
}

/* --- the host's side --- */

static int keep_lines(struct sip_ua *ua, struct registration *reg, const struct sip_extras *extras)
{
    struct sip_writer w;
    long len;

    sip_writer_init(&w, ua->stack->aside, ua->stack->config.limits.message_max / 2);
    sip_write_extras(&w, extras);
    len = sip_writer_done(&w);
    if (len <= 0)
        return (int)len;
    reg->lines = sip_stack_keep(ua->stack, sip_bytes(ua->stack->aside, (size_t)len), false);
    reg->lines_len = (uint16_t)len;
    return reg->lines ? 0 : SIP_EFULL;
}

int sip_registration_start(struct sip_ua *ua, uint64_t now,
                           const struct sip_registration_args *args,
                           struct sip_registration *registration)
{
    uint32_t index;
    struct registration *reg;
    uint64_t id;
    int error;

    registration->id = 0;
    sip_stack_time(ua->stack, now);
    if (!sip_account_find(ua, args->account))
        return args->account.id ? SIP_EGONE : SIP_EINVAL;
    if (ua->state != AGENT_RUNNING)
        return SIP_ESTATE;
    if (sip_extras_check(&args->headers))
        return SIP_EHEADER;
    reg = sip_stack_take(ua->stack, SIP_KIND_REGISTRATION, &index, false);
    if (!reg)
        return SIP_EFULL;
    id = sip_stack_handle(ua->stack, SIP_KIND_REGISTRATION, index);
    reg->host = args->host;
    reg->account = args->account;
    reg->call_id = sip_stack_unique(ua->stack);
    reg->tag = sip_stack_unique(ua->stack);
    reg->expires_s = args->expires_s ? args->expires_s : EXPIRES_DEFAULT;
    reg->fetch_only = args->fetch_only;
    sip_account_hold(ua, reg->account);
    error = keep_lines(ua, reg, &args->headers);
    if (!error)
        error = ask(ua, id, reg->expires_s);
    if (error) {
        release(ua, id);
        return error;
    }
    registration->id = id;
    return 0;
}

int sip_registration_refresh(struct sip_ua *ua, uint64_t now, struct sip_registration registration)
{
    struct registration *reg = find(ua, registration.id);

    sip_stack_time(ua->stack, now);
    if (!reg)
        return SIP_EGONE;
    if (reg->state == LEAVING || reg->state == OVER || reg->stopping)
        return SIP_ESTATE;
    if (reg->state != ASKING) {
        reg->wants_login = false;
        enter(ua, registration.id, WAITING, ua->stack->now);
    }
    return 0;
}

int sip_registration_stop(struct sip_ua *ua, uint64_t now, struct sip_registration registration)
{
    struct registration *reg = find(ua, registration.id);

    sip_stack_time(ua->stack, now);
    if (!reg)
        return SIP_EGONE;
    if (reg->state == LEAVING || reg->state == OVER || reg->stopping)
        return SIP_ESTATE;
    reg->stopping = true;
    if (reg->state != ASKING) /* §10.2: one REGISTER at a time */
        leave(ua, registration.id);
    return 0;
}

void *sip_registration_host(const struct sip_ua *ua, struct sip_registration registration)
{
    const struct registration *reg = find(ua, registration.id);

    return reg ? reg->host : NULL;
}

/* --- for the other files --- */

void sip_registrations_login(struct sip_ua *ua, struct sip_account account)
{
    struct sip_slots *pool = &ua->stack->pools[SIP_KIND_REGISTRATION];

    for (uint32_t i = 0; i < pool->touched; i++) {
        struct registration *reg = sip_slots_at(pool, i);

        if ((reg->slot.generation & 1) && reg->account.id == account.id && reg->state == WAITING &&
            (reg->wants_login || reg->status == 401 || reg->status == 407)) {
            reg->wants_login = false;
            sip_stack_wake(ua->stack, SIP_KIND_REGISTRATION, i, ua->stack->now);
        }
    }
}

void sip_registrations_stop(struct sip_ua *ua)
{
    struct sip_slots *pool = &ua->stack->pools[SIP_KIND_REGISTRATION];

    for (uint32_t i = 0; i < pool->touched; i++) {
        const struct registration *reg = sip_slots_at(pool, i);
        struct sip_registration registration;

        if (!(reg->slot.generation & 1))
            continue;
        registration.id = sip_stack_handle(ua->stack, SIP_KIND_REGISTRATION, i);
        sip_registration_stop(ua, ua->stack->now, registration);
    }
}
