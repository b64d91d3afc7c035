/* Lines of a record, each value written and read by one and the same function: what the recorder
 * writes is what the replayer reads.
 *
 * A line is a mark, a name, and values with a space before each. A number is decimal. A text
 * stands in quotes, with \r \n \\ \" and \xHH for other bytes that are not printable ASCII;
 * {NULL, 0} is "-".
 * An address is text, port and scope. */
#ifndef RECORD_FIELDS_H
#define RECORD_FIELDS_H

#include <sip/sip.h>

enum { FIELDS_TEXTS = 64, FIELDS_TARGETS = 8, FIELDS_EXTRAS = 16 };

struct fields {
    bool reading;
    bool bad;    /* reading: the line does not say what was asked for */
    char *line;  /* with a NUL, without a LF */
    size_t used; /* written, or read so far */
    size_t room; /* of `line` when writing */

    /* Reading: where the values live until the next line. */
    char *texts[FIELDS_TEXTS];
    size_t text_count;
    struct sip_target targets[FIELDS_TARGETS];
    struct sip_extra extras[FIELDS_EXTRAS];
};

/* Begins to write a line "MARK NAME", or to read `line` behind them. Values of the line before are
 * gone. */
void fields_write(struct fields *fields, char mark, const char *name);
void fields_read(struct fields *fields, char *line);

/* Gives back what the last line took. */
void fields_forget(struct fields *fields);

/* A line of a record begins so. */
bool fields_named(const char *line, char mark, const char *name);

/* One value of each kind: writes `*value`, or stores what is read. */
void fields_number(struct fields *fields, uint64_t *value);
void fields_signed(struct fields *fields, int64_t *value);
void fields_u32(struct fields *fields, uint32_t *value);
void fields_u16(struct fields *fields, uint16_t *value);
void fields_u8(struct fields *fields, uint8_t *value);
void fields_bool(struct fields *fields, bool *value);
void fields_str(struct fields *fields, struct sip_str *value);
void fields_text(struct fields *fields, const char **value);
void fields_addr(struct fields *fields, struct sip_addr *value);
void fields_path(struct fields *fields, struct sip_path *value);
void fields_body(struct fields *fields, struct sip_body *value);

/* The arguments of the API that the phone uses. Host pointers are not part of it. */
void fields_config(struct fields *fields, struct sip_config *value);
void fields_account(struct fields *fields, struct sip_account_args *value);
void fields_registration(struct fields *fields, struct sip_registration_args *value);
void fields_call(struct fields *fields, struct sip_call_args *value);
void fields_message(struct fields *fields, struct sip_call_message *value);
void fields_refusal(struct fields *fields, struct sip_refusal *value);

/* Events. Written only: a replay compares what it would have written. */
void fields_call_event(struct fields *fields, const struct sip_call_event *event);
void fields_registration_event(struct fields *fields, const struct sip_registration_event *event);

#endif
