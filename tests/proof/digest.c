/* Fields of digest authentication, both sides. */
#include "proof.h"
#include "sip/digest.h"
#include "sip/digest_server.h"

static void challenge(struct sip_str text)
{
    struct sip_challenge got;
    struct sip_fault fault;

    sip_challenge_parse(&got, SIP_HEADER_WWW_AUTHENTICATE, text, &fault);
}
PROOF(challenge)

static void credentials(struct sip_str text)
{
    struct sip_credentials got;
    struct sip_fault fault;

    sip_credentials_parse(&got, SIP_HEADER_AUTHORIZATION, text, &fault);
}
PROOF(credentials)

static void raw(struct sip_str text)
{
    char out[64];

    sip_raw_copy(text, out, Frama_C_size_t_interval(0, sizeof out));
    sip_raw_is(text, text);
    sip_raw_equal(text, text);
    sip_algorithm_of(text);
}
PROOF(raw)
