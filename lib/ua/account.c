/* Accounts: who we are. A slot holds all texts of one account in a row. */
#include "base/memory.h"
#include "message/lenient.h"
#include "base/wipe.h"
#include "ua/agent.h"

_Static_assert(sizeof(struct sip_account_slot) <= SIP_SIZE_ACCOUNT, "SIP_SIZE_ACCOUNT");

struct sip_account_slot *sip_account_find(const struct sip_ua *ua, struct sip_account account)
{
    return sip_stack_find(ua->stack, SIP_KIND_ACCOUNT, account.id);
}

struct sip_str sip_account_text(const struct sip_account_slot *account,
                                enum sip_account_field field)
{
    struct sip_account_text text = account->fields[field];

    return sip_bytes(text.len ? account->text + text.at : NULL, text.len);
}

/* Moves the texts together; what is not used is wiped. */
static void squeeze(struct sip_account_slot *account)
{
    char old[SIP_ACCOUNT_TEXT];

    memcpy(old, account->text, sizeof old);
    sip_wipe(account->text, sizeof account->text);
    account->used = 0;
    for (unsigned i = 0; i < ACCOUNT_FIELDS; i++) {
        struct sip_account_text *place = &account->fields[i];

        memcpy(account->text + account->used, old + place->at, place->len);
        place->at = account->used;
        account->used = (uint16_t)(account->used + place->len);
    }
    sip_wipe(old, sizeof old);
}

/* Puts a text into a field that is empty. */
static int put(struct sip_account_slot *account, enum sip_account_field field, struct sip_str text)
{
    if (text.len > sizeof account->text - account->used)
        return SIP_ESIZE;
    if (text.len)
        memcpy(account->text + account->used, text.at, text.len);
    account->fields[field].at = account->used;
    account->fields[field].len = (uint16_t)text.len;
    account->used = (uint16_t)(account->used + text.len);
    return 0;
}

/* Replaces the whole login or nothing of it. */
static int put_login(struct sip_account_slot *account, const struct sip_login *login)
{
    const struct {
        enum sip_account_field field;
        struct sip_str text;
    } fields[] = {
        {ACCOUNT_USERNAME, login->username}, {ACCOUNT_REALM, login->realm},
        {ACCOUNT_PASSWORD, login->password}, {ACCOUNT_MD5, login->md5},
        {ACCOUNT_SHA256, login->sha256},     {ACCOUNT_SHA512_256, login->sha512_256},
    };
    const size_t count = sizeof fields / sizeof *fields;
    size_t left = sizeof account->text;

    for (unsigned i = 0; i < ACCOUNT_FIELDS; i++)
        left -= account->fields[i].len;
    for (size_t i = 0; i < count; i++)
        left += account->fields[fields[i].field].len;
    for (size_t i = 0; i < count; i++) {
        if (fields[i].text.len > left)
            return SIP_ESIZE;
        left -= fields[i].text.len;
    }
    for (size_t i = 0; i < count; i++)
        account->fields[fields[i].field].len = 0;
    squeeze(account);
    account->nonce.count = 0;
    for (size_t i = 0; i < count; i++)
        put(account, fields[i].field, fields[i].text);
    return 0;
}

static bool is_sip_uri(struct sip_str text)
{
    struct sip_fault ignored;
    struct sip_uri uri;

    return !sip_uri_parse(&uri, text, &ignored) &&
           (uri.scheme == SIP_SCHEME_SIP || uri.scheme == SIP_SCHEME_SIPS);
}

/* Whether this can be the user part of a Contact. */
static bool is_user(struct sip_str text)
{
    char uri[SIP_ACCOUNT_TEXT];
    struct sip_writer w;

    sip_writer_init(&w, uri, sizeof uri);
    sip_write_text(&w, "sip:");
    sip_write_piece(&w, text);
    sip_write_text(&w, "@h");
    return sip_writer_done(&w) > 0 && is_sip_uri(sip_bytes(uri, w.used));
}

/* 64 random bits, so that nobody can call an account by guessing its Contact. */
static int put_contact_user(struct sip_ua *ua, struct sip_account_slot *account)
{
    char text[16];
    uint64_t number = sip_stack_unique(ua->stack);

    for (int i = 0; i < 16; i++)
        text[i] = "0123456789abcdef"[number >> (60 - 4 * i) & 15];
    return put(account, ACCOUNT_CONTACT_USER, sip_bytes(text, sizeof text));
}

static int fill(struct sip_ua *ua, struct sip_account_slot *account,
                const struct sip_account_args *args)
{
    if (!args->aor.len)
        return SIP_EINVAL;
    if (!is_sip_uri(args->aor) || (args->contact.len && !is_sip_uri(args->contact)) ||
        (args->contact_user.len && args->contact_user.len < SIP_ACCOUNT_TEXT &&
         !is_user(args->contact_user)))
        return SIP_EURI;
    if (put(account, ACCOUNT_AOR, args->aor) || put(account, ACCOUNT_DISPLAY, args->display) ||
        put(account, ACCOUNT_CONTACT, args->contact) || put_login(account, &args->login))
        return SIP_ESIZE;
    for (unsigned i = 0; i < SIP_ACCOUNT_SERVERS; i++) {
        if (args->servers[i].len && !is_sip_uri(args->servers[i]))
            return SIP_EURI;
        if (put(account, (enum sip_account_field)(ACCOUNT_SERVER + i), args->servers[i]))
            return SIP_ESIZE;
    }
    account->host = args->host;
    return args->contact_user.len ? put(account, ACCOUNT_CONTACT_USER, args->contact_user)
                                  : put_contact_user(ua, account);
}

