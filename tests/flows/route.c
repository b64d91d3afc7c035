/* Where the next request of a dialog goes (RFC 3261 §12.1, §12.2.1.1, §8.1.2): loose and strict
 * routers, in both roles.
 *
 *     alice           proxy           bob
 *       |--- INVITE --->|--- INVITE --->|   Record-Route: <sip:proxy;lr>
 *       |<---- 200 -----|<---- 200 -----|
 *       |---- ACK ----->|---- ACK ----->|   Route: <sip:proxy;lr>
 */
#include "stage.h"

static struct sip_call answered_with(struct stage *s, const char *record_routes)
{
    struct sip_call call = stage_call(s, "sip:bob@example.net");

    sent(s, 0, "INVITE", "sip:bob@example.net");
    lacks(s, "Route");
    reply_with(s, 10, "INVITE", 200, .headers = record_routes);
    return call;
}

static void bob_ends(struct stage *s, uint64_t t)
{
    ask(s, t, "BYE");
    answered(s, t, 200, "BYE");
    heard(s, t, "ended", SIP_END_REMOTE);
    quiet(s);
}

TEST(loose_routes_of_a_caller_are_reversed)            /* §12.1.2, §12.2.1.1 */
{
    struct stage s = stage_udp();

    answered_with(&s, "Record-Route: <sip:198.51.100.3;lr>\n"
                      "Record-Route: \"Edge\" <sip:198.51.100.2;lr>;x=1, "
                      "<sip:192.0.2.2:5080;lr>\n");
    sent(&s, 10, "ACK", "sip:bob@192.0.2.7");
    went_to(&s, "192.0.2.2:5080");
    mentions(&s, "Route", "<sip:192.0.2.2:5080;lr>, ");
    mentions(&s, "Route", "<sip:198.51.100.2;lr>");
    mentions(&s, "Route", "<sip:198.51.100.3;lr>");
    heard(&s, 10, "answered", 200);
    bob_ends(&s, 20);
}

TEST(strict_router_of_a_caller_gets_the_request_uri)   /* §12.2.1.1: no lr */
{
    struct stage s = stage_udp();

    answered_with(&s, "Record-Route: <sip:198.51.100.3;lr>, <sip:192.0.2.2:5080>\n");
    sent(&s, 10, "ACK", "sip:192.0.2.2:5080");
    went_to(&s, "192.0.2.2:5080");
    says(&s, "Route", "<sip:198.51.100.3;lr>, <sip:bob@192.0.2.7>");
    heard(&s, 10, "answered", 200);
    bob_ends(&s, 20);
}

TEST(routes_of_a_callee_stay_in_order)                 /* §12.1.1, §12.2.1.1 */
{
    struct stage s = stage_udp();
    struct sip_call call;

    invite_with(&s, 0, .headers = "Record-Route: <sip:192.0.2.2:5080;lr>, "
                                  "<sip:198.51.100.3;lr>\n");
    call = heard(&s, 0, "incoming", 0)->call;
    returns(&s, sip_call_accept(s.ua, s.now, call, NULL), 0);
    answered(&s, 0, 200, "INVITE");
    says(&s, "Record-Route", "<sip:192.0.2.2:5080;lr>, <sip:198.51.100.3;lr>");
    ask(&s, 10, "ACK");
    heard(&s, 10, "confirmed", 0);
    returns(&s, sip_call_hang_up(s.ua, s.now, call, NULL), 0);
    sent(&s, 10, "BYE", "sip:bob@192.0.2.7");
    went_to(&s, "192.0.2.2:5080");
    says(&s, "Route", "<sip:192.0.2.2:5080;lr>, <sip:198.51.100.3;lr>");
    heard(&s, 10, "ended", SIP_END_LOCAL);
    reply(&s, 20, "BYE", 200);
    quiet(&s);
}

