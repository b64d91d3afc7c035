/* Building the requests and answers of all usages, in the stack's scratch (RFC 3261 §8.1,
 * §8.2.6). */
#include "base/bytes.h"
#include "base/memory.h"
#include "dialog/dialog.h"
#include "sip/version.h"
#include "transport/flow.h"
#include "ua/call.h"

#define MAX_FORWARDS 70 /* §8.1.1.6 */
#define CONTACT_MAX 256
#define VIA_MAX 128 /* room for the Via that a request gets when it is sent */

static const char library_methods[] = "INVITE, ACK, BYE, CANCEL, OPTIONS, UPDATE";
static const char reliable_tag[] = "100rel"; /* RFC 3262 */

/* --- what the configuration says --- */

/* Takes the next word of a list separated by spaces or commas. */
static bool next_word(struct sip_str *rest, struct sip_str *word)
{
    while (rest->len && (*rest->at == ' ' || *rest->at == ',')) {
        rest->at++;
        rest->len--;
    }
    *word = sip_bytes(rest->at, 0);
    while (rest->len && *rest->at != ' ' && *rest->at != ',') {
        rest->at++;
        rest->len--;
        word->len++;
    }
    return word->len != 0;
}

bool sip_method_taken(const struct sip_ua *ua, struct sip_str method)
{
    struct sip_str rest = sip_str(ua->config.methods), word;

    while (next_word(&rest, &word))
        if (sip_str_equal(word, method))
            return true;
    return false;
}

void sip_write_allow(struct sip_writer *w, const struct sip_ua *ua)
{
    struct sip_str rest = sip_str(ua->config.methods), word;

    sip_write_begin(w, SIP_HEADER_ALLOW);
    sip_write_text(w, library_methods);
    if (ua->config.reliable != SIP_RELIABLE_OFF)
        sip_write_text(w, ", PRACK");
    while (next_word(&rest, &word)) {
        if (sip_method_of(word) == SIP_OPTIONS)
            continue;
        sip_write_text(w, ", ");
        sip_write_piece(w, word);
    }
    sip_write_end(w);
}

bool sip_option_supported(const struct sip_ua *ua, struct sip_str tag)
{
    struct sip_str rest = sip_str(ua->config.supported), each;

    if (ua->config.reliable != SIP_RELIABLE_OFF && sip_str_is(tag, reliable_tag))
        return true;
    while (next_word(&rest, &each))
        if (sip_str_same(each, tag))
            return true;
    return false;
}

void sip_write_supported(struct sip_writer *w, const struct sip_ua *ua)
{
    struct sip_str rest = sip_str(ua->config.supported), each;
    bool reliable = ua->config.reliable != SIP_RELIABLE_OFF;

    if (!reliable && !rest.len)
        return;
    sip_write_begin(w, SIP_HEADER_SUPPORTED);
    sip_write_text(w, reliable ? reliable_tag : "");
    for (bool first = !reliable; next_word(&rest, &each);) {
        if (reliable && sip_str_is(each, reliable_tag))
            continue;
        sip_write_text(w, first ? "" : ", ");
        sip_write_piece(w, each);
        first = false;
    }
    sip_write_end(w);
}

/* --- headers of the host --- */

static bool is_ours(struct sip_str name)
{
    switch (sip_header_of(name)) {
    case SIP_HEADER_VIA:
    case SIP_HEADER_CALL_ID:
    case SIP_HEADER_CSEQ:
    case SIP_HEADER_FROM:
    case SIP_HEADER_TO:
    case SIP_HEADER_CONTENT_LENGTH:
    case SIP_HEADER_CONTENT_TYPE:
    case SIP_HEADER_MAX_FORWARDS:
    case SIP_HEADER_ROUTE:
    case SIP_HEADER_RECORD_ROUTE:
        return true;
    default:
        return false;
    }
}

int sip_extras_check(const struct sip_extras *extras)
{
    struct sip_str rest;

    if (!extras)
        return 0;
    for (size_t i = 0; i < extras->count; i++)
        if (is_ours(extras->at[i].name))
            return SIP_EHEADER;
    for (rest = extras->lines; rest.len;) {
        const char *colon = memchr(rest.at, ':', rest.len);
        const char *end = memchr(rest.at, '\n', rest.len);

        if (!colon || !end || colon > end || is_ours(sip_bytes(rest.at, (size_t)(colon - rest.at))))
            return SIP_EHEADER;
        rest.len -= (size_t)(end - rest.at) + 1;
        rest.at = end + 1;
    }
    return 0;
}

