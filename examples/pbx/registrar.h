/* The registrar (RFC 3261 §10.3). */
#ifndef PBX_REGISTRAR_H
#define PBX_REGISTRAR_H

#include <sip/sip.h>

struct pbx;

enum { EXPIRES_MIN_S = 60, EXPIRES_MAX_S = 3600 };

/* For struct sip_events: takes REGISTER, and answers it before it returns. */
void registrar_event(void *pbx, struct sip_ua *ua, const struct sip_request_event *event);

#endif
