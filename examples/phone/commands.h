/* What the user types: one command a line. */
#ifndef PHONE_COMMANDS_H
#define PHONE_COMMANDS_H

struct phone;

/* Begins to read standard input. */
void commands_begin(struct phone *phone);

#endif
