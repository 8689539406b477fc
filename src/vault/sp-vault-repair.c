/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "sp-vault-repair"

#include "config.h"

#include "vault/sp-vault-repair.h"

#include <string.h>

#include "base/sp-wipe.h"
#include "vault/sp-vault-private.h"

/**
 * sp_problem_new: (skip)
 * @kind: what is wrong
 * @table: (transfer none): static; where
 * @record: its number, or 0
 * @format: a sentence, without secrets and titles
 * @...: what goes into it
 *
 * Returns: (transfer full): a problem
 */
SpProblem *
sp_problem_new (SpProblemKind kind, const char *table, guint64 record, const char *format, ...)
{
  SpProblem *self = g_new0 (SpProblem, 1);
  va_list arguments;

  self->kind = kind;
  self->table = table;
  self->record = record;
  va_start (arguments, format);
  self->text = g_strdup_vprintf (format, arguments);
  va_end (arguments);
  return self;
}

/**
 * sp_problem_free:
 * @self: (transfer full): a problem
 *
 * Frees it; the title is wiped.
 */
void
sp_problem_free (SpProblem *self)
{
  if (self->title != NULL)
    sp_wipe (self->title, strlen (self->title));
  g_free (self->title);
  g_free (self->text);
  g_free (self);
}

/**
 * sp_problem_kind_to_name:
 * @kind: a kind
 *
 * Returns: the word that command line and exports use for it
 */
const char *
sp_problem_kind_to_name (SpProblemKind kind)
{
  static const char *const names[] = {
    [SP_PROBLEM_MISSING] = "missing",
    [SP_PROBLEM_DAMAGED] = "damaged",
    [SP_PROBLEM_OTHER] = "other",
    [SP_PROBLEM_FOREIGN] = "foreign",
    [SP_PROBLEM_UNREADABLE] = "unreadable",
    [SP_PROBLEM_COPY] = "copy",
    [SP_PROBLEM_LOG] = "log",
    [SP_PROBLEM_FILE] = "file",
  };

  g_return_val_if_fail ((guint) kind < G_N_ELEMENTS (names), "unknown");
  return names[kind];
}

/**
 * sp_salvage_report_free:
 * @self: (transfer full): a report
 */
void
sp_salvage_report_free (SpSalvageReport *self)
{
  g_clear_pointer (&self->problems, g_ptr_array_unref);
  g_free (self);
}
