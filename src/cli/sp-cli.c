/* SPDX-License-Identifier: GPL-3.0-or-later */

/* From the arguments to the exit code.
 *
 * Global options may stand before the command and behind it; those behind win. Everything on the command
 * line must be UTF-8, whatever the locale: GLib's conversion from the locale's encoding would refuse an
 * "ä" in the C locale. */

#define G_LOG_DOMAIN "sp-cli"

#include "config.h"

#include "cli/sp-cli.h"

#include <gio/gunixoutputstream.h>
#include <glib/gi18n.h>
#include <string.h>
#include <unistd.h>

#include "cli/sp-cli-private.h"
#include "crypto/sp-crypto.h"

#define PROGRAM "securepass-cli"

typedef struct {
  char *vault;
  char *password_file;
  char *key_file;
  gboolean json;
  gboolean timings;
} Globals;

static void
add_global_entries (GOptionContext *context, Globals *globals)
{
  const GOptionEntry entries[] = {
    { "vault", 0, 0, G_OPTION_ARG_FILENAME, &globals->vault, N_ ("The vault file"), N_ ("FILE") },
    { "password-file", 0, 0, G_OPTION_ARG_FILENAME, &globals->password_file,
      N_ ("Read passwords from the lines of FILE, “-” or /dev/fd/N"), N_ ("FILE") },
    { "key-file", 0, 0, G_OPTION_ARG_FILENAME, &globals->key_file,
      N_ ("The key file that belongs to the password"), N_ ("FILE") },
    { "json", 0, 0, G_OPTION_ARG_NONE, &globals->json, N_ ("Print JSON"), NULL },
    { "timings", 0, 0, G_OPTION_ARG_NONE, &globals->timings,
      N_ ("Print milliseconds on standard error"), NULL },
    G_OPTION_ENTRY_NULL,
  };

  g_option_context_add_main_entries (context, entries, GETTEXT_PACKAGE);
}

static void
merge_globals (SpCli *self, Globals *globals)
{
  if (globals->vault != NULL) {
    g_free (self->vault_path);
    self->vault_path = g_steal_pointer (&globals->vault);
  }
  if (globals->password_file != NULL) {
    g_free (self->password_file);
    self->password_file = g_steal_pointer (&globals->password_file);
  }
  if (globals->key_file != NULL) {
    g_free (self->key_file);
    self->key_file = g_steal_pointer (&globals->key_file);
  }
  self->json = self->json || globals->json;
  self->timings = self->timings || globals->timings;
}

static gboolean
check_utf8 (int argc, char **argv, GError **error)
{
  for (int i = 1; i < argc; i++) {
    if (g_utf8_validate (argv[i], -1, NULL))
      continue;
    g_set_error (error, SP_CLI_ERROR, SP_CLI_ERROR_USAGE, _("Argument %d is not valid UTF-8."), i);
    return FALSE;
  }
  return TRUE;
}

static char *
describe_commands (const SpCliCommand *commands, gsize n_commands)
{
  GString *text = g_string_new (_("Commands:"));

  for (gsize i = 0; i < n_commands; i++) {
    if (commands[i].summary != NULL)
      g_string_append_printf (text, "\n  %-12s %s", commands[i].name, _ (commands[i].summary));
  }
  g_string_append (text, "\n\n");
  g_string_append (text, _("“" PROGRAM " COMMAND --help” says more about a command."));
  return g_string_free (text, FALSE);
}

static const SpCliCommand *
find_command (const char *name, const SpCliCommand *commands, gsize n_commands, GError **error)
{
  for (gsize i = 0; i < n_commands; i++) {
    if (g_str_equal (commands[i].name, name))
      return &commands[i];
  }
  g_set_error (error, SP_CLI_ERROR, SP_CLI_ERROR_USAGE, _("There is no command “%s”."), name);
  return NULL;
}

static void
print_version (void)
{
  sp_cli_write_all (STDOUT_FILENO, PROGRAM " " SP_VERSION "\n",
                    strlen (PROGRAM " " SP_VERSION "\n"));
}

static void
note_lines (SpCli *self, const char *text)
{
  g_auto (GStrv) lines = g_strsplit (text, "\n", -1);

  for (guint i = 0; lines[i] != NULL; i++)
    sp_cli_note (self, "%s", lines[i]);
}

