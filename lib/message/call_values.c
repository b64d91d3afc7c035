/* Values that begin with a token and say something about a call. */
#include "message/known.h"
#include "sip/fields_call.h"

static void write_token(struct sip_writer *writer, struct sip_str token)
{
    sip_write_first(writer, token, sip_scan_whole(token, sip_scan_token));
}

/* --- Reason --- */

static const struct known reason_rows[] = {
    KNOWN("cause", KNOWN_NUMBER, struct sip_reason_value, cause),
    KNOWN("text", KNOWN_QUOTED, struct sip_reason_value, text),
};
static const struct known_params reason_params =
    KNOWN_PARAMS(reason_rows, struct sip_reason_value, params);

/* reason-value      =  protocol *( SEMI reason-params )
 * reason-params     =  protocol-cause / reason-text / reason-extension
 * protocol-cause    =  "cause" EQUAL 1*DIGIT
 * reason-text       =  "text" EQUAL quoted-string
 * reason-extension  =  generic-param                                            (RFC 3326 §2) */
int sip_reason_value_parse(struct sip_reason_value *reason, struct sip_str value,
                           struct sip_fault *fault)
{
    struct scan s = sip_scan_of(value);
    struct sip_reason_value got = {0};

    if (!sip_scan_token(&s, &got.protocol) || !sip_scan_known(&s, &reason_params, &got))
        return sip_scan_refuse(&s, SIP_HEADER_REASON, fault);
    *reason = got;
    return 0;
}

void sip_write_reason_value(struct sip_writer *writer, const struct sip_reason_value *reason)
{
    write_token(writer, reason->protocol);
    sip_write_known(writer, &reason_params, reason);
}

/* --- Answer-Mode --- */

static const struct known mode_rows[] = {
    KNOWN("require", KNOWN_FLAG, struct sip_answer_mode, require),
};
static const struct known_params mode_params =
    KNOWN_PARAMS(mode_rows, struct sip_answer_mode, params);

/* Answer-Mode        =  answer-mode-value *( SEMI answer-mode-param )
 * answer-mode-value  =  "Manual" / "Auto" / token
 * answer-mode-param  =  "require" / generic-param                             (RFC 5373 §4.1) */
int sip_answer_mode_parse(struct sip_answer_mode *mode, struct sip_str value,
                          struct sip_fault *fault)
{
    struct scan s = sip_scan_of(value);
    struct sip_answer_mode got = {0};

    if (!sip_scan_token(&s, &got.mode) || !sip_scan_known(&s, &mode_params, &got))
        return sip_scan_refuse(&s, SIP_HEADER_OTHER, fault);
    *mode = got;
    return 0;
}

void sip_write_answer_mode(struct sip_writer *writer, const struct sip_answer_mode *mode)
{
    write_token(writer, mode->mode);
    sip_write_known(writer, &mode_params, mode);
}

/* --- Refer-Sub --- */

static const struct known_params sub_params = {NULL, 0, offsetof(struct sip_refer_sub, params),
                                               false};

/* Refer-Sub        =  refer-sub-value *( SEMI exten )
 * refer-sub-value  =  "true" / "false"                                          (RFC 4488 §4) */
int sip_refer_sub_parse(struct sip_refer_sub *sub, struct sip_str value, struct sip_fault *fault)
{
    struct scan s = sip_scan_of(value);
    struct sip_refer_sub got = {0};
    struct sip_str word = {NULL, 0};

    if (!sip_scan_token(&s, &word))
        return sip_scan_refuse(&s, SIP_HEADER_REFER_SUB, fault);
    got.wanted = sip_str_is(word, "true");
    if ((!got.wanted && !sip_str_is(word, "false") && !sip_scan_no(&s, 0, SIP_BAD_TOKEN)) ||
        !sip_scan_known(&s, &sub_params, &got))
        return sip_scan_refuse(&s, SIP_HEADER_REFER_SUB, fault);
    *sub = got;
    return 0;
}

void sip_write_refer_sub(struct sip_writer *writer, const struct sip_refer_sub *sub)
{
    sip_write_text(writer, sub->wanted ? "true" : "false");
    sip_write_known(writer, &sub_params, sub);
}

/* --- User-to-User --- */

static const struct known uui_rows[] = {
    KNOWN("purpose", KNOWN_TOKEN, struct sip_user_to_user, purpose),
    KNOWN("content", KNOWN_TOKEN, struct sip_user_to_user, content),
    KNOWN("encoding", KNOWN_TOKEN, struct sip_user_to_user, encoding),
};
static const struct known_params uui_params =
    KNOWN_PARAMS(uui_rows, struct sip_user_to_user, params);

/* uui-value   =  uui-data *( SEMI uui-param )
 * uui-data    =  token / quoted-string
 * pkg-param   =  "purpose" EQUAL token
 * cont-param  =  "content" EQUAL token
 * enc-param   =  "encoding" EQUAL token                                       (RFC 7433 §4.1) */
int sip_user_to_user_parse(struct sip_user_to_user *uui, struct sip_str value,
                           struct sip_fault *fault)
{
    struct scan s = sip_scan_of(value);
    struct sip_user_to_user got = {0};

    if (!sip_scan_token_or_quoted(&s, &got.data) || !sip_scan_known(&s, &uui_params, &got))
        return sip_scan_refuse(&s, SIP_HEADER_USER_TO_USER, fault);
    *uui = got;
    return 0;
}

void sip_write_user_to_user(struct sip_writer *writer, const struct sip_user_to_user *uui)
{
    sip_write_first(writer, uui->data, sip_scan_whole(uui->data, sip_scan_token_or_quoted));
    sip_write_known(writer, &uui_params, uui);
}

/* --- Resource-Priority --- */

/* r-value    =  namespace "." r-priority, both token-nodot                    (RFC 4412 §3.1) */
int sip_resource_priority_parse(struct sip_resource_priority *priority, struct sip_str value,
                                struct sip_fault *fault)
{
    struct scan s = sip_scan_of(value);
    struct sip_resource_priority got;
    size_t dot = 0, end = sip_scan_span(&s, 0, SCAN_TOKEN), more;

    while (dot < end && sip_scan_byte(&s, dot) != '.')
        dot++;
    more = dot + 1;
    while (more < end && sip_scan_byte(&s, more) != '.')
        more++;
    if (dot == 0 || dot >= end)
        sip_scan_no(&s, dot, SIP_BAD_TOKEN);
    else if (more == dot + 1 || more < s.len)
        sip_scan_no(&s, more, more == dot + 1 ? SIP_BAD_TOKEN : SIP_TRAILING);
    if (s.reason != SIP_REASON_NONE)
        return sip_scan_refuse(&s, SIP_HEADER_OTHER, fault);
    got.name_space = sip_scan_slice(&s, 0, dot);
    got.priority = sip_scan_slice(&s, dot + 1, end);
    *priority = got;
    return 0;
}

void sip_write_resource_priority(struct sip_writer *writer,
                                 const struct sip_resource_priority *priority)
{
    write_token(writer, priority->name_space);
    sip_write_text(writer, ".");
    write_token(writer, priority->priority);
}
