/* Where a message goes, what stands in its Via, and sending it. */
#include "base/memory.h"
#include "message/lenient.h"
#include "transport/flow.h"
#include "transport/stack.h"

#define PORT_SIP 5060
#define PORT_SIPS 5061

#define COOKIE "z9hG4bK" /* §8.1.1.7 */
#define COOKIE_LEN 7
#define BRANCH_LEN (COOKIE_LEN + 16)

/* --- resolving: RFC 3263 §4 for numeric hosts --- */

/* `secure`: as if it were a SIPS URI. */
static enum sip_protocol protocol_for(const struct sip_uri *uri, bool secure)
{
    struct sip_str named = sip_uri_param(uri, "transport");
    enum sip_protocol protocol = named.at ? sip_protocol_of(named) : SIP_UDP;

    if (!secure)
        return protocol;
    if (!named.at || protocol == SIP_TCP) /* RFC 3261 §26.2.2 */
        return SIP_TLS;
    return protocol == SIP_WS ? SIP_WSS : protocol == SIP_UDP ? SIP_PROTOCOL_NONE : protocol;
}

bool sip_way_is_secure(struct sip_str uri)
{
    return uri.len > 5 && sip_str_is(sip_bytes(uri.at, 5), "sips:");
}

int sip_way_resolve(struct sip_stack *stack, struct sip_str text, struct sip_target *targets,
                    size_t max)
{
    return sip_way_resolve_for(stack, text, text, targets, max);
}

int sip_way_resolve_for(struct sip_stack *stack, struct sip_str text, struct sip_str request_uri,
                        struct sip_target *targets, size_t max)
{
    bool secure = sip_way_is_secure(text) || sip_way_is_secure(request_uri);

    struct sip_str host;
    struct sip_target target = {0};
    struct sip_uri uri;

    (void)stack;
    if (max == 0 || sip_uri_again(&uri, text) ||
        (uri.scheme != SIP_SCHEME_SIP && uri.scheme != SIP_SCHEME_SIPS))
        return SIP_EURI;
    target.protocol = (uint8_t)protocol_for(&uri, secure);
    if (target.protocol == SIP_PROTOCOL_NONE)
        return SIP_EURI;
    host = sip_uri_param(&uri, "maddr"); /* §19.1.1 */
    if (sip_addr_parse(&target.addr, host.len ? host : uri.host))
        return SIP_ENAME;
    target.addr.port = uri.port ? uri.port
                       : target.protocol == SIP_TLS || target.protocol == SIP_WSS ? PORT_SIPS
                                                                                  : PORT_SIP;
    targets[0] = target;
    return 1;
}

/* --- ways --- */

int sip_stack_local(struct sip_stack *stack, const struct sip_path *path, struct sip_addr *local)
{
    const struct sip_transport *wire = &stack->config.transport;
    bool busy = sip_stack_outside(stack);
    int error = wire->local(wire->host, path, local);

    stack->busy = busy;
    return error;
}

int sip_way_open(struct sip_stack *stack, const struct sip_target *target, struct sip_way *way)
{
    struct sip_way got;

    memset(&got, 0, sizeof got);
    got.path.protocol = target->protocol;
    got.path.remote = target->addr;
    if (sip_stack_local(stack, &got.path, &got.path.local) < 0)
        return SIP_ENAME;
    if (target->protocol != SIP_UDP) {
        int error = sip_flow_to(stack, &got.path, &got.flow);

        if (error)
            return error;
    }
    *way = got;
    return 0;
}

void sip_way_back(struct sip_stack *stack, const struct sip_received *received, struct sip_way *way)
{
    const struct sip_via *via = &received->head->via;

    (void)stack;
    way->path = received->path;
    way->flow = received->flow;
    if (!received->flow.id && !via->has_rport) /* §18.2.2: maddr would aim us at strangers */
        way->path.remote.port = via->port ? via->port : PORT_SIP;
}

int sip_way_send(struct sip_stack *stack, const struct sip_way *way, struct sip_str message,
                 bool again)
{
    const struct sip_transport *wire = &stack->config.transport;
    bool busy;
    int error;

    stack->counters.sent++;
    stack->counters.retransmitted += again;
    sip_stack_trace_message(stack, SIP_TRACE_SENT, &way->path, message);
    if (way->flow.id)
        return sip_flow_write(stack, way->flow, message);
    busy = sip_stack_outside(stack);
    error = wire->send(wire->host, &way->path, message);
    stack->busy = busy;
    return error;
}

/* --- Via --- */

void sip_way_via(struct sip_stack *stack, const struct sip_way *way, uint64_t branch,
                 struct sip_writer *w)
{
    uint8_t bytes[8];

    (void)stack;
    for (int i = 0; i < 8; i++)
        bytes[i] = (uint8_t)(branch >> (56 - 8 * i));
    sip_write_begin(w, SIP_HEADER_VIA);
    sip_write_text(w, "SIP/2.0/");
    sip_write_text(w, sip_protocol_name((enum sip_protocol)way->path.protocol));
    sip_write_text(w, " ");
    sip_write_host(w, &way->path.local);
    sip_write_text(w, ";rport;branch=" COOKIE);
    sip_write_hex(w, bytes, sizeof bytes);
    sip_write_end(w);
}

uint64_t sip_way_branch(struct sip_str branch)
{
    uint64_t number = 0;

    if (branch.len != BRANCH_LEN || memcmp(branch.at, COOKIE, COOKIE_LEN))
        return 0;
    for (size_t i = COOKIE_LEN; i < BRANCH_LEN; i++) {
        char c = branch.at[i];
        unsigned digit = c >= '0' && c <= '9'   ? (unsigned)(c - '0')
                         : c >= 'a' && c <= 'f' ? (unsigned)(c - 'a') + 10
                                                : 16;

        if (digit > 15)
            return 0;
        number = number << 4 | digit;
    }
    return number;
}
