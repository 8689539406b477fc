/* SPDX-License-Identifier: GPL-3.0-or-later */

/* An item is named by the beginning of its id (at least four hexadecimal digits) or by its title; failing
 * that, by its title in any case; failing that, by a search that finds nothing else. The first of these
 * rounds that finds anything decides. Several hits are never guessed about: they are listed.
 *
 * What was found is kept by number: a position is lost with the snapshot that gave it. */

#define G_LOG_DOMAIN "sp-cli-find"

#include "config.h"

#include "cli/sp-cli-find.h"

#include <glib/gi18n.h>
#include <string.h>

#include "vault/sp-vault-items.h"

#define MIN_PREFIX   4
#define MAX_LISTED   20
#define N_ID_NIBBLES (2 * SP_ID_LEN)

typedef struct {
  const char *text;
  char *folded;
  guint8 nibbles[N_ID_NIBBLES];
  guint n_nibbles; /* 0: the text cannot be the beginning of an id */
} Wanted;

static void
wanted_init (Wanted *self, const char *text)
{
  guint n = 0;

  memset (self, 0, sizeof *self);
  self->text = text;
  self->folded = sp_search_fold (text);
  for (const char *c = text; *c != '\0'; c++) {
    if (*c == '-' && n > 0)
      continue;
    if (!g_ascii_isxdigit (*c) || n == N_ID_NIBBLES)
      return;
    self->nibbles[n++] = (guint8) g_ascii_xdigit_value (*c);
  }
  self->n_nibbles = n >= MIN_PREFIX ? n : 0;
}

static gboolean
matches_id (const Wanted *wanted, const SpId *id)
{
  if (wanted->n_nibbles == 0)
    return FALSE;
  for (guint i = 0; i < wanted->n_nibbles; i++) {
    guint8 byte = id->bytes[i / 2];

    if (wanted->nibbles[i] != (i % 2 == 0 ? byte >> 4 : byte & 0xf))
      return FALSE;
  }
  return TRUE;
}

static gboolean
matches_folded_title (const Wanted *wanted, const SpOverview *overview)
{
  g_autofree char *folded = sp_search_fold (overview->title);

  return g_str_equal (folded, wanted->folded);
}

typedef enum {
  ROUND_ID_OR_TITLE,
  ROUND_FOLDED_TITLE,
} Round;

static void
collect (SpSnapshot *snapshot, const Wanted *wanted, Round round, gboolean trashed, GArray *numbers)
{
  for (SpPosition at = sp_snapshot_first (snapshot); at != SP_POSITION_NONE;
       at = sp_snapshot_next (snapshot, at)) {
    SpOverview overview;
    gboolean found;

    sp_snapshot_get_overview (snapshot, at, &overview);
    if (((overview.flags & SP_OVERVIEW_TRASHED) != 0) != trashed)
      continue;
    if (round == ROUND_ID_OR_TITLE)
      found = matches_id (wanted, overview.id) || g_str_equal (overview.title, wanted->text);
    else
      found = matches_folded_title (wanted, &overview);
    if (found)
      g_array_append_val (numbers, overview.number);
  }
}

static gboolean
collect_search (SpVault *vault, const char *text, gboolean trashed, GArray *numbers, GError **error)
{
  g_autofree char *words = trashed ? g_strconcat (text, " is:trashed", NULL) : g_strdup (text);
  g_autoptr (SpQuery) query = sp_query_new (words);
  g_autoptr (SpResults) results = NULL;
  const SpPosition *hits;
  gsize n_hits;

  results = sp_vault_search (vault, query, NULL, NULL, error);
  if (results == NULL)
    return FALSE;
  hits = sp_results_peek (results, &n_hits);
  for (gsize i = 0; i < n_hits; i++) {
    SpOverview overview;

    sp_snapshot_get_overview (sp_results_get_snapshot (results), hits[i], &overview);
    g_array_append_val (numbers, overview.number);
  }
  return TRUE;
}

static void
list_candidates (SpCli *self, const SpSnapshot *snapshot, const GArray *numbers)
{
  for (guint i = 0; i < MIN (numbers->len, MAX_LISTED); i++) {
    SpPosition at = sp_snapshot_find_number (snapshot, g_array_index (numbers, guint64, i));
    char id[SP_ID_STRING_LEN + 1];
    SpOverview overview;

    if (at == SP_POSITION_NONE)
      continue;
    sp_snapshot_get_overview (snapshot, at, &overview);
    sp_id_to_string (overview.id, id);
    if (*overview.subtitle != '\0')
      sp_cli_note (self, "  %s  %s (%s)", id, overview.title, overview.subtitle);
    else
      sp_cli_note (self, "  %s  %s", id, overview.title);
  }
  if (numbers->len > MAX_LISTED)
    sp_cli_note (self, "  …");
}

