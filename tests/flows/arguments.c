/* What the host hands in: accepted or refused before anything is sent, all or nothing (sip/call.h,
 * sip/ua.h; DESIGN section 8), and what of it stands in the INVITE (RFC 3261 §8.1.1, §13.2.1).
 *
 *     alice                          bob
 *       |  SIP_EURI, SIP_EHEADER, SIP_EINVAL: nothing
 *       |------------ INVITE ---------->|   with all that was asked for
 */
#include "stage.h"

static struct sip_call_args args_of(const struct stage *s)
{
    struct sip_call_args args = {0};

    args.to = sip_str("sip:bob@example.net");
    args.account = s->account;
    args.body = stage_body(stage_offer);
    return args;
}

/* bob is called, refuses, and all is over. */
static void is_sent(struct stage *s, const struct sip_call_args *args, const char *uri)
{
    struct sip_call call;

    returns(s, sip_call_start(s->ua, s->now, args, &call), 0);
    sent(s, s->now, "INVITE", uri);
}

static void is_refused(struct stage *s, const char *uri)
{
    reply(s, s->now, "INVITE", 404);
    sent(s, s->now, "ACK", uri);
    heard(s, s->now, "ended", SIP_END_REFUSED);
    quiet(s);
}

static void fails(struct stage *s, const struct sip_call_args *args, int error)
{
    struct sip_call call;

    call.id = 77;
    returns(s, sip_call_start(s->ua, s->now, args, &call), error);
    CHECK(call.id == 0);                               /* all or nothing */
    silent(s, s->now);
}

TEST(addresses_that_nobody_can_be_called_at)           /* §8.1.1.1, §19.1 */
{
    static const char *const rows[] = {
        "",
        "bob",
        "sip:",
        "tel:+15551234",
        "mailto:bob@example.net",
        "sip:bob@example.net\r\nX-Evil: yes",
        "sip:bob@example.net SIP/2.0",
        "<sip:bob@example.net>",
        "sip:b b@example.net",
    };
    struct stage s = stage_udp();

    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct sip_call_args args = args_of(&s);

        args.to = sip_str(rows[i]);
        fails(&s, &args, SIP_EURI);
    }
    CHECK_INT(usage(&s, "calls").used, 0);
    quiet(&s);
}

TEST(headers_that_are_not_the_hosts)                   /* DESIGN section 8; rule 7 */
{
    static const struct {
        const char *name, *value;
    } rows[] = {
        {"Via", "SIP/2.0/UDP 192.0.2.1"}, {"v", "SIP/2.0/UDP 192.0.2.1"},
        {"Call-ID", "mine"},              {"i", "mine"},
        {"CSEQ", "7 INVITE"},             {"From", "<sip:a@b>"},
        {"To", "<sip:a@b>"},              {"Content-Length", "0"},
        {"l", "0"},                       {"Max-Forwards", "1"},
        {"Route", "<sip:192.0.2.9;lr>"},  {"X-Mine", "a\r\nVia: b"},
        {"X-Mine", "a\nb"},               {"X Mine", "a"},
        {"X-Mine:", "a"},                 {"", "a"},
    };
    struct stage s = stage_udp();

    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct sip_extra extra = {{NULL, 0}, {NULL, 0}};
        struct sip_call_args args = args_of(&s);

        extra.name = sip_str(rows[i].name);
        extra.value = sip_str(rows[i].value);
        args.headers.at = &extra;
        args.headers.count = 1;
        fails(&s, &args, SIP_EHEADER);
    }
    quiet(&s);
}

TEST(headers_of_the_host_are_sent)                     /* §20 */
{
    struct stage s = stage_udp();
    struct sip_extra extras[2] = {{{NULL, 0}, {NULL, 0}}, {{NULL, 0}, {NULL, 0}}};
    struct sip_call_args args = args_of(&s);

    extras[0].name = sip_str("Subject");
    extras[0].value = sip_str("Lunch");
    extras[1].name = sip_str("X-Mine");
    extras[1].value = sip_str("a, b;c=\"d\"");
    args.headers.at = extras;
    args.headers.count = 2;
    args.headers.lines = sip_str("Priority: urgent\r\n");
    is_sent(&s, &args, "sip:bob@example.net");
    says(&s, "Subject", "Lunch");
    says(&s, "X-Mine", "a, b;c=\"d\"");
    says(&s, "Priority", "urgent");
    is_refused(&s, "sip:bob@example.net");
}

