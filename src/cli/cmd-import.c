/* SPDX-License-Identifier: GPL-3.0-or-later */

/* import FILE [--format NAME] [--map COLUMN=FIELD]... [--duplicates skip|keep|update] | import --undo */

#define G_LOG_DOMAIN "cmd-import"

#include "config.h"

#include "cli/sp-cli-commands.h"

#include <errno.h>
#include <gio/gunixinputstream.h>
#include <glib/gi18n.h>
#include <unistd.h>

#include "formats/sp-import.h"

typedef struct {
  char *format;
  char **mappings;
  char *duplicates;
  gboolean windows_1252;
  gboolean undo;
  gboolean list_formats;
} Arguments;

static gboolean
parse_duplicates (const char *text, SpImportDuplicates *out_duplicates, GError **error)
{
  const char *const names[] = { "skip", "keep", "update" };
  const SpImportDuplicates values[] = { SP_DUPLICATES_SKIP, SP_DUPLICATES_KEEP,
                                        SP_DUPLICATES_UPDATE };

  for (gsize i = 0; i < G_N_ELEMENTS (names); i++) {
    if (g_str_equal (text != NULL ? text : "skip", names[i])) {
      *out_duplicates = values[i];
      return TRUE;
    }
  }
  g_set_error (error, SP_CLI_ERROR, SP_CLI_ERROR_USAGE,
               _("--duplicates takes skip, keep or update, not “%s”."), text);
  return FALSE;
}

static SpImport *
open_import (const char *path, const Arguments *arguments, GError **error)
{
  SpImportOptions options = {
    .format = arguments->format,
    .mappings = (const char *const *) arguments->mappings,
    .windows_1252 = arguments->windows_1252,
  };
  g_autoptr (GInputStream) stream = NULL;

  if (!g_str_equal (path, "-"))
    return sp_import_open_path (path, &options, NULL, error);
  stream = g_unix_input_stream_new (STDIN_FILENO, FALSE);
  return sp_import_open (stream, &options, NULL, error);
}

static void
write_count (SpJsonWriter *writer, const char *name, guint n)
{
  sp_json_key (writer, name);
  sp_json_int (writer, n);
}

static void
report (SpCli *cli, const SpImport *import, const SpImportSummary *summary)
{
  const SpImportFormat *format = sp_import_get_format (import);
  SpCliOutput *output = sp_cli_get_output (cli);

  if (sp_cli_wants_json (cli)) {
    SpJsonWriter *writer = sp_cli_get_json (cli);

    sp_json_begin_object (writer);
    sp_json_key (writer, "format");
    sp_json_string (writer, format->name);
    write_count (writer, "rows", summary->n_rows);
    write_count (writer, "added", summary->n_added);
    write_count (writer, "updated", summary->n_updated);
    write_count (writer, "skipped", summary->n_skipped);
    write_count (writer, "blank", summary->n_blank);
    write_count (writer, "bad_one_time_codes", summary->n_bad_otp);
    write_count (writer, "long_rows", summary->n_long_rows);
    write_count (writer, "untitled", summary->n_untitled);
    sp_json_end_object (writer);
    return;
  }
  sp_cli_output_format (output, _("%s: %u rows; %u added, %u updated, %u skipped, %u blank.\n"),
                                   format->label, summary->n_rows, summary->n_added,
                                   summary->n_updated, summary->n_skipped, summary->n_blank);
  if (summary->n_bad_otp > 0)
    sp_cli_output_format (output,
                          _("%u one-time-code cells make no code; they were kept as they are.\n"),
                             summary->n_bad_otp);
  if (summary->n_long_rows > 0)
    sp_cli_output_format (output, _("%u rows have more cells than the header; they were kept.\n"),
                                     summary->n_long_rows);
  if (summary->n_untitled > 0)
    sp_cli_output_format (output, _("%u rows had no title and got one.\n"), summary->n_untitled);
}

