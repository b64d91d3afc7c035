/* Dialogs: which conversation is this, and where does the next request go? (RFC 3261 §12)
 *
 * A dialog keeps Call-ID, tags, URIs, CSeq numbers, remote target and route set. It sends nothing
 * by itself and has no events: transactions carry its requests, and whoever made it (a usage, a
 * proxy's test, an odd user agent) ends it. Needs a stack, not a sip_ua. */
#ifndef SIP_DIALOG_H
#define SIP_DIALOG_H

#include "sip/stack.h"
#include "sip/transaction.h"
#include "sip/writer.h"

#ifdef __cplusplus
extern "C" {
#endif

struct sip_dialog {
    uint64_t id;
};

enum sip_dialog_state { SIP_DIALOG_EARLY, SIP_DIALOG_CONFIRMED };

/* What a dialog knows: views into it, valid until it changes. */
struct sip_dialog_view {
    enum sip_dialog_state state;
    bool caller; /* our side sent the request that made it */
    struct sip_str call_id;
    struct sip_str local_uri, local_tag;
    struct sip_str remote_uri, remote_tag;
    struct sip_str target; /* remote target: the URI of the peer's Contact */
    struct sip_str routes; /* the route set, comma-separated, nearest first */
    uint32_t local_cseq, remote_cseq; /* 0 = none yet */
    struct sip_path path;  /* where the last message of the peer came from */
    struct sip_flow flow;
    uint64_t owner;        /* whatever sip_dialog_own() stored */
};

/* Makes a dialog from a 101-299 response to a request of ours (§12.1.2); `request` is that request
 * as sent. A dialog made from a 1xx is early. SIP_EBAD when the response has no To tag or Contact,
 * SIP_EFULL, SIP_ESIZE when its texts fit nowhere. */
SIP_API int sip_dialog_start_caller(struct sip_stack *, const struct sip_message *request,
                                    const struct sip_received *response, struct sip_dialog *);

/* Makes an early dialog for a request of the peer (§12.1.1); `local_tag` is the tag our responses
 * carry. */
SIP_API int sip_dialog_start_callee(struct sip_stack *, const struct sip_received *request,
                                    struct sip_str local_tag, struct sip_dialog *);

/* The dialog a received request or response belongs to (§12.2.2), or null. */
SIP_API struct sip_dialog sip_dialog_find(const struct sip_stack *, const struct sip_received *);

/* A dialog by its identifiers, as Replaces and others name it. */
struct sip_dialog_name {
    struct sip_str call_id, local_tag, remote_tag;
};
SIP_API struct sip_dialog sip_dialog_named(const struct sip_stack *,
                                           const struct sip_dialog_name *);

/* Fills `*view`; SIP_EGONE when the dialog is over. */
SIP_API int sip_dialog_look(const struct sip_stack *, struct sip_dialog, struct sip_dialog_view *);

SIP_API int sip_dialog_own(struct sip_stack *, struct sip_dialog, uint64_t owner);

/* Early becomes confirmed: for the caller by a 2xx, whose route set and target replace the early
 * ones (§13.2.2.4), for the callee by sending one (`response` NULL). */
SIP_API int sip_dialog_confirm(struct sip_stack *, struct sip_dialog,
                               const struct sip_received *response);

/* Checks the CSeq of a request in the dialog and remembers it (§12.2.2). SIP_ESTATE when it is
 * lower than the last one: to be answered with 500. ACK and CANCEL are not for this. */
SIP_API int sip_dialog_take(struct sip_stack *, struct sip_dialog, const struct sip_received *);

/* Takes the Contact of a target refresh request or its 2xx as the new remote target (§12.2.1.2,
 * §12.2.2). SIP_ESIZE when it fits nowhere; the old one stays. */
SIP_API int sip_dialog_refresh(struct sip_stack *, struct sip_dialog, const struct sip_received *);

/* Begins a request in the dialog (§12.2.1.1): start line, Route as the route set asks (strict
 * routers too), Max-Forwards, From, To, Call-ID, and CSeq: the next number, or for ACK and CANCEL
 * `cseq`. What else the request says, and its body, is the caller's; the Via comes from
 * sip_client_start(). */
SIP_API int sip_dialog_write(struct sip_stack *, struct sip_dialog, struct sip_writer *,
                             struct sip_str method, uint32_t cseq);

/* Takes the next CSeq number, for a request of this dialog that is sent again (§22.2). 0 when the
 * dialog is over. */
SIP_API uint32_t sip_dialog_next_cseq(struct sip_stack *, struct sip_dialog);

/* Where that request goes: a URI for `next_hop` of the client's arguments. Lives as the view. */
SIP_API struct sip_str sip_dialog_next_hop(const struct sip_stack *, struct sip_dialog);

/* Ends it. Texts are given back; the handle is over. */
SIP_API void sip_dialog_end(struct sip_stack *, struct sip_dialog);

#ifdef __cplusplus
}
#endif

#endif
