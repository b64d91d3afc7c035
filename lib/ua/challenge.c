/* Requests that are sent again: with credentials after 401 and 407 (RFC 3261 §22.2, RFC 7616,
 * RFC 8760), or with another Request-URI. The text of the request as it was sent is the template.
 */
#include "base/memory.h"
#include "dialog/dialog.h"
#include "sip/digest_server.h"
#include "ua/agent.h"

#define REALMS_MAX 4 /* challenges answered in one request */
#define STALE_MAX 2
#define CNONCE_TEXT 16

struct answers {
    struct sip_challenge challenges[REALMS_MAX];
    struct sip_login login; /* fits all of them */
    size_t count;
};

/* --- writing --- */

static const enum sip_header rewritten[] = {
    SIP_HEADER_VIA, SIP_HEADER_CSEQ, SIP_HEADER_AUTHORIZATION, SIP_HEADER_PROXY_AUTHORIZATION,
};

static bool is_answered(const struct answers *answers, enum sip_header header, struct sip_str realm)
{
    enum sip_header asks = header == SIP_HEADER_AUTHORIZATION ? SIP_HEADER_WWW_AUTHENTICATE
                                                              : SIP_HEADER_PROXY_AUTHENTICATE;

    for (size_t i = 0; i < answers->count; i++)
        if (answers->challenges[i].header == asks &&
            sip_str_equal(answers->challenges[i].realm, realm))
            return true;
    return false;
}

/* Credentials for other realms stay: a registrar may challenge behind a proxy that did before. */
static void keep_credentials(struct sip_writer *w, const struct sip_message *request,
                             const struct answers *answers)
{
    for (uint16_t i = 0; i < request->fields_count; i++) {
        const struct sip_field *field = &request->fields[i];
        enum sip_header header = (enum sip_header)field->id;
        struct sip_str value = sip_bytes(request->bytes.at + field->value, field->value_len);
        struct sip_credentials credentials;
        struct sip_fault ignored;

        if (header != SIP_HEADER_AUTHORIZATION && header != SIP_HEADER_PROXY_AUTHORIZATION)
            continue;
        if (!sip_credentials_parse(&credentials, header, value, &ignored) &&
            !is_answered(answers, header, credentials.realm))
            sip_write_copy(w, request, field);
    }
}

/* One cnonce for all uses of a nonce, so that -sess algorithms agree (RFC 7616 §3.4.2). */
static int write_answer(struct sip_ua *ua, struct sip_writer *w, struct sip_answer *answer)
{
    uint64_t number = sip_stack_hash(ua->stack, &answer->challenge->nonce, 1);
    char cnonce[CNONCE_TEXT];

    for (int i = 0; i < CNONCE_TEXT; i++)
        cnonce[i] = "0123456789abcdef"[number >> (60 - 4 * i) & 15];
    answer->cnonce = sip_bytes(cnonce, sizeof cnonce);
    return sip_write_answer(w, answer);
}

static void write_answers(struct sip_ua *ua, struct sip_writer *w, const struct answers *answers,
                          struct sip_str method, struct sip_str uri)
{
    for (size_t i = 0; i < answers->count; i++) {
        struct sip_answer answer = {0};

        answer.challenge = &answers->challenges[i];
        answer.login = &answers->login;
        answer.method = method;
        answer.uri = uri;
        answer.count = 1;
        if (write_answer(ua, w, &answer) && w->error == SIP_OK)
            w->error = SIP_EINVAL;
    }
}

const struct sip_message *sip_read_own(struct sip_ua *ua, struct sip_str text)
{
    struct sip_fault ignored;

    if (!text.len || sip_message_parse(&ua->stack->own, text, SIP_DATAGRAM, &ignored) <= 0)
        return NULL;
    return &ua->stack->own;
}

static long write_again(struct sip_ua *ua, const struct sip_message *request,
                        const struct sip_again *again, const struct answers *answers)
{
    struct sip_str uri = again->uri.len ? again->uri : request->uri;
    struct sip_writer w;

    sip_writer_init(&w, ua->stack->scratch, ua->stack->config.limits.message_max);
    sip_write_first_line(&w, request->method_name, uri);
    sip_write_fields_except(&w, request, rewritten, sizeof rewritten / sizeof *rewritten);
    sip_write_cseq(&w, again->cseq, request->method_name);
    if (answers) {
        keep_credentials(&w, request, answers);
        write_answers(ua, &w, answers, request->method_name, uri);
    }
    sip_write_body(&w, sip_message_value(request, SIP_HEADER_CONTENT_TYPE), request->body);
    return sip_writer_done(&w);
}

static int send_again(struct sip_ua *ua, const struct sip_message *request,
                      const struct sip_again *again, const struct answers *answers,
                      struct sip_client *client)
{
    struct sip_client_args args = {0};
    long len = write_again(ua, request, again, answers);

    if (len < 0)
        return (int)len;
    args.request = sip_bytes(ua->stack->scratch, (size_t)len);
    args.owner = again->owner;
    args.flow = again->flow;
    args.targets = again->targets;
    args.targets_count = again->targets_count;
    args.next_hop = again->next_hop;
    return sip_client_start(ua->stack, ua->stack->now, &args, client);
}

