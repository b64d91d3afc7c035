/* What a user agent server answers by itself (RFC 3261 §8.2, §11.2, §12.2.2, §21).
 *
 *      bob                           alice
 *       |----------- WHATEVER --------->|
 *       |<--- 400, 405, 415, 481 ... ---|   once, nothing is kept
 */
#include "stage.h"

#define VIA "Via: SIP/2.0/UDP 192.0.2.7:5060;branch={branch};rport\nMax-Forwards: 70\n"
#define HEAD VIA "From: <sip:bob@example.net>;tag=b1\n"
#define TO "To: <sip:alice@example.net>\n"
#define REST "Call-ID: server@192.0.2.7\n"
#define CONTACT "Contact: <sip:bob@192.0.2.7>\n"
#define US "sip:alice@192.0.2.1 SIP/2.0\n"

static void is_answered(const char *text, int status, const char *method)
{
    struct stage s = stage_udp();

    ask_text(&s, 0, text);
    answered(&s, 0, status, method);
    went_to(&s, "192.0.2.7:5060");
    mentions(&s, "To", ";tag=");
    lacks(&s, "Retry-After");
    quiet(&s);
}

static void is_dropped(const char *text)
{
    struct stage s = stage_udp();

    ask_text(&s, 0, text);
    silent(&s, 10);
    quiet(&s);
}

TEST(method_known_by_name_gets_405)                    /* §8.2.1, §21.4.6 */
{
    static const char *const methods[] = {"REGISTER", "SUBSCRIBE", "REFER", "PUBLISH"};

    for (size_t i = 0; i < sizeof methods / sizeof *methods; i++) {
        struct stage s = stage_udp();
        char text[512];

        snprintf(text, sizeof text, "%s " US HEAD TO REST "CSeq: 1 %s\n", methods[i], methods[i]);
        ask_text(&s, 0, text);
        answered(&s, 0, 405, methods[i]);
        says(&s, "Allow", "INVITE, ACK, BYE, CANCEL, OPTIONS, UPDATE, PRACK, MESSAGE, INFO, NOTIFY");
        quiet(&s);
    }
}

TEST(unknown_method_gets_501)                          /* §21.5.2; with Allow all the same */
{
    struct stage s = stage_udp();

    ask_text(&s, 0, "DANCE " US HEAD TO REST "CSeq: 1 DANCE\n");
    answered(&s, 0, 501, "DANCE");
    mentions(&s, "Allow", "INVITE");
    ask_text(&s, 0, "invite " US HEAD TO REST "CSeq: 1 invite\n");   /* §7.1: case matters */
    answered(&s, 0, 501, "invite");
    quiet(&s);
}

TEST(broken_request_gets_400_with_a_warning)           /* §8.2, §21.4.1, §20.43 */
{
    static const struct {
        const char *text, *header;
    } rows[] = {
        {"OPTIONS " US HEAD TO REST "CSeq: 1x OPTIONS\n", "CSeq"},
        {"OPTIONS " US HEAD TO REST "CSeq: 1 INVITE\n", "CSeq"},
        {"OPTIONS " US HEAD TO REST "CSeq: 1 OPTIONS\nMax-Forwards: 256\n", "Max-Forwards"},
        {"OPTIONS " US HEAD TO REST "CSeq: 1 OPTIONS\nContent-Length: 17\n", "Content-Length"},
        {"OPTIONS " US HEAD TO TO REST "CSeq: 1 OPTIONS\n", "To"},
        {"OPTIONS " US HEAD "To: <sip:alice@192.0.2.1\n" REST "CSeq: 1 OPTIONS\n", "To"},
        {"OPTIONS " US HEAD REST "CSeq: 1 OPTIONS\n", "To"},
        {"OPTIONS " US VIA "From: <sip:bob\n" TO REST "CSeq: 1 OPTIONS\n", "From"},
        {"OPTIONS " US VIA TO REST "CSeq: 1 OPTIONS\n", "From"},
        {"OPTIONS " US HEAD TO REST, "CSeq"},
        {"OPTIONS " US HEAD TO "CSeq: 1 OPTIONS\n", "Call-ID"},
        {"OPTIONS " US HEAD TO "Call-ID: a b\nCSeq: 1 OPTIONS\n", "Call-ID"},
        {"OPTIONS " US HEAD TO REST "CSeq: 1 OPTIONS\nTimestamp: 1\nTimestamp: 2\n", "Timestamp"},
        {"OPTIONS " US "Via: SIP/2.0/UDP 192.0.2.7;branch={branch}, SIP/2.0/UDP p.example.net\n"
         "Max-Forwards: 70\n" TO REST "CSeq: 1 OPTIONS\n", "From"},
    };

    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct stage s = stage_udp();

        ask_text(&s, 0, rows[i].text);
        answered(&s, 0, 400, strstr(rows[i].text, "CSeq: 1 INVITE") ? "INVITE" : "OPTIONS");
        mentions(&s, "Warning", rows[i].header);
        quiet(&s);
    }
}

