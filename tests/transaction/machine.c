/* Lays the tables beside tests/arrows.csv, which was typed from the RFCs' figures and their text: each
 * pair of state and event, each timer. */
#include "transaction/machine.h"
#include "test.h"
#include <stdbool.h>
#include <stdlib.h>

#define COLUMNS 10

enum column { MACHINE, STATE, EVENT, KIND, NEXT_STATE, ACTIONS, UNRELIABLE, RELIABLE };

/* What is done otherwise, each with its reason. */
static const struct {
    const char *machine, *state, *event, *actions;
} ours[] = {
    /* a client's last call is one: the TU has had the final response */
    {"invite_client", "COMPLETED", "transport_error", ""},
    /* a server transaction ends when nothing is owed any more, and nobody is told (sip/transaction.h) */
    {"invite_server", "PROCEEDING", "transport_error", ""},
    {"invite_server", "ACCEPTED", "transport_error", ""},
    {"invite_server", "COMPLETED", "transport_error", ""},
    {"invite_server", "COMPLETED", "timer_H", ""},
    {"non_invite_server", "PROCEEDING", "transport_error", ""},
    {"non_invite_server", "COMPLETED", "transport_error", ""},
    /* the 2xx is kept here, so that the TU need not give it again */
    {"invite_server", "ACCEPTED", "tu_2xx", "resend_response"},
};

/* The events that no figure has (machine.h). */
static bool is_extra(enum event event)
{
    return event == TIMER_100 || event == TIMER_2XX || event == TIMER_CANCEL;
}

static const char *const machine_names[MACHINES] = {"invite_client", "non_invite_client",
                                                    "invite_server", "non_invite_server"};
static const char *const state_names[STATES] = {"-",        "CALLING",   "TRYING",    "PROCEEDING",
                                                "ACCEPTED", "COMPLETED", "CONFIRMED", "TERMINATED"};

static const struct {
    const char *name;
    enum event first, second;
} event_names[] = {
    {"1xx", GOT_1XX, NOTHING},
    {"2xx", GOT_2XX, NOTHING},
    {"300-699", GOT_300_699, NOTHING},
    {"INVITE", GOT_REQUEST, NOTHING},
    {"request", GOT_REQUEST, NOTHING},
    {"ACK", GOT_ACK, NOTHING},
    {"tu_1xx", SAY_1XX, NOTHING},
    {"tu_2xx", SAY_2XX, NOTHING},
    {"tu_300-699", SAY_300_699, NOTHING},
    {"tu_final", SAY_2XX, SAY_300_699},
    {"timer_A", TIMER_A, NOTHING},
    {"timer_B", TIMER_B, NOTHING},
    {"timer_D", TIMER_D, NOTHING},
    {"timer_E", TIMER_E, NOTHING},
    {"timer_F", TIMER_F, NOTHING},
    {"timer_G", TIMER_G, NOTHING},
    {"timer_H", TIMER_H, NOTHING},
    {"timer_I", TIMER_I, NOTHING},
    {"timer_J", TIMER_J, NOTHING},
    {"timer_K", TIMER_K, NOTHING},
    {"timer_L", TIMER_L, NOTHING},
    {"timer_M", TIMER_M, NOTHING},
    {"transport_error", NET_ERROR, NOTHING},
};

static const struct {
    const char *name;
    unsigned does;
} action_names[] = {
    {"send_request", SEND},
    {"ack", ACK},
    {"to_tu", TELL},
    {"ack_to_tu", TELL},
    {"timeout_to_tu", TIMEOUT},
    {"failure_to_tu", FAILURE},
    {"send_response", REPLY},
    {"resend_response", REPEAT},
};

/* Beyond the figures: fail-over, pacing, housekeeping. */
#define BESIDE (NEXT | DOUBLE | DOUBLE_T2 | HOLD_T2 | FORGET | UNACKED)

static bool listed[MACHINES][STATES][EVENTS];