/* Whether the host gives this header itself: it then stands in the place of ours. */
static bool names(const struct sip_extras *extras, enum sip_header header)
{
    struct sip_str rest = {NULL, 0};

    for (size_t i = 0; extras && i < extras->count; i++)
        if (sip_header_of(extras->at[i].name) == header)
            return true;
    if (extras)
        rest = extras->lines;
    while (rest.len) { /* checked: each has a colon and an end */
        const char *colon = memchr(rest.at, ':', rest.len);
        const char *end = memchr(rest.at, '\n', rest.len);

        if (!colon || !end)
            return false;
        if (colon < end && sip_header_of(sip_bytes(rest.at, (size_t)(colon - rest.at))) == header)
            return true;
        rest.len -= (size_t)(end - rest.at) + 1;
        rest.at = end + 1;
    }
    return false;
}

int sip_refusal_check(struct sip_ua *ua, const struct sip_refusal *refusal)
{
    struct sip_writer w;
    long len;

    if (!refusal)
        return 0;
    if (sip_extras_check(&refusal->headers))
        return SIP_EHEADER;
    sip_writer_init(&w, ua->stack->aside, ua->stack->config.limits.message_max / 2);
    sip_write_status_line(&w, 486, refusal->reason);
    sip_write_extras(&w, &refusal->headers);
    len = sip_writer_done(&w);
    return len < 0 ? (int)len : 0;
}

void sip_write_extras(struct sip_writer *w, const struct sip_extras *extras)
{
    if (!extras)
        return;
    for (size_t i = 0; i < extras->count; i++)
        sip_write_named(w, extras->at[i].name, extras->at[i].value);
    sip_write_lines(w, extras->lines);
}

static void write_agent(struct sip_writer *w, const struct sip_ua *ua, enum sip_header header,
                        const struct sip_extras *extras)
{
    const char *name = ua->config.user_agent ? ua->config.user_agent : "libsip/" SIP_VERSION;

    if (*name && !names(extras, header))
        sip_write_header(w, header, sip_str(name));
}

/* Allow and Supported. */
static void write_abilities(struct sip_writer *w, const struct sip_ua *ua,
                            const struct sip_extras *extras)
{
    if (!names(extras, SIP_HEADER_ALLOW))
        sip_write_allow(w, ua);
    if (!names(extras, SIP_HEADER_SUPPORTED))
        sip_write_supported(w, ua);
}

static void write_content(struct sip_writer *w, const struct sip_body *body)
{
    struct sip_str none = {NULL, 0};

    if (body && body->bytes.len && !body->type.len && !w->error)
        w->error = SIP_EINVAL; /* §20.15 */
    if (body && body->bytes.at)
        sip_write_body(w, body->type, body->bytes);
    else
        sip_write_body(w, none, none);
}

/* --- our Contact (§8.1.1.8): where the peer reaches us, on the way that leads to it --- */

static void write_contact_uri(struct sip_writer *w, struct sip_str user,
                              const struct sip_path *path, const struct sip_addr *local)
{
    enum sip_protocol protocol = (enum sip_protocol)path->protocol;

    sip_write_text(w, protocol == SIP_TLS || protocol == SIP_WSS ? "sips:" : "sip:");
    if (user.len) {
        sip_write_piece(w, user);
        sip_write_text(w, "@");
    }
    if (local->family == SIP_FAMILY_NONE)
        sip_write_text(w, "anonymous.invalid");
    else
        sip_write_host(w, local);
    if (protocol != SIP_UDP && protocol != SIP_TLS && sip_protocol_param(protocol)) {
        sip_write_text(w, ";transport=");
        sip_write_text(w, sip_protocol_param(protocol));
    }
}