/* Reads what stands before the command, and finds it. *out_done: there is no command to run. */
static gboolean
parse_globals (SpCli *self,
               const SpCliCommand *commands,
               gsize n,
               gboolean *out_done,
               GError **error)
{
  g_autoptr (GOptionContext) context = g_option_context_new (_("COMMAND [ARGUMENT…]"));
  g_autofree char *description = describe_commands (commands, n);
  gboolean version = FALSE;
  Globals globals = { NULL };
  gboolean parsed;
  const GOptionEntry entries[] = {
    { "version", 0, 0, G_OPTION_ARG_NONE, &version, N_ ("Print the version"), NULL },
    G_OPTION_ENTRY_NULL,
  };

  add_global_entries (context, &globals);
  g_option_context_add_main_entries (context, entries, GETTEXT_PACKAGE);
  g_option_context_set_strict_posix (context, TRUE);
  g_option_context_set_description (context, description);
  parsed = g_option_context_parse (context, &self->argc, &self->argv, error);
  merge_globals (self, &globals);
  g_free (globals.vault);
  g_free (globals.password_file);
  g_free (globals.key_file);
  if (!parsed)
    return FALSE;
  *out_done = version;
  if (version) {
    print_version ();
    return TRUE;
  }
  if (self->argc < 2) {
    g_autofree char *help = g_option_context_get_help (context, TRUE, NULL);

    note_lines (self, g_strchomp (help));
    g_set_error_literal (error, SP_CLI_ERROR, SP_CLI_ERROR_USAGE, _("A command is missing."));
    return FALSE;
  }
  self->argc--;
  self->argv++;
  self->command = find_command (self->argv[0], commands, n, error);
  return self->command != NULL;
}

static gboolean
check_operands (SpCli *self, char **operands, guint min, guint max, GError **error)
{
  guint n = operands != NULL ? g_strv_length (operands) : 0;

  if (n >= min && n <= max)
    return TRUE;
  g_set_error (error, SP_CLI_ERROR, SP_CLI_ERROR_USAGE, "%s %s %s %s",
               n < min ? _("Something is missing:")
                       : _("That is too much:"), PROGRAM, self->command->name,
                            _ (self->command->arguments));
  return FALSE;
}

/**
 * sp_cli_parse:
 * @self: a run
 * @entries: the options of the command, to a `G_OPTION_ENTRY_NULL`
 * @min_operands: how many operands there must be
 * @max_operands: how many there may be
 * @error: return location
 *
 * Reads what stands behind the command's name. An option that is not known is an error; `--` ends the
 * options. Texts must be taken as `G_OPTION_ARG_FILENAME`, whatever they are: the other kind would
 * convert them from the locale's encoding.
 *
 * Returns: (transfer full) (nullable): the operands, `NULL`-terminated, or `NULL` with @error set
 */
char **
sp_cli_parse (SpCli *self,
              const GOptionEntry *entries,
              guint min_operands,
              guint max_operands,
              GError **error)
{
  g_auto (GStrv) operands = NULL;
  g_autoptr (GOptionContext) context = NULL;
  g_autofree char *usage = NULL;
  Globals globals = { NULL };
  gboolean parsed;
  const GOptionEntry rest[] = {
    { G_OPTION_REMAINING, 0, 0, G_OPTION_ARG_FILENAME_ARRAY, &operands, NULL, NULL },
    G_OPTION_ENTRY_NULL,
  };

  usage = g_strdup_printf ("%s %s", self->command->name, _ (self->command->arguments));
  context = g_option_context_new (g_strchomp (usage));
  if (self->command->summary != NULL)
    g_option_context_set_summary (context, _ (self->command->summary));
  if (entries != NULL)
    g_option_context_add_main_entries (context, entries, GETTEXT_PACKAGE);
  add_global_entries (context, &globals);
  g_option_context_add_main_entries (context, rest, GETTEXT_PACKAGE);
  parsed = g_option_context_parse (context, &self->argc, &self->argv, error);
  merge_globals (self, &globals);
  g_free (globals.vault);
  g_free (globals.password_file);
  g_free (globals.key_file);
  if (!parsed || !check_operands (self, operands, min_operands, max_operands, error))
    return NULL;
  if (operands == NULL)
    operands = g_new0 (char *, 1);
  return g_steal_pointer (&operands);
}

/**
 * sp_cli_wants_json:
 * @self: a run
 *
 * Returns: whether the answer is to be JSON
 */
gboolean
sp_cli_wants_json (const SpCli *self)
{
  return self->json;
}

