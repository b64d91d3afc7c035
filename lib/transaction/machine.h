/* The four state machines of RFC 3261 §17 as tables: figures 5 to 8, with the Accepted states and
 * timers L and M of RFC 6026 and the rules of RFC 4320.
 *
 * A cell says where an event leads and what is done on the way; an empty cell ignores its event.
 * What runs while a state lasts is in a second table. Nothing here knows slots or messages. */
#ifndef SIP_TRANSACTION_MACHINE_H
#define SIP_TRANSACTION_MACHINE_H

#include <stdbool.h>
#include <stdint.h>

enum machine { INVITE_CLIENT, OTHER_CLIENT, INVITE_SERVER, OTHER_SERVER, MACHINES };

enum state {
    NOWHERE, /* of an empty cell */
    CALLING,
    TRYING,
    PROCEEDING,
    ACCEPTED,
    COMPLETED,
    CONFIRMED,
    TERMINATED,
    STATES
};

/* X(NAME, "name for the trace"): what comes from the wire, what the TU says, what is due. The last
 * three timers have no letter: 200 ms without a response of the TU (§17.2.1), a 2xx without ACK
 * (§13.3.1.4), a CANCEL without effect (§9.1). */
#define TRANSACTION_EVENTS(X)                                                                      \
    X(GOT_1XX, "1xx")                                                                              \
    X(GOT_2XX, "2xx")                                                                              \
    X(GOT_300_699, "300-699")                                                                      \
    X(GOT_REQUEST, "request")                                                                      \
    X(GOT_ACK, "ACK")                                                                              \
    X(SAY_1XX, "1xx from TU")                                                                      \
    X(SAY_2XX, "2xx from TU")                                                                      \
    X(SAY_300_699, "300-699 from TU")                                                              \
    X(TIMER_A, "A")                                                                                \
    X(TIMER_B, "B")                                                                                \
    X(TIMER_D, "D")                                                                                \
    X(TIMER_E, "E")                                                                                \
    X(TIMER_F, "F")                                                                                \
    X(TIMER_G, "G")                                                                                \
    X(TIMER_H, "H")                                                                                \
    X(TIMER_I, "I")                                                                                \
    X(TIMER_J, "J")                                                                                \
    X(TIMER_K, "K")                                                                                \
    X(TIMER_L, "L")                                                                                \
    X(TIMER_M, "M")                                                                                \
    X(TIMER_100, "100")                                                                            \
    X(TIMER_2XX, "2xx")                                                                            \
    X(TIMER_CANCEL, "CANCEL")                                                                      \
    X(NET_ERROR, "transport error")

enum event {
    NOTHING,
#define TRANSACTION_EVENT_ENUM(name, text) name,
    TRANSACTION_EVENTS(TRANSACTION_EVENT_ENUM)
#undef TRANSACTION_EVENT_ENUM
    EVENTS
};

/* What an arrow does, in the order in which it is done. */
enum action {
    NEXT = 1 << 0,       /* if there is another target: begin again there instead (RFC 3263 §4.3) */
    SEND = 1 << 1,       /* the request once more */
    ACK = 1 << 2,        /* an ACK for this response, or once more the one there is */
    REPLY = 1 << 3,      /* the response that the TU gives */
    REPEAT = 1 << 4,     /* the last response once more */
    SAY_TRYING = 1 << 5, /* 100, which the TU does not hear of */
    DOUBLE = 1 << 6,     /* the repeating timer runs twice as long as before ... */
    DOUBLE_T2 = 1 << 7,  /* ... but not longer than T2 */
    HOLD_T2 = 1 << 8,    /* the repeating timer runs for T2 */
    FORGET = 1 << 9,     /* what was kept for repeating */
    TELL = 1 << 10,      /* the TU: this message */
    TIMEOUT = 1 << 11,   /* the TU: 408 (§8.1.3.1) */
    FAILURE = 1 << 12,   /* the TU: 503 (§8.1.3.1) */
    UNACKED = 1 << 13    /* the TU, unless the ACK to the 2xx came (§13.3.1.4) */
};

struct arrow {
    uint8_t to; /* enum state */
    uint16_t does;
};

/* How long a timer runs. U: over unreliable transports only; over reliable ones it does not run
 * (A, E, G), or for no time at all (D, I, J, K). */
enum span { NOT, KEPT, T1, T1_U, T4_U, T1_64, T1_64_U, D_32S_U, MS_200, E_TO_T2 };

/* The timers that start when a state is entered: one that repeats, one that ends the state. */
struct waits {
    uint8_t again;      /* enum event, NOTHING if none */
    uint8_t again_span; /* enum span; KEPT: goes on as it runs */
    uint8_t end;
    uint8_t end_span;
};

const struct arrow *sip_machine_arrow(enum machine, enum state, enum event);
const struct waits *sip_machine_waits(enum machine, enum state);

const char *sip_machine_name(enum machine);
const char *sip_machine_state(enum state);
const char *sip_machine_event(enum event);

#endif