/* The URI in `out`; `whole` if it is not empty, else from the account or the user part given. */
static struct sip_str contact_uri(struct sip_ua *ua, const struct sip_account_slot *account,
                                  struct sip_str user, const struct sip_path *path,
                                  char out[CONTACT_MAX])
{
    struct sip_addr local = path->local;
    struct sip_writer w;
    long len;

    if (account) {
        struct sip_str whole = sip_account_text(account, ACCOUNT_CONTACT);

        if (whole.len)
            return whole;
        user = sip_account_text(account, ACCOUNT_CONTACT_USER);
    }
    if (path->protocol != SIP_UDP || local.family == SIP_FAMILY_NONE || local.port == 0)
        if (path->remote.family == SIP_FAMILY_NONE || sip_stack_local(ua->stack, path, &local) < 0)
            local.family = SIP_FAMILY_NONE;
    sip_writer_init(&w, out, CONTACT_MAX);
    write_contact_uri(&w, user, path, &local);
    len = sip_writer_done(&w);
    return sip_bytes(out, len > 0 ? (size_t)len : 0);
}

/* --- requests outside of dialogs --- */

/* Stores the targets of a request: given ones, the account's servers from the one that works on, or
 * those of a URI. 0 when only a resolver could tell; `*hop` is what it would be asked for. */
static int targets_of(struct sip_ua *ua, const struct sip_outgoing *out, struct sip_target *targets,
                      struct sip_str *hop)
{
    int count = 0, got;

    *hop = out->next_hop;
    if (out->targets_count) {
        count = out->targets_count < SIP_TARGETS_MAX ? (int)out->targets_count : SIP_TARGETS_MAX;
        memcpy(targets, out->targets, (size_t)count * sizeof *targets);
        return count;
    }
    if (!out->next_hop.len && out->account) {
        for (unsigned i = 0; i < SIP_ACCOUNT_SERVERS; i++) {
            unsigned which = (out->account->server + i) % SIP_ACCOUNT_SERVERS;
            struct sip_str server = sip_account_text(
                out->account, (enum sip_account_field)(ACCOUNT_SERVER + which));

            if (server.len &&
                sip_way_resolve_for(ua->stack, server, out->uri, &targets[count], 1) == 1)
                count++;
        }
        if (count)
            return count;
        *hop = sip_account_text(out->account, ACCOUNT_SERVER);
    }
    got = sip_way_resolve_for(ua->stack, hop->len ? *hop : out->uri, out->uri, targets,
                              SIP_TARGETS_MAX);
    return got == SIP_ENAME ? 0 : got;
}

static void write_id(struct sip_writer *w, uint64_t id)
{
    uint8_t bytes[8];

    for (int i = 0; i < 8; i++)
        bytes[i] = (uint8_t)(id >> (56 - 8 * i));
    sip_write_hex(w, bytes, sizeof bytes);
}

static void write_address_tag(struct sip_writer *w, enum sip_header header, struct sip_str display,
                              struct sip_str uri, uint64_t tag)
{
    sip_write_begin(w, header);
    if (display.len) {
        sip_write_quoted(w, display);
        sip_write_text(w, " ");
    }
    sip_write_text(w, "<");
    sip_write_request_uri(w, uri); /* as little as there may stand in From and To */
    sip_write_text(w, ">");
    if (tag) {
        sip_write_text(w, ";tag=");
        write_id(w, tag);
    }
    sip_write_end(w);
}

static void write_contact(struct sip_writer *w, struct sip_str uri, uint32_t expires_s)
{
    sip_write_begin(w, SIP_HEADER_CONTACT);
    sip_write_text(w, "<");
    sip_write_piece(w, uri);
    sip_write_text(w, ">");
    if (expires_s != UINT32_MAX) {
        sip_write_text(w, ";expires=");
        sip_write_decimal(w, expires_s);
    }
    sip_write_end(w);
}

static long write_outgoing(struct sip_ua *ua, const struct sip_outgoing *out,
                           struct sip_str contact)
{
    struct sip_writer w;

