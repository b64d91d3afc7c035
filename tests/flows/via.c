/* Responses that are not for us (RFC 3261 §8.1.3.3, §18.1.2): dropped, and the right one still counts.
 *
 *     alice                            bob
 *       |------------- OPTIONS --------->|
 *       |<-- 200, another's Via ---------|   dropped
 *       |<-- 200, two Vias --------------|   dropped
 *       |<-- 200 ------------------------|   the answer
 */
#include "stage.h"

static void answer(struct stage *s, uint64_t t, const char *vias)
{
    char text[2048];

    snprintf(text, sizeof text,
             "SIP/2.0 200 OK\n%sFrom: %s\nTo: %s;tag=bob\nCall-ID: %s\nCSeq: %s\n", vias,
             header(s, "From"), header(s, "To"), header(s, "Call-ID"), header(s, "CSeq"));
    ask_text(s, t, text);
}

TEST(response_with_another_via_is_dropped)
{
    struct stage s = stage_udp();
    struct sip_request_args args = {0};
    struct sip_request request;
    char ours[256], via[512];

    args.method = sip_str("OPTIONS");
    args.to = sip_str("sip:bob@example.net");
    args.account = s.account;
    returns(&s, sip_request_start(s.ua, s.now, &args, &request), 0);
    sent(&s, 0, "OPTIONS", "sip:bob@example.net");
    snprintf(ours, sizeof ours, "%s", header(&s, "Via"));
    CHECK(strstr(ours, "192.0.2.1") != NULL);

    snprintf(via, sizeof via, "Via: SIP/2.0/UDP 192.0.2.9:5060%s\n", strchr(ours, ';'));
    answer(&s, 10, via);                                   /* §18.1.2: not our sent-by */
    snprintf(via, sizeof via, "Via: SIP/2.0/UDP 192.0.2.1:5061%s\n", strchr(ours, ';'));
    answer(&s, 20, via);
    snprintf(via, sizeof via, "Via: %s\nVia: SIP/2.0/UDP 192.0.2.9;branch=z9hG4bKx\n", ours);
    answer(&s, 30, via);                                   /* §8.1.3.3: it was on its way to another */
    silent(&s, 40);
    snprintf(via, sizeof via, "Via: %s\n", ours);
    answer(&s, 40, via);
    heard(&s, 40, "request answered", 200);
    quiet(&s);
}

FLOWS(T(response_with_another_via_is_dropped))
