/* Any other method, in and out of dialogs, both directions (sip/request.h). */
#include "base/memory.h"
#include "transaction/transaction.h"
#include "ua/agent.h"

struct request {
    struct sip_slot slot;
    void *host;
    struct sip_account account;
    struct sip_call call;
    struct sip_client client; /* of ours */
    struct sip_server server; /* of the peer's */
    bool contact;             /* its 2xx carries one: it may open a dialog or tell where we are */
    uint8_t stale;
};

_Static_assert(sizeof(struct request) <= SIP_SIZE_REQUEST, "SIP_SIZE_REQUEST");

static struct request *find(const struct sip_ua *ua, uint64_t id)
{
    return sip_stack_find(ua->stack, SIP_KIND_REQUEST, id);
}

static void release(struct sip_ua *ua, uint64_t id)
{
    struct request *request = find(ua, id);

    sip_account_release(ua, request->account);
    sip_stack_free(ua->stack, SIP_KIND_REQUEST, sip_handle_index(id));
    sip_ua_settle(ua);
}

static void tell(struct sip_ua *ua, uint64_t id, enum sip_request_kind kind,
                 struct sip_request_event *event)
{
    const struct request *request = find(ua, id);

    event->kind = kind;
    event->request.id = id;
    event->account = request->account;
    event->call = request->call;
    event->host = request->host;
    event->now = ua->stack->now;
    if (event->received && event->received->message->body.len) {
        event->body.type = sip_message_value(event->received->message, SIP_HEADER_CONTENT_TYPE);
        event->body.bytes = event->received->message->body;
    }
    if (ua->config.events.request)
        ua->config.events.request(ua->config.events.host, ua, event);
}

/* --- ours --- */

static bool is_token(struct sip_str text)
{
    struct sip_token_value value;
    struct sip_fault ignored;

    return !sip_token_value_parse(&value, text, &ignored) && value.token.len == text.len;
}

static bool may_be_sent(struct sip_str method)
{
    switch (sip_method_of(method)) {
    case SIP_INVITE:
    case SIP_ACK:
    case SIP_CANCEL:
    case SIP_BYE:
    case SIP_PRACK:
    case SIP_UPDATE: /* of a call: sip_call_offer() */
        return false;
    default:
        return is_token(method);
    }
}

/* Methods whose requests carry a Contact: they open a dialog, refresh its target, or ask (§11.1).
 */
static bool has_contact(enum sip_method method)
{
    return method == SIP_OPTIONS || method == SIP_SUBSCRIBE || method == SIP_REFER ||
           method == SIP_NOTIFY;
}

static int send_outside(struct sip_ua *ua, uint64_t id, const struct sip_request_args *args,
                        struct sip_client *client)
{
    struct sip_account_slot *account = sip_account_find(ua, args->account);
    struct sip_outgoing out = {0};

    out.method = args->method;
    out.uri = args->to;
    out.from = args->from.len || !account ? args->from : sip_account_text(account, ACCOUNT_AOR);
    if (account)
        out.from_display = sip_account_text(account, ACCOUNT_DISPLAY);
    out.account = account;
    out.call_id = sip_stack_unique(ua->stack);
    out.from_tag = sip_stack_unique(ua->stack);
    out.cseq = 1;
    out.has_contact = has_contact(sip_method_of(args->method));
    out.contact_expires_s = UINT32_MAX;
    out.expires_s = UINT32_MAX;
    out.extras = &args->headers;
    out.body = &args->body;
    out.next_hop = args->next_hop;
    out.targets = args->targets;
    out.targets_count = args->targets_count;
    out.flow = args->flow;
    out.owner = id;
    return sip_outgoing_send(ua, &out, client);
}

static int send_inside(struct sip_ua *ua, uint64_t id, const struct sip_request_args *args,
                       struct sip_client *client)
{
    struct sip_said said = {0};

    said.extras = &args->headers;
    said.body = &args->body;
    said.contact = has_contact(sip_method_of(args->method));
    return sip_inside_send(ua, sip_call_dialog(ua, args->call), args->method, &said, id, client);
}