    sip_writer_init(&w, ua->stack->scratch, ua->stack->config.limits.message_max);
    sip_write_first_line(&w, out->method, out->uri);
    sip_write_number(&w, SIP_HEADER_MAX_FORWARDS, MAX_FORWARDS);
    write_address_tag(&w, SIP_HEADER_FROM, out->from_display, out->from, out->from_tag);
    write_address_tag(&w, SIP_HEADER_TO, sip_bytes(NULL, 0), out->to.len ? out->to : out->uri, 0);
    sip_write_begin(&w, SIP_HEADER_CALL_ID);
    write_id(&w, out->call_id);
    sip_write_end(&w);
    sip_write_cseq(&w, out->cseq, out->method);
    if (out->has_contact && !names(out->extras, SIP_HEADER_CONTACT))
        write_contact(&w, contact, out->contact_expires_s);
    if (out->expires_s != UINT32_MAX)
        sip_write_number(&w, SIP_HEADER_EXPIRES, out->expires_s);
    sip_write_credentials(ua, &w, out->account, out->method, out->uri);
    write_abilities(&w, ua, out->extras);
    write_agent(&w, ua, SIP_HEADER_USER_AGENT, out->extras);
    sip_write_lines(&w, out->lines);
    sip_write_extras(&w, out->extras);
    write_content(&w, out->body);
    return sip_writer_done(&w);
}

int sip_outgoing_send(struct sip_ua *ua, const struct sip_outgoing *out, struct sip_client *client)
{
    struct sip_target targets[SIP_TARGETS_MAX];
    struct sip_client_args args = {0};
    struct sip_path path = {0};
    struct sip_str contact = out->contact, hop = out->next_hop;
    char text[CONTACT_MAX];
    int count;
    long len;

    count = out->flow.id ? 0 : targets_of(ua, out, targets, &hop);
    if (count < 0)
        return count;
    if (out->flow.id && sip_flow_path(ua->stack, out->flow))
        path = *sip_flow_path(ua->stack, out->flow);
    if (count > 0) {
        path.protocol = targets[0].protocol;
        path.remote = targets[0].addr;
    }
    if (out->has_contact && !contact.len)
        contact = contact_uri(ua, out->account, sip_bytes(NULL, 0), &path, text);
    len = write_outgoing(ua, out, contact);
    if (len < 0)
        return (int)len;
    args.request = sip_bytes(ua->stack->scratch, (size_t)len);
    args.owner = out->owner;
    args.flow = out->flow;
    args.targets = targets;
    args.targets_count = (size_t)count;
    args.next_hop = hop;
    return sip_client_start(ua->stack, ua->stack->now, &args, client);
}

/* --- requests inside of dialogs --- */

/* The target of the next request in a dialog, as sip_way_resolve(). */
static int resolve_hop(struct sip_ua *ua, struct sip_dialog dialog, struct sip_target *target)
{
    struct sip_str hop = sip_dialog_next_hop(ua->stack, dialog);
    struct sip_dialog_view view;

    if (sip_dialog_look(ua->stack, dialog, &view))
        return SIP_EGONE;
    return sip_way_resolve_for(ua->stack, hop, view.target, target, 1);
}

/* The way of the next request in a dialog, for its Contact. */
static struct sip_path inside_path(struct sip_ua *ua, struct sip_dialog dialog)
{
    struct sip_path path = {0};
    struct sip_dialog_view view;
    struct sip_target target;

    if (resolve_hop(ua, dialog, &target) == 1) {
        path.protocol = target.protocol;
        path.remote = target.addr;
    } else if (!sip_dialog_look(ua->stack, dialog, &view)) {
        path = view.path;
    }
    return path;
}

/* A peer whose name nobody here can resolve is still reached where its last message came from;
 * `room` lives as long as `args`. */
static void aim(struct sip_ua *ua, struct sip_dialog dialog, struct sip_client_args *args,
                struct sip_target *room)
{
    struct sip_dialog_view view;

    args->next_hop = sip_dialog_next_hop(ua->stack, dialog);
    if (resolve_hop(ua, dialog, room) != SIP_ENAME ||
        sip_dialog_look(ua->stack, dialog, &view))
        return;
    if (view.flow.id && sip_flow_path(ua->stack, view.flow)) {
        args->flow = view.flow;
    } else if (view.path.remote.family != SIP_FAMILY_NONE) {
        room->protocol = view.path.protocol;
        room->addr = view.path.remote;
        args->targets = room;
        args->targets_count = 1;
    }
}

/* After the call it is the one whose address of record is the dialog's local URI. */
struct sip_account_slot *sip_inside_account(const struct sip_ua *ua, struct sip_dialog dialog)
{
    const struct sip_slots *pool = &ua->stack->pools[SIP_KIND_ACCOUNT];
    struct sip_dialog_view view;
    struct sip_call call;