static gboolean
import_file (SpCli *cli, const char *path, const Arguments *arguments, GError **error)
{
  SpImportRun run = { SP_DUPLICATES_SKIP };
  g_autoptr (SpImport) import = NULL;
  SpImportSummary summary;
  SpVault *vault;

  if (!parse_duplicates (arguments->duplicates, &run.duplicates, error))
    return FALSE;
  /* The file is read after the vault is open, but a mistyped name should not cost a password. */
  if (!g_str_equal (path, "-") && access (path, R_OK) != 0) {
    sp_cli_error_set_errno (error, errno, _("“%s” cannot be read"), path);
    return FALSE;
  }
  vault = sp_cli_open_for_writing (cli, error);
  if (vault == NULL)
    return FALSE;
  import = open_import (path, arguments, error);
  if (import == NULL || !sp_import_run (import, vault, &run, &summary, error))
    return FALSE;
  report (cli, import, &summary);
  if (summary.n_added + summary.n_updated > 0)
    sp_cli_note (cli,
                 _("“import --undo” takes all of it back. The file still holds every password "
                        "in the clear: delete it."));
  return TRUE;
}

static gboolean
undo (SpCli *cli, GError **error)
{
  SpVault *vault = sp_cli_open_for_writing (cli, error);
  guint undone = 0;
  guint kept = 0;

  if (vault == NULL || !sp_vault_undo_import (vault, &undone, &kept, error))
    return FALSE;
  if (sp_cli_wants_json (cli)) {
    SpJsonWriter *writer = sp_cli_get_json (cli);

    sp_json_begin_object (writer);
    write_count (writer, "undone", undone);
    write_count (writer, "kept", kept);
    sp_json_end_object (writer);
    return TRUE;
  }
  sp_cli_output_format (sp_cli_get_output (cli),
                        _("%u items taken back; %u were changed since and stay.\n"), undone, kept);
  return TRUE;
}

static gboolean
list_formats (SpCli *cli)
{
  const SpImportFormat *formats;
  gsize n;

  formats = sp_import_list_formats (&n);
  for (gsize i = 0; i < n; i++)
    sp_cli_output_format (sp_cli_get_output (cli), "%-12s %s\n", formats[i].name, formats[i].label);
  return TRUE;
}

static gboolean
run_import (SpCli *cli, char **operands, const Arguments *arguments, GError **error)
{
  if (arguments->list_formats)
    return list_formats (cli);
  if (arguments->undo == (operands[0] != NULL)) {
    g_set_error_literal (error, SP_CLI_ERROR, SP_CLI_ERROR_USAGE,
                         _("Name the file to import, or say --undo."));
    return FALSE;
  }
  if (arguments->undo)
    return undo (cli, error);
  return import_file (cli, operands[0], arguments, error);
}

gboolean
cmd_import (SpCli *cli, GError **error)
{
  Arguments arguments = { NULL };
  g_auto (GStrv) operands = NULL;
  gboolean done;
  const GOptionEntry entries[] = {
    { "format", 0, 0, G_OPTION_ARG_FILENAME, &arguments.format,
      N_ ("Which manager wrote it, where its columns do not tell"), N_ ("NAME") },
    { "map", 0, 0, G_OPTION_ARG_FILENAME_ARRAY, &arguments.mappings,
      N_ ("Where a column goes: title, username, custom, …"), N_ ("COLUMN=FIELD") },
    { "duplicates", 0, 0, G_OPTION_ARG_FILENAME, &arguments.duplicates,
      N_ ("What to do with rows that are there already: skip, keep, update"), N_ ("HOW") },
    { "windows-1252", 0, 0, G_OPTION_ARG_NONE, &arguments.windows_1252,
      N_ ("Read a file that is not UTF-8 as Windows-1252"), NULL },
    { "undo", 0, 0, G_OPTION_ARG_NONE, &arguments.undo, N_ ("Take the last import back"), NULL },
    { "list-formats", 0, 0, G_OPTION_ARG_NONE, &arguments.list_formats,
      N_ ("List what --format takes"), NULL },
    G_OPTION_ENTRY_NULL,
  };

  operands = sp_cli_parse (cli, entries, 0, 1, error);
  done = operands != NULL && run_import (cli, operands, &arguments, error);
  g_free (arguments.format);
  g_strfreev (arguments.mappings);
  g_free (arguments.duplicates);
  return done;
}