TEST(answer_says_something_well_formed_for_what_cannot_be_read) /* §8.2.6.2 */
{
    struct stage s = stage_udp();

    ask_text(&s, 0, "OPTIONS " US VIA "From: bob <\nTo: alice <\nCSeq: OPTIONS\nCall-ID: a b\n");
    answered(&s, 0, 400, "OPTIONS");
    says(&s, "From", "<sip:anonymous@anonymous.invalid>;tag=unreadable");
    mentions(&s, "To", "<sip:anonymous@anonymous.invalid>;tag=");
    says(&s, "Call-ID", "unreadable@anonymous.invalid");
    says(&s, "CSeq", "0 OPTIONS");
    quiet(&s);
}

/* An OPTIONS request with `count` header fields, bob's Content-Length one of them, its Via the last when `late`. */
static const char *with_fields(char text[2048], int count, bool late)
{
    strcpy(text, "OPTIONS " US);
    strcat(text, late ? "" : VIA);
    for (int i = 7; i < count; i++)
        strcat(text, "A: b\n");
    strcat(text, "From: <sip:bob@example.net>;tag=b1\n" TO REST "CSeq: 1 OPTIONS\n");
    return strcat(text, late ? VIA : "");
}

TEST(more_header_fields_than_the_table_holds_get_513)  /* §21.5.7; headers_max is 64 */
{
    char text[2048];
    struct stage s = stage_udp();

    ask_text(&s, 0, with_fields(text, 64, false));
    answered(&s, 0, 200, "OPTIONS");
    for (int count = 65; count < 80; count++) {
        ask_text(&s, 0, with_fields(text, count, false));
        answered(&s, 0, 513, "OPTIONS");
        mentions(&s, "Warning", "more headers");
    }
    quiet(&s);
    is_dropped(with_fields(text, 70, true)); /* §8.2.6.2: the answer would lack a Via */
}

TEST(what_no_answer_can_be_made_of_is_dropped)         /* §18.2.2 */
{
    is_dropped("OPTIONS " US "Max-Forwards: 70\n" TO REST "CSeq: 1 OPTIONS\n");
    is_dropped("OPTIONS " US "Via: SIP/2.0 nowhere\n" TO REST "CSeq: 1 OPTIONS\n");
    is_dropped("ACK " US HEAD TO REST "CSeq: 1 INVITE\n");             /* never answered: §17 */
    is_dropped("SIP/2.0 200 OK\n" HEAD TO REST "CSeq: 1 OPTIONS\n");   /* nobody asked */
    is_dropped("GET / HTTP/1.1\nHost: example.net\n");
    is_dropped("hello\n");
}

TEST(other_version_gets_505)                           /* §21.5.6 */
{
    is_answered("OPTIONS sip:alice@192.0.2.1 SIP/3.0\n" HEAD TO REST "CSeq: 1 OPTIONS\n", 505,
                "OPTIONS");
}

TEST(other_scheme_gets_416)                            /* §8.2.2.1, §21.4.14 */
{
    is_answered("INVITE tel:+15551234 SIP/2.0\n" HEAD TO REST "CSeq: 1 INVITE\n" CONTACT, 416,
                "INVITE");
}

TEST(required_extensions_get_420)                      /* §8.2.2.3 */
{
    struct stage s = stage_udp();

    ask_text(&s, 0, "INVITE " US HEAD TO REST "CSeq: 1 INVITE\n" CONTACT
                    "Require: foo, 100rel\nRequire: bar\n");
    answered(&s, 0, 420, "INVITE");
    says(&s, "Unsupported", "foo, bar");
    ask_text(&s, 10, "ACK " US HEAD TO REST "CSeq: 1 ACK\n");
    quiet(&s);
}

