/* Values that are numbers, dates and single words: sip/fields.h. A number is read once more here,
 * and a date made anew. */
#include "value.h"

/* 1*DIGIT; UINT64_MAX for anything else and for what is longer than 18 digits. */
static uint64_t number_of(struct sip_str text)
{
    uint64_t number = 0;
    size_t i = 0;

    while (i < text.len && text.at[i] == '0')
        i++;
    if (text.len == 0 || text.len - i > 18)
        return UINT64_MAX;
    for (; i < text.len; i++) {
        if (text.at[i] < '0' || text.at[i] > '9')
            return UINT64_MAX;
        number = number * 10 + (uint64_t)(text.at[i] - '0');
    }
    return number;
}

static int number_up_to(uint32_t *got, struct sip_str value, uint32_t max, struct sip_fault *fault)
{
    uint64_t wanted = number_of(value);
    int result = sip_number_parse(got, value, max, fault);

    require((result == 0) == (wanted <= max));
    require(result != 0 || *got == wanted);
    return result;
}

static int byte_parse(uint32_t *got, struct sip_str value, struct sip_fault *fault)
{
    return number_up_to(got, value, 255, fault);
}

static int seconds_parse(uint32_t *got, struct sip_str value, struct sip_fault *fault)
{
    return number_up_to(got, value, UINT32_MAX, fault);
}

static void write_number(struct sip_writer *writer, const uint32_t *number)
{
    sip_write_decimal(writer, *number);
}

/* qvalue = ( "0" [ "." 0*3DIGIT ] ) / ( "1" [ "." 0*3("0") ] ) */
static int qvalue_of(struct sip_str text)
{
    int thousandths = 0, unit = 1000;

    if (text.len < 1 || text.len > 5 || (text.len > 1 && text.at[1] != '.'))
        return -1;
    for (size_t i = 0; i < text.len; i++) {
        if (i == 1)
            continue;
        if (text.at[i] < '0' || text.at[i] > '9')
            return -1;
        thousandths += (text.at[i] - '0') * unit;
        unit /= 10;
    }
    return thousandths > 1000 ? -1 : thousandths;
}

static int qvalue_parse(int *got, struct sip_str value, struct sip_fault *fault)
{
    struct sip_fault unsaid = {SIP_BAD_NUMBER, SIP_HEADER_OTHER, 0};
    int thousandths = sip_qvalue(value);

    require(thousandths == qvalue_of(value));
    if (thousandths >= 0) {
        *got = thousandths;
        return 0;
    }
    *fault = unsaid;
    return SIP_EBAD;
}

static void write_qvalue(struct sip_writer *writer, const int *thousandths)
{
    char text[16];

    snprintf(text, sizeof text, "%d.%03d", *thousandths / 1000, *thousandths % 1000);
    sip_write_text(writer, text);
}

static void write_cseq(struct sip_writer *writer, const struct sip_cseq *cseq)
{
    sip_write_decimal(writer, cseq->number);
    sip_write_text(writer, " ");
    sip_write_received(writer, cseq->method_name);
}

/* SIP-date with the right day of the week, counted from the Wednesday 1 March 2000. */
static void write_date(struct sip_writer *writer, const struct sip_date *date)
{
    static const char days[] = "WedThuFriSatSunMonTue";
    static const char months[] = "JanFebMarAprMayJunJulAugSepOctNovDec";
    unsigned year = date->year + 4000u - (date->month < 3), month = (date->month + 9u) % 12;
    unsigned day =
        365 * year + year / 4 - year / 100 + year / 400 + (153 * month + 2) / 5 + date->day - 1;
    char text[40];

    require(date->month >= 1 && date->month <= 12 && date->day >= 1 && date->day <= 31);
    day -= 365 * 6000 + 6000 / 4 - 6000 / 100 + 6000 / 400; /* may be below zero, and wraps */
    day = (day + 7u * 400000) % 7;
    snprintf(text, sizeof text, "%.3s, %02u %.3s %04u %02u:%02u:%02u GMT", days + 3 * day,
             date->day & 31u, months + 3 * (date->month - 1), date->year % 10000u,
             date->hour % 100u, date->minute % 100u, date->second % 100u);
    sip_write_text(writer, text);
}

static void write_retry_after(struct sip_writer *writer, const struct sip_retry_after *value)
{
    sip_write_decimal(writer, value->seconds);
    sip_write_received(writer, value->comment);
    sip_write_text(writer, value->params.at ? ";" : "");
    sip_write_received(writer, value->params);
}

static void write_warning(struct sip_writer *writer, const struct sip_warning *warning)
{
    sip_write_decimal(writer, warning->code);
    sip_write_text(writer, " ");
    sip_write_received(writer, warning->agent);
    sip_write_text(writer, " ");
    sip_write_received(writer, warning->text);
}

static void write_text(struct sip_writer *writer, const struct sip_str *text)
{
    sip_write_received(writer, *text);
}

#define ITSELF look_number(eye, (uint64_t)*got);

KIND_OF(byte, uint32_t, byte_parse, write_number, ITSELF)
KIND_OF(seconds, uint32_t, seconds_parse, write_number, ITSELF)
KIND_OF(qvalue, int, qvalue_parse, write_qvalue, ITSELF)
KIND_OF(cseq, struct sip_cseq, sip_cseq_parse, write_cseq,
        NUMBER(number) NUMBER(method) TEXT(method_name))
KIND_OF(date, struct sip_date, sip_date_parse, write_date,
        NUMBER(year) NUMBER(month) NUMBER(day) NUMBER(hour) NUMBER(minute) NUMBER(second))
KIND_OF(retry_after, struct sip_retry_after, sip_retry_after_parse, write_retry_after,
        NUMBER(seconds) TEXT(comment) NUMBER(duration_s) PARAMS(params))
KIND_OF(warning, struct sip_warning, sip_warning_parse, write_warning,
        NUMBER(code) TEXT(agent) TEXT(text))
KIND_OF(call_id, struct sip_str, sip_call_id_parse, write_text, look_text(eye, *got);)

GROUP(&byte, &seconds, &qvalue, &cseq, &date, &retry_after, &warning, &call_id)
