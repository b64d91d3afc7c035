#include "phone/commands.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "phone/phone.h"

static const char *command_call(struct phone *phone, const char *uri)
{
    return uri ? call_start(phone, uri) : "wants a URI, as in: call sip:bob@example.net";
}

static const char *command_answer(struct phone *phone, const char *word)
{
    (void)word;
    return call_answer(phone);
}

static const char *command_reject(struct phone *phone, const char *word)
{
    long status = word ? strtol(word, NULL, 10) : 486;

    return status >= 400 && status <= 699 ? call_reject(phone, (unsigned)status)
                                          : "wants a status from 400 to 699";
}

static const char *command_hang_up(struct phone *phone, const char *word)
{
    (void)word;
    return call_hang_up(phone);
}

static const char *command_hold(struct phone *phone, const char *word)
{
    (void)word;
    return call_hold(phone);
}

static const char *command_resume(struct phone *phone, const char *word)
{
    (void)word;
    return call_resume(phone);
}

static const char *command_status(struct phone *phone, const char *word)
{
    (void)word;
    phone_say("status aor=%s registered=%s call=%u state=%s", phone->options.aor,
              phone->registered ? "yes" : "no", phone->call.number, call_status(&phone->call));
    return NULL;
}

static const char *command_quit(struct phone *phone, const char *word)
{
    (void)word;
    phone_leave(phone);
    return NULL;
}

static const struct {
    const char *name;
    const char *(*run)(struct phone *phone, const char *word);
} commands[] = {
    {"call", command_call},      {"answer", command_answer}, {"reject", command_reject},
    {"hangup", command_hang_up}, {"hold", command_hold},     {"resume", command_resume},
    {"status", command_status},  {"quit", command_quit},
};

enum { COMMANDS = sizeof commands / sizeof commands[0] };

static void run_line(struct phone *phone, char *line)
{
    const char *name = strtok(line, " \t\r"), *word = strtok(NULL, " \t\r"), *why;

    if (!name)
        return;
    for (size_t i = 0; i < COMMANDS; i++) {
        if (strcmp(commands[i].name, name) == 0) {
            why = commands[i].run(phone, word);
            if (why)
                phone_complain("%s: %s", name, why);
            return;
        }
    }
    phone_complain("%s: no such command; there are call URI, answer, reject [STATUS], hangup, "
                   "hold, resume, status, quit",
                   name);
}

static void end_input(struct phone *phone, int fd)
{
    sip_posix_unwatch(phone->posix, fd);
    phone->input_over = true;
    phone_idle(phone);
}

/* Reads what is there; whole lines are run, the rest waits for its end, which that of the input is
 * too. */
static void input_came(void *host, int fd)
{
    static char text[1024];
    static size_t used;
    struct phone *phone = host;
    ssize_t got = read(fd, text + used, sizeof text - 1 - used);
    char *end;

    if (got <= 0) {
        text[used] = '\0';
        run_line(phone, text);
        end_input(phone, fd);
        return;
    }
    used += (size_t)got;
    while ((end = memchr(text, '\n', used)) != NULL) {
        size_t len = (size_t)(end - text) + 1;

        *end = '\0';
        run_line(phone, text);
        used -= len;
        memmove(text, text + len, used);
    }
    if (used == sizeof text - 1) {
        phone_complain("a line of %zu bytes is no command", used);
        end_input(phone, fd);
    }
}

/* A file (or /dev/null) cannot be waited for, and need not be: all of it is there. */
void commands_begin(struct phone *phone)
{
    if (sip_posix_watch(phone->posix, STDIN_FILENO, input_came, phone) == 0)
        return;
    while (!phone->input_over)
        input_came(phone, STDIN_FILENO);
}
