/* Dialogs (RFC 3261 §12) on a stack without a wire of note: messages are arrays. */
#include "transaction/wire.h"
#include "sip/dialog.h"

/* What the stack received last is shown to the test inside the event, while it is there. */
static struct {
    struct sip_dialog dialog;
    int error;
    const char *request; /* of ours, for which responses make a dialog */
    void (*look)(struct wire *, const struct sip_received *);
} stage;

static void looks(struct wire *w, const char *what, const struct sip_received *r)
{
    (void)what;
    stage.look(w, r);
}

static void dialog_open(struct wire *w, const struct sip_limits *limits)
{
    memset(&stage, 0, sizeof stage);
    wire_open(w, limits);
    w->hook = looks;
    w->pass_over = true;
}

static void shown(struct wire *w, const char *text,
                  void (*look)(struct wire *, const struct sip_received *))
{
    stage.look = look;
    arrives(w, w->now, text);
}

/* --- what is done with it --- */

static void as_callee(struct wire *w, const struct sip_received *r)
{
    stage.error = sip_dialog_start_callee(w->stack, r, sip_str("local"), &stage.dialog);
}

static void as_caller(struct wire *w, const struct sip_received *r)
{
    struct sip_field fields[40];
    struct sip_message request;
    struct sip_fault fault;

    sip_message_init(&request, fields, 40);
    CHECK(sip_message_parse(&request, sip_str(stage.request), SIP_DATAGRAM, &fault) > 0);
    stage.error = sip_dialog_start_caller(w->stack, &request, r, &stage.dialog);
}

static void as_confirmation(struct wire *w, const struct sip_received *r)
{
    stage.error = sip_dialog_confirm(w->stack, stage.dialog, r);
}

static void as_refresh(struct wire *w, const struct sip_received *r)
{
    stage.error = sip_dialog_refresh(w->stack, stage.dialog, r);
}

static void as_next(struct wire *w, const struct sip_received *r)
{
    stage.error = sip_dialog_take(w->stack, stage.dialog, r);
}

static struct sip_dialog found;

static void as_search(struct wire *w, const struct sip_received *r)
{
    found = sip_dialog_find(w->stack, r);
}

/* --- messages --- */

static const char *invite_of_ours(void)
{
    return "INVITE sip:bob@example.net SIP/2.0\r\n"
           "Via: SIP/2.0/UDP 192.0.2.1;branch=z9hG4bK0000000000000001\r\n"
           "Max-Forwards: 70\r\n"
           "From: Alice <sip:alice@example.com>;tag=local\r\n"
           "To: Bob <sip:bob@example.net>\r\n"
           "Call-ID: c1@192.0.2.2\r\n"
           "CSeq: 100 INVITE\r\n"
           "Contact: <sip:alice@192.0.2.1>\r\n"
           "Content-Length: 0\r\n\r\n";
}

/* A response to it; `tag` NULL: none. `lines` has Contact and Record-Route. */
static const char *response(int status, const char *tag, const char *lines)
{
    static char text[9000];

    snprintf(text, sizeof text,
             "SIP/2.0 %d Whatever\r\n"
             "Via: SIP/2.0/UDP 192.0.2.1;branch=z9hG4bK0000000000000001\r\n"
             "From: Alice <sip:alice@example.com>;tag=local\r\n"
             "To: Bob <sip:bob@example.net>%s%s\r\n"
             "Call-ID: c1@192.0.2.2\r\n"
             "CSeq: 100 INVITE\r\n"
             "%sContent-Length: 0\r\n\r\n",
             status, tag ? ";tag=" : "", tag ? tag : "", lines);
    return text;
}

static const char *request(const char *method, int cseq, const char *from_tag, const char *to_tag,
                           const char *lines)
{
    static char text[9000];

    snprintf(text, sizeof text,
             "%s sip:alice@192.0.2.1 SIP/2.0\r\n"
             "Via: SIP/2.0/UDP 192.0.2.2;branch=z9hG4bK%s%d\r\n"
             "Max-Forwards: 70\r\n"
             "From: Bob <sip:bob@example.net>%s%s\r\n"
             "To: Alice <sip:alice@example.com>%s%s\r\n"
             "Call-ID: c1@192.0.2.2\r\n"
             "CSeq: %d %s\r\n"
             "%sContent-Length: 0\r\n\r\n",
             method, method, cseq, from_tag ? ";tag=" : "", from_tag ? from_tag : "",
             to_tag ? ";tag=" : "", to_tag ? to_tag : "", cseq, method, lines);
    return text;
}

