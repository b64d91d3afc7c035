/* Values about content and presentation: sip/fields_content.h. */
#include "value.h"
#include "sip/fields_content.h"

static void write_text(struct sip_writer *writer, const struct sip_str *text)
{
    sip_write_received(writer, *text);
}

/* Server and User-Agent: all products, one after the other. */
struct products {
    struct sip_str all;
};

static int products_parse(struct products *got, struct sip_str value, struct sip_fault *fault)
{
    struct sip_fault unsaid = {SIP_BAD_TOKEN, SIP_HEADER_OTHER, 0};
    struct sip_str rest = value;
    struct sip_product product;
    size_t rounds = 0;

    while (sip_product_next(&rest, &product))
        require(++rounds <= value.len && is_inside(rest, value));
    if (rest.len == 0 && rounds > 0) {
        got->all = value;
        return 0;
    }
    unsaid.offset = (uint32_t)(value.len - rest.len);
    *fault = unsaid;
    return SIP_EBAD;
}

static void look_product(struct eye *eye, struct sip_str all)
{
    struct sip_product product;

    while (sip_product_next(&all, &product)) {
        look_text(eye, product.name);
        look_text(eye, product.version);
        look_text(eye, product.comment);
        require((product.name.at == NULL) != (product.comment.at == NULL));
    }
}

static void write_products(struct sip_writer *writer, const struct products *products)
{
    struct sip_str rest = products->all;
    struct sip_product product;

    for (const char *between = ""; sip_product_next(&rest, &product); between = " ") {
        sip_write_text(writer, between);
        sip_write_received(writer, product.name.at ? product.name : product.comment);
        if (product.version.at) {
            sip_write_text(writer, "/");
            sip_write_received(writer, product.version);
        }
    }
}

#define CHOICE TEXT(name) AMOUNT(q) PARAMS(params)

KIND(disposition, TEXT(type) TEXT(handling) PARAMS(params))
KIND(media_type, TEXT(type) TEXT(subtype) PARAMS(params))
KIND_OF(media_range, struct sip_media_type, sip_media_range_parse, sip_write_media_type,
        TEXT(type) TEXT(subtype) PARAMS(params))
KIND_OF(encoding, struct sip_choice, sip_accept_encoding_parse, sip_write_choice, CHOICE)
KIND_OF(language, struct sip_choice, sip_accept_language_parse, sip_write_choice, CHOICE)
KIND_OF(language_tag, struct sip_str, sip_language_parse, write_text, look_text(eye, *got);)
KIND(info_uri, TEXT(uri) TEXT(purpose) PARAMS(params))
KIND(timestamp, TEXT(time) if (got->delay.len > 0) TEXT(delay)) /* an empty one is not written */
KIND(mime_version, NUMBER(major) NUMBER(minor))
KIND_OF(products, struct products, products_parse, write_products, look_product(eye, got->all);)

GROUP(&disposition, &media_type, &media_range, &encoding, &language, &language_tag, &info_uri,
      &timestamp, &mime_version, &products)
