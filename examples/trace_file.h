/* A trace as lines in a file (sip/ladder.h), for build/examples/ladder to merge and draw. */
#ifndef TRACE_FILE_H
#define TRACE_FILE_H

#include <sip/sip.h>

/* Opens `path` and points `tracer` at it; `who` stands in each line and must live on. Lines are
 * written at once. Returns false, with errno, when the file cannot be written. */
bool trace_file_open(struct sip_tracer *tracer, const char *path, const char *who);

#endif