#define CONTACT "Contact: <sip:bob@192.0.2.2:5070;x=1>\r\n"

static struct sip_dialog_view look(struct wire *w)
{
    struct sip_dialog_view view;

    memset(&view, 0, sizeof view);
    CHECK_INT(sip_dialog_look(w->stack, stage.dialog, &view), 0);
    return view;
}

/* A request of the dialog, as text. */
static const char *written(struct wire *w, const char *method, uint32_t cseq)
{
    static char text[9000];
    struct sip_writer writer;
    struct sip_str none = {NULL, 0};
    long len;

    sip_writer_init(&writer, text, sizeof text - 1);
    CHECK_INT(sip_dialog_write(w->stack, stage.dialog, &writer, sip_str(method), cseq), 0);
    sip_write_body(&writer, none, none);
    len = sip_writer_done(&writer);
    CHECK(len > 0);
    text[len > 0 ? len : 0] = 0;
    return text;
}

static const char *line(const char *text, const char *name)
{
    return reader_header(text, strlen(text), name, 0);
}

static void dialog_end(struct wire *w)
{
    sip_dialog_end(w->stack, stage.dialog);
    CHECK_INT(used(w, "dialogs"), 0);
    CHECK_INT(used(w, "buffers_small") + used(w, "buffers_large"), 0);
    wire_end(w);
}

/* --- beginning --- */

TEST(callee_takes_everything_from_the_request) /* §12.1.1 */
{
    struct sip_dialog_view v;
    struct wire w;

    dialog_open(&w, NULL);
    shown(&w,
          request("INVITE", 5, "remote", NULL,
                  CONTACT "Record-Route: <sip:p1;lr>;rr=1, <sip:p2;lr>\r\n"
                          "Record-Route: <sip:p3;lr>\r\n"),
          as_callee);
    CHECK_INT(stage.error, 0);
    v = look(&w);
    CHECK_INT(v.state, SIP_DIALOG_EARLY);
    CHECK(!v.caller);
    CHECK_STR(v.call_id, "c1@192.0.2.2");
    CHECK_STR(v.local_tag, "local");
    CHECK_STR(v.remote_tag, "remote");
    CHECK_STR(v.local_uri, "sip:alice@example.com");
    CHECK_STR(v.remote_uri, "sip:bob@example.net");
    CHECK_STR(v.target, "sip:bob@192.0.2.2:5070;x=1");
    CHECK_STR(v.routes, "<sip:p1;lr>, <sip:p2;lr>, <sip:p3;lr>"); /* in order */
    CHECK_INT(v.remote_cseq, 5);
    CHECK_INT(v.local_cseq, 0);
    CHECK_INT(v.path.remote.port, 5060);
    CHECK_INT(v.owner, 0);
    CHECK_INT(sip_dialog_own(w.stack, stage.dialog, 77), 0);
    CHECK_INT(look(&w).owner, 77);
    CHECK_INT(sip_dialog_confirm(w.stack, stage.dialog, NULL), 0); /* by our 2xx */
    CHECK_INT(look(&w).state, SIP_DIALOG_CONFIRMED);
    CHECK_STR(look(&w).routes, "<sip:p1;lr>, <sip:p2;lr>, <sip:p3;lr>");
    dialog_end(&w);
}

TEST(caller_takes_the_route_set_reversed) /* §12.1.2 */
{
    struct sip_dialog_view v;
    struct wire w;

    dialog_open(&w, NULL);
    stage.request = invite_of_ours();
    shown(&w,
          response(183, "remote",
                   CONTACT "Record-Route: <sip:p1;lr>, <sip:p2;lr>\r\n"
                           "Record-Route: <sip:p3;lr>\r\n"),
          as_caller);
    CHECK_INT(stage.error, 0);
    v = look(&w);
    CHECK_INT(v.state, SIP_DIALOG_EARLY);
    CHECK(v.caller);
    CHECK_STR(v.local_tag, "local");
    CHECK_STR(v.remote_tag, "remote");
    CHECK_STR(v.local_uri, "sip:alice@example.com");
    CHECK_STR(v.remote_uri, "sip:bob@example.net");
    CHECK_STR(v.routes, "<sip:p3;lr>, <sip:p2;lr>, <sip:p1;lr>");
    CHECK_INT(v.local_cseq, 100);
    CHECK_INT(v.remote_cseq, 0);
    dialog_end(&w);
}

