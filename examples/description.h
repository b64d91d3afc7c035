/* Session descriptions of calls that speak G.711, as bodies (sip/sdp.h makes and reads the text). */
#ifndef DESCRIPTION_H
#define DESCRIPTION_H

#include <sip/sip.h>

enum { DESCRIPTION_MAX = 1024 };

/* A session with this number, whose RTP is received at this address and port. */
void description_begin(struct sip_sdp_session *session, uint64_t id, const struct sip_addr *local,
                       uint16_t port);

/* Our offer, written into `text` (DESCRIPTION_MAX bytes), where the body points. */
struct sip_body description_offer(struct sip_sdp_session *session, char *text);

/* The answer to an offer, written likewise; an empty body when nothing is in common: 488. */
struct sip_body description_answer(struct sip_sdp_session *session, struct sip_body offer,
                                   struct sip_sdp_stream *stream, char *text);

#endif