TEST(foreign_body_gets_415)                            /* §8.2.3 */
{
    static const struct {
        const char *lines, *header, *value;
    } rows[] = {
        {"Content-Type: text/plain\n", "Accept", "application/sdp"},
        {"Content-Type: application/sdp\nContent-Encoding: gzip\n", "Accept-Encoding", "identity"},
    };

    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct stage s = stage_udp();
        char text[512];

        snprintf(text, sizeof text,
                 "INVITE " US HEAD TO REST "CSeq: 1 INVITE\n" CONTACT "%s\nhello", rows[i].lines);
        ask_text(&s, 0, text);
        answered(&s, 0, 415, "INVITE");
        says(&s, rows[i].header, rows[i].value);
        quiet(&s);
    }
}

static void without_calls(struct sip_config *config)
{
    config->events.call = NULL;
}

TEST(accept_without_a_session_gets_406)                /* §20.1, §21.4.7, RFC 4475 §3.3.15 */
{
    static const struct {
        const char *accept;
        int status;
    } rows[] = {
        {"Accept: text/nobodyKnowsThis\n", 406},
        {"Accept: text/*, application/pidf+xml\nAccept: audio/*\n", 406},
        {"Accept: application/*\n", 480},             /* 480: the host that we do not have */
        {"Accept: text/plain, application/SDP;level=1\n", 480},
        {"Accept: text/plain\nAccept: */*;q=0.1\n", 480},
        {"Accept: application\n", 480},               /* malformed says nothing */
        {"Accept:\n", 480},
    };

    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct stage s = stage_with(without_calls);
        char text[512];

        snprintf(text, sizeof text, "INVITE " US HEAD TO REST "CSeq: 1 INVITE\n" CONTACT "%s",
                 rows[i].accept);
        ask_text(&s, 0, text);
        answered(&s, 0, rows[i].status, "INVITE");
        if (rows[i].status == 406)
            says(&s, "Warning", "399 libsip \"Accept: without application/sdp\"");
        quiet(&s);
    }
}

TEST(foreign_body_that_is_optional_is_ignored)         /* §8.2.3, §20.11: handling=optional */
{
    struct stage s = stage_udp();
    struct sip_call call;

    ask_text(&s, 0, "INVITE " US HEAD TO REST "CSeq: 1 INVITE\n" CONTACT
                    "Content-Type: text/plain\n"
                    "Content-Disposition: render;handling=optional\n\nhello");
    call = heard(&s, 0, "incoming", 0)->call;
    returns(&s, sip_call_decline(s.ua, s.now, call, NULL), 0);
    answered(&s, 0, 486, "INVITE");
    heard(&s, 0, "ended", SIP_END_REFUSED);
    forget(&s, 33000);
    quiet(&s);
}

TEST(request_of_an_unknown_dialog_gets_481)            /* §12.2.2 */
{
    is_answered("BYE " US HEAD "To: <sip:alice@example.net>;tag=x\n" REST "CSeq: 1 BYE\n", 481,
                "BYE");
    is_answered("INVITE " US HEAD "To: <sip:alice@example.net>;tag=x\n" REST
                "CSeq: 1 INVITE\n" CONTACT, 481, "INVITE");
    is_answered("BYE " US HEAD TO REST "CSeq: 1 BYE\n", 481, "BYE");
    is_dropped("ACK " US HEAD "To: <sip:alice@example.net>;tag=x\n" REST "CSeq: 1 ACK\n");
}

TEST(request_that_came_another_way_gets_482)           /* §8.2.2.2 */
{
    static const char text[] = "INVITE " US HEAD TO REST "CSeq: 1 INVITE\n" CONTACT;
    struct stage s = stage_udp();
    struct sip_call call;

    ask_text(&s, 0, text);                             /* each text has a branch of its own */
    call = heard(&s, 0, "incoming", 0)->call;
    ask_text(&s, 10, text);
    answered(&s, 10, 482, "INVITE");
    returns(&s, sip_call_decline(s.ua, s.now, call, NULL), 0);
    answered(&s, 10, 486, "INVITE");
    heard(&s, 10, "ended", SIP_END_REFUSED);
    forget(&s, 33000);
    quiet(&s);
}

TEST(lower_cseq_gets_500)                              /* §12.2.2 */
{
    struct stage s = stage_udp();

    stage_call(&s, "sip:bob@example.net");
    sent(&s, 0, "INVITE", "sip:bob@example.net");
    reply(&s, 10, "INVITE", 200);
    sent(&s, 10, "ACK", "sip:bob@192.0.2.7");
    heard(&s, 10, "answered", 200);
    ask_with(&s, 20, "OPTIONS", .cseq = 50);
    answered(&s, 20, 200, "OPTIONS");
    ask_with(&s, 30, "BYE", .cseq = 49);
    answered(&s, 30, 500, "BYE");
    ask_with(&s, 40, "BYE", .cseq = 4000);             /* gaps are fine */
    answered(&s, 40, 200, "BYE");
    heard(&s, 40, "ended", SIP_END_REMOTE);
    quiet(&s);
}

