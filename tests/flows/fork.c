/* One INVITE, several phones (RFC 3261 §12.1.2, §13.2.2.4): each fork its own early dialog, the
 * first 2xx wins, unless the host takes another.
 *
 *     alice                         proxy                    phones
 *       |------- INVITE ------------->|------ INVITE ------->| a, b, c
 *       |<------ 180, tag=a ----------|<----- 180 -----------|
 *       |<------ 180, tag=b ----------|<----- 180 -----------|
 *       |<------ 200, tag=b ----------|<----- 200 -----------|
 *       |--------------------- ACK ------------------------->| b
 *       |<------ 200, tag=a ----------|<----- 200 -----------|   it was faster than the CANCEL
 *       |--------------------- ACK, BYE -------------------->| a
 */
#include "stage.h"

static struct sip_call rings_twice(struct stage *s)
{
    struct sip_call call = stage_call(s, "sip:bob@example.net");
    struct sip_dialog a, b;

    sent(s, 0, "INVITE", "sip:bob@example.net");
    reply_with(s, 10, "INVITE", 180, .tag = "a", .contact = "<sip:bob@192.0.2.10>");
    a = heard(s, 10, "progress", 180)->dialog;
    reply_with(s, 20, "INVITE", 180, .tag = "b", .contact = "<sip:bob@192.0.2.11>");
    b = heard(s, 20, "progress", 180)->dialog;
    CHECK(a.id != b.id || is_squeezed());
    CHECK(a.id != 0);
    reply_with(s, 30, "INVITE", 183, .tag = "a", .contact = "<sip:bob@192.0.2.10>",
               .body = stage_answer);
    CHECK(heard(s, 30, "progress", 183)->dialog.id == a.id || is_squeezed());
    return call;
}

TEST(first_answer_wins)                                /* §13.2.2.4 */
{
    struct stage s = stage_udp();
    struct sip_call call = rings_twice(&s);

    reply_with(&s, 100, "INVITE", 200, .tag = "b", .contact = "<sip:bob@192.0.2.11>",
               .body = stage_answer);
    sent(&s, 100, "ACK", "sip:bob@192.0.2.11");
    mentions(&s, "To", ";tag=b");
    heard(&s, 100, "answered", 200);
    reply_with(&s, 150, "INVITE", 200, .tag = "a", .contact = "<sip:bob@192.0.2.10>",
               .body = stage_answer);
    sent(&s, 150, "ACK", "sip:bob@192.0.2.10");
    mentions(&s, "To", ";tag=a");
    heard(&s, 150, "forked", 200);
    sent(&s, 150, "BYE", "sip:bob@192.0.2.10");        /* the event came and went */
    reply(&s, 160, "BYE", 200);
    CHECK_INT(sip_call_state(s.ua, call), SIP_CALL_UP);
    returns(&s, sip_call_hang_up(s.ua, s.now, call, NULL), 0);
    sent(&s, 160, "BYE", "sip:bob@192.0.2.11");
    heard(&s, 160, "ended", SIP_END_LOCAL);
    reply(&s, 170, "BYE", 200);
    quiet(&s);
}

TEST(answer_repeated_by_each_fork)                     /* §13.2.2.4: its own ACK for each copy */
{
    struct stage s = stage_udp();
    struct sip_call call = rings_twice(&s);

    reply_with(&s, 100, "INVITE", 200, .tag = "b", .contact = "<sip:bob@192.0.2.11>");
    sent(&s, 100, "ACK", "sip:bob@192.0.2.11");
    heard(&s, 100, "answered", 200);
    reply_with(&s, 150, "INVITE", 200, .tag = "a", .contact = "<sip:bob@192.0.2.10>");
    sent(&s, 150, "ACK", "sip:bob@192.0.2.10");
    heard(&s, 150, "forked", 200);
    sent(&s, 150, "BYE", "sip:bob@192.0.2.10");
    again(&s, 300);                                    /* a's 2xx: its ACK was lost */
    sent(&s, 300, "ACK", "sip:bob@192.0.2.10");
    reply(&s, 310, "BYE", 200);
    reply_with(&s, 400, "INVITE", 200, .tag = "b", .contact = "<sip:bob@192.0.2.11>");
    sent(&s, 400, "ACK", "sip:bob@192.0.2.11");
    is_repeated(&s);
    returns(&s, sip_call_hang_up(s.ua, s.now, call, NULL), 0);
    sent(&s, 400, "BYE", "sip:bob@192.0.2.11");
    heard(&s, 400, "ended", SIP_END_LOCAL);
    reply(&s, 410, "BYE", 200);
    quiet(&s);
}

