/* What an INVITE must say before anybody is rung (RFC 3261 §8.1.1.8, §12.1.1, §20.11).
 *
 *     alice                            bob
 *       |<------------ INVITE -----------|   without a Contact, with two, with a mailto ...
 *       |------------ 400 -------------->|   Warning: which header, and why
 */
#include "stage.h"

TEST(invite_without_one_contact_gets_400_and_a_warning) /* §8.1.1.8, §20.43 */
{
    static const struct {
        const char *contact, *headers, *why;
    } rows[] = {
        {"", NULL, "missing"},
        {"<mailto:bob@example.net>", NULL, "URI"},
        {"*", NULL, "URI"},
        {"<sip:bob@192.0.2.7>, <sip:bob@192.0.2.8>", NULL, "once"},
        {"<sip:bob@192.0.2.7>", "Contact: <sip:bob@192.0.2.8>\n", "once"},
    };

    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct stage s = stage_udp();

        invite_with(&s, 0, .body = stage_offer, .contact = rows[i].contact,
                    .headers = rows[i].headers);
        answered(&s, 0, 400, "INVITE");
        mentions(&s, "Warning", "399 libsip \"Contact: ");
        mentions(&s, "Warning", rows[i].why);
        CHECK_INT(sip_stack_counters(s.stack)->dropped, 0); /* it was answered */
        quiet(&s);
    }
}

TEST(invite_of_the_old_days_may_lack_a_contact)        /* RFC 2543 §11.4, RFC 4475 §3.4.1 */
{
    struct stage s = stage_udp();
    struct sip_call_message answer = {.body = stage_body(stage_answer)};
    struct sip_call call;

    invite_with(&s, 0, .body = stage_offer, .contact = "", .branch = "1");
    call = heard(&s, 0, "incoming", 0)->call;
    returns(&s, sip_call_accept(s.ua, s.now, call, &answer), 0);
    answered(&s, 0, 200, "INVITE");
    ask_with(&s, 10, "ACK", .branch = "1");
    heard(&s, 10, "confirmed", 0);
    sip_call_hang_up(s.ua, s.now, call, NULL);
    sent(&s, 10, "BYE", "sip:bob@example.net");        /* his From */
    heard(&s, 10, "ended", SIP_END_LOCAL);
    reply(&s, 20, "BYE", 200);
    quiet(&s);
}

static void also_plain(struct sip_config *config)
{
    config->accept = "text/plain";
}

TEST(only_a_session_description_is_an_offer)           /* §20.11, RFC 3264 §4 */
{
    static const struct {
        const char *headers;
        bool offer;
    } rows[] = {
        {"Content-Type: application/sdp\n", true},
        {"Content-Type: Application/SDP\n", true},
        {"Content-Type: application/sdp\nContent-Disposition: session\n", true},
        {"Content-Type: application/sdp\nContent-Disposition: render\n", false},
        {"Content-Type: text/plain\n", false},
        {"Content-Type: TEXT/plain\nContent-Disposition: render\n", false},
        {"Content-Type: application/x\nContent-Disposition: x;handling=optional\n", false},
    };

    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct stage s = stage_with(also_plain);
        const struct told *told;

        invite_with(&s, 0, .body = stage_offer, .headers = rows[i].headers);
        told = heard(&s, 0, "incoming", 0);
        CHECK_INT(told->offer, rows[i].offer);
        sip_call_decline(s.ua, s.now, told->call, NULL);
        answered(&s, 0, 486, "INVITE");
        ask(&s, 10, "ACK");
        heard(&s, 0, "ended", SIP_END_REFUSED);
        quiet(&s);
    }
}

TEST(body_for_a_purpose_nobody_knows_gets_415)         /* §20.11: handling is required if not said */
{
    struct stage s = stage_udp();

    invite_with(&s, 0, .body = stage_offer,
                .headers = "Content-Type: application/sdp\nContent-Disposition: x-unheard-of\n");
    answered(&s, 0, 415, "INVITE");
    mentions(&s, "Accept", "application/sdp");
    quiet(&s);
}

FLOWS(T(invite_without_one_contact_gets_400_and_a_warning)
      T(invite_of_the_old_days_may_lack_a_contact)
      T(only_a_session_description_is_an_offer) T(body_for_a_purpose_nobody_knows_gets_415))
