/* Passwords and digest answers never appear in a trace. */
#include "sip/trace.h"
#include "test.h"

#include <stdlib.h>

static const struct {
    const char *bytes, *shown; /* NULL: untouched */
} rows[] = {
    {"INVITE sip:bob@sip.test SIP/2.0\r\nFrom: <sip:alice@h:5060>;tag=1\r\n\r\n", NULL},
    /* RFC 3261 §22.4, §20.7, §20.28 */
    {"Authorization: Digest username=\"alice\", realm=\"r\", nonce=\"n\", uri=\"sip:h\", "
     "response=\"6629fae49393a05397450978507c4ef1\", opaque=\"o\"\r\n",
     "Authorization: Digest username=\"alice\", realm=\"r\", nonce=\"n\", uri=\"sip:h\", "
     "response=\"********************************\", opaque=\"o\"\r\n"},
    {"response=\"a\"", "response=\"*\""},
    {"RESPONSE = \"ab\"", "RESPONSE = \"**\""},
    {"response\r\n =\r\n \"ab\"", "response\r\n =\r\n \"**\""},
    {"response=ab,x=cd", "response=**,x=cd"},
    {"response=ab x", "response=** x"},
    {"response=\"a\\\"b\",x", "response=\"****\",x"},
    {"response=\"a\r\n b\",x", "response=\"*\r\n**\",x"},
    {"response=\"unfinished, x=y\r\nz", "response=\"***************\r\n*"},
    {"response=\"", NULL},
    {"response=\"\\", "response=\"*"},
    {"response=\"\"", NULL},
    {"response", NULL},
    {"response=", NULL},
    {"response: a", NULL},
    {"xresponse=\"a\"", NULL},
    {"responsex=\"a\"", NULL},
    {"a;response=b;c", "a;response=*;c"},
    /* Authentication-Info: §20.6 */
    {"Authentication-Info: qop=auth, rspauth=\"abcd\", cnonce=\"c\", nc=00000001, nextnonce=\"n\"\r\n",
     "Authentication-Info: qop=auth, rspauth=\"****\", cnonce=\"c\", nc=00000001, nextnonce=\"n\"\r\n"},
    /* other schemes */
    {"Authorization: Basic YWxpY2U6cHc=\r\nTo: x\r\n", "Authorization: Basic ************\r\nTo: x\r\n"},
    {"proxy-authorization :Bearer abc.def\r\n g\r\nTo: x", "proxy-authorization :Bearer *******\r\n**\r\nTo: x"},
    {"Authorization:\r\n Basic abc\nTo: x", "Authorization:\r\n Basic ***\nTo: x"},
    {"Authorization: Basic abc", "Authorization: Basic ***"},
    {"Authorization: Basic", NULL},
    {"Authorization:", NULL},
    {"Authorization", NULL},
    {"Authorization: Digestx a\r\n", "Authorization: Digestx *\r\n"},
    {"Authorization: Digest a\r\n", NULL},
    {"Authorization:Digest a\r\n", NULL},
    {"WWW-Authenticate: Basic realm=\"r\"\r\n", NULL},
    /* passwords of URIs: §19.1.1 */
    {"To: <sip:alice:secret@h>", "To: <sip:alice:******@h>"},
    {"To: <SIPS:alice:secret@h:5061>", "To: <SIPS:alice:******@h:5061>"},
    {"REGISTER sip:a:b:c@h SIP/2.0", "REGISTER sip:a:***@h SIP/2.0"},
    {"To: <sip:alice:@h>", NULL},
    {"To: <sip:alice@h:5060>", NULL},
    {"To: <sip:h:5060>, <sip:a@h>", NULL},
    {"To: sip:h:5060 a@h", NULL},
    {"To: sip:h:5060>a@h", NULL},
    {"To: sip:h:5060<a@h", NULL},
    {"To: sip:h:5060\"a@h", NULL},
    {"To: sip:h:5060,a@h", NULL},
    {"To: sip:h:5060\ra@h", NULL},
    {"sip:sip:b:pw@h", "sip:sip:****@h"},
    {"sip:a;response=x:y@h", "sip:a;response=*****"}, /* rather too much */
    {"gossip:a:b@h", NULL},
    {"sip:a:b", NULL},
    {"sip:", NULL},
};

static void check_row(const char *bytes, const char *shown)
{
    size_t len = strlen(bytes);
    char *block = malloc(len ? len : 1);
    struct sip_str got;

    memcpy(block, bytes, len);
    for (size_t size = 0; size <= len + 1; size++) {
        char *scratch = malloc(size ? size : 1);

        memset(scratch, 0x5a, size);
        got = sip_trace_mask(sip_bytes(block, len), scratch, size);
        if (!shown) {
            CHECK(got.at == block && got.len == len);
        } else {
            CHECK(got.at == scratch);
            CHECK_INT(got.len, size < len ? size : len); /* cut, and nothing told behind the cut */
            CHECK(memcmp(scratch, shown, got.len) == 0);
        }
        free(scratch);
    }
    CHECK(memcmp(block, bytes, len) == 0); /* the message itself is not touched */
    free(block);
}

TEST(secrets_become_stars_and_all_else_stays)
{
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        check_row(rows[i].bytes, rows[i].shown);
        if (test_failures) {
            char scratch[500];
            struct sip_str got = sip_trace_mask(sip_str(rows[i].bytes), scratch, sizeof scratch);

            printf("  in row %zu: %.*s\n", i, (int)got.len, got.at);
            break;
        }
    }
}

TEST(cut_messages_show_no_secret)
{
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        for (size_t len = 0; len < strlen(rows[i].bytes); len++) {
            char *block = malloc(len ? len : 1), scratch[500];
            struct sip_str got;

            memcpy(block, rows[i].bytes, len);
            got = sip_trace_mask(sip_bytes(block, len), scratch, sizeof scratch);
            CHECK_INT(got.len, len);
            free(block);
        }
    }
}

TEST(hostile_bytes_take_time_by_their_length_only)
{
    static char bytes[60000], scratch[60000];

    for (size_t i = 0; i + 4 <= sizeof bytes; i += 4)
        memcpy(bytes + i, "sip:", 4);
    CHECK(sip_trace_mask(sip_bytes(bytes, sizeof bytes), scratch, sizeof scratch).at == bytes);
    bytes[sizeof bytes - 1] = '@';
    CHECK(sip_trace_mask(sip_bytes(bytes, sizeof bytes), scratch, sizeof scratch).at == scratch);
}

TESTS(T(secrets_become_stars_and_all_else_stays)
      T(cut_messages_show_no_secret)
      T(hostile_bytes_take_time_by_their_length_only))