TEST(too_large_a_request_gets_513)                     /* §21.5.7 */
{
    struct stage s = stage_udp();
    char text[4000];
    int len = snprintf(text, sizeof text,
                       "INVITE " US HEAD TO REST "CSeq: 1 INVITE\n" CONTACT "Subject: ");

    memset(text + len, 'x', 2000);
    text[len + 2000] = '\0';
    ask_text(&s, 0, text);
    answered(&s, 0, 513, "INVITE");
    ask_text(&s, 10, "OPTIONS " US HEAD TO REST "CSeq: 1 OPTIONS\n");
    answered(&s, 10, 200, "OPTIONS");
    quiet(&s);
}

TEST(what_was_cut_off_is_not_called_missing)           /* §21.5.7: 513, with the size the socket had */
{
    static const char text[] = "OPTIONS sip:alice@192.0.2.1 SIP/2.0\r\n"
                               "Via: SIP/2.0/UDP 192.0.2.7;branch=z9hG4bK-cut\r\n"
                               "Max-Forwards: 70\r\nFrom: <sip:bob@example.net>;tag=b1\r\n"
                               "To: <sip:alice@example.net>\r\nCall-ID: cut@192.0.2.7\r\nSubj";
    struct sip_packet packet = {0};
    struct stage s = stage_udp();

    packet.bytes = sip_str(text);
    packet.truncated = true;
    packet.path.protocol = SIP_UDP;
    sip_addr_parse(&packet.path.local, sip_str("192.0.2.1"));
    sip_addr_parse(&packet.path.remote, sip_str("192.0.2.7"));
    packet.path.local.port = packet.path.remote.port = 5060;
    returns(&s, sip_stack_datagram(s.stack, 0, &packet), 0);
    answered(&s, 0, 513, "OPTIONS");
    mentions(&s, "Warning", "head is longer");
    packet.bytes = sip_str("OPTIONS sip:alice@192");
    returns(&s, sip_stack_datagram(s.stack, 0, &packet), 0);
    quiet(&s);
}

static void known_only(struct sip_config *config)
{
    config->known_users_only = true;
}

TEST(nobody_of_that_name_gets_404)                     /* §8.2.2.1 */
{
    struct stage s = stage_with(known_only);

    ask_text(&s, 0, "OPTIONS sip:carol@192.0.2.1 SIP/2.0\n" HEAD
                    "To: <sip:carol@example.net>\n" REST "CSeq: 1 OPTIONS\n");
    answered(&s, 0, 404, "OPTIONS");
    ask_text(&s, 10, "OPTIONS " US HEAD TO REST "CSeq: 2 OPTIONS\n");
    answered(&s, 10, 200, "OPTIONS");
    quiet(&s);
}

TEST(options_tell_what_we_can)                         /* §11.2 */
{
    struct stage s = stage_udp();

    ask_text(&s, 0, "OPTIONS " US HEAD TO REST "CSeq: 1 OPTIONS\n");
    answered(&s, 0, 200, "OPTIONS");
    mentions(&s, "Allow", "INVITE, ACK, BYE, CANCEL, OPTIONS");
    says(&s, "Accept", "application/sdp");
    mentions(&s, "Accept-Language", "en");
    CHECK_INT(usage(&s, "transactions").peak, 0);      /* nothing was kept */
    quiet(&s);
}

TEST(options_in_a_call)                                /* §11.2, §12.2.2 */
{
    struct stage s = stage_udp();

    stage_call(&s, "sip:bob@example.net");
    sent(&s, 0, "INVITE", "sip:bob@example.net");
    reply(&s, 10, "INVITE", 200);
    sent(&s, 10, "ACK", "sip:bob@192.0.2.7");
    heard(&s, 10, "answered", 200);
    ask(&s, 20, "OPTIONS");
    answered(&s, 20, 200, "OPTIONS");
    mentions(&s, "Allow", "BYE");
    ask_with(&s, 25, "SUBSCRIBE", .headers = "Event: dialog\n", .contact = "<sip:bob@192.0.2.7>");
    answered(&s, 25, 405, "SUBSCRIBE");
    ask_with(&s, 30, "INFO", .headers = "Require: nothing\n");
    answered(&s, 30, 420, "INFO");
    ask(&s, 40, "BYE");
    answered(&s, 40, 200, "BYE");
    heard(&s, 40, "ended", SIP_END_REMOTE);
    quiet(&s);
}

