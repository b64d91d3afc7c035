/* Any other method, in and out of dialogs, in both directions (RFC 3261 §8, §11, §12.2, §17.1.2,
 * §17.2.2, RFC 4320).
 *
 *     alice                          bob
 *       |----------- MESSAGE ---------->|
 *       |<---------- 200 OK ------------|
 */
#include "stage.h"

static struct sip_request_args args_of(struct stage *s, const char *method, const char *to)
{
    struct sip_request_args args = {0};

    args.method = sip_str(method);
    args.to = sip_str(to);
    args.account = s->account;
    return args;
}

static struct sip_request start(struct stage *s, const struct sip_request_args *args)
{
    struct sip_request request;

    returns(s, sip_request_start(s->ua, s->now, args, &request), 0);
    return request;
}

TEST(message_is_sent_and_answered)                     /* RFC 3428 §4 */
{
    struct stage s = stage_udp();
    struct sip_request_args args = args_of(&s, "MESSAGE", "sip:bob@example.net");
    const struct told *told;

    args.host = &s;
    args.body.type = sip_str("text/plain");
    args.body.bytes = sip_str("Watson, come here.");
    start(&s, &args);
    sent(&s, 0, "MESSAGE", "sip:bob@example.net");
    went_to(&s, "192.0.2.2:5060");
    says(&s, "Content-Type", "text/plain");
    says(&s, "CSeq", "1 MESSAGE");
    lacks(&s, "Contact");                              /* RFC 3428 §4 */
    carries(&s, "Watson, come here.");
    reply(&s, 10, "MESSAGE", 202);
    told = heard(&s, 10, "request answered", 202);
    CHECK(told->call.id == 0);
    CHECK(told->host == &s);
    quiet(&s);
}

TEST(options_ask_what_bob_can)                         /* §11.1 */
{
    struct stage s = stage_udp();
    struct sip_request_args args = args_of(&s, "OPTIONS", "sip:bob@example.net");

    start(&s, &args);
    sent(&s, 0, "OPTIONS", "sip:bob@example.net");
    says(&s, "Contact", "<sip:alice@192.0.2.1:5060>");
    reply(&s, 5, "OPTIONS", 100);
    reply(&s, 6, "OPTIONS", 183);
    heard(&s, 6, "request progress", 183);
    reply(&s, 10, "OPTIONS", 200);
    heard(&s, 10, "request answered", 200);
    quiet(&s);
}

TEST(any_method_can_be_sent_but_those_of_others)       /* sip/request.h */
{
    static const struct {
        const char *method;
        int error;
    } rows[] = {
        {"INVITE", SIP_EMETHOD},    {"ACK", SIP_EMETHOD},   {"CANCEL", SIP_EMETHOD},
        {"BYE", SIP_EMETHOD},       {"PRACK", SIP_EMETHOD}, {"", SIP_EMETHOD},
        {"TWO WORDS", SIP_EMETHOD}, {"LINE\r\nBREAK", SIP_EMETHOD},
        {"DANCE", 0},               {"REGISTER", 0},
    };
    struct stage s = stage_udp();

    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct sip_request_args args = args_of(&s, rows[i].method, "sip:bob@example.net");
        struct sip_request request;

        returns(&s, sip_request_start(s.ua, s.now, &args, &request), rows[i].error);
        CHECK((request.id == 0) == (rows[i].error != 0) || is_squeezed());
    }
    sent(&s, 0, "DANCE", "sip:bob@example.net");
    sent(&s, 0, "REGISTER", "sip:bob@example.net");
    reply(&s, 10, "DANCE", 501);
    heard(&s, 10, "request answered", 501);
    reply(&s, 10, "REGISTER", 403);
    heard(&s, 10, "request answered", 403);
    quiet(&s);
}

