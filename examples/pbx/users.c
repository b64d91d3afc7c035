#include "pbx/users.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

/* NULL, or what is wrong with the line. */
static const char *read_user(struct users *users, const char *line)
{
    struct user *user = &users->at[users->count];
    const char *colon = strchr(line, ':');
    size_t name = colon ? (size_t)(colon - line) : 0;
    size_t password = colon ? strcspn(colon + 1, "\r\n") : 0;

    if (!name || name >= USER_TEXT || password >= USER_TEXT)
        return "wants name:password, each shorter than 64 bytes";
    if (users->count == USERS_MAX)
        return "one user too many";
    memset(user, 0, sizeof *user);
    memcpy(user->name, line, name);
    memcpy(user->password, colon + 1, password);
    for (size_t i = 0; i < users->count; i++) {
        if (strcmp(users->at[i].name, user->name) == 0)
            return "that user stands there already";
    }
    users->count++;
    return NULL;
}

bool users_read(struct users *users, const char *path, char *why, size_t why_size)
{
    FILE *file = fopen(path, "r");
    const char *wrong = NULL;
    char line[256];

    if (!file) {
        snprintf(why, why_size, "%s: %s", path, strerror(errno));
        return false;
    }
    for (unsigned number = 1; !wrong && fgets(line, sizeof line, file); number++) {
        if (line[0] == '#' || line[strspn(line, " \t\r\n")] == '\0')
            continue;
        wrong = read_user(users, line);
        if (wrong)
            snprintf(why, why_size, "%s:%u: %s", path, number, wrong);
    }
    if (!wrong && (ferror(file) || !users->count)) {
        wrong = ferror(file) ? strerror(errno) : "no user in it";
        snprintf(why, why_size, "%s: %s", path, wrong);
    }
    fclose(file);
    return !wrong;
}

const struct user *users_find(const struct users *users, struct sip_str name)
{
    char plain[USER_TEXT];
    long len = sip_uri_unescape(name, plain, sizeof plain);

    for (size_t i = 0; len > 0 && i < users->count; i++) {
        if (sip_str_equal(sip_str(users->at[i].name), sip_bytes(plain, (size_t)len)))
            return &users->at[i];
    }
    return NULL;
}

const struct user *users_named(const struct users *users, const struct sip_credentials *credentials)
{
    for (size_t i = 0; i < users->count; i++) {
        if (sip_credentials_name(credentials, sip_str(users->at[i].name)))
            return &users->at[i];
    }
    return NULL;
}