TEST(call_without_an_account)                          /* a PBX: sip/call.h */
{
    struct stage s = stage_udp();
    struct sip_call_args args = args_of(&s);
    const struct sip_account none = {0};

    args.account = none;
    fails(&s, &args, SIP_EURI);                        /* who is calling? */
    args.from = sip_str("sip:pbx@example.net");
    args.from_display = sip_str("The \"PBX\"");
    args.to = sip_str("sip:bob@192.0.2.44:5070;transport=udp");
    args.to_header = sip_str("sip:100@example.net");
    args.contact = sip_str("sip:leg1@192.0.2.1:5060");
    is_sent(&s, &args, "sip:bob@192.0.2.44:5070;transport=udp");
    went_to(&s, "192.0.2.44:5070");
    mentions(&s, "From", "\"The \\\"PBX\\\"\" <sip:pbx@example.net>;tag=");
    says(&s, "To", "<sip:100@example.net>");
    says(&s, "Contact", "<sip:leg1@192.0.2.1:5060>");
    is_refused(&s, "sip:bob@192.0.2.44:5070;transport=udp");
}

TEST(name_without_a_resolver_ends_the_call)            /* 503, at the next tick */
{
    struct stage s = stage_udp();
    struct sip_call_args args = args_of(&s);
    const struct sip_account none = {0};
    struct sip_call call;

    args.account = none;
    args.from = sip_str("sip:alice@example.net");
    returns(&s, sip_call_start(s.ua, s.now, &args, &call), 0);
    CHECK_INT(sip_call_state(s.ua, call), SIP_CALL_CALLING);   /* no event before this returned */
    CHECK_INT(heard(&s, 0, "ended", SIP_END_NETWORK)->status, 503);
    quiet(&s);
}

TEST(arguments_out_of_range)                           /* sip/call.h: expires_s up to 3,600 */
{
    struct stage s = stage_udp();
    struct sip_call_args args = args_of(&s);

    args.expires_s = 3601;
    fails(&s, &args, SIP_EINVAL);
    args.expires_s = 0;
    args.account.id ^= 1u;
    fails(&s, &args, SIP_EGONE);
    quiet(&s);
}

TEST(texts_are_copied_during_the_call)                 /* DESIGN section 8 */
{
    char to[] = "sip:bob@example.net", body[] = "v=0\r\n";
    struct stage s = stage_udp();
    struct sip_call_args args = args_of(&s);
    struct sip_call call;

    args.to = sip_str(to);
    args.body.bytes = sip_str(body);
    returns(&s, sip_call_start(s.ua, s.now, &args, &call), 0);
    memset(to, 'x', sizeof to);
    memset(body, 'x', sizeof body);
    sent(&s, 0, "INVITE", "sip:bob@example.net");
    carries(&s, "v=0\r\n");
    sent(&s, 500, "INVITE", "sip:bob@example.net");
    is_repeated(&s);
    is_refused(&s, "sip:bob@example.net");
}

TEST(host_pointer_stays_with_its_call)                 /* sip_call_host() */
{
    int first, second;
    struct stage s = stage_udp();
    struct sip_call_args args = args_of(&s);
    struct sip_call call;

    args.host = &first;
    returns(&s, sip_call_start(s.ua, s.now, &args, &call), 0);
    CHECK(sip_call_host(s.ua, call) == &first || is_squeezed());
    returns(&s, sip_call_set_host(s.ua, call, &second), 0);
    CHECK(sip_call_host(s.ua, call) == &second || is_squeezed());
    sent(&s, 0, "INVITE", "sip:bob@example.net");
    reply(&s, 10, "INVITE", 404);
    sent(&s, 10, "ACK", "sip:bob@example.net");
    CHECK(heard(&s, 10, "ended", SIP_END_REFUSED)->host == &second);
    quiet(&s);
}

