/* Redirection, when the host asks to follow it (RFC 3261 §8.1.3.4, §21.3).
 *
 *     alice                          bob
 *       |------------ INVITE ---------->|
 *       |<-- 302, Contacts with q ------|
 *       |-------------- ACK ----------->|
 *       |------------ INVITE ---------->|   to the Contact with the highest q
 */
#include "stage.h"

static unsigned most;

static void follow(struct stage *s, const struct told *told)
{
    if (strcmp(told->what, "redirected") == 0)
        returns(s, sip_call_follow(s->ua, s->now, told->call, most), 0);
}

static void not_to_follow(struct stage *s, const struct told *told)
{
    if (strcmp(told->what, "redirected") == 0)
        returns(s, sip_call_follow(s->ua, s->now, told->call, 0), SIP_ESTATE);
}

static struct stage redirected_to(const char *contacts)
{
    struct stage s = stage_udp();

    most = 0;
    inside_events(&s, follow);
    stage_call(&s, "sip:bob@example.net");
    sent(&s, 0, "INVITE", "sip:bob@example.net");
    reply_with(&s, 10, "INVITE", 302, .contact = contacts);
    sent(&s, 10, "ACK", "sip:bob@example.net");
    return s;
}

static void refuse(struct stage *s, uint64_t t, int status, const char *uri)
{
    reply(s, t, "INVITE", status);
    sent(s, t, "ACK", uri);
}

TEST(redirection_is_refused_unless_it_is_followed)     /* following blindly is toll fraud */
{
    struct stage s = stage_udp();
    struct sip_call call = stage_call(&s, "sip:bob@example.net");

    sent(&s, 0, "INVITE", "sip:bob@example.net");
    reply_with(&s, 10, "INVITE", 302, .contact = "<sip:expensive@198.51.100.1>");
    sent(&s, 10, "ACK", "sip:bob@example.net");
    heard(&s, 10, "redirected", 302);
    CHECK_INT(heard(&s, 10, "ended", SIP_END_REFUSED)->status, 302);
    returns(&s, sip_call_follow(s.ua, s.now, call, 0), SIP_EGONE);
    quiet(&s);
}

TEST(contacts_are_tried_in_the_order_of_q)             /* §8.1.3.4, §20.10 */
{
    struct stage s = redirected_to("<sip:c@192.0.2.13>;q=0.2, <sip:a@192.0.2.11>, "
                                   "<sip:b@192.0.2.12>;q=0.75, <mailto:bob@example.net>;q=0.9, "
                                   "<sip:d@192.0.2.14>;q=0");

    sent(&s, 10, "INVITE", "sip:a@192.0.2.11");        /* no q counts as 1 */
    says(&s, "CSeq", "2 INVITE");
    heard(&s, 10, "redirected", 302);
    refuse(&s, 20, 486, "sip:a@192.0.2.11");
    sent(&s, 20, "INVITE", "sip:b@192.0.2.12");
    refuse(&s, 30, 404, "sip:b@192.0.2.12");
    sent(&s, 30, "INVITE", "sip:c@192.0.2.13");
    refuse(&s, 40, 503, "sip:c@192.0.2.13");
    sent(&s, 40, "INVITE", "sip:d@192.0.2.14");
    refuse(&s, 50, 480, "sip:d@192.0.2.14");
    CHECK_INT(heard(&s, 50, "ended", SIP_END_REFUSED)->status, 480);
    quiet(&s);
}

TEST(redirections_in_a_circle_end)                     /* §8.1.3.4: a URI is tried once */
{
    struct stage s = redirected_to("<sip:a@192.0.2.11>");

    sent(&s, 10, "INVITE", "sip:a@192.0.2.11");
    heard(&s, 10, "redirected", 302);
    reply_with(&s, 20, "INVITE", 302, .contact = "<sip:bob@example.net>, <sip:a@192.0.2.11>, "
                                                 "<sip:b@192.0.2.12>");
    sent(&s, 20, "ACK", "sip:a@192.0.2.11");
    sent(&s, 20, "INVITE", "sip:b@192.0.2.12");
    inside_events(&s, not_to_follow);
    reply_with(&s, 30, "INVITE", 302, .contact = "<sip:a@192.0.2.11>");
    sent(&s, 30, "ACK", "sip:b@192.0.2.12");
    heard(&s, 30, "redirected", 302);
    heard(&s, 30, "ended", SIP_END_REFUSED);
    quiet(&s);
}

TEST(redirection_to_where_we_are)                      /* §8.1.3.4: nothing to follow */
{
    struct stage s = stage_udp();

    inside_events(&s, not_to_follow);
    stage_call(&s, "sip:bob@example.net");
    sent(&s, 0, "INVITE", "sip:bob@example.net");
    reply_with(&s, 10, "INVITE", 302, .contact = "<sip:bob@EXAMPLE.net>");
    sent(&s, 10, "ACK", "sip:bob@example.net");
    heard(&s, 10, "redirected", 302);
    heard(&s, 10, "ended", SIP_END_REFUSED);
    quiet(&s);
}

