/* URIs, telephone numbers, addresses. */
#include "proof.h"
#include "sip/addr.h"
#include "sip/fields_reach.h"
#include "sip/tel.h"
#include "sip/uri.h"

static void uri(struct sip_str text)
{
    struct sip_leniency leniency = any_leniency();
    struct sip_uri got;
    struct sip_fault fault;

    sip_uri_accept(&got, text, &leniency, &fault);
    PARSES(struct sip_uri, sip_uri_parse);
}
PROOF(uri)

/* Whatever the pieces of a URI are. */
static struct sip_uri uri_of(struct sip_str text)
{
    struct sip_str nothing = {0, 0}, piece = Frama_C_interval(0, 1) ? text : nothing;
    struct sip_uri uri = {(enum sip_scheme)Frama_C_interval(0, SIP_SCHEME_TEL),
                          piece,
                          piece,
                          piece,
                          piece,
                          (uint16_t)Frama_C_interval(0, UINT16_MAX),
                          piece,
                          piece,
                          piece};

    return uri;
}

static void uri_equal(struct sip_str text)
{
    struct sip_uri one = uri_of(text), other = uri_of(text);

    sip_uri_equal(&one, &other);
}
PROOF(uri_equal)

static void uri_pieces(struct sip_str text)
{
    struct sip_uri uri = uri_of(text);
    struct sip_push push;
    char out[64];

    sip_uri_param(&uri, "transport");
    sip_push_of(&uri, &push);
    sip_uri_unescape(text, out, Frama_C_size_t_interval(0, sizeof out));
}
PROOF(uri_pieces)

static void tel(struct sip_str text)
{
    struct sip_tel one = {Frama_C_interval(0, 1), text, text, text, text, text}, other = one;

    PARSES(struct sip_tel, sip_tel_parse);
    PARSES(struct sip_tel, sip_tel_of_user);
    sip_tel_equal(&one, &other);
}
PROOF(tel)

static void addr(struct sip_str text)
{
    struct sip_addr got;

    sip_addr_parse(&got, text);
}
PROOF(addr)