static void take(struct stage *s, const struct told *told)
{
    if (strcmp(told->what, "forked") == 0) {
        returns(s, sip_call_take(s->ua, s->now, told->call), 0);
        returns(s, sip_call_take(s->ua, s->now, told->call), SIP_ESTATE);
    }
}

TEST(host_takes_the_second_answer)                     /* sip/call.h, sip_call_take() */
{
    struct stage s = stage_udp();
    struct sip_call call = rings_twice(&s);

    inside_events(&s, take);
    reply_with(&s, 100, "INVITE", 200, .tag = "b", .contact = "<sip:bob@192.0.2.11>");
    sent(&s, 100, "ACK", "sip:bob@192.0.2.11");
    heard(&s, 100, "answered", 200);
    returns(&s, sip_call_take(s.ua, s.now, call), SIP_ESTATE);
    reply_with(&s, 150, "INVITE", 200, .tag = "a", .contact = "<sip:bob@192.0.2.10>");
    sent(&s, 150, "ACK", "sip:bob@192.0.2.10");
    heard(&s, 150, "forked", 200);
    sent(&s, 150, "BYE", "sip:bob@192.0.2.11");        /* the one before it */
    reply(&s, 160, "BYE", 200);
    returns(&s, sip_call_hang_up(s.ua, s.now, call, NULL), 0);
    sent(&s, 160, "BYE", "sip:bob@192.0.2.10");
    heard(&s, 160, "ended", SIP_END_LOCAL);
    reply(&s, 170, "BYE", 200);
    quiet(&s);
}

TEST(fork_answers_after_the_call_is_over)              /* §13.2.2.4: ACK and BYE, nobody is told */
{
    struct stage s = stage_udp();
    struct sip_call call = rings_twice(&s);

    reply_with(&s, 100, "INVITE", 200, .tag = "b", .contact = "<sip:bob@192.0.2.11>");
    sent(&s, 100, "ACK", "sip:bob@192.0.2.11");
    heard(&s, 100, "answered", 200);
    returns(&s, sip_call_hang_up(s.ua, s.now, call, NULL), 0);
    sent(&s, 100, "BYE", "sip:bob@192.0.2.11");
    heard(&s, 100, "ended", SIP_END_LOCAL);
    reply(&s, 110, "BYE", 200);
    reply_with(&s, 150, "INVITE", 200, .tag = "a", .contact = "<sip:bob@192.0.2.10>");
    sent(&s, 150, "ACK", "sip:bob@192.0.2.10");
    sent(&s, 150, "BYE", "sip:bob@192.0.2.10");
    reply(&s, 160, "BYE", 200);
    quiet(&s);
}

