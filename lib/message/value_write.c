/* The typed values of sip/fields.h on their way out. */
#include "message/known.h"
#include "sip/fields_write.h"

/* --- From, To, Route ... --- */

static const struct known address_rows[] = {
    KNOWN("tag", KNOWN_TOKEN, struct sip_address, tag),
};
static const struct known_params address_params =
    KNOWN_PARAMS(address_rows, struct sip_address, params);

void sip_write_address_value(struct sip_writer *writer, const struct sip_address *address)
{
    sip_write_name_addr(writer, address);
    sip_write_known(writer, &address_params, address);
}

/* --- Retry-After --- */

struct delay {
    struct sip_amount duration_s;
    struct sip_str params;
};

static const struct known delay_rows[] = {
    KNOWN("duration", KNOWN_NUMBER, struct delay, duration_s),
};
static const struct known_params delay_params = KNOWN_PARAMS(delay_rows, struct delay, params);

void sip_write_retry_after(struct sip_writer *writer, const struct sip_retry_after *retry)
{
    struct delay delay = {{retry->duration_s, retry->duration_s > 0}, retry->params};

    if (sip_params_find(retry->params, "duration").at)
        delay.duration_s.given = true; /* of 0 too */
    sip_write_decimal(writer, retry->seconds);
    if (retry->comment.at) {
        sip_write_text(writer, " ");
        sip_write_first(writer, retry->comment, sip_scan_whole(retry->comment, sip_scan_comment));
    }
    sip_write_known(writer, &delay_params, &delay);
}

/* --- Warning --- */

static bool is_agent(struct sip_str agent)
{
    struct scan s = sip_scan_of(agent);
    struct sip_str host = {NULL, 0};
    uint16_t port = 0;

    return sip_scan_whole(agent, sip_scan_token) ||
           (sip_scan_hostport(&s, &host, &port) && s.at >= s.len);
}

void sip_write_warning(struct sip_writer *writer, const struct sip_warning *warning)
{
    if (warning->code < 100 || warning->code > 999)
        sip_write_fail(writer, SIP_EINVAL);
    sip_write_decimal(writer, warning->code);
    sip_write_text(writer, " ");
    sip_write_first(writer, warning->agent, is_agent(warning->agent));
    sip_write_text(writer, " ");
    sip_write_first(writer, warning->text, sip_scan_whole(warning->text, sip_scan_quoted));
}

/* --- Date --- */

static bool is_leap(unsigned year)
{
    return year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
}

static unsigned days_in(unsigned year, unsigned month)
{
    static const uint8_t days[12] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};

    return month == 2 && is_leap(year) ? 29 : days[month - 1];
}

/* 0 is Monday: the days since a Monday, the first of March of the year 0, reckoned in years that
 * begin with March, so that a leap day is the last. */
static unsigned weekday_of(const struct sip_date *date)
{
    unsigned year =
        date->month > 2 ? date->year : date->year + 399u; /* 400 years are whole weeks */
    unsigned month = (date->month + 9u) % 12;

    return (year * 365 + year / 4 - year / 100 + year / 400 + (month * 153 + 2) / 5 + date->day +
            1) %
           7;
}

static void write_two(struct sip_writer *writer, unsigned number, const char *behind)
{
    char digits[2] = {(char)('0' + number / 10 % 10), (char)('0' + number % 10)};

    sip_write_piece(writer, sip_bytes(digits, 2));
    sip_write_text(writer, behind);
}

void sip_write_date(struct sip_writer *writer, const struct sip_date *date)
{
    static const char weekdays[] = "MonTueWedThuFriSatSun";
    static const char months[] = "JanFebMarAprMayJunJulAugSepOctNovDec";

    if (date->year > 9999 || date->month < 1 || date->month > 12 || date->day < 1 ||
        date->day > days_in(date->year, date->month) || date->hour > 23 || date->minute > 59 ||
        date->second > 59) {
        sip_write_fail(writer, SIP_EINVAL);
        return;
    }
    sip_write_piece(writer, sip_bytes(weekdays + 3 * weekday_of(date), 3));
    sip_write_text(writer, ", ");
    write_two(writer, date->day, " ");
    sip_write_piece(writer, sip_bytes(months + 3 * (date->month - 1u), 3));
    sip_write_text(writer, " ");
    write_two(writer, date->year / 100u, "");
    write_two(writer, date->year % 100u, " ");
    write_two(writer, date->hour, ":");
    write_two(writer, date->minute, ":");
    write_two(writer, date->second, " GMT");
}

/* --- credentials and challenges --- */

void sip_write_auth(struct sip_writer *writer, const struct sip_auth *auth)
{
    struct sip_str rest = auth->fields;
    struct sip_param field;
    bool first = true;

    if (auth->scheme.at) {
        sip_write_first(writer, auth->scheme, sip_scan_whole(auth->scheme, sip_scan_token));
        sip_write_text(writer, " ");
    }
    for (; sip_auth_next(&rest, &field); first = false) {
        if (!first)
            sip_write_text(writer, ", ");
        sip_write_received(writer, field.name);
        sip_write_text(writer, "=");
        sip_write_received(writer, field.value);
    }
    if (first || rest.len > 0)
        sip_write_fail(writer, SIP_EINVAL);
}

/* --- Server, User-Agent --- */

void sip_write_product(struct sip_writer *writer, const struct sip_product *product)
{
    if (product->comment.at) {
        sip_write_first(writer, product->comment,
                        sip_scan_whole(product->comment, sip_scan_comment));
        return;
    }
    sip_write_first(writer, product->name, sip_scan_whole(product->name, sip_scan_token));
    if (product->version.at) {
        sip_write_text(writer, "/");
        sip_write_first(writer, product->version, sip_scan_whole(product->version, sip_scan_token));
    }
}
