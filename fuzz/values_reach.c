/* Values that say how an agent is reached and what it can do: sip/fields_reach.h. */
#include "value.h"
#include "sip/fields_reach.h"

/* Feature parameters and the values in them come to an end, and lie in the text. */
static void look_features(struct eye *eye, struct sip_str params)
{
    struct sip_feature feature;
    struct sip_feature_value value;
    size_t rounds = 0;

    look_params(eye, params);
    while (sip_feature_next(&params, &feature)) {
        struct sip_str rest = feature.values;

        require(++rounds <= eye->value.len && is_inside(feature.tag, eye->value));
        require(is_inside(feature.string, eye->value) && is_inside(rest, eye->value));
        while (sip_feature_value_next(&rest, &value)) {
            require(++rounds <= eye->value.len && is_inside(value.text, feature.values));
            require(value.kind <= SIP_FEATURE_NUMBER);
        }
    }
}

static int directives_parse(unsigned *bits, struct sip_str value, struct sip_fault *fault)
{
    enum sip_directive bit;
    int result = sip_directive_parse(&bit, value, fault);

    if (result == 0)
        *bits = (unsigned)bit;
    return result;
}

static void write_directives(struct sip_writer *writer, const unsigned *bits)
{
    sip_write_directives(writer, *bits);
}

/* The overload parameters of a Via. */
static int overload_of(struct sip_overload *got, struct sip_str value, struct sip_fault *fault)
{
    struct sip_via via;
    int result = sip_via_parse(&via, value, fault);

    return result ? result : sip_overload_parse(got, &via, fault);
}

static void write_overload(struct sip_writer *writer, const struct sip_overload *overload)
{
    sip_write_text(writer, "SIP/2.0/UDP a");
    sip_write_overload(writer, overload);
}

/* The push parameters of a URI; one without any is refused here. */
static int push_of(struct sip_push *got, struct sip_str value, struct sip_fault *fault)
{
    struct sip_fault unsaid = {SIP_BAD_URI, SIP_HEADER_OTHER, 0};
    struct sip_uri uri;
    int result = sip_uri_parse(&uri, value, fault);

    if (result != 0 || sip_push_of(&uri, got))
        return result;
    *fault = unsaid;
    return SIP_EBAD;
}

static void write_push(struct sip_writer *writer, const struct sip_push *push)
{
    sip_write_text(writer, "sip:a");
    sip_write_push(writer, push);
}

#define BITS look_number(eye, *got);

KIND(contact_value, ADDRESS(address) AMOUNT(q) AMOUNT(expires_s) TEXT(instance) AMOUNT(reg_id)
                        TEXT(pub_gruu) TEXT(temp_gruu) look_features(eye, got->address.params);)
KIND(preference, NUMBER(require) NUMBER(is_explicit) look_features(eye, got->params);)
KIND_OF(directive, unsigned, directives_parse, write_directives, BITS)
KIND_OF(overload, struct sip_overload, overload_of, write_overload,
        NUMBER(supported) AMOUNT(oc) TEXT(algorithms) AMOUNT(validity_ms) TEXT(sequence))
KIND_OF(push, struct sip_push, push_of, write_push,
        TEXT(provider) TEXT(param) TEXT(prid) TEXT(purr))

GROUP(&contact_value, &preference, &directive, &overload, &push)