/* Goes through the rounds in one half of the vault until one finds something. */
static gboolean
find_in (SpVault *vault, const Wanted *wanted, gboolean trashed, GArray *numbers, GError **error)
{
  SpSnapshot *snapshot = sp_vault_get_snapshot (vault);

  collect (snapshot, wanted, ROUND_ID_OR_TITLE, trashed, numbers);
  if (numbers->len == 0 && *wanted->folded != '\0')
    collect (snapshot, wanted, ROUND_FOLDED_TITLE, trashed, numbers);
  if (numbers->len == 0 && *wanted->folded != '\0')
    return collect_search (vault, wanted->text, trashed, numbers, error);
  return TRUE;
}

static gboolean
find_numbers (SpVault *vault,
              const char *text,
              SpCliFindScope scope,
              GArray *numbers,
              GError **error)
{
  Wanted wanted;
  gboolean searched = TRUE;

  wanted_init (&wanted, text);
  if (scope != SP_CLI_FIND_TRASHED)
    searched = find_in (vault, &wanted, FALSE, numbers, error);
  if (searched && numbers->len == 0 && scope != SP_CLI_FIND_LIVE)
    searched = find_in (vault, &wanted, TRUE, numbers, error);
  g_free (wanted.folded);
  return searched;
}

/**
 * sp_cli_find:
 * @self: a run
 * @vault: its open vault
 * @text: an id, the beginning of one, a title or words to search for
 * @scope: where to look
 * @error: return location
 *
 * Finds the one item that is meant. If several can be, they are listed on standard error.
 *
 * Returns: the item's number, 0 with @error set
 */
guint64
sp_cli_find (SpCli *self, SpVault *vault, const char *text, SpCliFindScope scope, GError **error)
{
  g_autoptr (GArray) numbers = g_array_new (FALSE, FALSE, sizeof (guint64));

  if (!find_numbers (vault, text, scope, numbers, error))
    return 0;
  if (numbers->len == 1)
    return g_array_index (numbers, guint64, 0);
  if (numbers->len == 0) {
    g_set_error (error, SP_CLI_ERROR, SP_CLI_ERROR_NOT_FOUND,
                 scope == SP_CLI_FIND_TRASHED ? _("Nothing in the trash matches “%s”.")
                                              : _("No item matches “%s”."), text);
    return 0;
  }
  g_set_error (error, SP_CLI_ERROR, SP_CLI_ERROR_NOT_FOUND,
               _("“%s” can mean %u items; name one of them by its id."), text, numbers->len);
  list_candidates (self, sp_vault_get_snapshot (vault), numbers);
  return 0;
}

/**
 * sp_cli_find_all:
 * @self: a run
 * @vault: its open vault
 * @texts: each for one item
 * @scope: where to look
 * @error: return location
 *
 * Returns: (transfer full) (element-type guint64) (nullable): the items' numbers, each once, or `NULL` with
 *   @error set if one of them was not found
 */
GArray *
sp_cli_find_all (SpCli *self, SpVault *vault, char **texts, SpCliFindScope scope, GError **error)
{
  g_autoptr (GArray) numbers = g_array_new (FALSE, FALSE, sizeof (guint64));

  for (gsize i = 0; texts[i] != NULL; i++) {
    guint64 number = sp_cli_find (self, vault, texts[i], scope, error);
    gboolean known = FALSE;

    if (number == 0)
      return NULL;
    for (guint j = 0; j < numbers->len; j++)
      known = known || g_array_index (numbers, guint64, j) == number;
    if (!known)
      g_array_append_val (numbers, number);
  }
  return g_steal_pointer (&numbers);
}

/**
 * sp_cli_load:
 * @self: a run
 * @vault: its open vault
 * @text: which item
 * @scope: where to look
 * @error: return location
 *
 * Returns: (transfer full) (nullable): the whole item, or `NULL` with @error set
 */
SpItem *
sp_cli_load (SpCli *self, SpVault *vault, const char *text, SpCliFindScope scope, GError **error)
{
  guint64 number = sp_cli_find (self, vault, text, scope, error);

  return number != 0 ? sp_vault_load (vault, number, error) : NULL;
}