TEST(arguments_that_cannot_be_sent_are_refused)        /* sip/request.h: nothing is sent */
{
    struct stage s = stage_udp();
    struct sip_extra extra = {{NULL, 0}, {NULL, 0}};
    struct sip_request_args args = args_of(&s, "MESSAGE", "not a uri");
    struct sip_request request;

    returns(&s, sip_request_start(s.ua, s.now, &args, &request), SIP_EURI);
    args.to = sip_str("sip:bob@example.net\r\nX: y");
    returns(&s, sip_request_start(s.ua, s.now, &args, &request), SIP_EURI);
    args = args_of(&s, "MESSAGE", "sip:bob@example.net");
    args.headers.at = &extra;
    args.headers.count = 1;
    extra.name = sip_str("Via");
    extra.value = sip_str("SIP/2.0/UDP 192.0.2.1");
    returns(&s, sip_request_start(s.ua, s.now, &args, &request), SIP_EHEADER);
    extra.name = sip_str("X-Mine");
    extra.value = sip_str("a\r\nVia: b");
    returns(&s, sip_request_start(s.ua, s.now, &args, &request), SIP_EHEADER);
    extra.name = sip_str("X Mine");
    extra.value = sip_str("a");
    returns(&s, sip_request_start(s.ua, s.now, &args, &request), SIP_EHEADER);
    args.headers.count = 0;
    args.account.id ^= 1;
    returns(&s, sip_request_start(s.ua, s.now, &args, &request), SIP_EGONE);
    args = args_of(&s, "INFO", "");
    args.call.id = 12345;
    returns(&s, sip_request_start(s.ua, s.now, &args, &request), SIP_EGONE);
    CHECK_INT(usage(&s, "requests").used, 0);
    quiet(&s);
}

TEST(too_long_a_request_is_not_sent)                   /* §18.1.1; SIP_ESIZE */
{
    static char body[2000];
    struct stage s = stage_udp();
    struct sip_request_args args = args_of(&s, "MESSAGE", "sip:bob@example.net");
    struct sip_request request;

    memset(body, 'x', sizeof body);
    args.body.type = sip_str("text/plain");
    args.body.bytes = sip_bytes(body, sizeof body);
    returns(&s, sip_request_start(s.ua, s.now, &args, &request), SIP_ESIZE);
    quiet(&s);
}

TEST(request_that_nobody_answers)                      /* §17.1.2.2 timers E, F; §8.1.3.1 */
{
    static const uint32_t at[] = {500,   1500,  3500,  7500,  11500,
                                  15500, 19500, 23500, 27500, 31500};
    struct stage s = stage_udp();
    struct sip_request_args args = args_of(&s, "MESSAGE", "sip:bob@example.net");

    start(&s, &args);
    sent(&s, 0, "MESSAGE", "sip:bob@example.net");
    for (size_t i = 0; i < sizeof at / sizeof *at; i++)
        sent(&s, at[i], "MESSAGE", "sip:bob@example.net");
    heard(&s, 32000, "request answered", 408);
    quiet(&s);
}

TEST(request_that_cannot_be_sent)                      /* §18.4: 503, by the next tick */
{
    struct stage s = stage_udp();
    struct sip_request_args args = args_of(&s, "MESSAGE", "sip:bob@example.net");

    break_wire(&s, true);
    start(&s, &args);
    heard(&s, 0, "request answered", 503);
    quiet(&s);
}

TEST(request_answers_a_challenge)                      /* §22.2 */
{
    struct stage s = stage_udp();
    struct sip_request_args args = args_of(&s, "MESSAGE", "sip:bob@example.net");

    start(&s, &args);
    sent(&s, 0, "MESSAGE", "sip:bob@example.net");
    reply_with(&s, 10, "MESSAGE", 401,
               .headers = "WWW-Authenticate: Digest realm=\"r\", nonce=\"n\"\n");
    sent(&s, 10, "MESSAGE", "sip:bob@example.net");
    says(&s, "CSeq", "2 MESSAGE");
    mentions(&s, "Authorization", "realm=\"r\"");
    reply_with(&s, 20, "MESSAGE", 401,
               .headers = "WWW-Authenticate: Digest realm=\"r\", nonce=\"m\"\n");
    heard(&s, 20, "request answered", 401);
    quiet(&s);
}

TEST(request_is_abandoned)                             /* sip/request.h: no event any more */
{
    struct stage s = stage_udp();
    struct sip_request_args args = args_of(&s, "MESSAGE", "sip:bob@example.net");
    struct sip_request request = start(&s, &args);

    sent(&s, 0, "MESSAGE", "sip:bob@example.net");
    returns(&s, sip_request_abandon(s.ua, s.now, request), 0);
    returns(&s, sip_request_abandon(s.ua, s.now, request), SIP_EGONE);
    reply(&s, 10, "MESSAGE", 200);
    quiet(&s);
}

static struct sip_call is_up(struct stage *s)
{
    struct sip_call call = stage_call(s, "sip:bob@example.net");

    sent(s, 0, "INVITE", "sip:bob@example.net");
    reply_with(s, 10, "INVITE", 200, .body = stage_answer);
    sent(s, 10, "ACK", "sip:bob@192.0.2.7");
    heard(s, 10, "answered", 200);
    return call;
}

