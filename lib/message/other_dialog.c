#include "message/known.h"
#include "sip/fields_call.h"

static const struct known replaces_rows[] = {
    KNOWN("to-tag", KNOWN_TOKEN, struct sip_replaces, to_tag),
    KNOWN("from-tag", KNOWN_TOKEN, struct sip_replaces, from_tag),
    KNOWN("early-only", KNOWN_FLAG, struct sip_replaces, early_only),
};
static const struct known_params replaces_params =
    KNOWN_PARAMS(replaces_rows, struct sip_replaces, params);

static const struct known join_rows[] = {
    KNOWN("to-tag", KNOWN_TOKEN, struct sip_join, to_tag),
    KNOWN("from-tag", KNOWN_TOKEN, struct sip_join, from_tag),
};
static const struct known_params join_params = KNOWN_PARAMS(join_rows, struct sip_join, params);

static const struct known target_rows[] = {
    KNOWN("remote-tag", KNOWN_TOKEN, struct sip_target_dialog, remote_tag),
    KNOWN("local-tag", KNOWN_TOKEN, struct sip_target_dialog, local_tag),
};
static const struct known_params target_params =
    KNOWN_PARAMS(target_rows, struct sip_target_dialog, params);

/* callid *( SEMI param ), where both tags have to be. */
static bool scan_dialog(struct scan *s, struct sip_str *call_id, const struct known_params *params,
                        void *into)
{
    return sip_scan_call_id(s, call_id) && sip_scan_known(s, params, into);
}

static bool has_tags(struct scan *s, struct sip_str one, struct sip_str other)
{
    return (one.at && other.at) || sip_scan_no(s, s->len, SIP_BAD_PARAMETER);
}

/* Replaces        =  callid *( SEMI replaces-param )
 * replaces-param  =  to-tag / from-tag / early-flag / generic-param
 * to-tag          =  "to-tag" EQUAL token
 * from-tag        =  "from-tag" EQUAL token
 * early-flag      =  "early-only"
 *
 * Exactly one to-tag and one from-tag have to be there.                       (RFC 3891 §6.1) */
int sip_replaces_parse(struct sip_replaces *replaces, struct sip_str value, struct sip_fault *fault)
{
    struct scan s = sip_scan_of(value);
    struct sip_replaces got = {0};

    if (!scan_dialog(&s, &got.call_id, &replaces_params, &got) ||
        !has_tags(&s, got.to_tag, got.from_tag))
        return sip_scan_refuse(&s, SIP_HEADER_REPLACES, fault);
    *replaces = got;
    return 0;
}

/* Join = callid *( SEMI join-param ), with to-tag and from-tag as in Replaces (RFC 3911 §7.1). */
int sip_join_parse(struct sip_join *join, struct sip_str value, struct sip_fault *fault)
{
    struct scan s = sip_scan_of(value);
    struct sip_join got = {0};

    if (!scan_dialog(&s, &got.call_id, &join_params, &got) ||
        !has_tags(&s, got.to_tag, got.from_tag))
        return sip_scan_refuse(&s, SIP_HEADER_JOIN, fault);
    *join = got;
    return 0;
}

/* Target-Dialog  =  callid *( SEMI td-param )
 * td-param       =  remote-param / local-param / generic-param
 * remote-param   =  "remote-tag" EQUAL token
 * local-param    =  "local-tag" EQUAL token
 *
 * Both tags have to be there (§4).                                              (RFC 4538 §7) */
int sip_target_dialog_parse(struct sip_target_dialog *target, struct sip_str value,
                            struct sip_fault *fault)
{
    struct scan s = sip_scan_of(value);
    struct sip_target_dialog got = {0};

    if (!scan_dialog(&s, &got.call_id, &target_params, &got) ||
        !has_tags(&s, got.remote_tag, got.local_tag))
        return sip_scan_refuse(&s, SIP_HEADER_TARGET_DIALOG, fault);
    *target = got;
    return 0;
}

void sip_write_replaces(struct sip_writer *writer, const struct sip_replaces *replaces)
{
    sip_write_first(writer, replaces->call_id, sip_scan_whole(replaces->call_id, sip_scan_call_id));
    sip_write_known(writer, &replaces_params, replaces);
}

void sip_write_join(struct sip_writer *writer, const struct sip_join *join)
{
    sip_write_first(writer, join->call_id, sip_scan_whole(join->call_id, sip_scan_call_id));
    sip_write_known(writer, &join_params, join);
}

void sip_write_target_dialog(struct sip_writer *writer, const struct sip_target_dialog *target)
{
    sip_write_first(writer, target->call_id, sip_scan_whole(target->call_id, sip_scan_call_id));
    sip_write_known(writer, &target_params, target);
}