static int check(const struct sip_ua *ua, const struct sip_request_args *args)
{
    struct sip_fault ignored;
    struct sip_uri uri;

    if (!may_be_sent(args->method))
        return SIP_EMETHOD;
    if (sip_extras_check(&args->headers))
        return SIP_EHEADER;
    if (args->account.id && !sip_account_find(ua, args->account))
        return SIP_EGONE;
    if (args->call.id && sip_call_state(ua, args->call) == SIP_CALL_GONE)
        return SIP_EGONE;
    if (args->call.id)
        return sip_call_dialog(ua, args->call).id &&
                       sip_call_state(ua, args->call) != SIP_CALL_ENDING
                   ? 0
                   : SIP_ESTATE;
    if (sip_uri_parse(&uri, args->to, &ignored) ||
        ((args->from.len || !args->account.id) && sip_uri_parse(&uri, args->from, &ignored)))
        return SIP_EURI;
    return 0;
}

int sip_request_start(struct sip_ua *ua, uint64_t now, const struct sip_request_args *args,
                      struct sip_request *handle)
{
    int error = check(ua, args);
    struct sip_client client = {0};
    struct request *request;
    uint32_t index;

    handle->id = 0;
    sip_stack_time(ua->stack, now);
    if (error)
        return error;
    if (ua->state != AGENT_RUNNING)
        return SIP_ESTATE;
    request = sip_stack_take(ua->stack, SIP_KIND_REQUEST, &index, false);
    if (!request)
        return SIP_EFULL;
    handle->id = sip_stack_handle(ua->stack, SIP_KIND_REQUEST, index);
    error = args->call.id ? send_inside(ua, handle->id, args, &client)
                          : send_outside(ua, handle->id, args, &client);
    if (error) {
        sip_stack_free(ua->stack, SIP_KIND_REQUEST, index);
        handle->id = 0;
        return error;
    }
    request->host = args->host;
    request->account = args->call.id ? sip_call_account(ua, args->call) : args->account;
    request->call = args->call;
    request->client = client;
    sip_account_hold(ua, request->account);
    return 0;
}

int sip_request_abandon(struct sip_ua *ua, uint64_t now, struct sip_request handle)
{
    struct request *request = find(ua, handle.id);

    sip_stack_time(ua->stack, now);
    if (!request)
        return SIP_EGONE;
    if (!request->client.id)
        return SIP_ESTATE;
    sip_client_abandon(ua->stack, now, request->client);
    release(ua, handle.id);
    return 0;
}

static void answered(struct sip_ua *ua, uint64_t id, uint16_t status,
                     const struct sip_received *received)
{
    struct sip_request_event event = {0};

    event.status = status;
    event.received = received;
    tell(ua, id, SIP_REQUEST_ANSWERED, &event);
    if (find(ua, id)) /* abandoned in its own event */
        release(ua, id);
}

static bool answer_challenge(struct sip_ua *ua, uint64_t id, struct sip_client client,
                             const struct sip_received *received)
{
    struct request *request = find(ua, id);
    struct sip_challenge_answer answer = {0};

    answer.response = received;
    answer.client = client;
    answer.account = sip_account_find(ua, request->account);
    answer.dialog = sip_call_dialog(ua, request->call);
    answer.owner = id;
    answer.stale = &request->stale;
    return sip_challenge_take(ua, &answer, &request->client) == SIP_CHALLENGE_ANSWERED;
}

void sip_request_response(struct sip_ua *ua, uint64_t owner, struct sip_client client,
                          const struct sip_received *received)
{
    const struct request *request = find(ua, owner);
    uint16_t status = received->message->status;
    struct sip_request_event event = {0};

    if (!request || request->client.id != client.id || status == 100)
        return;
    if (status < 200) {
        event.status = status;
        event.received = received;
        tell(ua, owner, SIP_REQUEST_PROGRESS, &event);
    } else if ((status != 401 && status != 407) ||
               !answer_challenge(ua, owner, client, received)) {
        answered(ua, owner, status, received);
    }
}

void sip_request_failed(struct sip_ua *ua, uint64_t owner, uint16_t status)
{
    if (find(ua, owner))
        answered(ua, owner, status, NULL);
}

/* --- theirs --- */

