#include "transaction/machine.h"
#include <stddef.h>

/* INVITE client transaction: RFC 3261 §17.1.1.2 figure 5, as RFC 6026 §8.4 has it. Beyond the
 * figure, two ends of a call that rings: 64*T1 after CANCEL (§9.1), and when its connection is
 * lost. */
static const struct arrow invite_client[STATES][EVENTS] = {
    [CALLING] = {
        [GOT_1XX]     = { PROCEEDING, TELL },
        [GOT_2XX]     = { ACCEPTED,   TELL },
        [GOT_300_699] = { COMPLETED,  ACK | TELL },
        [TIMER_A]     = { CALLING,    SEND | DOUBLE },
        [TIMER_B]     = { TERMINATED, NEXT | TIMEOUT },
        [NET_ERROR]   = { TERMINATED, NEXT | FAILURE },
    },
    [PROCEEDING] = {
        [GOT_1XX]     = { PROCEEDING, TELL },
        [GOT_2XX]     = { ACCEPTED,   TELL },
        [GOT_300_699] = { COMPLETED,  ACK | TELL },
        [TIMER_CANCEL] = { TERMINATED, TIMEOUT },
        [NET_ERROR]   = { TERMINATED, FAILURE },
    },
    [ACCEPTED] = {
        [GOT_2XX]     = { ACCEPTED,   TELL },
        [TIMER_M]     = { TERMINATED, 0 },
    },
    [COMPLETED] = {
        [GOT_300_699] = { COMPLETED,  ACK },
        [TIMER_D]     = { TERMINATED, 0 },
        [NET_ERROR]   = { TERMINATED, 0 }, /* the TU has had its last call */
    },
};

static const struct waits invite_client_waits[STATES] = {
    [CALLING]    = { TIMER_A, T1_U, TIMER_B, T1_64 },
    [PROCEEDING] = { .end = TIMER_CANCEL, .end_span = NOT }, /* until CANCEL is sent */
    [ACCEPTED]   = { .end = TIMER_M, .end_span = T1_64 },
    [COMPLETED]  = { .end = TIMER_D, .end_span = D_32S_U },
};

/* Non-INVITE client transaction: RFC 3261 §17.1.2.2 figure 6. */
static const struct arrow other_client[STATES][EVENTS] = {
    [TRYING] = {
        [GOT_1XX]     = { PROCEEDING, TELL },
        [GOT_2XX]     = { COMPLETED,  TELL },
        [GOT_300_699] = { COMPLETED,  TELL },
        [TIMER_E]     = { TRYING,     SEND | DOUBLE_T2 },
        [TIMER_F]     = { TERMINATED, NEXT | TIMEOUT },
        [NET_ERROR]   = { TERMINATED, NEXT | FAILURE },
    },
    [PROCEEDING] = {
        [GOT_1XX]     = { PROCEEDING, TELL },
        [GOT_2XX]     = { COMPLETED,  TELL },
        [GOT_300_699] = { COMPLETED,  TELL },
        [TIMER_E]     = { PROCEEDING, SEND | HOLD_T2 },
        [TIMER_F]     = { TERMINATED, TIMEOUT }, /* it answered: no fail-over (RFC 3263 §4.3) */
        [NET_ERROR]   = { TERMINATED, NEXT | FAILURE },
    },
    [COMPLETED] = {
        [TIMER_K]     = { TERMINATED, 0 },
    },
};

static const struct waits other_client_waits[STATES] = {
    [TRYING]     = { TIMER_E, T1_U, TIMER_F, T1_64 },
    [PROCEEDING] = { TIMER_E, KEPT, TIMER_F, KEPT },
    [COMPLETED]  = { .end = TIMER_K, .end_span = T4_U },
};

/* INVITE server transaction: RFC 3261 §17.2.1 figure 7, as RFC 6026 §8.6 has it. A transport error
 * leaves it where it is (RFC 6026 §7.1) and, like H, is traced, not told. Beyond the figure: a 2xx
 * is repeated here for the TU (§13.3.1.4), on every transport, until the TU says its ACK came. */
