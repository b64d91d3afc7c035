#include "message/known.h"
#include "sip/fields_event.h"

static const struct known rows[] = {
    KNOWN("reason", KNOWN_TOKEN, struct sip_subscription_state, reason),
    KNOWN("expires", KNOWN_NUMBER, struct sip_subscription_state, expires_s),
    KNOWN("retry-after", KNOWN_NUMBER, struct sip_subscription_state, retry_after_s),
};
static const struct known_params params = KNOWN_PARAMS(rows, struct sip_subscription_state, params);

static enum sip_substate state_of(struct sip_str name)
{
    if (sip_str_is(name, "active"))
        return SIP_SUBSTATE_ACTIVE;
    if (sip_str_is(name, "pending"))
        return SIP_SUBSTATE_PENDING;
    return sip_str_is(name, "terminated") ? SIP_SUBSTATE_TERMINATED : SIP_SUBSTATE_OTHER;
}

/* Subscription-State  =  substate-value *( SEMI subexp-params )
 * substate-value      =  "active" / "pending" / "terminated" / extension-substate
 * subexp-params       =  ( "reason" EQUAL event-reason-value )
 *                     /  ( "expires" EQUAL delta-seconds )
 *                     /  ( "retry-after" EQUAL delta-seconds )
 *                     /  generic-param                                       (RFC 6665 §8.4) */
int sip_subscription_state_parse(struct sip_subscription_state *state, struct sip_str value,
                                 struct sip_fault *fault)
{
    struct scan s = sip_scan_of(value);
    struct sip_subscription_state got = {0};

    if (!sip_scan_token(&s, &got.name) || !sip_scan_known(&s, &params, &got))
        return sip_scan_refuse(&s, SIP_HEADER_SUBSCRIPTION_STATE, fault);
    got.state = state_of(got.name);
    *state = got;
    return 0;
}

void sip_write_subscription_state(struct sip_writer *writer,
                                  const struct sip_subscription_state *state)
{
    sip_write_first(writer, state->name, sip_scan_whole(state->name, sip_scan_token));
    sip_write_known(writer, &params, state);
}
