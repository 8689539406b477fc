/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The value goes to the tool through a pipe, never through its arguments. To clear it later, a helper is
 * started afresh from this program, so that it shares no memory with the open vault. All it is told, through
 * a pipe as well, is a random key and the HMAC of the value under it: enough to recognise the value on the
 * clipboard, and no use for finding it out once the helper is gone.
 *
 * The helper is there and told before anything is copied, and begins to count when its pipe is closed:
 * nothing is on the clipboard that nobody would clear, also when the program is killed right after. */

#define G_LOG_DOMAIN "sp-cli-clipboard"

#include "config.h"

#include "cli/sp-cli-clipboard.h"

#include <errno.h>
#include <glib/gi18n.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/sp-wipe.h"
#include "cli/sp-cli-error.h"
#include "cli/sp-cli-input.h"
#include "cli/sp-cli-output.h"
#include "crypto/sp-hash.h"
#include "crypto/sp-random.h"

#define KEY_LEN 32
#define MAC_LEN SP_SHA256_LEN

/* After this long the helper ends, also when the owner of the clipboard never answers. */
#define PATIENCE_SECONDS 30

typedef struct {
  const char *program;
  const char *copy[5];
  const char *paste[5];
  const char *clear[5];
} Tool;

static const Tool wayland_tool = {
  "wl-copy",
  { "wl-copy", "--type", "text/plain", NULL },
  { "wl-paste", "--no-newline", NULL },
  { "wl-copy", "--clear", NULL },
};

/* xclip has no word for clearing: it is given nothing to offer. */
static const Tool x11_tool = {
  "xclip",
  { "xclip", "-selection", "clipboard", "-in", NULL },
  { "xclip", "-selection", "clipboard", "-out", NULL },
  { "xclip", "-selection", "clipboard", "-in", NULL },
};

static gboolean
is_usable (const Tool *tool, const char *variable)
{
  g_autofree char *program = g_find_program_in_path (tool->program);

  return program != NULL && g_getenv (variable) != NULL;
}

static const Tool *
find_tool (GError **error)
{
  if (is_usable (&wayland_tool, "WAYLAND_DISPLAY"))
    return &wayland_tool;
  if (is_usable (&x11_tool, "DISPLAY"))
    return &x11_tool;
  g_set_error_literal (
      error, SP_CLI_ERROR, SP_CLI_ERROR_IO,
      _("There is no clipboard to copy to: it takes wl-copy (package wl-clipboard) in "
                         "a Wayland session, or xclip in an X11 session."));
  return NULL;
}

/* wl-copy puts what it is given into a file; let that be in memory, where only the user can look. */
static char **
make_environment (void)
{
  char **environment = g_get_environ ();
  const char *runtime = g_environ_getenv (environment, "XDG_RUNTIME_DIR");

  if (runtime != NULL)
    environment = g_environ_setenv (environment, "TMPDIR", runtime, TRUE);
  return environment;
}

static gboolean
spawn (const char *const *arguments,
       GSpawnFlags flags,
       GPid *out_pid,
       int *out_in,
       int *out_out,
       GError **error)
{
  g_auto (GStrv) environment = make_environment ();
  g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();
  g_auto (GStrv) copy = NULL;

  for (gsize i = 0; arguments[i] != NULL; i++)
    g_strv_builder_add (builder, arguments[i]);
  copy = g_strv_builder_end (builder);

  flags |= G_SPAWN_SEARCH_PATH | G_SPAWN_STDERR_TO_DEV_NULL;
  if (out_out == NULL)
    flags |= G_SPAWN_STDOUT_TO_DEV_NULL;
  return g_spawn_async_with_pipes (NULL, copy, environment, flags, NULL, NULL, out_pid, out_in,
                                   out_out, NULL, error);
}

static gboolean
wait_for (GPid pid)
{
  int status = 0;
  pid_t done;

  do
    done = waitpid (pid, &status, 0);
  while (done < 0 && errno == EINTR);
  return done == pid && WIFEXITED (status) && WEXITSTATUS (status) == 0;
}

/* Runs a tool on what it is given. The tool stays behind, in the background, for as long as it owns the
 * clipboard. */
static gboolean
feed (const char *const *arguments, const char *data, gsize len, GError **error)
{
  GPid pid;
  int in = -1;
  gboolean written;

  if (!spawn (arguments, G_SPAWN_DO_NOT_REAP_CHILD, &pid, &in, NULL, error))
    return FALSE;
  written = sp_cli_write_all (in, data, len);
  close (in);
  if (wait_for (pid) && written)
    return TRUE;
  g_set_error (error, SP_CLI_ERROR, SP_CLI_ERROR_IO,
               _("%s could not reach the clipboard."), arguments[0]);
  return FALSE;
}

static gboolean
tell_helper (int in, const SpSecret *value, GError **error)
{
  g_autoptr (SpSecret) key = sp_random_secret (KEY_LEN, error);
  guint8 mac[MAC_LEN];
  gboolean told = FALSE;
  const guint8 *data;
  gsize len;

  data = sp_secret_peek (value, &len);
  if (key != NULL && sp_hmac (SP_HASH_SHA256, key, data, len, mac, error)) {
    told = sp_cli_write_all (in, sp_secret_peek_text (key), KEY_LEN) &&
           sp_cli_write_all (in, (const char *) mac, MAC_LEN);
    if (!told)
      sp_cli_error_set_errno (error, errno,
                              _("The helper that clears the clipboard did not start"));
  }
  SP_WIPE_ARRAY (mac);
  return told;
}

