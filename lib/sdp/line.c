#include "sdp/line.h"
#include "message/scan.h"
#include "message/wide.h"
#include "sip/sdp.h"

const char sip_sdp_directions[4][SIP_SDP_DIRECTION_LEN + 1] = {
    [SIP_SDP_SENDRECV] = "sendrecv",
    [SIP_SDP_SENDONLY] = "sendonly",
    [SIP_SDP_RECVONLY] = "recvonly",
    [SIP_SDP_INACTIVE] = "inactive",
};

bool sip_sdp_next_word(struct sip_str *rest, char separator, struct sip_str *word)
{
    const char *at = rest->at;
    size_t end = sip_find(at, 0, rest->len, separator);

    word->at = at;
    word->len = end;
    rest->at = end < rest->len ? at + end + 1 : NULL;
    rest->len = end < rest->len ? rest->len - end - 1 : 0;
    return at != NULL;
}

bool sip_sdp_all(struct sip_str word, unsigned classes)
{
    for (size_t i = 0; i < word.len; i++)
        if (!sip_scan_is((unsigned char)word.at[i], classes))
            return false;
    return word.len > 0;
}

bool sip_sdp_is_visible(struct sip_str word)
{
    for (size_t i = 0; i < word.len; i++)
        if ((unsigned char)word.at[i] <= ' ' || word.at[i] == 0x7f)
            return false;
    return word.len > 0;
}

bool sip_sdp_is_token(struct sip_str word)
{
    static const char other[] = "#$&^{|}"; /* what token of RFC 3261 §25.1 has not */

    for (size_t i = 0; i < word.len; i++)
        if (!sip_scan_is((unsigned char)word.at[i], SCAN_TOKEN) &&
            sip_find(other, 0, sizeof other - 1, word.at[i]) == sizeof other - 1)
            return false;
    return word.len > 0;
}
