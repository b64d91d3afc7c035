#include "trace_file.h"

#include <stdio.h>

static FILE *file;

static void write_line(void *who, const struct sip_trace *trace)
{
    char line[SIP_LADDER_LINE];

    fwrite(line, 1, sip_ladder_line(trace, who, line, sizeof line), file);
}

bool trace_file_open(struct sip_tracer *tracer, const char *path, const char *who)
{
    file = fopen(path, "w");
    if (!file)
        return false;
    setvbuf(file, NULL, _IOLBF, BUFSIZ);
    tracer->trace = write_line;
    tracer->host = (void *)(uintptr_t)who;
    return true;
}
