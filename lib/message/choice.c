/* Accept-Encoding, Accept-Language, Content-Language (§20.2, §20.3, §20.13). */
#include "message/known.h"
#include "sip/fields_content.h"

static const struct known rows[] = {KNOWN("q", KNOWN_QVALUE, struct sip_choice, q)};
static const struct known_params params = KNOWN_PARAMS(rows, struct sip_choice, params);

/* encoding      =  codings *( SEMI accept-param )
 * codings       =  content-coding / "*", both of them a token
 * accept-param  =  ( "q" EQUAL qvalue ) / generic-param */
int sip_accept_encoding_parse(struct sip_choice *choice, struct sip_str value,
                              struct sip_fault *fault)
{
    struct scan s = sip_scan_of(value);
    struct sip_choice got = {0};

    if (!sip_scan_token(&s, &got.name) || !sip_scan_known(&s, &params, &got))
        return sip_scan_refuse(&s, SIP_HEADER_ACCEPT_ENCODING, fault);
    *choice = got;
    return 0;
}

/* language-tag  =  primary-tag *( "-" subtag ), each 1*8ALPHA
 *
 * Tags of BCP 47 have digits too ("es-419"), but not in the first part. */
static bool scan_language(struct scan *s, struct sip_str *tag)
{
    size_t from = s->at, at = from;
    unsigned classes = SCAN_ALPHA;

    for (;;) {
        size_t end = sip_scan_span(s, at, classes);

        if (end <= at)
            return sip_scan_no(s, at, SIP_BAD_TOKEN);
        if (end - at > 8)
            return sip_scan_no(s, at + 8, SIP_BAD_TOKEN);
        at = end;
        if (sip_scan_byte(s, at) != '-')
            break;
        at++;
        classes = SCAN_ALPHA | SCAN_DIGIT;
    }
    *tag = sip_scan_slice(s, from, at);
    s->at = at;
    return true;
}

int sip_language_parse(struct sip_str *language, struct sip_str value, struct sip_fault *fault)
{
    struct scan s = sip_scan_of(value);
    struct sip_str got = {NULL, 0};

    if (!scan_language(&s, &got) || !sip_scan_end(&s, SIP_TRAILING))
        return sip_scan_refuse(&s, SIP_HEADER_CONTENT_LANGUAGE, fault);
    *language = got;
    return 0;
}

/* language        =  language-range *( SEMI accept-param )
 * language-range  =  ( 1*8ALPHA *( "-" 1*8ALPHA ) ) / "*" */
int sip_accept_language_parse(struct sip_choice *choice, struct sip_str value,
                              struct sip_fault *fault)
{
    struct scan s = sip_scan_of(value);
    struct sip_choice got = {0};
    bool any = sip_scan_peek(&s) == '*';

    if (!(any ? sip_scan_take(&s, 1, SIP_BAD_TOKEN, &got.name) : scan_language(&s, &got.name)) ||
        !sip_scan_known(&s, &params, &got))
        return sip_scan_refuse(&s, SIP_HEADER_ACCEPT_LANGUAGE, fault);
    *choice = got;
    return 0;
}

void sip_write_choice(struct sip_writer *writer, const struct sip_choice *choice)
{
    sip_write_first(writer, choice->name, sip_scan_whole(choice->name, sip_scan_token));
    sip_write_known(writer, &params, choice);
}
