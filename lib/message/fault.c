#include "sip/fault.h"

static const struct {
    const char *name;
    const char *text;
    const char *section;
} reasons[SIP_REASON_COUNT] = {
    {"SIP_REASON_NONE", "no fault", ""},
#define ROW(name, text, section) {#name, text, section},
    SIP_REASONS(ROW)
#undef ROW
};

static unsigned row_of(enum sip_reason reason)
{
    return (unsigned)reason < SIP_REASON_COUNT ? (unsigned)reason : SIP_REASON_NONE;
}

const char *sip_reason_name(enum sip_reason reason)
{
    return reasons[row_of(reason)].name;
}

const char *sip_reason_text(enum sip_reason reason)
{
    return reasons[row_of(reason)].text;
}

const char *sip_reason_section(enum sip_reason reason)
{
    return reasons[row_of(reason)].section;
}
