/* The limits of streams (DESIGN section 6, "What is full"; RFC 3261 §18.3, §21.5.7): bodies that are
 * too long are skipped by count, a head over the limit closes the connection, and so do bytes that
 * wait for too long; a message is never cut.
 *
 *     alice                         server
 *       |======= connection ===========>|
 *       |<--- INVITE with 3,000 bytes --|
 *       |--------------- 513 ---------->|   as soon as the head is there
 *       |<----------- OPTIONS ----------|   the next message is found
 *       |-------------- 200 ----------->|
 */
#include "stage.h"

#define HEAD(method, branch, number)                                                               \
    method " sip:alice@192.0.2.1;transport=tcp SIP/2.0\r\n"                                        \
           "Via: SIP/2.0/TCP 192.0.2.2;branch=z9hG4bK" branch "\r\n"                               \
           "Max-Forwards: 70\r\nFrom: <sip:bob@example.net>;tag=1\r\n"                             \
           "To: <sip:alice@example.net>\r\nCall-ID: " branch "\r\nCSeq: " number " " method "\r\n"

static const char options[] = HEAD("OPTIONS", "o1", "1") "Content-Length: 0\r\n\r\n";

static struct sip_registration connected(struct stage *s)
{
    struct sip_registration registration = stage_register(s, 3600);

    sent(s, 0, "REGISTER", "sip:example.net");
    reply(s, 0, "REGISTER", 200);
    heard(s, 0, "registered", 3600);
    return registration;
}

static void leave(struct stage *s)
{
    forget(s, s->now);
    sip_ua_stop(s->ua, s->now);
    pass(s, s->now + 1000);
    talk(s, 0);
    reply(s, s->now, "REGISTER", 200);
    drop_connections(s, s->now + 40000);
    forget(s, s->now + 40000);
    quiet(s);
}

TEST(messages_come_in_any_pieces)                      /* §18.3 */
{
    struct stage s = stage_tcp();

    connected(&s);
    for (size_t piece = 1; piece < sizeof options; piece += 7) {
        for (size_t at = 0; at < sizeof options - 1; at += piece) {
            size_t rest = sizeof options - 1 - at;

            stream(&s, 10, options + at, rest < piece ? rest : piece);
        }
        answered(&s, 10, 200, "OPTIONS");
    }
    leave(&s);
}

TEST(several_messages_come_in_one_piece)               /* §18.3, §7.5: CRLFs between them */
{
    static char text[sizeof options * 3 + 16];
    struct stage s = stage_tcp();

    connected(&s);
    snprintf(text, sizeof text, "%s\r\n\r\n%s%s", options, options, options);
    stream(&s, 10, text, strlen(text));
    for (int i = 0; i < 3; i++)
        answered(&s, 10, 200, "OPTIONS");
    leave(&s);
}

TEST(body_that_is_too_long_is_skipped)                 /* §21.5.7; the stream goes on */
{
    static const char head[] = HEAD("INVITE", "i1", "1")
        "Contact: <sip:bob@192.0.2.2;transport=tcp>\r\nContent-Type: application/sdp\r\n"
        "Content-Length: 3000\r\n\r\n";
    static char body[3000];
    struct stage s = stage_tcp();

    memset(body, 'v', sizeof body);
    connected(&s);
    stream(&s, 10, head, sizeof head - 1);
    answered(&s, 10, 513, "INVITE");
    stream(&s, 20, body, 1000);
    stream(&s, 30, body, 2000);
    stream(&s, 40, options, sizeof options - 1);
    answered(&s, 40, 200, "OPTIONS");
    CHECK_INT(closed_connections(&s), 0);
    leave(&s);
}

TEST(head_that_is_too_long_closes)                     /* nobody knows where the next begins */
{
    static const char head[] = HEAD("OPTIONS", "o2", "1") "Subject: ";
    static char subject[4000];
    struct stage s = stage_tcp();
    struct sip_registration registration = connected(&s);

    memset(subject, 'x', sizeof subject);
    stream(&s, 10, head, sizeof head - 1);
    CHECK_INT(closed_connections(&s), 0);
    stream(&s, 20, subject, sizeof subject);
    CHECK_INT(closed_connections(&s), 1);
    CHECK_INT(usage(&s, "flows").used, 0);
    forget(&s, 40000);                                 /* what was on it registers again: §18.4 */
    sip_registration_stop(s.ua, s.now, registration);
    forget(&s, s.now + 40000);
    drop_connections(&s, s.now);
    forget(&s, s.now + 40000);
    quiet(&s);
}

TEST(bytes_that_are_no_sip_close)                      /* §18.3 */
{
    static const char http[] = "GET / HTTP/1.1\r\nHost: example.net\r\n\r\n";
    struct stage s = stage_tcp();

    connected(&s);
    stream(&s, 10, http, sizeof http - 1);
    CHECK_INT(closed_connections(&s), 1);
    leave(&s);
}

TEST(full_stream_goes_on_when_there_is_room)           /* sip_stack_writable(); nothing is cut */
{
    struct stage s = stage_tcp();
    struct sip_registration registration = connected(&s);

    narrow_wire(&s, 100);
    returns(&s, sip_registration_refresh(s.ua, s.now, registration), 0);
    silent(&s, 1000);
    CHECK(usage(&s, "buffers_large").used + usage(&s, "buffers_small").used > 0);
    narrow_wire(&s, SIZE_MAX);
    sent(&s, 1000, "REGISTER", "sip:example.net");     /* strict.c has seen all of it */
    reply(&s, 1000, "REGISTER", 200);
    heard(&s, 1000, "registered", 3600);
    leave(&s);
}

TEST(too_many_bytes_wait_on_a_stream)                  /* the flow closes; a message is never cut */
{
    static char body[900];
    struct stage s = stage_tcp();
    struct sip_request_args args = {0};
    struct sip_request request;

    memset(body, 'x', sizeof body);
    args.method = sip_str("MESSAGE");
    args.to = sip_str("sip:bob@example.net");
    args.account = s.account;
    args.body.type = sip_str("text/plain");
    args.body.bytes = sip_bytes(body, sizeof body);
    connected(&s);
    narrow_wire(&s, 100);
    returns(&s, sip_request_start(s.ua, s.now, &args, &request), 0);
    CHECK_INT(closed_connections(&s), 0);
    returns(&s, sip_request_start(s.ua, s.now, &args, &request), 0);
    CHECK_INT(closed_connections(&s), 1);
    heard(&s, 0, "request answered", 503);
    heard(&s, 0, "request answered", 503);
    narrow_wire(&s, SIZE_MAX);
    leave(&s);
}

#define LIST                                                                                       \
    T(messages_come_in_any_pieces)                                                                 \
    T(several_messages_come_in_one_piece)                                                          \
    T(body_that_is_too_long_is_skipped)                                                            \
    T(head_that_is_too_long_closes)                                                                \
    T(bytes_that_are_no_sip_close)                                                                 \
    T(full_stream_goes_on_when_there_is_room)                                                      \
    T(too_many_bytes_wait_on_a_stream)

FLOWS(LIST)