TEST(what_makes_no_dialog_leaves_nothing)
{
    static const struct {
        int status;
        const char *tag, *lines; /* and why */
        int error;
    } rows[] = {
        {180, "remote", CONTACT, 0},
        {200, "remote", CONTACT, 0},
        {200, NULL, CONTACT, 0}, /* a peer of RFC 2543 (§12.1.2) */
        {199, "remote", "Contact: sip:bob@192.0.2.2;expires=9\r\n", 0},
        {200, "remote", "Contact: <sips:bob@192.0.2.2>\r\n", 0},
        {100, "remote", CONTACT, SIP_EBAD}, /* 100 makes none (§12.1) */
        {180, NULL, CONTACT, SIP_EBAD},     /* nor does a 1xx without a tag */
        {300, "remote", CONTACT, SIP_EBAD},
        {486, "remote", CONTACT, SIP_EBAD},
        {200, "remote", "", SIP_EBAD}, /* no target */
        {200, "remote", "Contact: *\r\n", SIP_EBAD},
        {200, "remote", "Contact: <mailto:bob@example.net>\r\n", SIP_EBAD}, /* §8.1.1.8 */
        {200, "remote", "Contact: <sip:bob@192.0.2.2\r\n", SIP_EBAD},
        {200, "remote", CONTACT "Record-Route: <sip:p1;lr>, <sip:p2\r\n", SIP_EBAD},
    };
    struct wire w;

    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        dialog_open(&w, NULL);
        stage.request = invite_of_ours();
        stage.error = 1;
        shown(&w, response(rows[i].status, rows[i].tag, rows[i].lines), as_caller);
        if (stage.error != rows[i].error)
            printf("row %d\n", (int)i);
        CHECK_INT(stage.error, rows[i].error);
        CHECK_INT(used(&w, "dialogs"), rows[i].error ? 0 : 1);
        CHECK(!rows[i].error == (stage.dialog.id != 0));
        dialog_end(&w);
    }
}

TEST(tags_that_are_missing_are_null) /* §12.1.1, §12.2.1.1: RFC 2543 */
{
    const char *bye;
    struct wire w;

    dialog_open(&w, NULL);
    shown(&w, request("INVITE", 5, NULL, NULL, CONTACT), as_callee);
    CHECK_INT(stage.error, 0);
    CHECK_INT(look(&w).remote_tag.len, 0);
    bye = written(&w, "BYE", 0);
    CHECK(!strcmp(line(bye, "To"), "<sip:bob@example.net>"));
    CHECK(!strcmp(line(bye, "From"), "<sip:alice@example.com>;tag=local"));
    shown(&w, request("BYE", 6, NULL, "local", ""), as_search);
    CHECK(found.id == stage.dialog.id);
    shown(&w, request("BYE", 7, "some", "local", ""), as_search);
    CHECK(found.id == 0);
    dialog_end(&w);
}

/* --- finding --- */

TEST(dialog_is_found_by_call_id_and_both_tags) /* §12 */
{
    struct sip_dialog_name name;
    struct sip_dialog first, second;
    struct wire w;

    dialog_open(&w, NULL);
    stage.request = invite_of_ours();
    shown(&w, response(180, "fork1", CONTACT), as_caller);
    first = stage.dialog;
    shown(&w, response(180, "fork2", CONTACT), as_caller);
    second = stage.dialog;
    shown(&w, response(200, "fork1", CONTACT), as_search);
    CHECK(found.id == first.id);
    shown(&w, response(200, "fork2", CONTACT), as_search);
    CHECK(found.id == second.id);
    shown(&w, response(200, "fork3", CONTACT), as_search);
    CHECK(found.id == 0);
    shown(&w, request("BYE", 1, "fork2", "local", ""), as_search); /* the tags change sides */
    CHECK(found.id == second.id);
    shown(&w, request("BYE", 2, "local", "fork2", ""), as_search);
    CHECK(found.id == 0);
    name.call_id = sip_str("c1@192.0.2.2");
    name.local_tag = sip_str("local");
    name.remote_tag = sip_str("fork1");
    CHECK(sip_dialog_named(w.stack, &name).id == first.id);
    name.call_id = sip_str("C1@192.0.2.2"); /* Call-IDs have case (§20.8) */
    CHECK(sip_dialog_named(w.stack, &name).id == 0);
    sip_dialog_end(w.stack, first);
    name.call_id = sip_str("c1@192.0.2.2");
    CHECK(sip_dialog_named(w.stack, &name).id == 0);
    dialog_end(&w);
}

