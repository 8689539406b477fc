/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "sp-problem-text"

#include "config.h"

#include "ui/sp-problem-text.h"

#include <glib/gi18n.h>

typedef struct {
  const char *table;
  const char *name;
} Table;

static const Table tables[] = {
  /* Translators: from here to “Settings”, parts of a vault that may be damaged or missing. */
  { "seal", N_ ("The seal, which vouches for everything else") },
  { "seal_a", N_ ("The seal, which vouches for everything else") },
  { "seal_b", N_ ("The seal, which vouches for everything else") },
  { "slot_a", N_ ("A key slot") },
  { "slot_b", N_ ("A key slot") },
  { "index_block", N_ ("A part of the list of items") },
  { "page", N_ ("A part of the list of items") },
  { "detail", N_ ("An item’s content") },
  { "history", N_ ("An earlier version") },
  { "attachment", N_ ("An attachment") },
  { "audit", N_ ("The activity") },
  { "draft", N_ ("An edit that was not saved") },
  { "setting", N_ ("Settings") },
};

static const char *
get_part (const SpProblem *problem)
{
  for (gsize i = 0; i < G_N_ELEMENTS (tables); i++)
    if (g_strcmp0 (problem->table, tables[i].table) == 0)
      return _(tables[i].name);
  return _("The vault’s file");
}

static const char *
get_finding (const SpProblem *problem)
{
  switch (problem->kind) {
  case SP_PROBLEM_MISSING:
    return _("Missing");
  case SP_PROBLEM_OTHER:
    return _("Older than it should be, or not the one that belongs here");
  case SP_PROBLEM_FOREIGN:
    return _("Does not belong to this vault, or was removed from it");
  case SP_PROBLEM_UNREADABLE:
    return _("Cannot be read");
  case SP_PROBLEM_COPY:
    return _("One of two copies is damaged; the other one serves");
  case SP_PROBLEM_LOG:
    return _("Something was taken out of it, or changed");
  case SP_PROBLEM_DAMAGED:
  case SP_PROBLEM_FILE:
  default:
    return _("Damaged");
  }
}

/**
 * sp_problem_dup_subject:
 * @problem: a problem
 *
 * Returns: (transfer full): the title of the item that it is about, or which part of the vault
 */
char *
sp_problem_dup_subject (const SpProblem *problem)
{
  g_return_val_if_fail (problem != NULL, NULL);

  if (problem->title != NULL && *problem->title != '\0')
    return g_strdup (problem->title);
  return g_strdup (get_part (problem));
}

/**
 * sp_problem_dup_text:
 * @problem: a problem
 *
 * Returns: (transfer full): what is wrong, in the words of the interface
 */
char *
sp_problem_dup_text (const SpProblem *problem)
{
  g_return_val_if_fail (problem != NULL, NULL);

  /* Rebuilt from its content, since the list's part is lost. */
  if (problem->kind == SP_PROBLEM_OTHER && g_strcmp0 (problem->table, "page") == 0)
    return g_strdup (_("Found again by its content: it may be older, or had been purged"));
  if (problem->title == NULL || *problem->title == '\0')
    return g_strdup (get_finding (problem));
  /* Translators: which part of an item, and what is wrong with it: “An attachment: damaged”. */
  return g_strdup_printf (_("%s: %s"), get_part (problem), get_finding (problem));
}
