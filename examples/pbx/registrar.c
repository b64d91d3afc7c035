#include "pbx/registrar.h"

#include <stdio.h>
#include <string.h>

#include "pbx/pbx.h"

/* What a REGISTER asks for, read completely before anything is changed: all or nothing (§10.3). */
struct wish {
    struct sip_str contact, q;
    uint32_t expires_s;
};

struct wishes {
    struct wish at[BINDINGS_PER_USER];
    size_t count;
    bool remove_all; /* Contact: * */
};

static uint32_t seconds_of(struct sip_str text, uint32_t otherwise)
{
    struct sip_fault fault;
    uint32_t seconds;

    return text.at && sip_number_parse(&seconds, text, UINT32_MAX, &fault) == 0 ? seconds
                                                                                : otherwise;
}

/* Returns 0, or the status of the refusal. */
static uint16_t read_wish(struct wishes *wishes, struct sip_str value, uint32_t expires_s)
{
    struct wish *wish = &wishes->at[wishes->count];
    struct sip_address address;
    struct sip_fault fault;

    if (wishes->count == BINDINGS_PER_USER)
        return 403;
    if (sip_address_parse(&address, value, &fault) < 0)
        return 400;
    if (address.uri.len >= CONTACT_TEXT)
        return 513;
    wish->contact = address.uri;
    wish->q = sip_params_find(address.params, "q");
    if (wish->q.at && sip_qvalue(wish->q) < 0)
        return 400;
    wish->expires_s = seconds_of(sip_params_find(address.params, "expires"), expires_s);
    if (wish->expires_s > 0 && wish->expires_s < EXPIRES_MIN_S)
        return 423;
    if (wish->expires_s > EXPIRES_MAX_S)
        wish->expires_s = EXPIRES_MAX_S;
    wishes->count++;
    return 0;
}

/* Steps 6 and 7: "*" stands alone and with Expires: 0. */
static uint16_t read_wishes(struct wishes *wishes, const struct sip_message *message)
{
    struct sip_str expires = sip_message_value(message, SIP_HEADER_EXPIRES), value;
    uint32_t expires_s = seconds_of(expires, EXPIRES_MAX_S);
    struct sip_values contacts;
    uint16_t status = 0;
    bool first = true;

    sip_values_begin(&contacts, message, SIP_HEADER_CONTACT);
    for (; !status && sip_values_next(&contacts, &value); first = false) {
        if (wishes->remove_all)
            status = 400;
        else if (!sip_str_is(value, "*"))
            status = read_wish(wishes, value, expires_s);
        else if (first && expires.at && expires_s == 0)
            wishes->remove_all = true;
        else
            status = 400;
    }
    return status;
}

/* Step 7: a request that is not newer than the one that made the binding changes nothing. */
static bool outdated(const struct binding *binding, const struct sip_received *request)
{
    return sip_str_equal(sip_str(binding->call_id), request->head->call_id) &&
           request->head->cseq.number <= binding->cseq;
}

static uint16_t check_wishes(struct pbx *pbx, uint64_t now, const struct user *user,
                             const struct sip_received *request, const struct wishes *wishes)
{
    struct binding *binding = NULL;
    size_t bindings = 0, fresh = 0;

    if (request->head->call_id.len >= CALL_ID_TEXT)
        return 513;
    while ((binding = locations_next(&pbx->locations, now, user, binding)) != NULL) {
        bindings++;
        if (wishes->remove_all && outdated(binding, request))
            return 500;
    }
    for (size_t i = 0; i < wishes->count; i++) {
        binding = locations_find(&pbx->locations, now, user, wishes->at[i].contact);
        fresh += !binding && wishes->at[i].expires_s > 0;
        if (binding && outdated(binding, request))
            return 500;
    }
    return bindings + fresh > BINDINGS_PER_USER ? 403 : 0;
}