TEST(handle_of_an_ended_dialog_is_refused)
{
    struct sip_dialog_view view;
    struct sip_writer writer;
    char room[200];
    struct wire w;

    dialog_open(&w, NULL);
    shown(&w, request("INVITE", 5, "remote", NULL, CONTACT), as_callee);
    sip_dialog_end(w.stack, stage.dialog);
    sip_dialog_end(w.stack, stage.dialog);
    sip_writer_init(&writer, room, sizeof room);
    CHECK_INT(sip_dialog_look(w.stack, stage.dialog, &view), SIP_EGONE);
    CHECK_INT(sip_dialog_own(w.stack, stage.dialog, 1), SIP_EGONE);
    CHECK_INT(sip_dialog_confirm(w.stack, stage.dialog, NULL), SIP_EGONE);
    CHECK_INT(sip_dialog_write(w.stack, stage.dialog, &writer, sip_str("BYE"), 0), SIP_EGONE);
    CHECK_INT(writer.used, 0);
    CHECK_INT(sip_dialog_next_cseq(w.stack, stage.dialog), 0);
    CHECK(sip_dialog_next_hop(w.stack, stage.dialog).at == NULL);
    shown(&w, request("BYE", 6, "remote", "local", ""), as_next);
    CHECK_INT(stage.error, SIP_EGONE);
    shown(&w, request("INVITE", 7, "remote", "local", CONTACT), as_refresh);
    CHECK_INT(stage.error, SIP_EGONE);
    dialog_end(&w);
}

/* --- changing --- */

TEST(confirmation_recomputes_route_set_and_target) /* §13.2.2.4, §12.2.1.2 */
{
    struct wire w;

    dialog_open(&w, NULL);
    stage.request = invite_of_ours();
    shown(&w, response(180, "remote", CONTACT "Record-Route: <sip:early;lr>\r\n"), as_caller);
    shown(&w,
          response(200, "remote",
                   "Contact: <sip:bob@192.0.2.77>\r\n"
                   "Record-Route: <sip:a;lr>, <sip:b;lr>\r\n"),
          as_confirmation);
    CHECK_INT(stage.error, 0);
    CHECK_INT(look(&w).state, SIP_DIALOG_CONFIRMED);
    CHECK_STR(look(&w).routes, "<sip:b;lr>, <sip:a;lr>");
    CHECK_STR(look(&w).target, "sip:bob@192.0.2.77");
    CHECK_INT(look(&w).local_cseq, 100);                     /* numbers stay */
    shown(&w, response(200, "remote", ""), as_confirmation); /* without anything */
    CHECK_STR(look(&w).routes, "");
    CHECK_STR(look(&w).target, "sip:bob@192.0.2.77");
    shown(&w, response(200, "remote", "Record-Route: <sip:c;lr>\r\n"), as_confirmation);
    CHECK_STR(look(&w).routes, "<sip:c;lr>");
    CHECK_STR(look(&w).target, "sip:bob@192.0.2.77");
    dialog_end(&w);
}