void sip_request_received(struct sip_ua *ua, const struct sip_received *received,
                          struct sip_call call, struct sip_account account)
{
    struct sip_request_event event = {0};
    struct request *request;
    struct sip_server server;
    struct sip_str none = {NULL, 0};
    uint32_t index;
    uint64_t id;

    if (ua->state != AGENT_RUNNING) { /* sip_ua_stop() takes nothing new */
        sip_answer_stateless(ua, received, 480, none);
        return;
    }
    request = sip_stack_take(ua->stack, SIP_KIND_REQUEST, &index, false);
    if (!request || sip_server_start(ua->stack, ua->stack->now, received, &server)) {
        if (request)
            sip_stack_free(ua->stack, SIP_KIND_REQUEST, index);
        if (call.id)
            sip_serve_later(ua, received);
        else
            sip_serve_full(ua, received);
        return;
    }
    id = sip_stack_handle(ua->stack, SIP_KIND_REQUEST, index);
    request->account = account;
    request->call = call;
    request->server = server;
    request->contact = has_contact(received->message->method);
    sip_account_hold(ua, account);
    sip_stack_wake(ua->stack, SIP_KIND_REQUEST, index,
                   ua->stack->now + (uint64_t)ua->config.request_wait_s * 1000);
    event.received = received;
    tell(ua, id, SIP_REQUEST_RECEIVED, &event);
}

static int reply(struct sip_ua *ua, const struct request *request, uint16_t status,
                 const struct sip_call_message *message)
{
    struct sip_answering answer = {0};

    answer.status = status;
    answer.account = request->account;
    answer.said.contact = request->contact && status / 100 == 2; /* RFC 3311 §5.2, RFC 6665 §8.2 */
    answer.path = sip_server_path(ua->stack, request->server);
    if (!answer.path)
        return SIP_EGONE;
    if (message) {
        answer.reason = message->reason;
        answer.said.extras = &message->headers;
        answer.said.body = &message->body;
    }
    return sip_answer(ua, request->server, &answer);
}

int sip_request_reply(struct sip_ua *ua, uint64_t now, struct sip_request handle,
                      const struct sip_call_message *message)
{
    struct request *request = find(ua, handle.id);
    uint16_t status = message && message->status ? message->status : 200;
    int error;

    sip_stack_time(ua->stack, now);
    if (!request)
        return SIP_EGONE;
    if (!request->server.id)
        return SIP_ESTATE;
    if (status < 200 || status > 699)
        return SIP_EINVAL;
    if (message && sip_extras_check(&message->headers))
        return SIP_EHEADER;
    error = reply(ua, request, status, message);
    if (!error || error == SIP_EGONE)
        release(ua, handle.id);
    return error;
}

void sip_request_fire(struct sip_stack *stack, uint32_t index)
{
    struct sip_ua *ua = sip_ua_of(stack);
    uint64_t id = sip_stack_handle(stack, SIP_KIND_REQUEST, index);
    struct sip_request_event event = {0};
    struct sip_answering answer = {0};

    answer.status = event.status = 500;
    sip_answer_surely(ua, find(ua, id)->server, &answer);
    tell(ua, id, SIP_REQUEST_ENDED, &event);
    if (find(ua, id))
        release(ua, id);
}

bool sip_requests_end_one(struct sip_ua *ua)
{
    struct sip_slots *pool = &ua->stack->pools[SIP_KIND_REQUEST];

    for (uint32_t i = 0; i < pool->touched; i++) {
        const struct request *request = sip_slots_at(pool, i);

        if (!(request->slot.generation & 1))
            continue;
        if (request->client.id) {
            sip_client_abandon(ua->stack, ua->stack->now, request->client);
            answered(ua, sip_stack_handle(ua->stack, SIP_KIND_REQUEST, i), 408, NULL);
        } else {
            sip_request_fire(ua->stack, i);
        }
        return true;
    }
    return false;
}

void sip_requests_stop(struct sip_ua *ua)
{
    struct sip_slots *pool = &ua->stack->pools[SIP_KIND_REQUEST];

    for (uint32_t i = 0; i < pool->touched; i++) {
        const struct request *request = sip_slots_at(pool, i);

        if ((request->slot.generation & 1) && request->server.id)
            sip_stack_wake(ua->stack, SIP_KIND_REQUEST, i, ua->stack->now);
    }
}
