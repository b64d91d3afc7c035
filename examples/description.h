/* The peer's session description, read and put to use in one step (sip/sdp.h does it in two, for those
 * who want to look into it in between). */
#ifndef DESCRIPTION_H
#define DESCRIPTION_H

#include <sip/sip.h>

/* As sip_sdp_answer(); 0 too for an offer that cannot be read: 488 in both cases. */
long description_answer(struct sip_sdp_session *session, struct sip_str offer,
                        struct sip_sdp_stream *stream, char *out, size_t size);

/* As sip_sdp_accept() with a positive result: there is something to hear. */
bool description_accept(struct sip_sdp_session *session, struct sip_str answer,
                        struct sip_sdp_stream *stream);

#endif
