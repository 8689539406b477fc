/* SPDX-License-Identifier: GPL-3.0-or-later */

/* A problem is a line: what kind, where, whose, and the sentence that comes with it. */

#define G_LOG_DOMAIN "sp-cli-problems"

#include "config.h"

#include "cli/sp-cli-problems.h"

#include <glib/gi18n.h>

#include "vault/sp-vault-repair.h"

/* How many are told before a command's answer. */
#define MAX_NOTED 10

static char *
describe_place (const SpProblem *problem)
{
  GString *place = g_string_new (sp_problem_kind_to_name (problem->kind));
  char id[SP_ID_STRING_LEN + 1];

  g_string_append_printf (place, ": %s", problem->table);
  if (problem->record != 0)
    g_string_append_printf (place, " %" G_GUINT64_FORMAT, problem->record);
  if (!sp_id_is_null (&problem->item)) {
    sp_id_to_string (&problem->item, id);
    g_string_append_printf (place, ", %s", id);
  }
  return g_string_free (place, FALSE);
}

static void
print_problem (SpCliOutput *output, const SpProblem *problem)
{
  g_autofree char *place = describe_place (problem);

  sp_cli_output_text (output, place);
  if (problem->title != NULL) {
    sp_cli_output_format (output, ", “");
    sp_cli_output_text (output, problem->title);
    sp_cli_output_format (output, "”");
  }
  sp_cli_output_format (output, ": ");
  sp_cli_output_text (output, problem->text);
  sp_cli_output_format (output, "\n");
}

/**
 * sp_cli_print_problems:
 * @output: where to
 * @problems: (element-type SpProblem): what is wrong
 */
void
sp_cli_print_problems (SpCliOutput *output, const GPtrArray *problems)
{
  for (guint i = 0; i < problems->len; i++)
    print_problem (output, problems->pdata[i]);
}

/* Seal, slots and settings concern the whole vault: many broken records must not push them out of sight. */
static gboolean
is_of_whole_vault (const SpProblem *problem)
{
  return g_str_has_prefix (problem->table, "seal") || g_str_has_prefix (problem->table, "slot") ||
         g_str_equal (problem->table, "setting");
}

/* Without titles: what goes to standard error ends up in logs. */
static guint
note_some (SpCli *cli, const GPtrArray *problems, gboolean of_whole_vault, guint max)
{
  guint n = 0;

  for (guint i = 0; i < problems->len && n < max; i++) {
    const SpProblem *problem = problems->pdata[i];
    g_autofree char *place = NULL;

    if (is_of_whole_vault (problem) != of_whole_vault)
      continue;
    place = describe_place (problem);
    sp_cli_note (cli, "%s: %s", place, problem->text);
    n++;
  }
  return n;
}

/**
 * sp_cli_note_problems:
 * @cli: a run
 * @problems: (element-type SpProblem): what is wrong
 *
 * Tells the first of them on standard error, those of the whole vault before those of single records, and
 * how many more there are.
 */
void
sp_cli_note_problems (SpCli *cli, const GPtrArray *problems)
{
  guint n = note_some (cli, problems, TRUE, MAX_NOTED);

  n += note_some (cli, problems, FALSE, MAX_NOTED - n);
  if (problems->len > n)
    sp_cli_note (cli, _("and %u more"), problems->len - n);
}

static void
write_problem (SpJsonWriter *writer, const SpProblem *problem)
{
  char id[SP_ID_STRING_LEN + 1];

  sp_id_to_string (&problem->item, id);
  sp_json_begin_object (writer);
  sp_json_key (writer, "kind");
  sp_json_string (writer, sp_problem_kind_to_name (problem->kind));
  sp_json_key (writer, "table");
  sp_json_string (writer, problem->table);
  sp_json_key (writer, "record");
  sp_json_int (writer, (gint64) problem->record);
  sp_json_key (writer, "item");
  sp_json_string (writer, sp_id_is_null (&problem->item) ? NULL : id);
  sp_json_key (writer, "title");
  sp_json_string (writer, problem->title);
  sp_json_key (writer, "text");
  sp_json_string (writer, problem->text);
  sp_json_end_object (writer);
}

/**
 * sp_cli_write_problems:
 * @writer: where to
 * @problems: (element-type SpProblem): what is wrong
 *
 * Writes an array with an object for each.
 */
void
sp_cli_write_problems (SpJsonWriter *writer, const GPtrArray *problems)
{
  sp_json_begin_array (writer);
  for (guint i = 0; i < problems->len; i++)
    write_problem (writer, problems->pdata[i]);
  sp_json_end_array (writer);
}
