/* SPDX-License-Identifier: GPL-3.0-or-later */

/* list [--type TYPE] [--tag TAG] [--favourite] [--archived] [--trashed] [--expired] [--sort KEY] */

#define G_LOG_DOMAIN "cmd-list"

#include "config.h"

#include "cli/sp-cli-commands.h"

#include <glib/gi18n.h>
#include <string.h>

#include "base/sp-wipe.h"
#include "cli/sp-cli-overview.h"

typedef struct {
  char *type_name;
  char *tag;
  char *sort;
  gboolean favourite;
  gboolean archived;
  gboolean trashed;
  gboolean expired;
  SpItemType type; /* 0 for any */
  gint64 now_ms;
} Filter;

typedef struct {
  SpPosition position;
  gint64 time;
  char *folded; /* (owned) (nullable) a title: wiped */
} Row;

static gboolean
has_tag (const SpOverview *overview, const char *tag)
{
  for (guint i = 0; i < overview->n_tags; i++) {
    const char *own = sp_overview_get_tag (overview, i);
    gsize len = strlen (tag);

    /* "work" finds "work/mail", which stands below it. */
    if (g_ascii_strncasecmp (own, tag, len) == 0 && (own[len] == '\0' || own[len] == '/'))
      return TRUE;
  }
  return FALSE;
}

static gboolean
is_wanted (const Filter *filter, const SpOverview *overview)
{
  gboolean trashed = (overview->flags & SP_OVERVIEW_TRASHED) != 0;
  gboolean expired = overview->expires_ms != 0 && overview->expires_ms <= filter->now_ms;

  return trashed == filter->trashed && (filter->type == 0 || overview->type == filter->type) &&
         (!filter->favourite || (overview->flags & SP_OVERVIEW_FAVOURITE) != 0) &&
         (!filter->archived || (overview->flags & SP_OVERVIEW_ARCHIVED) != 0) &&
         (!filter->expired || expired) && (filter->tag == NULL || has_tag (overview, filter->tag));
}

static gint64
time_to_sort_by (const Filter *filter, const SpOverview *overview)
{
  if (g_str_equal (filter->sort, "created"))
    return overview->created_ms;
  if (g_str_equal (filter->sort, "modified"))
    return overview->modified_ms;
  return overview->used_ms;
}

/* Newest first; by title where there is one to compare; else as they were made. */
static int
compare_rows (gconstpointer a, gconstpointer b)
{
  const Row *left = a;
  const Row *right = b;
  int order = 0;

  if (left->folded != NULL)
    order = strcmp (left->folded, right->folded);
  else if (left->time != right->time)
    order = left->time > right->time ? -1 : 1;
  if (order == 0)
    order = left->position < right->position ? -1 : 1;
  return order;
}

static GArray *
collect (const Filter *filter, SpSnapshot *snapshot)
{
  GArray *rows = g_array_new (FALSE, TRUE, sizeof (Row));
  gboolean by_title = g_str_equal (filter->sort, "title");

  for (SpPosition at = sp_snapshot_first (snapshot); at != SP_POSITION_NONE;
       at = sp_snapshot_next (snapshot, at)) {
    Row row = { .position = at };
    SpOverview overview;

    sp_snapshot_get_overview (snapshot, at, &overview);
    if (!is_wanted (filter, &overview))
      continue;
    if (by_title)
      row.folded = sp_search_fold (overview.title);
    else
      row.time = time_to_sort_by (filter, &overview);
    g_array_append_val (rows, row);
  }
  g_array_sort (rows, compare_rows);
  return rows;
}

static void
print (SpCli *cli, SpSnapshot *snapshot, GArray *rows)
{
  g_autofree SpPosition *positions = g_new (SpPosition, MAX (rows->len, 1));

  for (guint i = 0; i < rows->len; i++) {
    Row *row = &g_array_index (rows, Row, i);

    positions[i] = row->position;
    if (row->folded != NULL)
      sp_wipe (row->folded, strlen (row->folded));
    g_free (row->folded);
  }
  sp_cli_print_overviews (cli, snapshot, positions, rows->len);
}

static gboolean
check (Filter *filter, GError **error)
{
  const char *const keys[] = { "title", "created", "modified", "used", NULL };
  const SpItemTypeInfo *info;

  if (filter->sort == NULL)
    filter->sort = g_strdup ("title");
  if (!g_strv_contains (keys, filter->sort)) {
    g_set_error (error, SP_CLI_ERROR, SP_CLI_ERROR_USAGE,
                 _("--sort takes title, created, modified or used, not “%s”."), filter->sort);
    return FALSE;
  }
  if (filter->type_name == NULL)
    return TRUE;
  info = sp_item_type_from_name (filter->type_name);
  if (info == NULL) {
    g_set_error (error, SP_CLI_ERROR, SP_CLI_ERROR_USAGE,
                 _("There is no type “%s”."), filter->type_name);
    return FALSE;
  }
  filter->type = info->type;
  return TRUE;
}

gboolean
cmd_list (SpCli *cli, GError **error)
{
  Filter filter = { .now_ms = sp_clock_now_ms (NULL) };
  g_auto (GStrv) operands = NULL;
  SpVault *vault = NULL;
  const GOptionEntry entries[] = {
    { "type", 0, 0, G_OPTION_ARG_FILENAME, &filter.type_name, N_ ("Only this kind"), N_ ("TYPE") },
    { "tag", 0, 0, G_OPTION_ARG_FILENAME, &filter.tag, N_ ("Only with this tag"), N_ ("TAG") },
    { "favourite", 0, 0, G_OPTION_ARG_NONE, &filter.favourite, N_ ("Only favourites"), NULL },
    { "archived", 0, 0, G_OPTION_ARG_NONE, &filter.archived, N_ ("Only what is archived"), NULL },
    { "trashed", 0, 0, G_OPTION_ARG_NONE, &filter.trashed, N_ ("What is in the trash"), NULL },
    { "expired", 0, 0, G_OPTION_ARG_NONE, &filter.expired, N_ ("Only what has expired"), NULL },
    { "sort", 0, 0, G_OPTION_ARG_FILENAME, &filter.sort, N_ ("By title, created, modified or used"),
      N_ ("KEY") },
    G_OPTION_ENTRY_NULL,
  };

  operands = sp_cli_parse (cli, entries, 0, 0, error);
  if (operands != NULL && check (&filter, error))
    vault = sp_cli_open (cli, error);
  if (vault != NULL) {
    SpSnapshot *snapshot = sp_vault_get_snapshot (vault);
    g_autoptr (GArray) rows = collect (&filter, snapshot);

    print (cli, snapshot, rows);
  }
  g_free (filter.type_name);
  g_free (filter.tag);
  g_free (filter.sort);
  return vault != NULL;
}
