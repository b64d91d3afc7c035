/* Route sets (RFC 3261 §12.1.1, §12.1.2) and what they do to a request (§12.2.1.1). */
#include "base/memory.h"
#include "dialog/dialog.h"
#include "message/lenient.h"

/* Of each Record-Route the URI counts, in its brackets; between two stands ", ". */
#define AROUND  2
#define BETWEEN 2

static int next_uri(struct sip_values *values, struct sip_str *uri)
{
    struct sip_address address;
    struct sip_str value;

    if (!sip_values_next(values, &value))
        return 0;
    if (sip_address_in(values->message, value, &address))
        return -1;
    *uri = address.uri;
    return 1;
}

long sip_route_set_len(const struct sip_message *message)
{
    struct sip_values values;
    struct sip_str uri;
    long len = 0;
    int got;

    sip_values_begin(&values, message, SIP_HEADER_RECORD_ROUTE);
    while ((got = next_uri(&values, &uri)) > 0)
        len += (long)uri.len + AROUND + (len ? BETWEEN : 0);
    return got < 0 ? -1 : len;
}

void sip_route_set_write(const struct sip_message *message, bool reversed, char *out, size_t len)
{
    size_t begin = 0, end = len;
    struct sip_values values;
    struct sip_str uri;

    sip_values_begin(&values, message, SIP_HEADER_RECORD_ROUTE);
    while (next_uri(&values, &uri) > 0) {
        size_t at = reversed ? end - uri.len - AROUND : begin;

        out[at] = '<';
        memcpy(out + at + 1, uri.at, uri.len);
        out[at + 1 + uri.len] = '>';
        begin = at + uri.len + AROUND;
        end = at;
        if (reversed && end > 0)
            memcpy(out + (end -= BETWEEN), ", ", BETWEEN);
        if (!reversed && begin < len)
            memcpy(out + begin, ", ", BETWEEN);
        begin += BETWEEN;
    }
}

struct sip_str sip_route_first(struct sip_str routes)
{
    struct sip_str value, none = {NULL, 0};

    if (!sip_list_next(&routes, &value) || value.len <= AROUND)
        return none;
    return sip_bytes(value.at + 1, value.len - AROUND);
}

/* A strict router of RFC 2543: its URI has no lr parameter. */
static bool is_strict(struct sip_str text)
{
    struct sip_uri uri;

    return !sip_uri_again(&uri, text) && !sip_uri_param(&uri, "lr").at;
}

void sip_write_request_uri(struct sip_writer *w, struct sip_str text)
{
    struct sip_str rest;
    struct sip_param param;
    struct sip_uri uri;
    const char *end;

    if (sip_uri_again(&uri, text) ||
        (uri.scheme != SIP_SCHEME_SIP && uri.scheme != SIP_SCHEME_SIPS)) {
        sip_write_piece(w, text);
        return;
    }
    rest = uri.params;
    end = uri.params.at    ? uri.params.at - 1
          : uri.headers.at ? uri.headers.at - 1
                           : text.at + text.len;
    sip_write_piece(w, sip_bytes(text.at, (size_t)(end - text.at)));
    while (uri.params.at && sip_params_next(&rest, &param)) {
        if (sip_str_is(param.name, "method"))
            continue;
        sip_write_text(w, ";");
        sip_write_piece(w, param.name);
        if (param.value.at) {
            sip_write_text(w, "=");
            sip_write_piece(w, param.value);
        }
    }
}

void sip_write_first_line(struct sip_writer *w, struct sip_str method, struct sip_str uri)
{
    sip_write_piece(w, method);
    sip_write_text(w, " ");
    sip_write_request_uri(w, uri);
    sip_write_text(w, " SIP/2.0");
    sip_write_end(w);
}

/* The first route becomes the Request-URI, the target the last route. */
static void write_strict(struct sip_writer *w, struct sip_str method, const struct route *route)
{
    struct sip_str rest = route->routes, first;

    sip_list_next(&rest, &first);
    sip_write_first_line(w, method, sip_route_first(route->routes));
    sip_write_begin(w, SIP_HEADER_ROUTE);
    while (sip_list_next(&rest, &first)) {
        sip_write_piece(w, first);
        sip_write_text(w, ", ");
    }
    sip_write_text(w, "<");
    sip_write_piece(w, route->target);
    sip_write_text(w, ">");
    sip_write_end(w);
}

void sip_route_write(struct sip_writer *w, struct sip_str method, const struct route *route)
{
    if (route->routes.len && is_strict(sip_route_first(route->routes))) {
        write_strict(w, method, route);
        return;
    }
    sip_write_first_line(w, method, route->target);
    if (route->routes.len)
        sip_write_header(w, SIP_HEADER_ROUTE, route->routes);
}