TEST(refresh_takes_the_contact_and_leaves_the_routes) /* §12.2, §12.2.2 */
{
    struct wire w;

    dialog_open(&w, NULL);
    shown(&w, request("INVITE", 5, "remote", NULL, CONTACT "Record-Route: <sip:p1;lr>\r\n"),
          as_callee);
    shown(&w,
          request("INVITE", 6, "remote", "local",
                  "Contact: <sip:elsewhere@192.0.2.3>\r\nRecord-Route: <sip:p9;lr>\r\n"),
          as_refresh);
    CHECK_INT(stage.error, 0);
    CHECK_STR(look(&w).target, "sip:elsewhere@192.0.2.3");
    CHECK_STR(look(&w).routes, "<sip:p1;lr>");
    shown(&w, request("UPDATE", 7, "remote", "local", ""), as_refresh); /* "if present" */
    CHECK_INT(stage.error, 0);
    CHECK_STR(look(&w).target, "sip:elsewhere@192.0.2.3");
    shown(&w, request("UPDATE", 8, "remote", "local", "Contact: <sip:b@h>\r\n"), as_refresh);
    CHECK_STR(look(&w).target, "sip:b@h"); /* shorter */
    CHECK_STR(look(&w).routes, "<sip:p1;lr>");
    CHECK_STR(look(&w).remote_uri, "sip:bob@example.net");
    dialog_end(&w);
}

TEST(numbers_of_the_peer_only_grow) /* §12.2.2 */
{
    struct wire w;

    dialog_open(&w, NULL);
    shown(&w, request("INVITE", 5, "remote", NULL, CONTACT), as_callee);
    shown(&w, request("INFO", 4, "remote", "local", ""), as_next);
    CHECK_INT(stage.error, SIP_ESTATE);
    CHECK_INT(look(&w).remote_cseq, 5);
    shown(&w, request("INFO", 6, "remote", "local", ""), as_next);
    CHECK_INT(stage.error, 0);
    shown(&w, request("INFO", 90, "remote", "local", ""), as_next); /* gaps are no error */
    CHECK_INT(stage.error, 0);
    CHECK_INT(look(&w).remote_cseq, 90);
    w.source.remote.port = 5099;
    shown(&w, request("INFO", 91, "remote", "local", ""), as_next);
    CHECK_INT(look(&w).path.remote.port, 5099); /* where it is now */
    dialog_end(&w);

    dialog_open(&w, NULL);
    stage.request = invite_of_ours();
    shown(&w, response(200, "remote", CONTACT), as_caller);
    shown(&w, request("INFO", 3, "remote", "local", ""), as_next); /* empty until the first */
    CHECK_INT(stage.error, 0);
    CHECK_INT(look(&w).remote_cseq, 3);
    dialog_end(&w);
}

/* --- writing, §12.2.1.1 --- */

TEST(request_without_route_set_goes_to_the_target)
{
    const char *bye;
    struct wire w;

    dialog_open(&w, NULL);
    stage.request = invite_of_ours();
    shown(&w, response(200, "remote", CONTACT), as_caller);
    bye = written(&w, "BYE", 0);
    CHECK(!strcmp(reader_start_line(bye, strlen(bye)), "BYE sip:bob@192.0.2.2:5070;x=1 SIP/2.0"));
    CHECK_INT(reader_count(bye, strlen(bye), "Route"), 0);
    CHECK(!strcmp(line(bye, "From"), "<sip:alice@example.com>;tag=local"));
    CHECK(!strcmp(line(bye, "To"), "<sip:bob@example.net>;tag=remote"));
    CHECK(!strcmp(line(bye, "Call-ID"), "c1@192.0.2.2"));
    CHECK(!strcmp(line(bye, "CSeq"), "101 BYE"));
    CHECK(!strcmp(line(bye, "Max-Forwards"), "70"));
    CHECK_STR(sip_dialog_next_hop(w.stack, stage.dialog), "sip:bob@192.0.2.2:5070;x=1");
    dialog_end(&w);
}

TEST(loose_routes_stand_in_route)
{
    const char *bye;
    struct wire w;

    dialog_open(&w, NULL);
    stage.request = invite_of_ours();
    shown(&w,
          response(200, "remote",
                   CONTACT "Record-Route: <sip:p1;lr>\r\nRecord-Route: <sip:p2;lr>\r\n"),
          as_caller);
    bye = written(&w, "BYE", 0);
    CHECK(!strcmp(reader_target(bye, strlen(bye)), "sip:bob@192.0.2.2:5070;x=1"));
    CHECK(!strcmp(line(bye, "Route"), "<sip:p2;lr>, <sip:p1;lr>"));
    CHECK_STR(sip_dialog_next_hop(w.stack, stage.dialog), "sip:p2;lr");
    dialog_end(&w);
}