TEST(strict_router_of_a_callee_gets_the_request_uri)   /* §12.2.1.1 */
{
    struct stage s = stage_udp();
    struct sip_call call;

    invite_with(&s, 0, .headers = "Record-Route: <sip:192.0.2.2:5080>, <sip:198.51.100.3;lr>\n");
    call = heard(&s, 0, "incoming", 0)->call;
    returns(&s, sip_call_accept(s.ua, s.now, call, NULL), 0);
    answered(&s, 0, 200, "INVITE");
    ask(&s, 10, "ACK");
    heard(&s, 10, "confirmed", 0);
    returns(&s, sip_call_hang_up(s.ua, s.now, call, NULL), 0);
    sent(&s, 10, "BYE", "sip:192.0.2.2:5080");
    went_to(&s, "192.0.2.2:5080");
    says(&s, "Route", "<sip:198.51.100.3;lr>, <sip:bob@192.0.2.7>");
    heard(&s, 10, "ended", SIP_END_LOCAL);
    reply(&s, 20, "BYE", 200);
    quiet(&s);
}

TEST(route_set_is_not_changed_by_a_re_invite)          /* §12.2: only the remote target */
{
    struct stage s = stage_udp();
    struct sip_call call = answered_with(&s, "Record-Route: <sip:192.0.2.2:5080;lr>\n");

    sent(&s, 10, "ACK", "sip:bob@192.0.2.7");
    heard(&s, 10, "answered", 200);
    ask_with(&s, 20, "INVITE", .contact = "<sip:bob@192.0.2.9>", .body = stage_offer,
             .headers = "Record-Route: <sip:198.51.100.99;lr>\n");
    heard(&s, 20, "offered", 0);
    returns(&s, sip_call_decline(s.ua, s.now, call, NULL), 0);
    answered(&s, 20, 488, "INVITE");
    ask(&s, 25, "ACK");
    returns(&s, sip_call_hang_up(s.ua, s.now, call, NULL), 0);
    sent(&s, 25, "BYE", "sip:bob@192.0.2.9");          /* §12.2.2: also when it is refused */
    went_to(&s, "192.0.2.2:5080");
    says(&s, "Route", "<sip:192.0.2.2:5080;lr>");
    heard(&s, 25, "ended", SIP_END_LOCAL);
    reply(&s, 30, "BYE", 200);
    quiet(&s);
}

TEST(routes_of_the_2xx_replace_the_early_ones)         /* §13.2.2.4 */
{
    struct stage s = stage_udp();

    stage_call(&s, "sip:bob@example.net");
    sent(&s, 0, "INVITE", "sip:bob@example.net");
    reply_with(&s, 5, "INVITE", 180, .headers = "Record-Route: <sip:198.51.100.5;lr>\n");
    heard(&s, 5, "progress", 180);
    reply_with(&s, 10, "INVITE", 200, .contact = "<sip:bob@192.0.2.9>",
               .headers = "Record-Route: <sip:192.0.2.2:5080;lr>\n");
    sent(&s, 10, "ACK", "sip:bob@192.0.2.9");
    went_to(&s, "192.0.2.2:5080");
    says(&s, "Route", "<sip:192.0.2.2:5080;lr>");
    heard(&s, 10, "answered", 200);
    bob_ends(&s, 20);
}

TEST(port_of_a_bare_address_is_5060)                   /* RFC 3263 §4.2 */
{
    struct stage s = stage_udp();

    stage_call(&s, "sip:bob@example.net");
    sent(&s, 0, "INVITE", "sip:bob@example.net");
    reply_with(&s, 10, "INVITE", 200, .contact = "sip:bob@192.0.2.9");
    sent(&s, 10, "ACK", "sip:bob@192.0.2.9");
    went_to(&s, "192.0.2.9:5060");
    heard(&s, 10, "answered", 200);
    bob_ends(&s, 20);
}

