/* A trace record as the words of one line, for the files of this folder. */
#ifndef SIP_TRACE_RECORD_H
#define SIP_TRACE_RECORD_H

#include "sip/ladder.h"
#include "trace/text.h"

/* Fills `*entry` from a record, `who` excepted; `entry->text` is written into `text`. */
void sip_record_entry(struct sip_ladder_entry *entry, const struct sip_trace *, struct sip_text *);

#endif
