/* Accounts and their logins; what a host may not do inside its own functions. */
#include "stage.h"

static const char challenge[] =
    "WWW-Authenticate: Digest realm=\"example.net\", qop=\"auth\", nonce=\"n\", algorithm=MD5\n";

static struct sip_login login(const char *password, size_t len)
{
    struct sip_login out = {0};

    out.username = sip_str("carol");
    out.password = sip_bytes(password, len);
    return out;
}

TEST(login_is_replaced_whole_or_not_at_all)            /* sip/ua.h: SIP_ACCOUNT_TEXT */
{
    static char text[600];
    struct stage s = stage_udp();
    struct sip_login longer = login(text, sizeof text);
    struct sip_registration registration;

    memset(text, 'x', sizeof text);
    returns(&s, sip_account_login(s.ua, s.now, s.account, &longer), SIP_ESIZE);
    registration = stage_register(&s, 3600);
    sent(&s, 0, "REGISTER", "sip:example.net");
    reply_with(&s, 10, "REGISTER", 401, .headers = challenge);
    sent(&s, 10, "REGISTER", "sip:example.net");
    mentions(&s, "Authorization", "username=\"alice\"");
    reply(&s, 20, "REGISTER", 200);
    heard(&s, 20, "registered", 3600);
    returns(&s, sip_registration_stop(s.ua, s.now, registration), 0);
    sent(&s, 20, "REGISTER", "sip:example.net");
    reply(&s, 30, "REGISTER", 200);
    heard(&s, 30, "registration ended", 0);
    quiet(&s);
}

TEST(login_may_be_replaced_again_and_again)            /* longer ones use up nothing */
{
    static char text[300];
    struct stage s = stage_udp();

    memset(text, 'x', sizeof text);
    for (size_t len = 0; len <= sizeof text; len++) {
        struct sip_login longer = login(text, len);

        returns(&s, sip_account_login(s.ua, s.now, s.account, &longer), 0);
    }
    quiet(&s);
}

TEST(account_without_sense_is_refused)                 /* §19.1.1, §25.1: user */
{
    static const char *const users[] = {"a b", "a@b", "a>", "a\r\nb", "\"a\""};
    struct stage s = stage_udp();
    struct sip_account_args args = {0};
    struct sip_account account;

    args.aor = sip_str("sip:carol@example.net");
    for (size_t i = 0; i < sizeof users / sizeof *users; i++) {
        args.contact_user = sip_str(users[i]);
        returns(&s, sip_account_add(s.ua, s.now, &args, &account), SIP_EURI);
    }
    args.contact_user = sip_str("carol%20;x=1");
    if (!is_squeezed())
        returns(&s, sip_account_add(s.ua, s.now, &args, &account), 0);
    if (!is_squeezed())
        returns(&s, sip_account_remove(s.ua, s.now, account), 0);
    quiet(&s);
}

static struct sip_stack *watched;
static int reported;

static void report_from_the_trace(void *host, const struct sip_trace *trace)
{
    (void)host;
    (void)trace;
    if (watched)
        reported = sip_stack_tick(watched, 0);
}

static void watch(struct sip_config *config)
{
    config->stack.tracer.trace = report_from_the_trace;
}

TEST(report_from_a_trace_function_is_refused)          /* sip/stack.h: SIP_ESTATE */
{
    struct stage s = stage_with(watch);
    struct sip_call call;

    watched = s.stack;
    reported = 0;
    call = stage_call(&s, "sip:bob@example.net");      /* no report is under way here */
    CHECK_INT(reported, SIP_ESTATE);
    sent(&s, 0, "INVITE", "sip:bob@example.net");
    reply(&s, 10, "INVITE", 486);
    sent(&s, 10, "ACK", "sip:bob@example.net");
    heard(&s, 10, "ended", SIP_END_REFUSED);
    CHECK_INT(sip_call_state(s.ua, call), SIP_CALL_GONE);
    quiet(&s);
    watched = NULL;
}

#define LIST                                                                                       \
    T(login_is_replaced_whole_or_not_at_all)                                                       \
    T(login_may_be_replaced_again_and_again)                                                       \
    T(account_without_sense_is_refused)                                                            \
    T(report_from_a_trace_function_is_refused)

FLOWS(LIST)
