/* SPDX-License-Identifier: GPL-3.0-or-later */

/* export --format csv|json [--output FILE] [--force] [--no-trash] [--no-history] */

#define G_LOG_DOMAIN "cmd-export"

#include "config.h"

#include "cli/sp-cli-commands.h"

#include <glib/gi18n.h>

#include "cli/sp-cli-file.h"
#include "formats/sp-export.h"

typedef gboolean (*ExportFunc) (SpVault *vault,
                                GOutputStream *stream,
                                const SpExportRun *run,
                                GError **error);

static ExportFunc
find_format (const char *name, GError **error)
{
  if (g_strcmp0 (name, "json") == 0)
    return sp_export_json;
  if (g_strcmp0 (name, "csv") == 0)
    return sp_export_csv;
  g_set_error_literal (error, SP_CLI_ERROR, SP_CLI_ERROR_USAGE,
                       _("Say --format json (everything) or --format csv (what fits into rows)."));
  return NULL;
}

static gboolean
export_to (SpVault *vault,
           ExportFunc export,
           SpExportFlags flags,
           const char *path,
           gboolean force,
           GError **error)
{
  const SpExportRun run = { .flags = flags };
  SpCliFile *file = sp_cli_file_create (path, force, error);
  gboolean exported;

  if (file == NULL)
    return FALSE;
  exported = export(vault, sp_cli_file_get_stream (file), &run, error);
  return sp_cli_file_finish (file, exported, exported ? error : NULL);
}

gboolean
cmd_export (SpCli *cli, GError **error)
{
  g_auto (GStrv) operands = NULL;
  g_autofree char *format = NULL;
  g_autofree char *path = NULL;
  gboolean force = FALSE;
  gboolean no_trash = FALSE;
  gboolean no_history = FALSE;
  ExportFunc export;
  SpVault *vault;
  const GOptionEntry entries[] = {
    { "format", 0, 0, G_OPTION_ARG_FILENAME, &format, N_ ("csv or json"), N_ ("FORMAT") },
    { "output", 0, 0, G_OPTION_ARG_FILENAME, &path, N_ ("Write to FILE, which only you may read"),
      N_ ("FILE") },
    { "force", 0, 0, G_OPTION_ARG_NONE, &force, N_ ("Replace a file that is there"), NULL },
    { "no-trash", 0, 0, G_OPTION_ARG_NONE, &no_trash, N_ ("Leave out what is in the trash"), NULL },
    { "no-history", 0, 0, G_OPTION_ARG_NONE, &no_history, N_ ("Leave out earlier versions"), NULL },
    G_OPTION_ENTRY_NULL,
  };

  operands = sp_cli_parse (cli, entries, 0, 0, error);
  export = operands != NULL ? find_format (format, error) : NULL;
  vault = export != NULL ? sp_cli_open (cli, error) : NULL;
  if (vault == NULL || !sp_cli_refuse_vault_path (cli, path, error) ||
      !sp_cli_check_password_again (cli, error))
    return FALSE;
  sp_cli_note (cli,
               _("Warning: the export is not encrypted. Whoever can read it knows every password "
                      "in it; delete it as soon as it has done its work."));
  return export_to (vault, export,
                    (no_trash ? SP_EXPORT_NO_TRASH : 0) | (no_history ? SP_EXPORT_NO_HISTORY : 0),
                    path, force, error);
}