TEST(timestamp_comes_back_when_it_is_one)              /* §8.2.6.1, §20.38 */
{
    struct stage s = stage_udp();

    ask_text(&s, 0, "OPTIONS " US HEAD TO REST "CSeq: 1 OPTIONS\nTimestamp: 54.3 0.1\n");
    answered(&s, 0, 200, "OPTIONS");
    says(&s, "Timestamp", "54.3 0.1");
    ask_text(&s, 10, "OPTIONS " US HEAD TO REST "CSeq: 2 OPTIONS\nTimestamp: noon\n");
    answered(&s, 10, 200, "OPTIONS");
    lacks(&s, "Timestamp");
    quiet(&s);
}

TEST(stateless_answers_have_the_same_tag_each_time)    /* §8.2.7 */
{
    struct stage s = stage_udp();

    ask_text(&s, 0, "DANCE " US HEAD TO REST "CSeq: 1 DANCE\n");
    answered(&s, 0, 501, "DANCE");
    again(&s, 500);
    answered(&s, 500, 501, "DANCE");
    is_repeated(&s);
    quiet(&s);
}

TEST(screen_refuses_and_drops_strangers)               /* DESIGN rule 10; §22.2, §8.2.7 */
{
    static struct sip_extra ask_who = {{NULL, 0}, {NULL, 0}};
    struct sip_refusal refusal = {0};
    struct stage s = stage_udp();

    ask_who.name = sip_str("WWW-Authenticate");
    ask_who.value = sip_str("Digest realm=\"r\", nonce=\"n\"");
    refusal.status = 401;
    refusal.headers.at = &ask_who;
    refusal.headers.count = 1;
    screen(&s, SIP_REFUSE, &refusal);
    invite(&s, 0);
    answered(&s, 0, 401, "INVITE");
    says(&s, "WWW-Authenticate", "Digest realm=\"r\", nonce=\"n\"");
    ask(&s, 5, "ACK");
    screen(&s, SIP_DROP, NULL);
    ask_text(&s, 10, "OPTIONS " US HEAD TO REST "CSeq: 1 OPTIONS\n");
    silent(&s, 20);
    CHECK_INT(usage(&s, "calls").peak, 0);
    CHECK_INT(usage(&s, "transactions").peak, 0);
    quiet(&s);
}

TEST(answers_are_at_most_twice_what_was_asked)         /* DESIGN rule 10 */
{
    struct stage s = stage_udp();
    static const char small[] = "DANCE sip:a SIP/2.0\nv:SIP/2.0/UDP 192.0.2.7;branch=z9hG4bK1\n"
                                "f:<sip:b>;tag=1\nt:<sip:a>\ni:1\nCSeq:1 DANCE\n";

    ask_text(&s, 0, small);
    answered(&s, 0, 501, "DANCE");
    CHECK(size_of_last(&s) <= 2 * sizeof small + 60);
    quiet(&s);
}

#define LIST                                                                                       \
    T(method_known_by_name_gets_405)                                                               \
    T(unknown_method_gets_501)                                                                     \
    T(broken_request_gets_400_with_a_warning)                                                      \
    T(more_header_fields_than_the_table_holds_get_513)                                             \
    T(answer_says_something_well_formed_for_what_cannot_be_read)                                   \
    T(what_no_answer_can_be_made_of_is_dropped)                                                    \
    T(other_version_gets_505)                                                                      \
    T(other_scheme_gets_416)                                                                       \
    T(required_extensions_get_420)                                                                 \
    T(foreign_body_gets_415)                                                                       \
    T(accept_without_a_session_gets_406)                                                           \
    T(foreign_body_that_is_optional_is_ignored)                                                    \
    T(request_of_an_unknown_dialog_gets_481)                                                       \
    T(request_that_came_another_way_gets_482)                                                      \
    T(lower_cseq_gets_500)                                                                         \
    T(too_large_a_request_gets_513)                                                                \
    T(what_was_cut_off_is_not_called_missing)                                                      \
    T(nobody_of_that_name_gets_404)                                                                \
    T(options_tell_what_we_can)                                                                    \
    T(options_in_a_call)                                                                           \
    T(timestamp_comes_back_when_it_is_one)                                                         \
    T(stateless_answers_have_the_same_tag_each_time)                                               \
    T(screen_refuses_and_drops_strangers)                                                          \
    T(answers_are_at_most_twice_what_was_asked)

FLOWS(LIST)
