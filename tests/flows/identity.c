/* Who we are: which account a request of the peer finds (DESIGN section 8: by the user of the
 * Request-URI, then To, then the first), what of it stands in messages (RFC 3261 §8.1.1.3), and that
 * its secrets are wiped (DESIGN section 5).
 *
 *      bob                           alice, carol
 *       |---- INVITE sip:carol@ ------->|
 *       |<-- 180, Contact: sip:carol@ --|
 */
#include "stage.h"

static struct sip_account carol;

static struct stage with_carol(void)
{
    struct stage s = stage_udp();
    struct sip_account_args args = {0};

    args.aor = sip_str("sip:carol@example.net");
    args.display = sip_str("Carol \"C\" Doe");
    args.servers[0] = sip_str("sip:192.0.2.2");
    args.contact_user = sip_str("c-4711");
    args.login.username = sip_str("carol");
    args.login.password = sip_str("carols secret");
    args.host = &carol;
    returns(&s, sip_account_add(s.ua, s.now, &args, &carol), 0);
    CHECK(sip_account_host(s.ua, carol) == &carol || is_squeezed());
    return s;
}

static void goes(struct stage *s)
{
    sip_account_remove(s->ua, s->now, carol);
    quiet(s);
}

static void is_for(const char *uri, const char *to, bool for_carol)
{
    struct stage s = with_carol();
    const struct told *told;

    invite_with(&s, 0, .uri = uri, .us = to);
    told = heard(&s, 0, "incoming", 0);
    CHECK(told->account.id == (for_carol ? carol.id : s.account.id));
    returns(&s, sip_call_ring(s.ua, s.now, told->call, NULL), 0);
    answered(&s, 0, 180, "INVITE");
    mentions(&s, "Contact", for_carol ? "<sip:c-4711@192.0.2.1" : "<sip:alice@192.0.2.1");
    ask(&s, 10, "CANCEL");
    answered(&s, 10, 200, "CANCEL");
    answered(&s, 10, 487, "INVITE");
    heard(&s, 10, "ended", SIP_END_CANCELLED);
    ask(&s, 20, "ACK");
    goes(&s);
}

TEST(call_finds_its_account)
{
    is_for("sip:c-4711@192.0.2.1", "<sip:alice@example.net>", true);   /* the Contact we gave */
    is_for("sip:alice@192.0.2.1", "<sip:carol@example.net>", false);
    is_for("sip:x@192.0.2.1", "<sip:carol@example.net>", true);        /* then To */
    is_for("sip:x@192.0.2.1", "<sip:carol@EXAMPLE.net>", true);        /* §19.1.4 */
    is_for("sip:x@192.0.2.1", "<sip:dave@example.net>", false);        /* then the first */
    is_for("sip:192.0.2.1", "<sip:carol@example.com>", false);
}

TEST(display_name_stands_in_from)                      /* §20.10, §25.1: quoted */
{
    struct stage s = with_carol();
    struct sip_call_args call_args = {0};
    struct sip_request_args request_args = {0};
    struct sip_call call;
    struct sip_request request;

    call_args.to = request_args.to = sip_str("sip:bob@example.net");
    call_args.account = request_args.account = carol;
    request_args.method = sip_str("MESSAGE");
    returns(&s, sip_call_start(s.ua, s.now, &call_args, &call), 0);
    sent(&s, 0, "INVITE", "sip:bob@example.net");
    mentions(&s, "From", "\"Carol \\\"C\\\" Doe\" <sip:carol@example.net>;tag=");
    reply(&s, 0, "INVITE", 404);
    sent(&s, 0, "ACK", "sip:bob@example.net");
    CHECK(heard(&s, 0, "ended", SIP_END_REFUSED)->account.id == carol.id);
    returns(&s, sip_request_start(s.ua, s.now, &request_args, &request), 0);
    sent(&s, 0, "MESSAGE", "sip:bob@example.net");
    mentions(&s, "From", "\"Carol \\\"C\\\" Doe\" <sip:carol@example.net>;tag=");
    reply(&s, 0, "MESSAGE", 200);
    heard(&s, 0, "request answered", 200);
    goes(&s);
}

TEST(phrases_of_the_host_are_said)                     /* §7.2: the phrase is for people */
{
    struct stage s = stage_udp();
    struct sip_call_message message = {0};
    struct sip_call call;

    invite(&s, 0);
    call = heard(&s, 0, "incoming", 0)->call;
    message.status = 182;
    message.reason = sip_str("Queued; 2 before you");
    returns(&s, sip_call_ring(s.ua, s.now, call, &message), 0);
    answered(&s, 0, 182, "INVITE");
    CHECK_STR(sip_str(start_line(&s)), "SIP/2.0 182 Queued; 2 before you");
    message.status = 0;
    message.reason = sip_str("Here I am");
    returns(&s, sip_call_accept(s.ua, s.now, call, &message), 0);
    answered(&s, 0, 200, "INVITE");
    CHECK_STR(sip_str(start_line(&s)), "SIP/2.0 200 Here I am");
    ask(&s, 0, "ACK");
    heard(&s, 0, "confirmed", 0);
    ask(&s, 0, "BYE");
    answered(&s, 0, 200, "BYE");
    heard(&s, 0, "ended", SIP_END_REMOTE);
    quiet(&s);
}

TEST(secrets_are_wiped)                                /* DESIGN section 5 */
{
    struct stage s = with_carol();
    struct sip_login other = {0};

    CHECK(block_has(&s, "carols secret") || is_squeezed());
    other.username = sip_str("carol");
    other.password = sip_str("another one");
    returns(&s, sip_account_login(s.ua, s.now, carol, &other), 0);
    CHECK(!block_has(&s, "carols secret"));
    CHECK(block_has(&s, "another one") || is_squeezed());
    returns(&s, sip_account_remove(s.ua, s.now, carol), 0);
    CHECK(!block_has(&s, "another one"));
    CHECK(block_has(&s, "secret"));                    /* alice's own */
    quiet(&s);
}

#define LIST                                                                                       \
    T(call_finds_its_account)                                                                      \
    T(display_name_stands_in_from)                                                                 \
    T(phrases_of_the_host_are_said)                                                                \
    T(secrets_are_wiped)

FLOWS(LIST)
