/* Looking things up in the lines of a parsed description, for the files of this folder. */
#ifndef SIP_SDP_ATTRIBUTE_H
#define SIP_SDP_ATTRIBUTE_H

#include "sip/sdp.h"

/* Reads the value of an rtpmap; the payload type of RFC 3551 §6 that needs none. False when it is
 * not well-formed or not in the table; `*format` is untouched then. */
bool sip_sdp_rtpmap(struct sip_str value, struct sip_sdp_format *format);
bool sip_sdp_static_format(uint8_t payload_type, struct sip_sdp_format *format);

/* The parameters of "a=fmtp" for a payload type; {NULL, 0} if none. */
struct sip_str sip_sdp_fmtp(struct sip_str lines, uint8_t payload_type);

#endif
