/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The terminal without echo.
 *
 * While a question stands, the signals that would end or stop the program are blocked and come in through
 * a signalfd, so that the terminal is put back as it was before the signal is let do its work, and no
 * handler with its global state is needed. After a stop, the question is asked anew.
 *
 * The kernel still edits the line (erase, kill); what was typed comes byte by byte into guarded memory. */

#define G_LOG_DOMAIN "sp-cli-prompt"

#include "config.h"

#include "cli/sp-cli-prompt.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gi18n.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/signalfd.h>
#include <termios.h>
#include <unistd.h>

#include "base/sp-wipe.h"
#include "cli/sp-cli-error.h"
#include "cli/sp-cli-output.h"

#define MAX_LINE (64 * 1024)

typedef struct {
  int tty;
  int signals;
  gboolean echo;
  gboolean quiet; /* the terminal is changed and has to be put back */
  struct termios saved;
  sigset_t saved_mask;
} Terminal;

static void
watched_signals (sigset_t *out_set)
{
  const int watched[] = { SIGINT, SIGTERM, SIGHUP, SIGQUIT, SIGTSTP };

  sigemptyset (out_set);
  for (gsize i = 0; i < G_N_ELEMENTS (watched); i++)
    sigaddset (out_set, watched[i]);
}

/* Blocks the signals first: there is no moment with the echo off and a signal's way open. */
static gboolean
terminal_prepare (Terminal *self)
{
  sigset_t watched;
  struct termios changed;

  watched_signals (&watched);
  (void) sigprocmask (SIG_BLOCK, &watched, NULL);
  if (tcgetattr (self->tty, &self->saved) != 0)
    return FALSE;
  changed = self->saved;
  changed.c_lflag |= ICANON | ISIG;
  changed.c_iflag |= ICRNL | IUTF8;
  if (!self->echo)
    changed.c_lflag &= ~(tcflag_t) (ECHO | ECHOE | ECHOK | ECHONL);
  self->quiet = tcsetattr (self->tty, TCSAFLUSH, &changed) == 0;
  return self->quiet;
}

static void
terminal_restore (Terminal *self)
{
  if (self->quiet)
    (void) tcsetattr (self->tty, TCSAFLUSH, &self->saved);
  self->quiet = FALSE;
  (void) sigprocmask (SIG_SETMASK, &self->saved_mask, NULL);
}

static void
terminal_close (Terminal *self)
{
  terminal_restore (self);
  if (self->signals >= 0)
    close (self->signals);
  if (self->tty >= 0)
    close (self->tty);
}

static gboolean
terminal_open (Terminal *self, gboolean echo, GError **error)
{
  sigset_t watched;

  memset (self, 0, sizeof *self);
  self->signals = -1;
  self->echo = echo;
  (void) sigprocmask (SIG_SETMASK, NULL, &self->saved_mask);
  self->tty = open ("/dev/tty", O_RDWR | O_CLOEXEC | O_NOCTTY);
  if (self->tty < 0) {
    g_set_error_literal (error, SP_CLI_ERROR, SP_CLI_ERROR_USAGE,
                         _("There is no terminal to ask on; give what is asked for by an option "
                           "(--password-file, --yes)."));
    return FALSE;
  }
  watched_signals (&watched);
  self->signals = signalfd (-1, &watched, SFD_CLOEXEC);
  if (self->signals < 0 || !terminal_prepare (self)) {
    sp_cli_error_set_errno (error, errno, _("The terminal cannot be set up for a question"));
    terminal_close (self);
    return FALSE;
  }
  return TRUE;
}

static void
terminal_write (Terminal *self, const char *text)
{
  g_autofree char *safe = sp_cli_escape (text);

  (void) sp_cli_write_all (self->tty, safe, strlen (safe));
}

/* Puts the terminal back and lets the signal do what it does; if that was to stop, or nothing, goes on. */
static gboolean
terminal_take_signal (Terminal *self)
{
  struct signalfd_siginfo info;

  if (read (self->signals, &info, sizeof info) != (gssize) sizeof info)
    return TRUE;
  (void) sp_cli_write_all (self->tty, "\n", 1);
  terminal_restore (self);
  (void) raise ((int) info.ssi_signo);
  return terminal_prepare (self);
}

