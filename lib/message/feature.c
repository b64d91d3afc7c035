/* Capabilities and preferences: RFC 3840 §9, RFC 3841 §10, RFC 6809 §6. */
#include "base/bytes.h"
#include "message/known.h"
#include "sip/fields_reach.h"

/* --- Accept-Contact, Reject-Contact, Feature-Caps --- */

static const struct known preference_rows[] = {
    KNOWN("require", KNOWN_FLAG, struct sip_preference, require),
    KNOWN("explicit", KNOWN_FLAG, struct sip_preference, is_explicit),
};
static const struct known_params preference_params =
    KNOWN_PARAMS(preference_rows, struct sip_preference, params);

/* ac-value   =  "*" *( SEMI ac-params )                                        (RFC 3841 §10)
 * rc-value   =  "*" *( SEMI rc-params )
 * ac-params  =  feature-param / "require" / "explicit" / generic-param
 * rc-params  =  feature-param / generic-param
 * fc-value   =  "*" *( SEMI feature-cap )                                      (RFC 6809 §6.2) */
int sip_preference_parse(struct sip_preference *preference, struct sip_str value,
                         struct sip_fault *fault)
{
    struct scan s = sip_scan_of(value);
    struct sip_preference got = {0};

    if (!sip_scan_char(&s, '*', SIP_BAD_TOKEN) || !sip_scan_known(&s, &preference_params, &got))
        return sip_scan_refuse(&s, SIP_HEADER_OTHER, fault);
    *preference = got;
    return 0;
}

void sip_write_preference(struct sip_writer *writer, const struct sip_preference *preference)
{
    sip_write_text(writer, "*");
    sip_write_known(writer, &preference_params, preference);
}

/* --- feature parameters --- */

/* base-tags (RFC 3840 §9) */
static const struct sip_str base_tags[] = {
    {"audio", 5},   {"automata", 8}, {"class", 5},        {"duplex", 6}, {"data", 4},
    {"control", 7}, {"mobility", 8}, {"description", 11}, {"events", 6}, {"priority", 8},
    {"methods", 7}, {"schemes", 7},  {"application", 11}, {"video", 5},  {"language", 8},
    {"type", 4},    {"isfocus", 7},  {"actor", 5},        {"text", 4},   {"extensions", 10},
};

/* enc-feature-tag  =  base-tags / other-tags
 * other-tags       =  "+" ftag-name, which begins with ALPHA */
static bool is_tag(const struct scan *all, struct sip_str name)
{
    struct scan s = sip_scan_part(all, name);

    if (sip_scan_peek(&s) == '+')
        return sip_scan_is(sip_scan_byte(&s, s.at + 1), SCAN_ALPHA);
    for (unsigned i = 0; i < sizeof base_tags / sizeof *base_tags; i++)
        if (sip_str_same(name, base_tags[i]))
            return true;
    return false;
}

/* LDQUOT ( tag-value-list / string-value ) RDQUOT
 * string-value = "<" *( qdtext-no-abkt / quoted-pair ) ">" */
static bool take_value(const struct scan *all, struct sip_str value, struct sip_feature *feature)
{
    struct scan s = sip_scan_part(all, value);

    if (value.len < 3 || sip_scan_peek(&s) != '"')
        return false;
    if (sip_scan_byte(&s, s.at + 1) != '<')
        feature->values = sip_scan_slice(&s, s.at + 1, s.len - 1);
    else if (value.len < 4 || sip_scan_byte(&s, s.len - 2) != '>')
        return false;
    else
        feature->string = sip_scan_slice(&s, s.at + 2, s.len - 2);
    return true;
}

/* feature-param = enc-feature-tag [ EQUAL LDQUOT ( tag-value-list / string-value ) RDQUOT ] */
bool sip_feature_next(struct sip_str *rest, struct sip_feature *feature)
{
    struct scan s = sip_scan_of(*rest);
    struct sip_param param = {{NULL, 0}, {NULL, 0}};
    bool found = false;

    while (!found && sip_scan_listed(&s, &param)) {
        struct sip_feature got = {{NULL, 0}, {NULL, 0}, {NULL, 0}};

        got.tag = param.name;
        found = is_tag(&s, param.name) && (!param.value.at || take_value(&s, param.value, &got));
        if (found)
            *feature = got;
    }
    if (s.at > 0) /* of no text at all none is left */
        *rest = sip_scan_slice(&s, s.at, s.len);
    return found;
}

/* number = [ "+" / "-" ] 1*DIGIT [ "." 0*DIGIT ] */
static bool scan_signed(struct scan *s)
{
    int sign = sip_scan_peek(s);
    size_t from = s->at + (sign == '+' || sign == '-'), end = sip_scan_span(s, from, SCAN_DIGIT);

    if (end <= from)
        return false;
    s->at = sip_scan_byte(s, end) == '.' ? sip_scan_span(s, end + 1, SCAN_DIGIT) : end;
    return true;
}

/* numeric           =  "#" numeric-relation number
 * numeric-relation  =  ">=" / "<=" / "=" / ( number ":" ) */
static bool scan_numeric(struct scan *s)
{
    int relation;

    s->at++;
    relation = sip_scan_peek(s);
    if (relation == '>' || relation == '<') {
        s->at++;
        if (!sip_scan_char(s, '=', SIP_BAD_PARAMETER))
            return false;
    } else if (relation == '=') {
        s->at++;
    } else if (!scan_signed(s) || !sip_scan_char(s, ':', SIP_BAD_PARAMETER)) {
        return false;
    }
    return scan_signed(s);
}

/* token-nobang = token without "!" */
static bool scan_nobang(struct scan *s)
{
    struct sip_str token = {NULL, 0};
    size_t i = s->at;

    if (!sip_scan_token(s, &token))
        return false;
    while (i < s->at && sip_scan_byte(s, i) != '!')
        i++;
    return i >= s->at;
}

/* tag-value-list  =  tag-value *( "," tag-value )
 * tag-value       =  [ "!" ] ( token-nobang / boolean / numeric )
 * boolean         =  "TRUE" / "FALSE" */
bool sip_feature_value_next(struct sip_str *rest, struct sip_feature_value *value)
{
    struct scan s = sip_scan_of(*rest);
    struct sip_feature_value got = {SIP_FEATURE_TOKEN, false, {NULL, 0}};
    size_t from;
    bool number;

    got.negated = sip_scan_peek(&s) == '!';
    from = s.at += got.negated;
    number = sip_scan_peek(&s) == '#';
    if (!(number ? scan_numeric(&s) : scan_nobang(&s)))
        return false;
    got.text = sip_scan_slice(&s, from, s.at);
    if (number)
        got.kind = SIP_FEATURE_NUMBER;
    else if (sip_str_is(got.text, "TRUE") || sip_str_is(got.text, "FALSE"))
        got.kind = SIP_FEATURE_BOOLEAN;
    if (s.at < s.len && (!sip_scan_char(&s, ',', SIP_BAD_PARAMETER) || s.at >= s.len))
        return false;
    *rest = sip_scan_slice(&s, s.at, s.len);
    *value = got;
    return true;
}