TEST(strict_router_gets_the_request_uri) /* §12.2.1.1: the RFC's own example */
{
    static const struct {
        const char *routes, *uri, *route;
    } rows[] = {
        {"<sip:proxy1>,<sip:proxy2>,<sip:proxy3;lr>,<sip:proxy4>", "sip:proxy1",
         "<sip:proxy2>, <sip:proxy3;lr>, <sip:proxy4>, <sip:user@remoteua>"},
        {"<sip:proxy1;lr>,<sip:proxy2>", "sip:user@remoteua", "<sip:proxy1;lr>, <sip:proxy2>"},
        {"<sip:proxy1>", "sip:proxy1", "<sip:user@remoteua>"},
        /* method and headers may not stand in a Request-URI (§19.1.1) */
        {"<sip:p@proxy1:5070;method=INVITE;transport=tcp;x?Subject=a>",
         "sip:p@proxy1:5070;transport=tcp;x", "<sip:user@remoteua>"},
        {"<sip:proxy1?Subject=a>", "sip:proxy1", "<sip:user@remoteua>"},
        {"<sip:proxy1;method=BYE>", "sip:proxy1", "<sip:user@remoteua>"},
    };
    char lines[300];
    const char *bye;
    struct wire w;

    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        snprintf(lines, sizeof lines, "Contact: <sip:user@remoteua>\r\nRecord-Route: %s\r\n",
                 rows[i].routes);
        dialog_open(&w, NULL);
        shown(&w, request("INVITE", 5, "remote", NULL, lines), as_callee);
        CHECK_INT(stage.error, 0);
        bye = written(&w, "BYE", 0);
        CHECK(!strcmp(reader_target(bye, strlen(bye)), rows[i].uri));
        CHECK(!strcmp(line(bye, "Route"), rows[i].route));
        CHECK_INT(reader_count(bye, strlen(bye), "Route"), 1);
        CHECK(!strncmp(sip_dialog_next_hop(w.stack, stage.dialog).at, "sip:p", 5)); /* a proxy */
        dialog_end(&w);
    }
}

TEST(own_numbers_grow_by_one) /* §12.2.1.1 */
{
    uint32_t first;
    struct wire w;

    dialog_open(&w, NULL);
    stage.request = invite_of_ours();
    shown(&w, response(200, "remote", CONTACT), as_caller);
    CHECK(!strcmp(line(written(&w, "ACK", 100), "CSeq"), "100 ACK")); /* the INVITE's */
    CHECK(!strcmp(line(written(&w, "INFO", 0), "CSeq"), "101 INFO"));
    CHECK(!strcmp(line(written(&w, "CANCEL", 101), "CSeq"), "101 CANCEL"));
    CHECK(!strcmp(line(written(&w, "BYE", 0), "CSeq"), "102 BYE"));
    CHECK_INT(sip_dialog_next_cseq(w.stack, stage.dialog), 103);
    CHECK_INT(look(&w).local_cseq, 103);
    dialog_end(&w);

    dialog_open(&w, NULL);
    shown(&w, request("INVITE", 5, "remote", NULL, CONTACT), as_callee);
    written(&w, "INFO", 0);
    first = look(&w).local_cseq;
    CHECK(first > 0 && first < 65536); /* chosen when it is needed (§8.1.1.5) */
    written(&w, "INFO", 0);
    CHECK_INT(look(&w).local_cseq, first + 1);
    dialog_end(&w);
}

/* --- long texts and full pools --- */

TEST(long_texts_take_a_buffer_and_give_it_back)
{
    char lines[1200], longer[700];
    struct sip_limits limits = {0};
    struct wire w;

    limits.buffers_small = 1;
    limits.buffers_large = 1;
    memset(longer, 'r', sizeof longer);
    longer[300] = 0;
    snprintf(lines, sizeof lines, CONTACT "Record-Route: <sip:%s;lr>, <sip:p2;lr>\r\n", longer);
    dialog_open(&w, &limits);
    shown(&w, request("INVITE", 5, "remote", NULL, lines), as_callee);
    CHECK_INT(stage.error, 0);
    CHECK_INT(used(&w, "buffers_small"), 1);
    CHECK_INT(look(&w).routes.len, 300 + 9 + 13);
    CHECK_STR(look(&w).target, "sip:bob@192.0.2.2:5070;x=1");
    CHECK(sip_dialog_next_hop(w.stack, stage.dialog).len == 300 + 7);
    longer[300] = 'r';
    longer[500] = 0;
    snprintf(lines, sizeof lines, "Contact: <sip:%s@192.0.2.2>\r\n", longer);
    shown(&w, request("INVITE", 6, "remote", "local", lines), as_refresh); /* into the large one */
    CHECK_INT(stage.error, 0);
    CHECK_INT(used(&w, "buffers_small"), 0);
    CHECK_INT(used(&w, "buffers_large"), 1);
    CHECK_INT(look(&w).target.len, 514);
    CHECK_INT(look(&w).routes.len, 300 + 9 + 13);
    CHECK_STR(look(&w).call_id, "c1@192.0.2.2");
    shown(&w, request("BYE", 7, "remote", "local", ""), as_search);
    CHECK(found.id == stage.dialog.id);
    dialog_end(&w);
}