TEST(host_says_how_many_are_tried)                     /* sip/call.h, sip_call_follow() */
{
    struct stage s = stage_udp();

    most = 2;
    inside_events(&s, follow);
    stage_call(&s, "sip:bob@example.net");
    sent(&s, 0, "INVITE", "sip:bob@example.net");
    reply_with(&s, 10, "INVITE", 300,
               .contact = "<sip:a@192.0.2.11>, <sip:b@192.0.2.12>, <sip:c@192.0.2.13>");
    sent(&s, 10, "ACK", "sip:bob@example.net");
    sent(&s, 10, "INVITE", "sip:a@192.0.2.11");
    heard(&s, 10, "redirected", 300);
    refuse(&s, 20, 404, "sip:a@192.0.2.11");
    sent(&s, 20, "INVITE", "sip:b@192.0.2.12");
    refuse(&s, 30, 404, "sip:b@192.0.2.12");
    heard(&s, 30, "ended", SIP_END_REFUSED);
    quiet(&s);
}

TEST(refusal_everywhere_ends_the_search)               /* §21.6 */
{
    struct stage s = redirected_to("<sip:a@192.0.2.11>, <sip:b@192.0.2.12>");

    sent(&s, 10, "INVITE", "sip:a@192.0.2.11");
    heard(&s, 10, "redirected", 302);
    refuse(&s, 20, 603, "sip:a@192.0.2.11");
    CHECK_INT(heard(&s, 20, "ended", SIP_END_REFUSED)->status, 603);
    quiet(&s);
}

TEST(redirected_call_is_answered)                      /* §13.2.2.2, §13.2.2.4 */
{
    struct stage s = redirected_to("<sip:a@192.0.2.11>");

    sent(&s, 10, "INVITE", "sip:a@192.0.2.11");
    carries(&s, stage_offer);
    heard(&s, 10, "redirected", 302);
    reply_with(&s, 20, "INVITE", 200, .body = stage_answer);
    sent(&s, 20, "ACK", "sip:bob@192.0.2.7");
    says(&s, "CSeq", "2 ACK");
    heard(&s, 20, "answered", 200);
    ask(&s, 30, "BYE");
    answered(&s, 30, 200, "BYE");
    heard(&s, 30, "ended", SIP_END_REMOTE);
    quiet(&s);
}

TEST(redirection_without_a_contact)                    /* §21.3: nowhere to go */
{
    struct stage s = stage_udp();

    inside_events(&s, not_to_follow);
    stage_call(&s, "sip:bob@example.net");
    sent(&s, 0, "INVITE", "sip:bob@example.net");
    reply(&s, 10, "INVITE", 305);
    sent(&s, 10, "ACK", "sip:bob@example.net");
    heard(&s, 10, "redirected", 305);
    heard(&s, 10, "ended", SIP_END_REFUSED);
    quiet(&s);
}

static void hang_up(struct stage *s, const struct told *told)
{
    if (strcmp(told->what, "redirected") == 0) {
        returns(s, sip_call_follow(s->ua, s->now, told->call, 0), 0);
        returns(s, sip_call_hang_up(s->ua, s->now, told->call, NULL), 0);
    }
}

TEST(hang_up_between_a_3xx_and_the_next_invite)        /* §9.1 for the new INVITE */
{
    struct stage s = stage_udp();

    inside_events(&s, hang_up);
    stage_call(&s, "sip:bob@example.net");
    sent(&s, 0, "INVITE", "sip:bob@example.net");
    reply_with(&s, 10, "INVITE", 302, .contact = "<sip:a@192.0.2.11>");
    sent(&s, 10, "ACK", "sip:bob@example.net");
    sent(&s, 10, "INVITE", "sip:a@192.0.2.11");
    heard(&s, 10, "redirected", 302);
    heard(&s, 10, "ended", SIP_END_LOCAL);
    reply(&s, 20, "INVITE", 180);
    sent(&s, 20, "CANCEL", "sip:a@192.0.2.11");
    reply(&s, 30, "CANCEL", 200);
    reply(&s, 30, "INVITE", 487);
    sent(&s, 30, "ACK", "sip:a@192.0.2.11");
    quiet(&s);
}

#define LIST                                                                                       \
    T(redirection_is_refused_unless_it_is_followed)                                                \
    T(contacts_are_tried_in_the_order_of_q)                                                        \
    T(redirections_in_a_circle_end)                                                                \
    T(redirection_to_where_we_are)                                                                 \
    T(host_says_how_many_are_tried)                                                                \
    T(refusal_everywhere_ends_the_search)                                                          \
    T(redirected_call_is_answered)                                                                 \
    T(redirection_without_a_contact)                                                               \
    T(hang_up_between_a_3xx_and_the_next_invite)

FLOWS(LIST)