static const struct arrow invite_server[STATES][EVENTS] = {
    [PROCEEDING] = {
        [GOT_REQUEST] = { PROCEEDING, REPEAT },
        [SAY_1XX]     = { PROCEEDING, REPLY },
        [SAY_2XX]     = { ACCEPTED,   REPLY },
        [SAY_300_699] = { COMPLETED,  REPLY },
        [TIMER_100]   = { PROCEEDING, SAY_TRYING },
        [NET_ERROR]   = { PROCEEDING, 0 },
    },
    [COMPLETED] = {
        [GOT_REQUEST] = { COMPLETED,  REPEAT },
        [GOT_ACK]     = { CONFIRMED,  FORGET },
        [TIMER_G]     = { COMPLETED,  REPEAT | DOUBLE_T2 },
        [TIMER_H]     = { TERMINATED, 0 },
        [NET_ERROR]   = { COMPLETED,  0 },
    },
    [ACCEPTED] = {
        [GOT_REQUEST] = { ACCEPTED,   0 },
        [GOT_ACK]     = { ACCEPTED,   TELL },
        [SAY_2XX]     = { ACCEPTED,   REPEAT },
        [TIMER_2XX]   = { ACCEPTED,   REPEAT | DOUBLE_T2 },
        [TIMER_L]     = { TERMINATED, UNACKED },
        [NET_ERROR]   = { ACCEPTED,   0 },
    },
    [CONFIRMED] = {
        [GOT_ACK]     = { CONFIRMED,  0 },
        [TIMER_I]     = { TERMINATED, 0 },
    },
};

static const struct waits invite_server_waits[STATES] = {
    [PROCEEDING] = { .again = TIMER_100, .again_span = MS_200 },
    [COMPLETED]  = { TIMER_G, T1_U, TIMER_H, T1_64 },
    [ACCEPTED]   = { TIMER_2XX, T1, TIMER_L, T1_64 },
    [CONFIRMED]  = { .end = TIMER_I, .end_span = T4_U },
};

/* Non-INVITE server transaction: RFC 3261 §17.2.2 figure 8. The one provisional response is 100,
 * sent by itself when the client's Timer E has reached T2 (RFC 4320 §4.1). A transport error leaves
 * it where it is, as §17.2.4 reads since RFC 6026 §8.8. */
static const struct arrow other_server[STATES][EVENTS] = {
    [TRYING] = {
        [GOT_REQUEST] = { TRYING,     0 },
        [SAY_1XX]     = { PROCEEDING, REPLY },
        [SAY_2XX]     = { COMPLETED,  REPLY },
        [SAY_300_699] = { COMPLETED,  REPLY },
        [TIMER_100]   = { PROCEEDING, SAY_TRYING },
    },
    [PROCEEDING] = {
        [GOT_REQUEST] = { PROCEEDING, REPEAT },
        [SAY_1XX]     = { PROCEEDING, REPLY },
        [SAY_2XX]     = { COMPLETED,  REPLY },
        [SAY_300_699] = { COMPLETED,  REPLY },
        [NET_ERROR]   = { PROCEEDING, 0 },
    },
    [COMPLETED] = {
        [GOT_REQUEST] = { COMPLETED,  REPEAT },
        [TIMER_J]     = { TERMINATED, 0 },
        [NET_ERROR]   = { COMPLETED,  0 },
    },
};

static const struct waits other_server_waits[STATES] = {
    [TRYING]     = { .again = TIMER_100, .again_span = E_TO_T2 },
    [PROCEEDING] = { 0 },
    [COMPLETED]  = { .end = TIMER_J, .end_span = T1_64_U },
};

static const struct {
    const char *name;
    const struct arrow (*arrows)[EVENTS];
    const struct waits *waits;
} machines[MACHINES] = {
    [INVITE_CLIENT] = {"INVITE client transaction", invite_client, invite_client_waits},
    [OTHER_CLIENT] = {"client transaction", other_client, other_client_waits},
    [INVITE_SERVER] = {"INVITE server transaction", invite_server, invite_server_waits},
    [OTHER_SERVER] = {"server transaction", other_server, other_server_waits},
};

static const char *const state_name[STATES] = {
    [NOWHERE] = "none",
    [CALLING] = "calling",
    [TRYING] = "trying",
    [PROCEEDING] = "proceeding",
    [ACCEPTED] = "accepted",
    [COMPLETED] = "completed",
    [CONFIRMED] = "confirmed",
    [TERMINATED] = "terminated",
};

static const char *const event_name[EVENTS] = {
    [NOTHING] = "none",
#define TRANSACTION_EVENT_NAME(name, text) [name] = text,
    TRANSACTION_EVENTS(TRANSACTION_EVENT_NAME)
#undef TRANSACTION_EVENT_NAME
};

const struct arrow *sip_machine_arrow(enum machine machine, enum state state, enum event event)
{
    return &machines[machine].arrows[state][event];
}

const struct waits *sip_machine_waits(enum machine machine, enum state state)
{
    return &machines[machine].waits[state];
}

const char *sip_machine_name(enum machine machine)
{
    return machines[machine].name;
}

const char *sip_machine_state(enum state state)
{
    return state_name[state];
}

const char *sip_machine_event(enum event event)
{
    return event_name[event];
}