/* --- answering --- */

static uint32_t next_cseq(struct sip_ua *ua, struct sip_dialog dialog,
                          const struct sip_message *request)
{
    struct sip_fault ignored;
    struct sip_cseq cseq = {0};

    if (dialog.id)
        return sip_dialog_next_cseq(ua->stack, dialog);
    sip_cseq_parse(&cseq, sip_message_value(request, SIP_HEADER_CSEQ), &ignored);
    return cseq.number + 1;
}

int sip_again_send(struct sip_ua *ua, const struct sip_again *args, struct sip_client *client)
{
    const struct sip_message *request = sip_read_own(ua, args->request);
    const struct sip_dialog none = {0};
    struct sip_again again = *args;

    if (!request)
        return SIP_ESTATE;
    if (!again.cseq)
        again.cseq = next_cseq(ua, none, request);
    return send_again(ua, request, &again, NULL, client);
}

/* Where a request with credentials goes: as the one without did. */
struct errand {
    const struct sip_message *request;
    struct sip_way way;
    struct sip_dialog dialog;
    uint64_t owner;
};

static enum sip_challenged send_answers(struct sip_ua *ua, const struct errand *errand,
                                        const struct answers *answers, struct sip_client *client)
{
    struct sip_again again = {0};
    struct sip_target target;

    target.protocol = errand->way.path.protocol;
    target.addr = errand->way.path.remote;
    again.cseq = next_cseq(ua, errand->dialog, errand->request);
    again.targets = &target;
    again.targets_count = 1;
    again.flow = errand->way.flow;
    again.owner = errand->owner;
    return send_again(ua, errand->request, &again, answers, client) ? SIP_CHALLENGE_FULL
                                                                    : SIP_CHALLENGE_ANSWERED;
}

static bool login_of(const struct sip_challenge_answer *args, struct sip_login *login)
{
    return args->account && sip_account_get_login(args->account, login);
}

static void keep_nonce(struct sip_account_slot *account, const struct sip_challenge *challenge,
                       enum sip_method method)
{
    struct sip_kept_nonce *kept = &account->nonce;

    kept->count = 0;
    if (challenge->value.len > sizeof kept->value || !challenge->has_qop)
        return; /* without qop there is no nonce count, and servers want each nonce once */
    memcpy(kept->value, challenge->value.at, challenge->value.len);
    kept->len = (uint16_t)challenge->value.len;
    kept->proxy = challenge->header == SIP_HEADER_PROXY_AUTHENTICATE;
    kept->registers = method == SIP_REGISTER;
    kept->count = 1;
}

/* True when the request carries an answer to a challenge of this realm, not one that was sent at
 * once with a kept nonce: those have a nonce count above 1. */
static bool was_answered(const struct sip_challenge *challenge, const struct sip_message *request)
{
    enum sip_header header = challenge->header == SIP_HEADER_WWW_AUTHENTICATE
                                 ? SIP_HEADER_AUTHORIZATION
                                 : SIP_HEADER_PROXY_AUTHORIZATION;
    struct sip_values values;
    struct sip_str value;

    sip_values_begin(&values, request, header);
    while (sip_values_next(&values, &value)) {
        struct sip_credentials sent;

        if (!sip_credentials_parse(&sent, header, value, NULL) &&
            sip_raw_equal(sent.realm, challenge->realm))
            return sent.count <= 1;
    }
    return false;
}

/* Collects what is to be answered. ANSWERED here means: it can be. */
static enum sip_challenged collect(struct sip_challenge_answer *args,
                                   const struct sip_message *request, struct answers *answers)
{
    bool has_login = login_of(args, &answers->login), stale = false;
    struct sip_challenges walk;
    struct sip_challenge challenge;

    answers->count = 0;
    sip_challenges_begin(&walk, args->response->message, &answers->login, has_login ? 1 : 0);
    while (sip_challenges_next(&walk, &challenge)) {
        if (!walk.login) {
            args->realm = challenge.realm;
            return SIP_CHALLENGE_NO_LOGIN;
        }
        if (was_answered(&challenge, request)) {
            if (!challenge.stale)
                return SIP_CHALLENGE_REFUSED;
            stale = true;
        }
        if (answers->count == REALMS_MAX)
            return SIP_CHALLENGE_REFUSED;
        answers->challenges[answers->count++] = challenge;
    }
    if (!answers->count || (stale && ++*args->stale > STALE_MAX))
        return SIP_CHALLENGE_REFUSED;
    return SIP_CHALLENGE_ANSWERED;
}

enum sip_challenged sip_challenge_take(struct sip_ua *ua, struct sip_challenge_answer *args,
                                       struct sip_client *client)
{
    struct errand errand = {0};
    struct answers answers;
    enum sip_challenged got;