TEST(info_goes_both_ways_in_a_call)                    /* §12.2.1, RFC 6086 §4.2 */
{
    struct stage s = stage_udp();
    struct sip_call call = is_up(&s);
    struct sip_request_args args = args_of(&s, "INFO", "");
    struct sip_call_message message = {0};
    const struct told *told;

    args.call = call;
    start(&s, &args);
    sent(&s, 10, "INFO", "sip:bob@192.0.2.7");
    says(&s, "CSeq", "2 INFO");
    reply(&s, 20, "INFO", 200);
    told = heard(&s, 20, "request answered", 200);
    CHECK(told->call.id == call.id);

    ask_with(&s, 30, "INFO", .headers = "Content-Type: application/dtmf-relay\n",
             .body = "Signal=5\r\n");
    told = heard(&s, 30, "request", 0);
    CHECK(told->call.id == call.id);
    CHECK_STR(sip_str(told->body), "Signal=5\r\n");
    message.status = 200;
    returns(&s, sip_request_reply(s.ua, s.now, told->request, &message), 0);
    answered(&s, 30, 200, "INFO");
    returns(&s, sip_request_reply(s.ua, s.now, told->request, &message), SIP_EGONE);
    again(&s, 530);
    answered(&s, 530, 200, "INFO");                    /* §17.2.2 Completed */
    ask(&s, 600, "BYE");
    answered(&s, 600, 200, "BYE");
    heard(&s, 600, "ended", SIP_END_REMOTE);
    quiet(&s);
}

#define HEAD "Via: SIP/2.0/UDP 192.0.2.7:5060;branch={branch};rport\nMax-Forwards: 70\n"          \
             "From: <sip:bob@example.net>;tag=b1\nTo: <sip:alice@example.net>\n"                   \
             "Call-ID: request@192.0.2.7\n"

static const char message_text[] = "MESSAGE sip:alice@192.0.2.1 SIP/2.0\n" HEAD
                                   "CSeq: 1 MESSAGE\nContent-Type: text/plain\n\nWatson?";

TEST(message_of_bob_is_answered_by_the_host)           /* §8.2, §17.2.2 */
{
    struct stage s = stage_udp();
    struct sip_call_message message = {0};
    const struct told *told;

    ask_text(&s, 0, message_text);
    told = heard(&s, 0, "request", 0);
    CHECK_STR(sip_str(told->body), "Watson?");
    again(&s, 500);                                    /* Trying: absorbed */
    silent(&s, 700);
    message.status = 603;
    message.reason = sip_str("Not listening");
    returns(&s, sip_request_reply(s.ua, s.now, told->request, &message), 0);
    answered(&s, 700, 603, "MESSAGE");
    CHECK_STR(sip_str(start_line(&s)), "SIP/2.0 603 Not listening");
    again(&s, 1500);
    answered(&s, 1500, 603, "MESSAGE");
    is_repeated(&s);
    quiet(&s);
}

TEST(slow_host_is_covered_by_a_100) /* RFC 4320 §4.1: when Timer E has reached T2 */
{
    struct stage s = stage_udp();
    const struct told *told;

    ask_text(&s, 0, message_text);
    told = heard(&s, 0, "request", 0);
    answered_between(&s, 3500, 7500, 100, "MESSAGE");
    pass(&s, 8000);
    returns(&s, sip_request_reply(s.ua, s.now, told->request, NULL), 0);
    answered(&s, 8000, 200, "MESSAGE");
    quiet(&s);
}

TEST(host_that_never_answers_is_a_500)                 /* sip/request.h: request_wait, 20 s */
{
    struct stage s = stage_udp();
    const struct told *told;

    ask_text(&s, 0, message_text);
    told = heard(&s, 0, "request", 0);
    answered_between(&s, 3500, 7500, 100, "MESSAGE");
    answered(&s, 20000, 500, "MESSAGE");
    heard(&s, 20000, "request ended", 0);
    returns(&s, sip_request_reply(s.ua, s.now, told->request, NULL), SIP_EGONE);
    quiet(&s);
}

TEST(provisional_answers_are_not_for_requests)         /* RFC 4320 §4.1: no 1xx but 100, no 408 */
{
    struct stage s = stage_udp();
    struct sip_call_message message = {0};
    const struct told *told;

    ask_text(&s, 0, message_text);
    told = heard(&s, 0, "request", 0);
    message.status = 180;
    returns(&s, sip_request_reply(s.ua, s.now, told->request, &message), SIP_EINVAL);
    message.status = 700;
    returns(&s, sip_request_reply(s.ua, s.now, told->request, &message), SIP_EINVAL);
    message.status = 200;
    returns(&s, sip_request_reply(s.ua, s.now, told->request, &message), 0);
    answered(&s, 0, 200, "MESSAGE");
    quiet(&s);
}

