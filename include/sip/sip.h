/* All of libsip's core in one include; sip/posix.h is the sockets' library and included apart. */
#ifndef SIP_SIP_H
#define SIP_SIP_H

#include "sip/addr.h"
#include "sip/call.h"
#include "sip/dialog.h"
#include "sip/digest.h"
#include "sip/digest_server.h"
#include "sip/error.h"
#include "sip/fault.h"
#include "sip/fields.h"
#include "sip/framer.h"
#include "sip/header.h"
#include "sip/ladder.h"
#include "sip/message.h"
#include "sip/registration.h"
#include "sip/reply.h"
#include "sip/request.h"
#include "sip/sdp.h"
#include "sip/stack.h"
#include "sip/str.h"
#include "sip/trace.h"
#include "sip/transaction.h"
#include "sip/transport.h"
#include "sip/ua.h"
#include "sip/uri.h"
#include "sip/version.h"
#include "sip/writer.h"

#endif
