/* Walks over lists, parameters and lines: one step from any text. */
#include "proof.h"
#include "sip/fields.h"
#include "sip/fields_content.h"
#include "sip/fields_reach.h"
#include "sip/message.h"
#include "sip/multipart.h"

static void list(struct sip_str text)
{
    WALKS(struct sip_str, sip_list_next);
}
PROOF(list)

static void params(struct sip_str text)
{
    WALKS(struct sip_param, sip_params_next);
    WALKS(struct sip_param, sip_auth_next);
}
PROOF(params)

static void features(struct sip_str text)
{
    WALKS(struct sip_feature, sip_feature_next);
    WALKS(struct sip_feature_value, sip_feature_value_next);
    WALKS(struct sip_product, sip_product_next);
}
PROOF(features)

static void lines(struct sip_str text)
{
    WALKS(struct sip_line, sip_line_next);
    sip_lines_find(text, "content-type");
}
PROOF(lines)

static void texts(struct sip_str text)
{
    char out[64];

    sip_unquote(text, out, Frama_C_size_t_interval(0, sizeof out));
    sip_str_is(text, "Digest");
    sip_str_equal(text, text);
}
PROOF(texts)