static void bind_contact(struct pbx *pbx, uint64_t now, const struct user *user,
                         const struct sip_received *request, const struct wish *wish)
{
    struct binding *binding = locations_find(&pbx->locations, now, user, wish->contact);
    const char *word = wish->expires_s ? "registered" : "unregistered";

    if (!binding && wish->expires_s)
        binding = locations_free(&pbx->locations, now);
    if (!binding)
        return;
    pbx_say("%s aor=sip:%s@%s contact=%.*s expires=%u", word, user->name, pbx->domain,
            (int)wish->contact.len, wish->contact.at, (unsigned)wish->expires_s);
    memset(binding, 0, sizeof *binding);
    if (!wish->expires_s)
        return;
    binding->user = user;
    binding->expires_at = now + wish->expires_s * 1000ull;
    memcpy(binding->contact, wish->contact.at, wish->contact.len);
    if (wish->q.at)
        snprintf(binding->q, sizeof binding->q, ";q=%.*s", (int)wish->q.len, wish->q.at);
    memcpy(binding->call_id, request->head->call_id.at, request->head->call_id.len);
    binding->cseq = request->head->cseq.number;
    binding->path = request->path;
    binding->flow = request->flow;
}

static void change_bindings(struct pbx *pbx, uint64_t now, const struct user *user,
                            const struct sip_received *request, const struct wishes *wishes)
{
    struct binding *binding = NULL;

    for (size_t i = 0; i < wishes->count; i++)
        bind_contact(pbx, now, user, request, &wishes->at[i]);
    while (wishes->remove_all &&
           (binding = locations_next(&pbx->locations, now, user, binding)) != NULL)
        bind_contact(pbx, now, user, request, &(struct wish){.contact = sip_str(binding->contact)});
}

/* Step 8: all that is bound now. */
static void write_bindings(struct pbx *pbx, uint64_t now, const struct user *user,
                           struct sip_writer *writer)
{
    struct binding *binding = NULL;
    char params[32];

    while ((binding = locations_next(&pbx->locations, now, user, binding)) != NULL) {
        unsigned left_s = (unsigned)((binding->expires_at - now + 999) / 1000);

        snprintf(params, sizeof params, "%s;expires=%u", binding->q, left_s);
        sip_write_address(writer, SIP_HEADER_CONTACT, sip_str(NULL), sip_str(binding->contact),
                          sip_str(params));
    }
}

/* Steps 1 to 5: whose bindings these are, and that he asks for it himself. */
static const struct user *find_user(struct pbx *pbx, const struct sip_request_event *event,
                                    struct sip_refusal *refusal)
{
    const struct sip_received *request = event->received;
    struct sip_uri domain, aor;
    struct sip_fault fault;
    const struct user *user, *sender;

    refusal->status = 404;
    if (sip_uri_parse(&domain, request->message->uri, &fault) < 0 ||
        sip_uri_parse(&aor, request->head->to.uri, &fault) < 0 ||
        !pbx_serves(pbx, request, &domain) || !pbx_serves(pbx, request, &aor))
        return NULL;
    sender = guard_check(&pbx->guard, event->now, request, refusal);
    if (!sender)
        return NULL;
    sip_stack_verified(sip_ua_stack(pbx->ua), event->now, &request->path);
    user = users_find(&pbx->users, aor.user);
    refusal->status = user ? 403 : 404;
    return user == sender ? user : NULL;
}

void registrar_event(void *host, struct sip_ua *ua, const struct sip_request_event *event)
{
    struct pbx *pbx = host;
    struct sip_call_message reply = {0};
    struct sip_refusal refusal = {0};
    struct wishes wishes = {0};
    struct sip_writer writer;
    char lines[BINDINGS_PER_USER * (CONTACT_TEXT + 56)];
    const struct user *user;

    if (event->kind != SIP_REQUEST_RECEIVED)
        return;
    sip_writer_init(&writer, lines, sizeof lines);
    user = find_user(pbx, event, &refusal);
    reply.status = refusal.status;
    reply.headers = refusal.headers;
    if (user) {
        reply.status = read_wishes(&wishes, event->received->message);
        if (!reply.status)
            reply.status = check_wishes(pbx, event->now, user, event->received, &wishes);
        if (reply.status == 423)
            sip_write_number(&writer, SIP_HEADER_MIN_EXPIRES, EXPIRES_MIN_S);
        if (!reply.status) {
            reply.status = 200;
            change_bindings(pbx, event->now, user, event->received, &wishes);
            write_bindings(pbx, event->now, user, &writer);
        }
        reply.headers.lines = sip_bytes(lines, writer.used);
    }
    sip_request_reply(ua, event->now, event->request, &reply);
}