/**
 * sp_cli_get_output:
 * @self: a run
 *
 * Returns: (transfer none): standard output, for text
 */
SpCliOutput *
sp_cli_get_output (const SpCli *self)
{
  return self->output;
}

/**
 * sp_cli_get_json:
 * @self: a run
 *
 * Returns: (transfer none): standard output, for JSON
 */
SpJsonWriter *
sp_cli_get_json (SpCli *self)
{
  if (self->json_writer == NULL) {
    g_autoptr (GOutputStream) stream = g_unix_output_stream_new (STDOUT_FILENO, FALSE);

    self->json_writer = sp_json_writer_new (stream, TRUE);
  }
  return self->json_writer;
}

/**
 * sp_cli_note:
 * @self: a run
 * @format: a format for a sentence, translated
 *
 * Prints one line on standard error, with everything that a terminal would obey, newlines included, made
 * visible. What was put out before goes before it.
 */
void
sp_cli_note (SpCli *self, const char *format, ...)
{
  g_autofree char *text = NULL;
  g_autofree char *safe = NULL;
  g_autofree char *line = NULL;
  va_list arguments;

  /* A failure is kept, and told in the end. */
  sp_cli_output_send (self->output);
  va_start (arguments, format);
  text = g_strdup_vprintf (format, arguments);
  va_end (arguments);
  safe = sp_cli_escape (text);
  line = g_strconcat (safe, "\n", NULL);
  /* Where standard error cannot be written there is nowhere to say so. */
  (void) sp_cli_write_all (STDERR_FILENO, line, strlen (line));
}

static gboolean
flush (SpCli *self, GError **error)
{
  if (self->json_writer != NULL && !sp_json_writer_flush (self->json_writer, error))
    return FALSE;
  return sp_cli_output_flush (self->output, error);
}

static gboolean
run (SpCli *self, const SpCliCommand *commands, gsize n_commands, GError **error)
{
  g_autoptr (GError) flush_error = NULL;
  gboolean done = FALSE;
  gboolean ran;

  if (!check_utf8 (self->argc, self->argv, error))
    return FALSE;
  if (!parse_globals (self, commands, n_commands, &done, error) || done)
    return done;
  if (!sp_crypto_init_alone (error))
    return FALSE;
  ran = self->command->run (self, error);
  /* What a command had to say before it failed still goes out. */
  if (!flush (self, &flush_error) && ran) {
    g_propagate_error (error, g_steal_pointer (&flush_error));
    ran = FALSE;
  }
  sp_cli_print_timings (self);
  return ran;
}

static void
clear (SpCli *self)
{
  g_clear_pointer (&self->vault, sp_vault_close);
  g_clear_pointer (&self->password, sp_secret_unref);
  g_clear_pointer (&self->key_file_key, sp_secret_unref);
  g_clear_pointer (&self->password_input, sp_cli_input_close);
  g_clear_pointer (&self->json_writer, sp_json_writer_free);
  g_clear_pointer (&self->output, sp_cli_output_free);
  g_clear_pointer (&self->vault_path, g_free);
  g_clear_pointer (&self->password_file, g_free);
  g_clear_pointer (&self->key_file, g_free);
  g_clear_pointer (&self->state_dir, g_free);
}

static void
note_help (SpCli *self)
{
  if (self->command != NULL)
    sp_cli_note (self, _("“%s %s --help” shows the usage."), PROGRAM, self->command->name);
  else
    sp_cli_note (self, _("“%s --help” shows the usage."), PROGRAM);
}

/**
 * sp_cli_main:
 * @argc: main()'s
 * @argv: main()'s
 * @commands: (array length=n_commands): what there is to do
 * @n_commands: their number
 *
 * Runs the command that the arguments name.
 *
 * Returns: the program's exit code
 */
int
sp_cli_main (int argc, char **argv, const SpCliCommand *commands, gsize n_commands)
{
  g_autoptr (GError) error = NULL;
  int code = SP_CLI_EXIT_DONE;
  SpCli self = { .argc = argc, .argv = argv };

  g_set_prgname (PROGRAM);
  self.output = sp_cli_output_new (STDOUT_FILENO);
  if (!run (&self, commands, n_commands, &error)) {
    code = (int) sp_cli_error_to_exit (error);
    sp_cli_note (&self, "%s: %s", PROGRAM, error->message);
    if (error->domain == G_OPTION_ERROR)
      note_help (&self);
  }
  clear (&self);
  return code;
}