typedef enum {
  GOT_BYTE,
  GOT_END,
  GOT_SIGNAL,
  GOT_ERROR,
} Event;

static Event
terminal_wait (Terminal *self, guint8 *out_byte)
{
  struct pollfd sources[] = {
    { .fd = self->signals, .events = POLLIN },
    { .fd = self->tty, .events = POLLIN },
  };
  gssize n;

  if (poll (sources, G_N_ELEMENTS (sources), -1) < 0)
    return errno == EINTR ? GOT_SIGNAL : GOT_ERROR;
  if ((sources[0].revents & POLLIN) != 0)
    return terminal_take_signal (self) ? GOT_SIGNAL : GOT_ERROR;
  n = read (self->tty, out_byte, 1);
  if (n == 1)
    return GOT_BYTE;
  if (n < 0 && errno == EINTR)
    return GOT_SIGNAL;
  return n == 0 ? GOT_END : GOT_ERROR;
}

/* TRUE with the line in the buffer; FALSE when the user closed the input or the terminal went away. */
static gboolean
terminal_read_line (Terminal *self, const char *question, SpSecretBuffer *line)
{
  gboolean done = FALSE;

  terminal_write (self, question);
  while (!done) {
    guint8 byte = 0;

    switch (terminal_wait (self, &byte)) {
    case GOT_BYTE:
      done = byte == '\n';
      if (!done)
        sp_secret_buffer_append (line, &byte, 1);
      sp_wipe (&byte, 1);
      break;
    case GOT_SIGNAL:
      sp_secret_buffer_truncate (line, 0);
      terminal_write (self, question);
      break;
    case GOT_END:
    case GOT_ERROR:
    default:
      return FALSE;
    }
    if (sp_secret_buffer_get_length (line) > MAX_LINE)
      return FALSE;
  }
  if (!self->echo)
    (void) sp_cli_write_all (self->tty, "\n", 1);
  return TRUE;
}

static SpSecret *
ask (const char *question, gboolean echo, GError **error)
{
  g_autoptr (SpSecretBuffer) line = sp_secret_buffer_new ();
  Terminal terminal;
  gboolean answered;

  if (!terminal_open (&terminal, echo, error))
    return NULL;
  answered = terminal_read_line (&terminal, question, line);
  terminal_close (&terminal);
  if (!answered) {
    g_set_error_literal (error, SP_CLI_ERROR, SP_CLI_ERROR_DENIED,
                         _("No answer was given; nothing was done."));
    return NULL;
  }
  return sp_secret_buffer_finish (line);
}

/**
 * sp_cli_prompt_secret:
 * @question: what stands before the cursor, translated
 * @error: return location
 *
 * Asks for a line on the terminal without showing it.
 *
 * Returns: (transfer full) (nullable): the line without its newline, or `NULL` with @error set: there is no
 *   terminal, or the user closed the input
 */
SpSecret *
sp_cli_prompt_secret (const char *question, GError **error)
{
  g_return_val_if_fail (question != NULL, NULL);

  return ask (question, FALSE, error);
}

/**
 * sp_cli_prompt_confirm:
 * @question: what stands before the cursor, translated
 * @out_yes: (out): whether the answer was "y" or "yes", in any case
 * @error: return location
 *
 * Asks a question on the terminal to which only a clear yes is a yes.
 *
 * Returns: whether there was an answer
 */
gboolean
sp_cli_prompt_confirm (const char *question, gboolean *out_yes, GError **error)
{
  g_autoptr (SpSecret) answer = NULL;
  const char *text;

  g_return_val_if_fail (question != NULL && out_yes != NULL, FALSE);

  answer = ask (question, TRUE, error);
  if (answer == NULL)
    return FALSE;
  text = sp_secret_peek_text (answer);
  *out_yes = g_ascii_strcasecmp (text, "y") == 0 || g_ascii_strcasecmp (text, "yes") == 0;
  return TRUE;
}
