/* Prints sip.dict, the words that fuzzers put into inputs: names of all headers and methods from the
 * tables of sip/header.h, and what else the grammars know by name. With a file, tells whether that is
 * what it would print:
 *
 *     build/fuzz/dictionary >fuzz/sip.dict
 *     build/fuzz/dictionary fuzz/sip.dict */
#include <stdio.h>
#include <string.h>

#include "sip/digest.h"
#include "sip/header.h"

enum { TEXT_MAX = 1 << 16 };

static const char *const words[] = {
    /* messages */
    "SIP/2.0",
    "SIP/2.0/UDP ",
    "\r\n",
    "\r\n\r\n",
    "\r\n ",
    "sip:",
    "sips:",
    "tel:",
    "urn:",
    /* parameters */
    ";branch=z9hG4bK",
    ";rport",
    ";received=",
    ";maddr=",
    ";ttl=",
    ";tag=",
    ";lr",
    ";transport=",
    ";user=phone",
    ";method=",
    ";q=0.5",
    ";expires=",
    ";id=",
    ";reason=",
    ";retry-after=",
    ";refresher=uac",
    ";early-only",
    ";to-tag=",
    ";from-tag=",
    ";local-tag=",
    ";remote-tag=",
    ";cid=",
    ";cause=",
    ";text=",
    ";index=",
    ";rc=",
    ";mp=",
    ";np=",
    ";counter=",
    ";limit=",
    ";privacy=",
    ";screen=",
    ";purpose=",
    ";content=",
    ";encoding=",
    ";remote=",
    ";info=<",
    ";alg=",
    ";ppt=",
    ";handling=",
    ";duration=",
    ";+sip.instance=\"<",
    ";reg-id=",
    ";pub-gruu=",
    ";temp-gruu=",
    ";ob",
    ";gr",
    ";require",
    ";explicit",
    ";oc=",
    ";oc-algo=",
    ";oc-validity=",
    ";oc-seq=",
    ";pn-provider=",
    ";pn-prid=",
    ";pn-param=",
    ";pn-purr=",
    ";d-alg=",
    ";d-qop=",
    ";d-ver=",
    ";sescase=",
    ";regstate=",
    ";network-provided",
    ";cgi-3gpp=",
    ";utran-cell-id-3gpp=",
    ";i-wlan-node-id=",
    ";dsl-location=",
    ";eth-location=",
    ";local-time-zone=",
    "ccf=",
    "ecf=",
    "icid-value=",
    ";icid-generated-at=",
    ";orig-ioi=",
    ";term-ioi=",
    ";transit-ioi=",
    ";related-icid=",
    ";boundary=",
    ";phone-context=",
    ";ext=",
    ";isub=",
    /* values */
    "active",
    "pending",
    "terminated",
    "true",
    "false",
    "none",
    "critical",
    "session",
    "header",
    "[2001:db8::1]",
    "192.0.2.1",
    "Sat, 13 Nov 2010 23:29:00 GMT",
    "application/sdp",
    "multipart/mixed",
    "message/sipfrag",
    "*",
    /* digest */
    "Digest ",
    "realm=\"",
    "nonce=\"",
    "opaque=\"",
    "domain=\"",
    "stale=",
    "qop=",
    "\"auth\"",
    "auth-int",
    "username=\"",
    "uri=\"",
    "response=\"",
    "cnonce=\"",
    "nc=00000001",
    "userhash=",
    "rspauth=\"",
    "nextnonce=\"",
    /* session descriptions */
    "v=0\r\n",
    "o=- 1 1 IN IP4 192.0.2.1\r\n",
    "s=-\r\n",
    "i=",
    "u=",
    "e=",
    "p=",
    "b=AS:",
    "t=0 0\r\n",
    "r=7d 1h 0 25h\r\n",
    "z=",
    "k=",
    "c=IN IP6 ",
    "m=audio 4000 RTP/AVP ",
    "m=image 0 udptl t38\r\n",
    "a=rtpmap:",
    "a=fmtp:",
    "a=sendonly",
    "a=recvonly",
    "a=inactive",
    "a=sendrecv",
    "a=ptime:",
    "a=rtcp:",
    "PCMA/8000",
    "opus/48000/2",
    "telephone-event/8000",
};

static char text[TEXT_MAX];
static size_t used;

static void add(char c)
{
    if (used < sizeof text)
        text[used++] = c;
}

static void add_text(const char *piece)
{
    while (*piece)
        add(*piece++);
}

/* One entry: quotes, backslashes and control bytes escaped. */
static void add_word(struct sip_str word, const char *behind)
{
    char hex[8];

    add('"');
    for (size_t i = 0; i < word.len; i++) {
        unsigned char c = (unsigned char)word.at[i];

        if (c == '"' || c == '\\' || c < ' ' || c >= 0x7f) {
            snprintf(hex, sizeof hex, "\\x%02x", c);
            add_text(hex);
        } else {
            add((char)c);
        }
    }
    add_text(behind);
    add_text("\"\n");
}

static void make(void)
{
    static const char compact[] = {
#define COMPACT(id, name, letter, flags, grammar) letter,
        SIP_HEADERS(COMPACT)
#undef COMPACT
    };

    add_text("# Printed by fuzz/dictionary.c\n");
    for (int id = 1; id < SIP_HEADER_COUNT; id++) {
        add_word(sip_header_name((enum sip_header)id), ": ");
        if (compact[id - 1])
            add_word(sip_bytes(&compact[id - 1], 1), ": ");
    }
    for (int id = 1; id < SIP_METHOD_COUNT; id++)
        add_word(sip_method_text((enum sip_method)id), "");
    for (int id = 1; id < SIP_ALGORITHM_COUNT; id++)
        add_word(sip_algorithm_name((enum sip_algorithm)id), "");
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        add_word(sip_str(words[i]), "");
}

int main(int argc, char **argv)
{
    static char there[TEXT_MAX + 1];
    FILE *file;
    size_t len;

    make();
    if (argc < 2)
        return fwrite(text, 1, used, stdout) == used ? 0 : 2;
    file = fopen(argv[1], "rb");
    len = file ? fread(there, 1, sizeof there, file) : 0;
    if (len == used && memcmp(there, text, len) == 0)
        return 0;
    printf("%s is out of date: print it anew with this program\n", argv[1]);
    return 1;
}