/* The helper answers with a byte once it runs and has found its tool. */
static gboolean
is_ready (int out, GError **error)
{
  gssize n;
  char byte;

  do
    n = read (out, &byte, 1);
  while (n < 0 && errno == EINTR);
  if (n == 1)
    return TRUE;
  g_set_error_literal (
      error, SP_CLI_ERROR, SP_CLI_ERROR_IO,
      _("The helper that clears the clipboard did not start; nothing was copied."));
  return FALSE;
}

/* Gives the descriptor that lets the helper count when it is closed, or -1. */
static int
start_helper (const SpSecret *value, guint seconds, GError **error)
{
  g_autofree char *seconds_text = g_strdup_printf ("%u", seconds);
  const char *const arguments[] = { "/proc/self/exe", "clear-clipboard", seconds_text, NULL };
  int in = -1, out = -1;
  gboolean started;

  if (!spawn (arguments, 0, NULL, &in, &out, error))
    return -1;
  started = is_ready (out, error) && tell_helper (in, value, error);
  close (out);
  if (started)
    return in;
  close (in);
  return -1;
}

/**
 * sp_cli_clipboard_copy:
 * @value: what to copy
 * @seconds: after how long it is cleared; 0 for never
 * @error: return location
 *
 * Puts @value onto the clipboard, and has it cleared later unless something else is there by then. Without
 * a helper to do so nothing is copied.
 *
 * Returns: whether it is there, and will go
 */
gboolean
sp_cli_clipboard_copy (const SpSecret *value, guint seconds, GError **error)
{
  const Tool *tool = find_tool (error);
  int helper = -1;
  gboolean copied;

  if (tool == NULL)
    return FALSE;
  /* A tool that dies early is an error to tell, not a reason to die. */
  (void) signal (SIGPIPE, SIG_IGN);
  if (seconds > 0) {
    helper = start_helper (value, seconds, error);
    if (helper < 0)
      return FALSE;
  }
  copied = feed (tool->copy, sp_secret_peek_text (value), sp_secret_get_length (value), error);
  if (helper >= 0)
    close (helper);
  return copied;
}

static SpSecret *
paste (const Tool *tool, GError **error)
{
  g_autoptr (SpCliInput) input = NULL;
  SpSecret *value;
  GPid pid;
  int out = -1;

  if (!spawn (tool->paste, G_SPAWN_DO_NOT_REAP_CHILD, &pid, NULL, &out, error))
    return NULL;
  input = sp_cli_input_new_for_fd (out, tool->paste[0]);
  value = sp_cli_input_read_all (input, error);
  (void) wait_for (pid);
  return value;
}

static gboolean
clear_if_ours (const Tool *tool,
               const SpSecret *key,
               const guint8 mac[static MAC_LEN],
               GError **error)
{
  g_autoptr (SpSecret) value = paste (tool, error);
  guint8 found[MAC_LEN];
  const guint8 *data;
  gboolean ours;
  gsize len;

  if (value == NULL)
    return FALSE;
  data = sp_secret_peek (value, &len);
  if (!sp_hmac (SP_HASH_SHA256, key, data, len, found, error))
    return FALSE;
  ours = sp_bytes_equal (found, mac, MAC_LEN);
  SP_WIPE_ARRAY (found);
  return !ours || feed (tool->clear, "", 0, error);
}

/**
 * sp_cli_clipboard_clear_later:
 * @seconds: how long to wait
 * @error: return location
 *
 * What the helper does: it leaves the terminal's session, says on standard output that it is there, reads
 * key and HMAC from standard input to its end, waits, and clears the clipboard if what is there has that
 * HMAC.
 *
 * Returns: %FALSE, with @error set, if it could not be seen to
 */
gboolean
sp_cli_clipboard_clear_later (guint seconds, GError **error)
{
  const Tool *tool = find_tool (error);
  g_autoptr (SpCliInput) input = NULL;
  g_autoptr (SpSecret) told = NULL;
  g_autoptr (SpSecret) key = NULL;
  const guint8 *data;
  gsize len;

  input = tool != NULL ? sp_cli_input_open ("-", error) : NULL;
  if (input == NULL)
    return FALSE;
  (void) signal (SIGPIPE, SIG_IGN);
  (void) setsid ();
  if (!sp_cli_write_all (STDOUT_FILENO, "\n", 1)) {
    sp_cli_error_set_errno (error, errno, _("The output cannot be written"));
    return FALSE;
  }
  told = sp_cli_input_read_all (input, error);
  if (told == NULL)
    return FALSE;
  data = sp_secret_peek (told, &len);
  if (len != KEY_LEN + MAC_LEN) {
    g_set_error_literal (error, SP_CLI_ERROR, SP_CLI_ERROR_USAGE,
                         _("This command is for “copy” alone."));
    return FALSE;
  }
  key = sp_secret_new (data, KEY_LEN);
  while (seconds > 0)
    seconds = sleep (seconds);
  (void) alarm (PATIENCE_SECONDS);
  return clear_if_ours (tool, key, data + KEY_LEN, error);
}
