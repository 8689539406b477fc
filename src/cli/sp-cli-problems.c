/* SPDX-License-Identifier: GPL-3.0-or-later */

/* A problem is a line: what kind, where, whose, and the sentence that comes with it. */

#define G_LOG_DOMAIN "sp-cli-problems"

#include "config.h"

#include "cli/sp-cli-problems.h"

#include "vault/sp-vault-repair.h"

static void
print_problem (SpCliOutput *output, const SpProblem *problem)
{
  char id[SP_ID_STRING_LEN + 1];

  sp_cli_output_format (output, "%s: %s", sp_problem_kind_to_name (problem->kind), problem->table);
  if (problem->record != 0)
    sp_cli_output_format (output, " %" G_GUINT64_FORMAT, problem->record);
  if (!sp_id_is_null (&problem->item)) {
    sp_id_to_string (&problem->item, id);
    sp_cli_output_format (output, ", %s", id);
  }
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