TEST(peer_that_names_no_address_is_reached_where_it_was) /* an address that only DNS could tell */
{
    struct stage s = stage_udp();

    stage_call(&s, "sip:bob@example.net");
    sent(&s, 0, "INVITE", "sip:bob@example.net");
    reply_with(&s, 10, "INVITE", 200, .contact = "<sip:bob@phone.example.net>");
    sent(&s, 10, "ACK", "sip:bob@phone.example.net");
    went_to(&s, "192.0.2.2:5060");
    heard(&s, 10, "answered", 200);
    bob_ends(&s, 20);
}

static void with_next_hop(struct sip_call_args *args)
{
    args->next_hop = sip_str("sip:198.51.100.20:5090");
}

TEST(next_hop_is_forced)                               /* §8.1.2: a pre-existing route */
{
    struct stage s = stage_udp();

    stage_call_with(&s, "sip:bob@example.net", with_next_hop);
    sent(&s, 0, "INVITE", "sip:bob@example.net");
    went_to(&s, "198.51.100.20:5090");
    reply(&s, 10, "INVITE", 404);
    sent(&s, 10, "ACK", "sip:bob@example.net");
    went_to(&s, "198.51.100.20:5090");
    heard(&s, 10, "ended", SIP_END_REFUSED);
    quiet(&s);
}

static void over_ipv6(struct sip_account_args *args)
{
    args->servers[0] = sip_str("sip:[2001:db8::2]:5080");
}

TEST(ipv6_addresses_stand_in_brackets) /* §19.1.2, §25.1 IPv6reference, RFC 5118 §4.1 */
{
    struct stage s = stage_as(over_ipv6);

    stage_call(&s, "sip:bob@example.net");
    sent(&s, 0, "INVITE", "sip:bob@example.net");
    went_to(&s, "2001:db8::2:5080");
    mentions(&s, "Via", "SIP/2.0/UDP [2001:db8::1]:5060;");
    says(&s, "Contact", "<sip:alice@[2001:db8::1]:5060>");
    reply_with(&s, 10, "INVITE", 200, .contact = "<sip:bob@[2001:db8::7]:5070;transport=udp>",
               .headers = "Record-Route: <sip:[2001:db8::9];lr>\n");
    sent(&s, 10, "ACK", "sip:bob@[2001:db8::7]:5070;transport=udp");
    went_to(&s, "2001:db8::9:5060");
    says(&s, "Route", "<sip:[2001:db8::9];lr>");
    heard(&s, 10, "answered", 200);
    bob_ends(&s, 20);
}

static void to_an_address(struct sip_call_args *args)
{
    static const struct sip_target target = {SIP_UDP, {SIP_IPV4, {198, 51, 100, 9}, 5099, 0}};

    args->targets = &target;
    args->targets_count = 1;
}

TEST(targets_of_the_host_go_before_all_others)         /* sip/call.h: instead of resolving */
{
    struct stage s = stage_udp();

    stage_call_with(&s, "sip:bob@example.net", to_an_address);
    sent(&s, 0, "INVITE", "sip:bob@example.net");
    went_to(&s, "198.51.100.9:5099");
    reply(&s, 10, "INVITE", 404);
    sent(&s, 10, "ACK", "sip:bob@example.net");
    went_to(&s, "198.51.100.9:5099");
    heard(&s, 10, "ended", SIP_END_REFUSED);
    quiet(&s);
}

#define LIST                                                                                       \
    T(loose_routes_of_a_caller_are_reversed)                                                       \
    T(strict_router_of_a_caller_gets_the_request_uri)                                              \
    T(routes_of_a_callee_stay_in_order)                                                            \
    T(strict_router_of_a_callee_gets_the_request_uri)                                              \
    T(route_set_is_not_changed_by_a_re_invite)                                                     \
    T(routes_of_the_2xx_replace_the_early_ones)                                                    \
    T(port_of_a_bare_address_is_5060)                                                              \
    T(peer_that_names_no_address_is_reached_where_it_was)                                          \
    T(next_hop_is_forced)                                                                          \
    T(ipv6_addresses_stand_in_brackets)                                                            \
    T(targets_of_the_host_go_before_all_others)

FLOWS(LIST)
