#include "base/bytes.h"
#include "message/scan.h"
#include "sip/tel.h"

static bool is_separator(int c)
{
    return c == '-' || c == '.' || c == '(' || c == ')';
}

/* global-number-digits  =  "+" *phonedigit DIGIT *phonedigit
 * local-number-digits   =  *phonedigit-hex ( HEXDIG / "*" / "#" ) *phonedigit-hex
 *
 * In a SIP URI the "#" has to be escaped, here it must not be. */
static bool scan_number(struct scan *s, struct sip_tel *tel)
{
    size_t at = s->at, digits = 0;

    tel->global = sip_scan_byte(s, at) == '+';
    at += tel->global;
    for (;; at++) {
        int c = sip_scan_byte(s, at);
        bool digit = sip_scan_is(c, tel->global ? SCAN_DIGIT : SCAN_HEX) ||
                     (!tel->global && (c == '*' || c == '#'));
        if (!digit && !is_separator(c))
            break;
        digits += digit;
    }
    if (digits == 0)
        return sip_scan_no(s, at, SIP_BAD_URI);
    tel->number = sip_scan_slice(s, s->at, at);
    s->at = at;
    return true;
}

/* descriptor = domainname / global-number-digits */
static bool check_context(struct scan *s, struct sip_str context)
{
    struct scan part = sip_scan_part(s, context);
    struct sip_tel number = {0};
    struct sip_str host = {NULL, 0};
    bool good;

    if (sip_scan_peek(&part) == '+')
        good = scan_number(&part, &number);
    else
        good = sip_scan_is(sip_scan_peek(&part), SCAN_ALPHA | SCAN_DIGIT)
                   ? sip_scan_host(&part, &host)
                   : sip_scan_no(&part, part.at, SIP_BAD_HOST);
    return (good && sip_scan_end(&part, SIP_BAD_PARAMETER)) || sip_scan_blame(s, &part);
}

/* extension = ";ext=" 1*phonedigit */
static bool check_extension(struct scan *s, struct sip_str extension)
{
    size_t at = sip_scan_offset(s, extension), end = at + extension.len;

    while (at < end &&
           (sip_scan_is(sip_scan_byte(s, at), SCAN_DIGIT) || is_separator(sip_scan_byte(s, at))))
        at++;
    return at >= end || sip_scan_no(s, at, SIP_BAD_PARAMETER);
}

/* The place of a parameter that has one; false when it stands twice. */
static bool take_known(struct scan *s, struct sip_tel *tel, const struct sip_param *param)
{
    static const struct sip_str ext = {"ext", 3}, isub = {"isub", 4},
                                context = {"phone-context", 13};
    struct sip_str *place = sip_str_same(param->name, ext)       ? &tel->extension
                            : sip_str_same(param->name, isub)    ? &tel->subaddress
                            : sip_str_same(param->name, context) ? &tel->context
                                                                 : NULL;

    if (!place)
        return true;
    if (place->at)
        return sip_scan_no(s, sip_scan_offset(s, param->name), SIP_REPEATED);
    if (!param->value.at)
        return sip_scan_no(s, s->at, SIP_BAD_PARAMETER);
    *place = param->value;
    if (place == &tel->context)
        return check_context(s, param->value);
    return place != &tel->extension || check_extension(s, param->value);
}

/* parameter        =  ";" pname [ "=" pvalue ]
 * pname            =  1*( alphanum / "-" )
 * pvalue           =  1*paramchar
 * isdn-subaddress  =  ";isub=" 1*uric, of which only what a pvalue may hold is taken: a ";" could
 * not be told from the next parameter */
static bool scan_params(struct scan *s, struct sip_tel *tel)
{
    size_t from = s->at;

    while (sip_scan_peek(s) == ';') {
        struct sip_param param = {{NULL, 0}, {NULL, 0}};
        size_t name = ++s->at, end = sip_scan_span(s, name, SCAN_LABEL);

        if (end <= name)
            return sip_scan_no(s, name, SIP_BAD_PARAMETER);
        param.name = sip_scan_slice(s, name, end);
        s->at = end;
        if (sip_scan_peek(s) == '=') {
            s->at++;
            if (!sip_scan_escaped(s, SCAN_PARAM, SIP_BAD_PARAMETER, &param.value))
                return false;
        }
        if (!take_known(s, tel, &param))
            return false;
    }
    if (s->at > from)
        sip_scan_since(s, from + 1, &tel->params);
    return true;
}