static int index_of(const char *const *names, int count, const char *name)
{
    for (int i = 0; i < count; i++)
        if (!strcmp(names[i], name))
            return i;
    return -1;
}

static unsigned actions_of(const char *text)
{
    unsigned does = 0;

    for (size_t i = 0; i < sizeof action_names / sizeof *action_names; i++) {
        size_t len = strlen(action_names[i].name);
        const char *at = strstr(text, action_names[i].name);

        if (at && (at == text || at[-1] == '+') && (at[len] == 0 || at[len] == '+'))
            does |= action_names[i].does;
    }
    return does;
}

static const char *wanted_actions(char **row)
{
    for (size_t i = 0; i < sizeof ours / sizeof *ours; i++)
        if (!strcmp(ours[i].machine, row[MACHINE]) && !strcmp(ours[i].state, row[STATE]) &&
            !strcmp(ours[i].event, row[EVENT]))
            return ours[i].actions;
    return row[ACTIONS];
}

static const struct arrow *arrow_of(int machine, int state, int event)
{
    return sip_machine_arrow((enum machine)machine, (enum state)state, (enum event)event);
}

static void complain(char **row, const char *what)
{
    test_failures++;
    printf("%s %s %s: %s\n", row[MACHINE], row[STATE], row[EVENT], what);
}

/* How long the span is said to be in the list, over either kind of transport; NULL: does not run. */
static const char *span_text(enum span span, bool reliable)
{
    switch (span) {
    case T1:
        return "T1";
    case T1_U:
        return reliable ? NULL : "T1";
    case T4_U:
        return reliable ? "0" : "T4";
    case T1_64:
        return "64*T1";
    case T1_64_U:
        return reliable ? "0" : "64*T1";
    case D_32S_U:
        return reliable ? "0" : "32s";
    default:
        return NULL;
    }
}

static void write_timer(char *out, size_t size, enum event timer, const char *span)
{
    if (timer == NOTHING || is_extra(timer) || !span)
        return;
    snprintf(out + strlen(out), size - strlen(out), "%s%s=%s", *out ? " " : "",
             sip_machine_event(timer), span);
}

/* The timers that start on entering a state, as the list writes them. */
static void check_timers(char **row, enum machine machine, enum state state)
{
    const struct waits *waits = sip_machine_waits(machine, state);

    for (int reliable = 0; reliable < 2; reliable++) {
        char text[80] = "";

        write_timer(text, sizeof text, waits->again, span_text(waits->again_span, reliable));
        write_timer(text, sizeof text, waits->end, span_text(waits->end_span, reliable));
        if (strcmp(text, row[UNRELIABLE + reliable])) {
            complain(row, "timers");
            printf("  \"%s\", wanted \"%s\"\n", text, row[UNRELIABLE + reliable]);
        }
    }
}

/* An arrow that stays in its state may set its own timer anew. */
static void check_pace(char **row, unsigned does)
{
    const char *timers = row[UNRELIABLE];
    unsigned wanted = 0;

    if (strstr(timers, "=min(2*"))
        wanted = DOUBLE_T2;
    else if (strstr(timers, "=2*"))
        wanted = DOUBLE;
    else if (strstr(timers, "=T2"))
        wanted = HOLD_T2;
    if ((does & (DOUBLE | DOUBLE_T2 | HOLD_T2)) != wanted)
        complain(row, "pace");
}

static void check_arrow(char **row, enum machine machine, enum state state, enum event event)
{
    const struct arrow *arrow = sip_machine_arrow(machine, state, event);
    int next = index_of(state_names, STATES, row[NEXT_STATE]);

    listed[machine][state][event] = true;
    if (!strcmp(row[KIND], "ignored")) {
        if (arrow->to != NOWHERE && (arrow->to != state || arrow->does))
            complain(row, "is not ignored");
        return;
    }
    if ((int)arrow->to != next)
        complain(row, "leads elsewhere");
    if ((arrow->does & ~(unsigned)BESIDE) != actions_of(wanted_actions(row)))
        complain(row, "does something else");
    if (arrow->to == (int)state)
        check_pace(row, arrow->does);
    else
        check_timers(row, machine, arrow->to);
}