    errand.request = sip_read_own(ua, sip_client_request(ua->stack, args->client));
    if (!errand.request)
        return SIP_CHALLENGE_FULL;
    if (args->account)
        args->account->nonce.count = 0;
    got = collect(args, errand.request, &answers);
    if (got != SIP_CHALLENGE_ANSWERED)
        return got;
    keep_nonce(args->account, &answers.challenges[0], errand.request->method);
    errand.way.path = *sip_client_path(ua->stack, args->client);
    errand.way.flow = sip_client_flow(ua->stack, args->client);
    errand.dialog = args->dialog;
    errand.owner = args->owner;
    return send_answers(ua, &errand, &answers, client);
}

/* --- at once: with the nonce of the last challenge --- */

void sip_write_credentials(struct sip_ua *ua, struct sip_writer *w,
                           struct sip_account_slot *account, struct sip_str method,
                           struct sip_str uri)
{
    struct sip_kept_nonce *kept = account ? &account->nonce : NULL;
    struct sip_challenge challenge;
    struct sip_answer answer = {0};
    struct sip_fault ignored;
    struct sip_login login;

    if (!kept || !kept->count || kept->registers != (sip_method_of(method) == SIP_REGISTER) ||
        sip_challenge_parse(&challenge,
                            kept->proxy ? SIP_HEADER_PROXY_AUTHENTICATE
                                        : SIP_HEADER_WWW_AUTHENTICATE,
                            sip_bytes(kept->value, kept->len), &ignored) ||
        !sip_account_get_login(account, &login) || !sip_login_fits(&login, &challenge))
        return;
    answer.challenge = &challenge;
    answer.login = &login;
    answer.method = method;
    answer.uri = uri;
    answer.count = ++kept->count;
    write_answer(ua, w, &answer);
}

/* --- parking: until the host has credentials --- */

/* The challenge that no login fits, supported and short enough to be kept. */
static bool unanswered(const struct sip_challenge_answer *args, struct sip_challenge *challenge)
{
    struct sip_challenges walk;
    struct sip_login login;
    bool has_login = login_of(args, &login);

    sip_challenges_begin(&walk, args->response->message, &login, has_login ? 1 : 0);
    while (sip_challenges_next(&walk, challenge))
        if (!walk.login)
            return challenge->supported && challenge->value.len <= SIP_PARKED_CHALLENGE_MAX;
    return false;
}

int sip_challenge_park(struct sip_ua *ua, const struct sip_challenge_answer *args,
                       struct sip_parked *parked)
{
    struct sip_str request = sip_client_request(ua->stack, args->client);
    struct sip_challenge challenge;
    struct sip_way way;
    uint32_t buffer;
    char *at;

    if (!request.len || !unanswered(args, &challenge))
        return SIP_EINVAL;
    way.path = *sip_client_path(ua->stack, args->client);
    way.flow = sip_client_flow(ua->stack, args->client);
    buffer = sip_stack_buffer(ua->stack, sizeof way + request.len + challenge.value.len, false);
    if (!buffer)
        return SIP_EFULL;
    at = sip_buffers_at(&ua->stack->buffers, buffer);
    memcpy(at, &way, sizeof way);
    at += sizeof way;
    memcpy(at, request.at, request.len);
    memcpy(at + request.len, challenge.value.at, challenge.value.len);
    parked->buffer = buffer;
    parked->request_len = (uint16_t)request.len;
    parked->challenge_len = (uint16_t)challenge.value.len;
    parked->proxy = challenge.header == SIP_HEADER_PROXY_AUTHENTICATE;
    return 0;
}

struct sip_str sip_parked_request(const struct sip_ua *ua, const struct sip_parked *parked)
{
    const char *at;

    if (!parked->buffer)
        return sip_bytes(NULL, 0);
    at = sip_buffers_at(&ua->stack->buffers, parked->buffer);
    return sip_bytes(at + sizeof(struct sip_way), parked->request_len);
}

static bool parked_challenge(struct sip_ua *ua, const struct sip_parked *parked,
                             struct sip_challenge *challenge)
{
    struct sip_str request = sip_parked_request(ua, parked);
    struct sip_fault ignored;

    return !sip_challenge_parse(
        challenge, parked->proxy ? SIP_HEADER_PROXY_AUTHENTICATE : SIP_HEADER_WWW_AUTHENTICATE,
        sip_bytes(request.at + request.len, parked->challenge_len), &ignored);
}

enum sip_challenged sip_challenge_unpark(struct sip_ua *ua, const struct sip_parked *parked,
                                         const struct sip_login *login, uint64_t owner,
                                         struct sip_client *client)
{
    struct errand errand = {0};
    struct answers answers;

    errand.request = sip_read_own(ua, sip_parked_request(ua, parked));
    if (!errand.request || !parked_challenge(ua, parked, &answers.challenges[0]))
        return SIP_CHALLENGE_FULL;
    if (!login || !sip_login_fits(login, &answers.challenges[0]))
        return SIP_CHALLENGE_NO_LOGIN;
    memcpy(&errand.way, sip_buffers_at(&ua->stack->buffers, parked->buffer), sizeof errand.way);
    errand.owner = owner;
    answers.login = *login;
    answers.count = 1;
    return send_answers(ua, &errand, &answers, client);
}

void sip_challenge_unkeep(struct sip_ua *ua, struct sip_parked *parked)
{
    sip_stack_unkeep(ua->stack, parked->buffer);
    parked->buffer = 0;
}