int sip_account_add(struct sip_ua *ua, uint64_t now, const struct sip_account_args *args,
                    struct sip_account *account)
{
    uint32_t index;
    struct sip_account_slot *slot;
    int error;

    account->id = 0;
    sip_stack_time(ua->stack, now);
    slot = sip_stack_take(ua->stack, SIP_KIND_ACCOUNT, &index, false);
    if (!slot)
        return SIP_EFULL;
    error = fill(ua, slot, args);
    if (error) {
        sip_stack_free(ua->stack, SIP_KIND_ACCOUNT, index);
        return error;
    }
    account->id = sip_stack_handle(ua->stack, SIP_KIND_ACCOUNT, index);
    return 0;
}

int sip_account_login(struct sip_ua *ua, uint64_t now, struct sip_account account,
                      const struct sip_login *login)
{
    struct sip_account_slot *slot = sip_account_find(ua, account);

    sip_stack_time(ua->stack, now);
    if (!slot)
        return SIP_EGONE;
    if (put_login(slot, login))
        return SIP_ESIZE;
    sip_registrations_login(ua, account);
    sip_calls_login(ua, account);
    return 0;
}

int sip_account_remove(struct sip_ua *ua, uint64_t now, struct sip_account account)
{
    struct sip_account_slot *slot = sip_account_find(ua, account);

    sip_stack_time(ua->stack, now);
    if (!slot)
        return SIP_EGONE;
    if (slot->users)
        return SIP_ESTATE;
    sip_stack_free(ua->stack, SIP_KIND_ACCOUNT, sip_handle_index(account.id));
    return 0;
}

void *sip_account_host(const struct sip_ua *ua, struct sip_account account)
{
    const struct sip_account_slot *slot = sip_account_find(ua, account);

    return slot ? slot->host : NULL;
}

bool sip_account_get_login(const struct sip_account_slot *account, struct sip_login *login)
{
    login->username = sip_account_text(account, ACCOUNT_USERNAME);
    login->realm = sip_account_text(account, ACCOUNT_REALM);
    login->password = sip_account_text(account, ACCOUNT_PASSWORD);
    login->md5 = sip_account_text(account, ACCOUNT_MD5);
    login->sha256 = sip_account_text(account, ACCOUNT_SHA256);
    login->sha512_256 = sip_account_text(account, ACCOUNT_SHA512_256);
    return login->username.len != 0;
}

void sip_account_hold(struct sip_ua *ua, struct sip_account account)
{
    struct sip_account_slot *slot = sip_account_find(ua, account);

    if (slot)
        slot->users++;
}

void sip_account_release(struct sip_ua *ua, struct sip_account account)
{
    struct sip_account_slot *slot = sip_account_find(ua, account);

    if (slot)
        slot->users--;
}

void sip_account_reached(struct sip_ua *ua, struct sip_account handle, const struct sip_path *path)
{
    struct sip_account_slot *account = sip_account_find(ua, handle);

    for (unsigned i = 0; account && i < SIP_ACCOUNT_SERVERS; i++) {
        struct sip_str server =
            sip_account_text(account, (enum sip_account_field)(ACCOUNT_SERVER + i));
        struct sip_target target;

        if (server.len && sip_way_resolve(ua->stack, server, &target, 1) == 1 &&
            target.protocol == path->protocol && sip_addr_equal(&target.addr, &path->remote)) {
            account->server = (uint8_t)i;
            return;
        }
    }
}

/* The accounts that fit a request, in the order of preference. */
struct matches {
    struct sip_account by_contact, by_aor, first;
};

static struct matches matches_of(const struct sip_ua *ua, const struct sip_received *received)
{
    const struct sip_slots *pool = &ua->stack->pools[SIP_KIND_ACCOUNT];
    struct matches found = {{0}, {0}, {0}};
    struct sip_uri target, to, aor;
    bool has_target = !sip_uri_again(&target, received->message->uri) && target.user.len;
    bool has_to = !sip_uri_again(&to, received->head->to.uri);

    for (uint32_t i = 0; i < pool->touched; i++) {
        const struct sip_account_slot *account = sip_slots_at(pool, i);
        struct sip_account handle;

        if (!(account->slot.generation & 1))
            continue;
        handle.id = sip_stack_handle(ua->stack, SIP_KIND_ACCOUNT, i);
        if (!found.first.id)
            found.first = handle;
        if (has_target && !found.by_contact.id &&
            sip_str_equal(target.user, sip_account_text(account, ACCOUNT_CONTACT_USER)))
            found.by_contact = handle;
        if (has_to && !found.by_aor.id &&
            !sip_uri_again(&aor, sip_account_text(account, ACCOUNT_AOR)) &&
            sip_uri_equal(&to, &aor))
            found.by_aor = handle;
    }
    return found;
}

struct sip_account sip_account_for(const struct sip_ua *ua, const struct sip_received *received)
{
    struct matches found = matches_of(ua, received);

    return found.by_contact.id ? found.by_contact : found.by_aor.id ? found.by_aor : found.first;
}

bool sip_account_matches(const struct sip_ua *ua, const struct sip_received *received)
{
    struct matches found = matches_of(ua, received);

    return found.by_contact.id || found.by_aor.id;
}