TEST(call_ends_before_its_request_is_answered)         /* §15.1.2; each handle has one last event */
{
    struct stage s = stage_udp();
    struct sip_call call = is_up(&s);
    struct sip_request_args args = args_of(&s, "INFO", "");
    const struct told *told;

    args.call = call;
    start(&s, &args);
    sent(&s, 10, "INFO", "sip:bob@192.0.2.7");
    ask(&s, 20, "INFO");
    told = heard(&s, 20, "request", 0);
    ask(&s, 30, "BYE");
    answered(&s, 30, 200, "BYE");
    heard(&s, 30, "ended", SIP_END_REMOTE);
    returns(&s, sip_request_reply(s.ua, s.now, told->request, NULL), 0);
    answered(&s, 30, 200, "INFO");
    reply(&s, 40, "INFO", 481);
    heard(&s, 40, "request answered", 481);
    quiet(&s);
}

TEST(info_in_a_call_answers_a_challenge)               /* §22.2, §12.2.1.1: numbers of the dialog */
{
    struct stage s = stage_udp();
    struct sip_call call = is_up(&s);
    struct sip_request_args args = args_of(&s, "INFO", "");

    args.call = call;
    start(&s, &args);
    sent(&s, 10, "INFO", "sip:bob@192.0.2.7");
    says(&s, "CSeq", "2 INFO");
    reply_with(&s, 20, "INFO", 401,
               .headers = "WWW-Authenticate: Digest realm=\"r\", nonce=\"n\"\n");
    sent(&s, 20, "INFO", "sip:bob@192.0.2.7");
    says(&s, "CSeq", "3 INFO");
    mentions(&s, "Authorization", "realm=\"r\"");
    reply(&s, 30, "INFO", 200);
    heard(&s, 30, "request answered", 200);
    returns(&s, sip_call_hang_up(s.ua, s.now, call, NULL), 0);
    sent(&s, 30, "BYE", "sip:bob@192.0.2.7");
    says(&s, "CSeq", "4 BYE");
    heard(&s, 30, "ended", SIP_END_LOCAL);
    reply(&s, 40, "BYE", 200);
    quiet(&s);
}

TEST(account_is_free_when_its_requests_are_over)       /* sip/ua.h, sip_account_remove() */
{
    struct stage s = stage_udp();
    struct sip_request_args args = args_of(&s, "MESSAGE", "sip:bob@example.net");
    const struct told *told;

    start(&s, &args);
    sent(&s, 0, "MESSAGE", "sip:bob@example.net");
    reply(&s, 10, "MESSAGE", 200);
    CHECK(heard(&s, 10, "request answered", 200)->account.id == s.account.id);
    ask_text(&s, 20, message_text);
    told = heard(&s, 20, "request", 0);
    CHECK(told->account.id == s.account.id);
    returns(&s, sip_account_remove(s.ua, s.now, s.account), SIP_ESTATE);
    returns(&s, sip_request_reply(s.ua, s.now, told->request, NULL), 0);
    answered(&s, 20, 200, "MESSAGE");
    returns(&s, sip_account_remove(s.ua, s.now, s.account), 0);
    quiet(&s);
}

#define LIST                                                                                       \
    T(message_is_sent_and_answered)                                                                \
    T(options_ask_what_bob_can)                                                                    \
    T(any_method_can_be_sent_but_those_of_others)                                                  \
    T(arguments_that_cannot_be_sent_are_refused)                                                   \
    T(too_long_a_request_is_not_sent)                                                              \
    T(request_that_nobody_answers)                                                                 \
    T(request_that_cannot_be_sent)                                                                 \
    T(request_answers_a_challenge)                                                                 \
    T(request_is_abandoned)                                                                        \
    T(info_goes_both_ways_in_a_call)                                                               \
    T(message_of_bob_is_answered_by_the_host)                                                      \
    T(slow_host_is_covered_by_a_100)                                                               \
    T(host_that_never_answers_is_a_500)                                                            \
    T(provisional_answers_are_not_for_requests)                                                    \
    T(call_ends_before_its_request_is_answered)                                                    \
    T(info_in_a_call_answers_a_challenge)                                                          \
    T(account_is_free_when_its_requests_are_over)

FLOWS(LIST)
