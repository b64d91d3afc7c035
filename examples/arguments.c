#include "arguments.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char *program = "";

_Noreturn void arguments_refuse(const char *what, const char *value, const char *how)
{
    fprintf(stderr, "%s: %s%s%s: %s\n", program, what, value ? " " : "", value ? value : "", how);
    exit(2);
}

static _Noreturn void refuse_unknown(const struct argument *table, const char *given)
{
    fprintf(stderr, "%s: %s: no such option; there are", program, given);
    for (; table->kind; table++)
        fprintf(stderr, " %s%s%s", table->name, table->want ? " " : "",
                table->want ? table->want : "");
    fprintf(stderr, "\n");
    exit(2);
}

static void read_value(const struct argument *argument, const char *value)
{
    struct argument_texts *texts = argument->at;
    char *end;
    unsigned long number;

    if (argument->kind == ARGUMENT_TEXT) {
        *(const char **)argument->at = value;
    } else if (argument->kind == ARGUMENT_TEXTS) {
        if (texts->count == ARGUMENT_TEXTS_MAX)
            arguments_refuse(argument->name, value, "that is one too many");
        texts->at[texts->count++] = value;
    } else {
        number = strtoul(value, &end, 10);
        if (value[0] < '0' || value[0] > '9' || *end || number < 1 || number > 1000000)
            arguments_refuse(argument->name, value, "wants a number from 1 to 1000000");
        *(unsigned *)argument->at = (unsigned)number;
    }
}

static bool lacks(const struct argument *argument)
{
    const struct argument_texts *texts = argument->at;

    return argument->needed &&
           (argument->kind == ARGUMENT_TEXTS ? texts->count == 0 : !*(const char **)argument->at);
}

void arguments_read(const struct argument *table, int argc, char **argv)
{
    const char *slash = strrchr(argv[0], '/');

    program = slash ? slash + 1 : argv[0];
    for (int i = 1; i < argc; i++) {
        const struct argument *argument = table;

        while (argument->kind && strcmp(argument->name, argv[i]) != 0)
            argument++;
        if (argument->kind == ARGUMENT_END)
            refuse_unknown(table, argv[i]);
        if (argument->kind == ARGUMENT_FLAG)
            *(bool *)argument->at = true;
        else if (i + 1 == argc)
            arguments_refuse(argument->name, argument->want, "is what it takes");
        else
            read_value(argument, argv[++i]);
    }
    for (; table->kind; table++) {
        if (lacks(table))
            arguments_refuse(table->name, table->want, "is needed");
    }
}

void arguments_listen(struct sip_posix *posix, const char *where, struct sip_path *bound)
{
    int error = sip_posix_listen(posix, where, bound);

    if (error < 0)
        arguments_refuse("--listen", where,
                         error == SIP_ESYSTEM ? strerror(errno)
                                              : "wants udp:ADDRESS:PORT or tcp:ADDRESS:PORT");
}