    if (sip_dialog_look(ua->stack, dialog, &view))
        return NULL;
    call.id = view.owner;
    if (sip_call_find(ua, call.id))
        return sip_account_find(ua, sip_call_account(ua, call));
    for (uint32_t i = 0; i < pool->touched; i++) {
        struct sip_account_slot *account = sip_slots_at(pool, i);

        if ((account->slot.generation & 1) &&
            sip_str_equal(sip_account_text(account, ACCOUNT_AOR), view.local_uri))
            return account;
    }
    return NULL;
}

static long write_inside(struct sip_ua *ua, struct sip_dialog dialog, struct sip_str method,
                         const struct sip_said *said)
{
    struct sip_account_slot *account = sip_inside_account(ua, dialog);
    struct sip_path path = inside_path(ua, dialog);
    struct sip_dialog_view view;
    char contact[CONTACT_MAX];
    struct sip_writer w;

    sip_writer_init(&w, ua->stack->scratch, ua->stack->config.limits.message_max);
    if (sip_dialog_write(ua->stack, dialog, &w, method, 0))
        return SIP_EGONE;
    if (said->contact && !names(said->extras, SIP_HEADER_CONTACT))
        write_contact(&w,
                      contact_uri(ua, account, sip_bytes(NULL, 0), &path, contact),
                      UINT32_MAX);
    if (said->allow)
        write_abilities(&w, ua, said->extras);
    write_agent(&w, ua, SIP_HEADER_USER_AGENT, said->extras);
    if (!sip_dialog_look(ua->stack, dialog, &view))
        sip_write_credentials(ua, &w, account, method, view.target);
    sip_write_lines(&w, said->lines);
    sip_write_extras(&w, said->extras);
    write_content(&w, said->body);
    return sip_writer_done(&w);
}

int sip_inside_send(struct sip_ua *ua, struct sip_dialog dialog, struct sip_str method,
                    const struct sip_said *said, uint64_t owner, struct sip_client *client)
{
    struct sip_client_args args = {0};
    struct sip_target room;
    long len = write_inside(ua, dialog, method, said);

    if (len < 0)
        return (int)len;
    args.request = sip_bytes(ua->stack->scratch, (size_t)len);
    args.owner = owner;
    aim(ua, dialog, &args, &room);
    return sip_client_start(ua->stack, ua->stack->now, &args, client);
}

void sip_inside_once(struct sip_ua *ua, struct sip_dialog dialog, struct sip_str method)
{
    const struct sip_said nothing = {0};
    struct sip_client_args args = {0};
    struct sip_target room;
    long len = write_inside(ua, dialog, method, &nothing);

    if (len < 0)
        return;
    args.request = sip_bytes(ua->stack->scratch, (size_t)len);
    aim(ua, dialog, &args, &room);
    sip_send_request(ua->stack, ua->stack->now, &args, NULL);
}

/* What stands before the text of an ACK in its buffer. */
struct kept_ack {
    struct sip_way way;
    size_t len;
};

static long write_ack(struct sip_ua *ua, struct sip_dialog dialog, uint32_t cseq,
                      const struct sip_message *invite, const struct sip_body *body)
{
    struct sip_writer w;

    sip_writer_init(&w, ua->stack->scratch, ua->stack->config.limits.message_max);
    if (sip_dialog_write(ua->stack, dialog, &w, sip_method_text(SIP_ACK), cseq))
        return SIP_EGONE;
    if (invite) { /* §13.2.2.4 */
        sip_write_copy_all(&w, invite, SIP_HEADER_AUTHORIZATION);
        sip_write_copy_all(&w, invite, SIP_HEADER_PROXY_AUTHORIZATION);
    }
    write_content(&w, body);
    return sip_writer_done(&w);
}

int sip_inside_ack_check(struct sip_ua *ua, struct sip_dialog dialog, uint32_t cseq,
                         const struct sip_body *body)
{
    long len = write_ack(ua, dialog, cseq, NULL, body);

    if (len < 0)
        return (int)len;
    return (size_t)len + VIA_MAX <= ua->stack->config.limits.message_max ? 0 : SIP_ESIZE;
}