TEST(both_forks_answer_a_cancelled_call)               /* §9.1, §13.2.2.4 */
{
    struct stage s = stage_udp();
    struct sip_call call = rings_twice(&s);

    returns(&s, sip_call_hang_up(s.ua, s.now, call, NULL), 0);
    sent(&s, 30, "CANCEL", "sip:bob@example.net");
    heard(&s, 30, "ended", SIP_END_LOCAL);
    reply_with(&s, 40, "INVITE", 200, .tag = "a", .contact = "<sip:bob@192.0.2.10>");
    sent(&s, 40, "ACK", "sip:bob@192.0.2.10");
    sent(&s, 40, "BYE", "sip:bob@192.0.2.10");
    reply_with(&s, 50, "INVITE", 200, .tag = "b", .contact = "<sip:bob@192.0.2.11>");
    sent(&s, 50, "ACK", "sip:bob@192.0.2.11");
    sent(&s, 50, "BYE", "sip:bob@192.0.2.11");
    reply(&s, 60, "CANCEL", 200);
    reply(&s, 70, "BYE", 200);
    for (uint64_t t = 540; t < 32040; t += 4000) {     /* a never answers its BYE */
        sent(&s, t, "BYE", "sip:bob@192.0.2.10");
        if (t == 540)
            sent(&s, 1540, "BYE", "sip:bob@192.0.2.10");
        if (t == 540)
            sent(&s, 3540, "BYE", "sip:bob@192.0.2.10");
        if (t == 540)
            t = 3540;
    }
    quiet(&s);
}

TEST(early_dialogs_end_with_the_refusal)               /* §12.3 */
{
    struct stage s = stage_udp();

    rings_twice(&s);
    reply_with(&s, 100, "INVITE", 486, .tag = "a");
    sent(&s, 100, "ACK", "sip:bob@example.net");
    heard(&s, 100, "ended", SIP_END_REFUSED);
    quiet(&s);
}

TEST(more_forks_than_a_call_remembers) /* told without a dialog; any of them may win */
{
    static const char *const tags[] = {"a", "b", "c", "d", "e", "f", "g", "h"};
    struct stage s = stage_udp();

    stage_call(&s, "sip:bob@example.net");
    sent(&s, 0, "INVITE", "sip:bob@example.net");
    for (int i = 0; i < 8; i++) {
        reply_with(&s, 10, "INVITE", 180, .tag = tags[i]);
        heard(&s, 10, "progress", 180);
    }
    reply_with(&s, 20, "INVITE", 200, .tag = "h");
    sent(&s, 20, "ACK", "sip:bob@192.0.2.7");
    mentions(&s, "To", ";tag=h");
    CHECK(heard(&s, 20, "answered", 200)->dialog.id != 0);
    ask_with(&s, 40, "BYE", .him = "<sip:bob@example.net>;tag=h");
    answered(&s, 40, 200, "BYE");
    heard(&s, 40, "ended", SIP_END_REMOTE);
    quiet(&s);
}

TEST(bye_of_one_early_fork_ends_that_one)              /* §15: the others ring on */
{
    struct stage s = stage_udp();

    rings_twice(&s);
    ask_with(&s, 40, "BYE", .him = "<sip:bob@example.net>;tag=a");
    answered(&s, 40, 200, "BYE");
    ask_with(&s, 50, "INFO", .him = "<sip:bob@example.net>;tag=a");
    answered(&s, 50, 481, "INFO");
    reply_with(&s, 100, "INVITE", 200, .tag = "b", .contact = "<sip:bob@192.0.2.11>");
    sent(&s, 100, "ACK", "sip:bob@192.0.2.11");
    heard(&s, 100, "answered", 200);
    ask_with(&s, 110, "BYE", .him = "<sip:bob@example.net>;tag=b");
    answered(&s, 110, 200, "BYE");
    heard(&s, 110, "ended", SIP_END_REMOTE);
    quiet(&s);
}

#define LIST                                                                                       \
    T(first_answer_wins)                                                                           \
    T(answer_repeated_by_each_fork)                                                                \
    T(host_takes_the_second_answer)                                                                \
    T(fork_answers_after_the_call_is_over)                                                         \
    T(both_forks_answer_a_cancelled_call)                                                          \
    T(early_dialogs_end_with_the_refusal)                                                          \
    T(more_forks_than_a_call_remembers)                                                            \
    T(bye_of_one_early_fork_ends_that_one)

FLOWS(LIST)