static void check_row(char **row)
{
    int machine = index_of(machine_names, MACHINES, row[MACHINE]);
    int state = index_of(state_names, STATES, row[STATE]);

    if (machine < 0 || state < 0) {
        complain(row, "not known here");
        return;
    }
    if (state == NOWHERE) {
        check_timers(row, (enum machine)machine,
                     (enum state)index_of(state_names, STATES, row[NEXT_STATE]));
        return;
    }
    for (size_t i = 0; i < sizeof event_names / sizeof *event_names; i++) {
        if (strcmp(event_names[i].name, row[EVENT]))
            continue;
        check_arrow(row, (enum machine)machine, (enum state)state, event_names[i].first);
        if (event_names[i].second)
            check_arrow(row, (enum machine)machine, (enum state)state, event_names[i].second);
        return;
    }
    complain(row, "not known here");
}

static FILE *open_list(void)
{
    const char *end = strstr(__FILE__, "transaction/machine.c");
    char path[1200];

    snprintf(path, sizeof path, "%.*sarrows.csv", (int)(end - __FILE__), __FILE__);
    return fopen(path, "r");
}

/* Cuts a line at its commas; the last column may hold more of them. */
static bool split(char *line, char *row[COLUMNS])
{
    row[0] = line;
    for (int i = 1; i < COLUMNS; i++) {
        char *comma = strchr(row[i - 1], ',');

        CHECK(comma != NULL);
        if (!comma)
            return false;
        *comma = 0;
        row[i] = comma + 1;
    }
    return true;
}

TEST(tables_have_the_arrows_and_timers_of_the_figures) /* RFC 3261 §17, RFC 6026 §7, §8 */
{
    FILE *list = open_list();
    char line[600];
    int rows = 0;

    CHECK(list != NULL); /* run this in the folder it was built in */
    if (!list)
        return;
    while (fgets(line, sizeof line, list)) {
        char *row[COLUMNS];

        if (strncmp(line, "machine,", 8) && split(line, row)) {
            check_row(row);
            rows++;
        }
    }
    fclose(list);
    CHECK(rows > 100);
}

TEST(tables_have_no_arrow_that_the_figures_lack)
{
    for (int m = 0; m < MACHINES; m++)
        for (int s = 0; s < STATES; s++)
            for (int e = 0; e < EVENTS; e++)
                if (!listed[m][s][e] && !is_extra((enum event)e) && arrow_of(m, s, e)->to) {
                    test_failures++;
                    printf("%s %s %s\n", machine_names[m], state_names[s],
                           sip_machine_event((enum event)e));
                }
}

TEST(timers_beyond_the_figures_stand_where_the_text_has_them)
{
    int count = 0;

    CHECK_INT(sip_machine_arrow(INVITE_SERVER, PROCEEDING, TIMER_100)->to,
              PROCEEDING); /* §17.2.1 */
    CHECK_INT(sip_machine_arrow(OTHER_SERVER, TRYING, TIMER_100)->to,
              PROCEEDING); /* RFC 4320 §4.1 */
    CHECK_INT(sip_machine_arrow(INVITE_SERVER, ACCEPTED, TIMER_2XX)->to, ACCEPTED); /* §13.3.1.4 */
    CHECK_INT(sip_machine_arrow(INVITE_CLIENT, PROCEEDING, TIMER_CANCEL)->to,
              TERMINATED); /* §9.1 */
    for (int m = 0; m < MACHINES; m++)
        for (int s = 0; s < STATES; s++)
            for (int e = 0; e < EVENTS; e++)
                count += is_extra((enum event)e) && arrow_of(m, s, e)->to;
    CHECK_INT(count, 4);
}

TESTS(T(tables_have_the_arrows_and_timers_of_the_figures)
          T(tables_have_no_arrow_that_the_figures_lack)
              T(timers_beyond_the_figures_stand_where_the_text_has_them))