uint32_t sip_inside_ack(struct sip_ua *ua, struct sip_dialog dialog, uint32_t cseq,
                        const struct sip_message *invite, const struct sip_body *body)
{
    struct sip_client_args args = {0};
    struct sip_sent sent = {0};
    struct sip_target room;
    struct kept_ack kept;
    long len = write_ack(ua, dialog, cseq, invite, body);
    uint32_t buffer;
    char *at;

    if (len == SIP_ESIZE)
        len = write_ack(ua, dialog, cseq, NULL, body);
    if (len < 0)
        return 0;
    args.request = sip_bytes(ua->stack->scratch, (size_t)len);
    aim(ua, dialog, &args, &room);
    /* A large one first: the INVITE has just given one back, and small ones end calls. */
    buffer = sizeof kept + (size_t)len + VIA_MAX <= ua->stack->config.limits.message_max
                 ? sip_buffers_take_class(&ua->stack->buffers, SIP_LARGE, false)
                 : 0;
    if (!buffer)
        buffer = sip_stack_buffer(ua->stack, sizeof kept + (size_t)len + VIA_MAX, false);
    at = buffer ? sip_buffers_at(&ua->stack->buffers, buffer) : NULL;
    if (buffer)
        sent.text = sip_bytes(at + sizeof kept,
                              sip_buffers_room(&ua->stack->buffers, buffer) - sizeof kept);
    if (sip_send_request(ua->stack, ua->stack->now, &args, buffer ? &sent : NULL) || !buffer) {
        sip_stack_unkeep(ua->stack, buffer);
        return 0;
    }
    kept.way.path = sent.path;
    kept.way.flow = sent.flow;
    kept.len = sent.text.len;
    memcpy(at, &kept, sizeof kept);
    return buffer;
}

void sip_inside_ack_again(struct sip_ua *ua, uint32_t buffer)
{
    const char *at = sip_buffers_at(&ua->stack->buffers, buffer);
    struct kept_ack kept;

    memcpy(&kept, at, sizeof kept);
    sip_way_send(ua->stack, &kept.way, sip_bytes(at + sizeof kept, kept.len), true);
}

/* --- answers --- */

int sip_answer(struct sip_ua *ua, struct sip_server server, const struct sip_answering *answer)
{
    struct sip_reply reply = {0};
    char *memory = ua->stack->aside;
    char contact[CONTACT_MAX];
    struct sip_writer w;
    long len;

    sip_writer_init(&w, memory, ua->stack->config.limits.message_max / 2);
    if (answer->said.contact && !names(answer->said.extras, SIP_HEADER_CONTACT))
        write_contact(&w,
                      contact_uri(ua, sip_account_find(ua, answer->account), answer->user,
                                  answer->path, contact),
                      UINT32_MAX);
    if (answer->said.allow)
        write_abilities(&w, ua, answer->said.extras);
    write_agent(&w, ua, SIP_HEADER_SERVER, answer->said.extras);
    sip_write_lines(&w, answer->said.lines);
    sip_write_extras(&w, answer->said.extras);
    len = sip_writer_done(&w);
    if (len < 0)
        return (int)len;
    reply.status = answer->status;
    reply.reason = answer->reason;
    reply.lines = sip_bytes(memory, (size_t)len);
    if (answer->said.body && answer->said.body->bytes.len && !answer->said.body->type.len)
        return SIP_EINVAL; /* §20.15 */
    if (answer->said.body && answer->said.body->bytes.at) {
        reply.type = answer->said.body->type;
        reply.body = answer->said.body->bytes;
    }
    return sip_server_reply(ua->stack, ua->stack->now, server, &reply);
}

void sip_answer_surely(struct sip_ua *ua, struct sip_server server,
                       const struct sip_answering *answer)
{
    struct sip_answering less = {0};
    struct sip_reply bare = {0};

    less.status = bare.status = answer->status;
    if (sip_answer(ua, server, answer) && sip_answer(ua, server, &less))
        sip_server_reply(ua->stack, ua->stack->now, server, &bare);
}

void sip_answer_stateless(struct sip_ua *ua, const struct sip_received *received, uint16_t status,
                          struct sip_str lines)
{
    struct sip_reply reply = {0};

    reply.status = status;
    reply.lines = lines;
    sip_reply_once(ua->stack, ua->stack->now, received, &reply);
}
