#include "roundtrip.h"
#include "sip/fields_call.h"
#include "sip/fields_content.h"
#include "sip/fields_event.h"
#include "sip/fields_ims.h"
#include "sip/fields_reach.h"

static const char letters[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ";
static const char digits[] = "0123456789";

/* --- pieces --- */

struct sip_str made_token(struct choices *c)
{
    return letters_of(c, "abcdefghijklmnopqrstuvwxyz0123456789ABCXYZ-.!%*_+`'~", 20);
}

static struct sip_str one_of(struct choices *c, const char *const *texts, unsigned count)
{
    return sip_str(texts[byte_of(c) % count]);
}

struct sip_str made_host(struct choices *c)
{
    static const char *const hosts[] = {"example.net", "192.0.2.1",      "[2001:db8::1]",
                                        "a",           "x-1.b.example.", "[::ffff:192.0.2.1]",
                                        "10.0.0.255"};

    return one_of(c, hosts, sizeof hosts / sizeof *hosts);
}

/* Pieces that were made one after the other. */
static struct sip_str joined(struct choices *c, const struct sip_str *pieces, unsigned count)
{
    struct sip_str whole = {room_for(c, 0), 0};

    for (unsigned i = 0; i < count; i++) {
        char *room = room_for(c, pieces[i].len);

        if (pieces[i].len > 0)
            memcpy(room, pieces[i].at, pieces[i].len);
        whole.len += pieces[i].len;
    }
    return whole;
}

struct sip_str made_uri(struct choices *c)
{
    static const char *const tails[] = {"",
                                        ";lr",
                                        ";transport=tcp;x=%41",
                                        "?Subject=a%20b",
                                        ";maddr=192.0.2.9;ttl=15?a=b&c=",
                                        ":5060",
                                        ":1;user=phone"};
    static const char *const others[] = {"tel:+1-201-555-0123",
                                         "tel:7042;phone-context=example.com", "urn:service:sos",
                                         "https://example.net/a?b=%20#c"};
    struct sip_str pieces[4];

    if (byte_of(c) % 8 == 7)
        return one_of(c, others, 3);
    pieces[0] = sip_str(chance(c) ? "sips:" : "sip:");
    pieces[1] = chance(c) ? letters_of(c, "abcxyzABC019-_.!~*'()&=+$,;?/", 20) : sip_bytes("", 0);
    pieces[2] = sip_str(pieces[1].len > 0 ? "@" : "");
    pieces[3] = made_host(c);
    pieces[0] = joined(c, pieces, 4);
    pieces[1] = one_of(c, tails, sizeof tails / sizeof *tails);
    return joined(c, pieces, 2);
}

/* A quoted string, its quotes and backslashes escaped. */
static struct sip_str quoted(struct choices *c)
{
    struct sip_str text = text_of(c, 30);
    char *room = room_for(c, 2 * text.len + 2);
    size_t len = 0;

    room[len++] = '"';
    for (size_t i = 0; i < text.len; i++) {
        if (text.at[i] == '"' || text.at[i] == '\\')
            room[len++] = '\\';
        room[len++] = text.at[i];
    }
    room[len++] = '"';
    return sip_bytes(room, len);
}

/* "n0=value;n1", of names that nobody knows; {NULL, 0} now and then. */
static struct sip_str params(struct choices *c)
{
    struct sip_str pieces[16];
    unsigned count = 0;

    for (unsigned i = byte_of(c) % 4; i > 0; i--) {
        pieces[count] = sip_str(count > 0 ? ";zz" : "zz");
        count++;
        pieces[count++] = letters_of(c, letters, 8);
        if (!chance(c))
            continue;
        pieces[count++] = sip_str("=");
        pieces[count++] = chance(c) ? quoted(c) : made_token(c);
    }
    return count > 0 ? joined(c, pieces, count) : sip_bytes(NULL, 0);
}

static struct sip_str maybe(struct choices *c, struct sip_str (*made)(struct choices *))
{
    return chance(c) ? made(c) : sip_bytes(NULL, 0);
}

static struct sip_amount amount(struct choices *c, uint32_t most)
{
    struct sip_amount made = {0, chance(c)};

    if (made.given)
        made.value = most == UINT32_MAX ? number_of(c) : number_of(c) % (most + 1);
    return made;
}

static struct sip_address address(struct choices *c)
{
    struct sip_address made = {0};

    made.display = maybe(c, quoted);
    made.uri = made_uri(c);
    made.brackets = true;
    return made;
}

/* --- kinds: what is compared, and how one is made --- */

#define MAKE(name) static void make_##name(struct choices *c, struct sip_##name *v)
#define MADE(name, header, members)                                                                \
    KIND(name, members)                                                                            \
    static void any_##name(struct choices *c, void *into)                                          \
    {                                                                                              \
        make_##name(c, into);                                                                      \
    }                                                                                              \
    static const struct made made_##name = {SIP_HEADER_##header, &name, any_##name};

MAKE(event)
{
    v->type = v->package = letters_of(c, letters, 10);
    v->id = maybe(c, made_token);
    v->params = params(c);
}
MADE(event, EVENT, TEXT(type) TEXT(package) TEXT(id) PARAMS(params))

MAKE(subscription_state)
{
    v->name = sip_str(chance(c) ? "active" : "terminated");
    v->state = v->name.at[0] == 'a' ? SIP_SUBSTATE_ACTIVE : SIP_SUBSTATE_TERMINATED;
    v->reason = maybe(c, made_token);
    v->expires_s = amount(c, UINT32_MAX);
    v->retry_after_s = amount(c, UINT32_MAX);
    v->params = params(c);
}
MADE(subscription_state, SUBSCRIPTION_STATE,
     NUMBER(state) TEXT(name) TEXT(reason) AMOUNT(expires_s) AMOUNT(retry_after_s) PARAMS(params))

MAKE(rack)
{
    v->rseq = number_of(c) | 1;
    v->cseq.number = number_of(c) & SIP_CSEQ_MAX;
    v->cseq.method_name = made_token(c);
    v->cseq.method = sip_method_of(v->cseq.method_name);
}
MADE(rack, RACK, NUMBER(rseq) NUMBER(cseq.number) NUMBER(cseq.method) TEXT(cseq.method_name))

MAKE(session_expires)
{
    v->interval_s = number_of(c);
    v->refresher = chance(c) ? sip_str(chance(c) ? "uac" : "uas") : sip_str(NULL);
    v->params = params(c);
}
MADE(session_expires, SESSION_EXPIRES, NUMBER(interval_s) TEXT(refresher) PARAMS(params))

MAKE(replaces)
{
    v->call_id = made_token(c);
    v->to_tag = made_token(c);
    v->from_tag = made_token(c);
    v->early_only = chance(c);
    v->params = params(c);
}
MADE(replaces, REPLACES,
     TEXT(call_id) TEXT(to_tag) TEXT(from_tag) NUMBER(early_only) PARAMS(params))

MAKE(referred_by)
{
    v->address = address(c);
    v->address.params = params(c);
}
MADE(referred_by, REFERRED_BY, ADDRESS(address) TEXT(cid))

MAKE(reason_value)
{
    v->protocol = made_token(c);
    v->cause = amount(c, UINT32_MAX);
    v->text = maybe(c, quoted);
    v->params = params(c);
}
MADE(reason_value, REASON, TEXT(protocol) AMOUNT(cause) TEXT(text) PARAMS(params))

MAKE(diversion)
{
    v->address = address(c);
    v->address.params = params(c);
    v->reason = chance(c) ? quoted(c) : maybe(c, made_token);
    v->counter = amount(c, 99);
    v->limit = amount(c, 99);
    v->screen = maybe(c, made_token);
}
MADE(diversion, DIVERSION,
     ADDRESS(address) TEXT(reason) AMOUNT(counter) AMOUNT(limit) TEXT(privacy) TEXT(screen))

MAKE(history_info)
{
    v->address = address(c);
    v->address.params = params(c);
    v->index = letters_of(c, digits, 3);
    v->rc = chance(c) ? letters_of(c, digits, 2) : sip_str(NULL);
}
MADE(history_info, HISTORY_INFO, ADDRESS(address) TEXT(index) TEXT(rc) TEXT(mp) TEXT(np))

MAKE(user_to_user)
{
    v->data = chance(c) ? quoted(c) : letters_of(c, "0123456789abcdef", 20);
    v->purpose = maybe(c, made_token);
    v->content = maybe(c, made_token);
    v->encoding = maybe(c, made_token);
    v->params = params(c);
}
MADE(user_to_user, USER_TO_USER,
     TEXT(data) TEXT(purpose) TEXT(content) TEXT(encoding) PARAMS(params))

MAKE(session_id)
{
    v->local = sip_str("ab30317f1a784dc48ff824d0d3715d86");
    v->remote = chance(c) ? sip_str("00000000000000000000000000000000") : sip_str(NULL);
    v->params = params(c);
}
MADE(session_id, SESSION_ID, TEXT(local) TEXT(remote) PARAMS(params))

MAKE(contact_value)
{
    v->address = address(c);
    v->address.params = params(c);
    v->q = amount(c, 1000);
    v->expires_s = amount(c, UINT32_MAX);
    v->instance = chance(c) ? sip_str("\"<urn:uuid:f81d4fae>\"") : sip_str(NULL);
    v->reg_id = amount(c, 2147483646);
    v->reg_id.value += v->reg_id.given;
    v->pub_gruu = maybe(c, quoted);
}
MADE(contact_value, CONTACT,
     ADDRESS(address) AMOUNT(q) AMOUNT(expires_s) TEXT(instance) AMOUNT(reg_id) TEXT(pub_gruu)
         TEXT(temp_gruu))

MAKE(disposition)
{
    v->type = made_token(c);
    v->handling = chance(c) ? sip_str("optional") : sip_str(NULL);
    v->params = params(c);
}
MADE(disposition, CONTENT_DISPOSITION, TEXT(type) TEXT(handling) PARAMS(params))

MAKE(info_uri)
{
    v->uri = made_uri(c);
    v->purpose = maybe(c, made_token);
    v->params = params(c);
}
MADE(info_uri, CALL_INFO, TEXT(uri) TEXT(purpose) PARAMS(params))

MAKE(timestamp)
{
    v->time = letters_of(c, digits, 9);
    v->delay = chance(c) ? letters_of(c, digits, 4) : sip_str(NULL);
}
MADE(timestamp, TIMESTAMP, TEXT(time) TEXT(delay))

MAKE(security)
{
    v->mechanism = made_token(c);
    v->q = amount(c, 1000);
    v->params = params(c);
}
MADE(security, SECURITY_CLIENT,
     TEXT(mechanism) AMOUNT(q) TEXT(d_alg) TEXT(d_qop) TEXT(d_ver) PARAMS(params))

MAKE(access_network)
{
    v->type = made_token(c);
    v->network_provided = chance(c);
    v->cgi_3gpp = maybe(c, made_token);
    v->dsl_location = maybe(c, quoted);
    v->params = params(c);
}
MADE(access_network, P_ACCESS_NETWORK_INFO,
     TEXT(type) NUMBER(network_provided) TEXT(cgi_3gpp) TEXT(dsl_location) PARAMS(params))

MAKE(charging_vector)
{
    v->icid = made_token(c);
    v->icid_generated_at = chance(c) ? made_host(c) : sip_str(NULL);
    v->orig_ioi = chance(c) ? quoted(c) : maybe(c, made_token);
    v->params = params(c);
}
MADE(charging_vector, P_CHARGING_VECTOR,
     TEXT(icid) TEXT(icid_generated_at) TEXT(orig_ioi) PARAMS(params))

const struct made *made_kind(unsigned which)
{
    static const struct made *const all[] = {
        &made_event,          &made_subscription_state, &made_rack,         &made_session_expires,
        &made_replaces,       &made_referred_by,        &made_reason_value, &made_diversion,
        &made_history_info,   &made_user_to_user,       &made_session_id,   &made_contact_value,
        &made_disposition,    &made_info_uri,           &made_timestamp,    &made_security,
        &made_access_network, &made_charging_vector,
    };

    return all[which % (sizeof all / sizeof *all)];
}