TEST(texts_that_fit_nowhere_change_nothing)
{
    char lines[1200], longer[600];
    struct sip_limits limits = {0};
    struct sip_dialog first;
    struct wire w;

    limits.dialogs = 2;
    limits.buffers_small = limits.buffers_large = 1;
    memset(longer, 'r', sizeof longer);
    longer[400] = 0;
    snprintf(lines, sizeof lines, "Contact: <sip:%s@192.0.2.2>\r\n", longer);
    dialog_open(&w, &limits);
    shown(&w, request("INVITE", 5, "first", NULL, lines), as_callee);
    first = stage.dialog;
    shown(&w, request("INVITE", 5, "second", NULL, lines), as_callee);
    CHECK_INT(stage.error, 0); /* the large one */
    {
        struct sip_dialog second = stage.dialog;

        sip_dialog_end(w.stack, first);
        shown(&w, request("INVITE", 5, "third", NULL, CONTACT "Record-Route: <sip:p1;lr>\r\n"),
              as_callee);
        shown(&w, request("INVITE", 5, "fourth", NULL, CONTACT), as_callee);
        CHECK_INT(stage.error, SIP_EFULL); /* no slot */
        CHECK_INT(stage.dialog.id, 0);
        sip_dialog_end(w.stack, second);
    }
    wire_end(&w);

    limits.buffers_small = limits.buffers_large = 1;
    dialog_open(&w, &limits);
    shown(&w, request("INVITE", 5, "first", NULL, CONTACT "Record-Route: <sip:p1;lr>\r\n"),
          as_callee);
    w.pass_over = false;
    w.hook = NULL;
    asks_with(&w, 0, &(struct asked){.method = "OPTIONS", .branch = "z9hG4bKa"});
    asks_with(&w, 0, &(struct asked){.method = "INVITE", .branch = "z9hG4bKb", .cseq = 9});
    w.pass_over = true;
    w.hook = looks;
    CHECK_INT(used(&w, "buffers_small") + used(&w, "buffers_large"), 2);
    shown(&w, request("INVITE", 6, "first", "local", lines), as_refresh);
    CHECK_INT(stage.error, SIP_ESIZE);
    CHECK_STR(look(&w).target, "sip:bob@192.0.2.2:5070;x=1");
    CHECK_STR(look(&w).routes, "<sip:p1;lr>");
    shown(&w, request("INVITE", 6, "second", NULL, lines), as_callee);
    CHECK_INT(stage.error, SIP_ESIZE);
    CHECK_INT(used(&w, "dialogs"), 1);
    wire_end(&w);
}

TESTS(T(callee_takes_everything_from_the_request) T(caller_takes_the_route_set_reversed)
          T(what_makes_no_dialog_leaves_nothing) T(tags_that_are_missing_are_null)
              T(dialog_is_found_by_call_id_and_both_tags) T(handle_of_an_ended_dialog_is_refused)
                  T(confirmation_recomputes_route_set_and_target)
                      T(refresh_takes_the_contact_and_leaves_the_routes)
                          T(numbers_of_the_peer_only_grow)
                              T(request_without_route_set_goes_to_the_target)
                                  T(loose_routes_stand_in_route)
                                      T(strict_router_gets_the_request_uri)
                                          T(own_numbers_grow_by_one)
                                              T(long_texts_take_a_buffer_and_give_it_back)
                                                  T(texts_that_fit_nowhere_change_nothing))