TEST(host_pointer_of_a_registration)                   /* sip_registration_host() */
{
    struct stage s = stage_udp();
    struct sip_registration_args args = {0};
    struct sip_registration registration;

    args.account = s.account;
    args.host = &s;
    args.fetch_only = true;
    returns(&s, sip_registration_start(s.ua, s.now, &args, &registration), 0);
    CHECK(sip_registration_host(s.ua, registration) == &s || is_squeezed());
    sent(&s, 0, "REGISTER", "sip:example.net");
    reply(&s, 10, "REGISTER", 200);
    CHECK(heard(&s, 10, "registered", 0)->host == &s);
    CHECK(heard(&s, 10, "registration ended", 0)->host == &s);
    quiet(&s);
}

static void with_agent(struct sip_config *config)
{
    config->user_agent = "Phone/1.0 (test)";
    config->supported = "path, timer";
    config->methods = "INFO MESSAGE";
}

static void without_agent(struct sip_config *config)
{
    config->user_agent = "";
    config->methods = NULL;
}

TEST(configuration_stands_in_messages)                 /* §20.5, §20.35, §20.37, §20.41 */
{
    struct stage s = stage_with(with_agent);
    struct sip_call_args args = args_of(&s);

    is_sent(&s, &args, "sip:bob@example.net");
    says(&s, "User-Agent", "Phone/1.0 (test)");
    says(&s, "Supported", "100rel, path, timer");
    says(&s, "Allow", "INVITE, ACK, BYE, CANCEL, OPTIONS, UPDATE, PRACK, INFO, MESSAGE");
    is_refused(&s, "sip:bob@example.net");

    s = stage_with(without_agent);
    args = args_of(&s);
    is_sent(&s, &args, "sip:bob@example.net");
    lacks(&s, "User-Agent");
    says(&s, "Supported", "100rel");
    says(&s, "Allow", "INVITE, ACK, BYE, CANCEL, OPTIONS, UPDATE, PRACK");
    is_refused(&s, "sip:bob@example.net");
}

TEST(second_calls_share_nothing)                       /* §8.1.1.4, §19.3: Call-ID, tag and branch */
{
    struct stage s = stage_udp();
    struct sip_call_args args = args_of(&s);
    char call_id[128], from[256], via[256];

    is_sent(&s, &args, "sip:bob@example.net");
    snprintf(call_id, sizeof call_id, "%s", header(&s, "Call-ID"));
    snprintf(from, sizeof from, "%s", header(&s, "From"));
    snprintf(via, sizeof via, "%s", header(&s, "Via"));
    is_sent(&s, &args, "sip:bob@example.net");
    CHECK(strcmp(call_id, header(&s, "Call-ID")) != 0);
    CHECK(strcmp(from, header(&s, "From")) != 0);
    CHECK(strcmp(via, header(&s, "Via")) != 0);
    talk(&s, 0);
    reply(&s, 0, "INVITE", 404);
    sent(&s, 0, "ACK", "sip:bob@example.net");
    heard(&s, 0, "ended", SIP_END_REFUSED);
    talk(&s, 1);
    is_refused(&s, "sip:bob@example.net");
}

#define LIST                                                                                       \
    T(addresses_that_nobody_can_be_called_at)                                                      \
    T(headers_that_are_not_the_hosts)                                                              \
    T(headers_of_the_host_are_sent)                                                                \
    T(call_without_an_account)                                                                     \
    T(name_without_a_resolver_ends_the_call)                                                       \
    T(arguments_out_of_range)                                                                      \
    T(texts_are_copied_during_the_call)                                                            \
    T(host_pointer_stays_with_its_call)                                                            \
    T(host_pointer_of_a_registration)                                                              \
    T(configuration_stands_in_messages)                                                            \
    T(second_calls_share_nothing)

FLOWS(LIST)