/* telephone-uri         =  "tel:" telephone-subscriber
 * telephone-subscriber  =  global-number / local-number
 * global-number         =  global-number-digits *par
 * local-number          =  local-number-digits *par context *par               (RFC 3966 §3)
 *
 * The order of parameters that §3 asks of those who write is not asked of them here. */
static bool scan_subscriber(struct scan *s, struct sip_tel *tel)
{
    if (!scan_number(s, tel) || !scan_params(s, tel) || !sip_scan_end(s, SIP_BAD_URI))
        return false;
    return tel->global || tel->context.at || sip_scan_no(s, s->len, SIP_BAD_PARAMETER);
}

int sip_tel_parse(struct sip_tel *tel, struct sip_str text, struct sip_fault *fault)
{
    static const struct sip_str scheme = {"tel:", 4};
    struct scan s = sip_scan_of(text);
    struct sip_tel got = {0};

    for (; s.at < scheme.len; s.at++)
        if (sip_lower((char)(sip_scan_peek(&s) & 0xff)) != scheme.at[s.at] &&
            !sip_scan_no(&s, s.at, SIP_BAD_URI))
            return sip_scan_refuse(&s, SIP_HEADER_OTHER, fault);
    if (!scan_subscriber(&s, &got))
        return sip_scan_refuse(&s, SIP_HEADER_OTHER, fault);
    *tel = got;
    return 0;
}

int sip_tel_of_user(struct sip_tel *tel, struct sip_str user, struct sip_fault *fault)
{
    struct scan s = sip_scan_of(user);
    struct sip_tel got = {0};

    if (!scan_subscriber(&s, &got))
        return sip_scan_refuse(&s, SIP_HEADER_OTHER, fault);
    *tel = got;
    return 0;
}

/* --- equality --- */

/* The next byte of a number that is no visual separator, in lower case; SCAN_END behind it. */
static int next_digit(struct scan *s)
{
    while (is_separator(sip_scan_peek(s)))
        s->at++;
    if (s->at >= s->len)
        return SCAN_END;
    return sip_lower((char)sip_scan_byte(s, s->at++));
}

static bool same_number(struct sip_str a, struct sip_str b)
{
    struct scan one = sip_scan_of(a), other = sip_scan_of(b);
    int digit;

    do {
        digit = next_digit(&one);
        if (digit != next_digit(&other))
            return false;
    } while (digit != SCAN_END);
    return true;
}

static bool same_param(const struct sip_param *a, const struct sip_param *b)
{
    static const struct sip_str ext = {"ext", 3}, context = {"phone-context", 13};
    struct scan value = sip_scan_of(a->value);

    if (!a->value.at || !b->value.at)
        return !a->value.at && !b->value.at;
    if (sip_str_same(a->name, ext) ||
        (sip_str_same(a->name, context) && sip_scan_peek(&value) == '+'))
        return same_number(a->value, b->value);
    return sip_str_same(a->value, b->value);
}

/* True when each parameter of `a` is one of `b`; adds them to `*count`. */
static bool params_within(struct sip_str a, struct sip_str b, unsigned *count)
{
    struct scan all = sip_scan_of(a);
    struct sip_param param = {{NULL, 0}, {NULL, 0}}, other = param;

    while (sip_scan_listed(&all, &param)) {
        struct scan rest = sip_scan_of(b);
        bool found = false;

        while (!found && sip_scan_listed(&rest, &other))
            found = sip_str_same(param.name, other.name) && same_param(&param, &other);
        if (!found)
            return false;
        ++*count;
    }
    return true;
}

/* RFC 3966 §4: both global or both local, the numbers without visual separators the same, and the
 * same parameters in any order. */
bool sip_tel_equal(const struct sip_tel *a, const struct sip_tel *b)
{
    unsigned of_a = 0, of_b = 0;

    return a->global == b->global && same_number(a->number, b->number) &&
           params_within(a->params, b->params, &of_a) &&
           params_within(b->params, a->params, &of_b) && of_a == of_b;
}
