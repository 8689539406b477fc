/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Changing flags and tags of many items, the trash, and counting uses.
 *
 * None of these puts anything into the history. A change of flags or tags rewrites the detail, which repeats
 * what the overview says, and then the overview, which names it; counting a use rewrites the overview only. */

#define G_LOG_DOMAIN "sp-vault-change"

#include "config.h"

#include "vault/sp-vault-history.h"
#include "vault/sp-vault-items-private.h"
#include "vault/sp-vault-items.h"

/* TRUE when the item is another one now. */
static gboolean
apply_change (SpTransaction *tx, SpItem *item, SpChange change, const char *text)
{
  gboolean wanted = TRUE;
  guint n_tags = item->tags->len;
  gboolean *flag = NULL;

  switch (change) {
  case SP_CHANGE_TRASH:
  case SP_CHANGE_RESTORE:
    wanted = change == SP_CHANGE_TRASH;
    if (item->trashed == wanted)
      return FALSE;
    item->trashed_ms = wanted ? tx->now_ms : 0;
    flag = &item->trashed;
    break;
  case SP_CHANGE_FAVOURITE:
  case SP_CHANGE_UNFAVOURITE:
    wanted = change == SP_CHANGE_FAVOURITE;
    flag = &item->favourite;
    break;
  case SP_CHANGE_ARCHIVE:
  case SP_CHANGE_UNARCHIVE:
    wanted = change == SP_CHANGE_ARCHIVE;
    flag = &item->archived;
    break;
  case SP_CHANGE_ADD_TAG:
    sp_item_add_tag (item, text);
    return item->tags->len != n_tags;
  case SP_CHANGE_REMOVE_TAG:
    return sp_item_remove_tag (item, text);
  case SP_CHANGE_PURGE:
  default:
    g_assert_not_reached ();
  }
  if (*flag == wanted)
    return FALSE;
  *flag = wanted;
  return TRUE;
}

static SpEventKind
get_change_event (SpChange change)
{
  switch (change) {
  case SP_CHANGE_TRASH:
    return SP_EVENT_ITEM_TRASHED;
  case SP_CHANGE_RESTORE:
    return SP_EVENT_ITEM_RESTORED;
  case SP_CHANGE_PURGE:
    return SP_EVENT_ITEM_PURGED;
  case SP_CHANGE_FAVOURITE:
  case SP_CHANGE_UNFAVOURITE:
  case SP_CHANGE_ARCHIVE:
  case SP_CHANGE_UNARCHIVE:
  case SP_CHANGE_ADD_TAG:
  case SP_CHANGE_REMOVE_TAG:
  default:
    return SP_EVENT_ITEM_CHANGED;
  }
}

/**
 * sp_vault_purge_item: (skip)
 * @tx: a transaction
 * @number: an item's number
 * @error: return location for a [error@VaultError]
 *
 * Removes an item with all that belongs to it.
 *
 * Returns: whether it is gone
 */
gboolean
sp_vault_purge_item (SpTransaction *tx, guint64 number, GError **error)
{
  SpOverviewBytes bytes;
  SpOverviewLinks links;
  SpOverview overview;
  gboolean done;
  SpId id;

  if (!sp_tree_find (tx->tree, number, &bytes))
    return sp_vault_set_not_found (error);
  sp_overview_decode (bytes.data, bytes.len, &overview);
  sp_overview_decode_links (bytes.data, bytes.len, &links);
  id = *overview.id;
  done = sp_history_purge (tx, number, &links, error) &&
         sp_records_delete (tx->vault->db, SP_RECORDS_DETAIL, number, error);
  sp_overview_links_clear (&links);
  if (!done)
    return FALSE;

  tx->n_items_change--;
  tx->n_trashed_change -= (overview.flags & SP_OVERVIEW_TRASHED) != 0 ? 1 : 0;
  sp_tree_remove (tx->tree, number);
  if (tx->purged == NULL)
    tx->purged = g_array_new (FALSE, FALSE, sizeof (SpId));
  g_array_append_val (tx->purged, id);
  return sp_transaction_is_import (tx) ||
         sp_transaction_log (tx, SP_EVENT_ITEM_PURGED, &id, 0, error);
}

static gboolean
purge_trashed_item (SpTransaction *tx, guint64 number, GError **error)
{
  SpOverviewBytes bytes;
  SpOverview overview;

  if (!sp_tree_find (tx->tree, number, &bytes))
    return sp_vault_set_not_found (error);
  sp_overview_decode (bytes.data, bytes.len, &overview);
  if ((overview.flags & SP_OVERVIEW_TRASHED) == 0) {
    g_set_error_literal (error, SP_VAULT_ERROR, SP_VAULT_ERROR_INVALID,
                         "Only what is in the trash can be deleted for good.");
    return FALSE;
  }
  return sp_vault_purge_item (tx, number, error);
}

static gboolean
change_item (SpTransaction *tx, SpChange change, const char *text, guint64 number, GError **error)
{
  g_autoptr (SpItem) item = NULL;
  SpOverviewBytes bytes;
  SpOverviewLinks links;
  SpOverview overview;
  SpRecordBytes content;
  gboolean was_trashed;
  gboolean done = TRUE;

  if (!sp_tree_find (tx->tree, number, &bytes))
    return sp_vault_set_not_found (error);
  sp_overview_decode (bytes.data, bytes.len, &overview);
  sp_overview_decode_links (bytes.data, bytes.len, &links);
  item = sp_vault_load_detail (tx->vault, &overview, &links, &content, error);
  if (item == NULL) {
    sp_overview_links_clear (&links);
    return FALSE;
  }

  was_trashed = item->trashed;
  if (apply_change (tx, item, change, text)) {
    done = sp_vault_put_detail (tx, item, &links, error) &&
           sp_tree_replace (tx->tree, number, sp_vault_encode_overview (tx, item, &links), error) &&
           sp_vault_log_change (tx, get_change_event (change), item, error);
    tx->n_trashed_change += (item->trashed ? 1 : 0) - (was_trashed ? 1 : 0);
  }
  sp_overview_links_clear (&links);
  return done;
}

/**
 * sp_vault_change:
 * @self: a vault
 * @change: what to do
 * @text: (nullable): the tag, for the two changes of tags
 * @numbers: (array length=n_numbers): the items
 * @n_numbers: how many
 * @error: return location for a [error@VaultError]
 *
 * Makes the same change to many items. None of them gets a new version in its history.
 *
 * Returns: whether all were changed; else none was
 */
gboolean
sp_vault_change (SpVault *self,
                 SpChange change,
                 const char *text,
                 const guint64 *numbers,
                 gsize n_numbers,
                 GError **error)
{
  SpTransaction *tx;
  gboolean done = TRUE;

  g_return_val_if_fail (
      (text != NULL) == (change == SP_CHANGE_ADD_TAG || change == SP_CHANGE_REMOVE_TAG), FALSE);

  if (n_numbers == 0)
    return TRUE;
  tx = sp_transaction_join (self, error);
  if (tx == NULL)
    return FALSE;
  for (gsize i = 0; done && i < n_numbers; i++) {
    if (change == SP_CHANGE_PURGE)
      done = purge_trashed_item (tx, numbers[i], error);
    else
      done = change_item (tx, change, text, numbers[i], error);
    /* Those before it are changed by now. */
    if (!done && i > 0)
      tx->failed = TRUE;
  }
  if (done && !tx->logged && !tx->is_batch) {
    sp_transaction_rollback (tx);
    return TRUE;
  }
  return sp_transaction_leave (tx, done, error) || sp_vault_translate (error);
}

/**
 * sp_vault_purge_trash:
 * @self: a vault
 * @out_purged: (out) (optional): how many items that were
 * @error: return location for a [error@VaultError]
 *
 * Removes everything in the trash, for good.
 *
 * Returns: whether it is gone
 */
gboolean
sp_vault_purge_trash (SpVault *self, guint *out_purged, GError **error)
{
  g_autoptr (GArray) numbers = g_array_new (FALSE, FALSE, sizeof (guint64));
  SpSnapshot *snapshot = self->snapshot;

  for (SpPosition i = sp_snapshot_first (snapshot); i != SP_POSITION_NONE;
       i = sp_snapshot_next (snapshot, i)) {
    const SpPageRecord *record = sp_snapshot_peek_record (snapshot, i, NULL);

    if ((record->flags & SP_OVERVIEW_TRASHED) != 0)
      g_array_append_val (numbers, record->number);
  }
  if (!sp_vault_change (self, SP_CHANGE_PURGE, NULL, (const guint64 *) (const void *) numbers->data,
                        numbers->len, error))
    return FALSE;
  if (out_purged != NULL)
    *out_purged = numbers->len;
  return TRUE;
}

/**
 * sp_vault_touch:
 * @self: a vault
 * @number: an item's number
 * @kind: ITEM_VIEWED, ITEM_COPIED or ITEM_USED
 * @error: return location for a [error@VaultError]
 *
 * Counts and logs a use. The item's content and its revision stay.
 *
 * Returns: whether it was counted
 */
gboolean
sp_vault_touch (SpVault *self, guint64 number, SpEventKind kind, GError **error)
{
  SpTransaction *tx = sp_transaction_join (self, error);
  g_autoptr (SpItem) item = NULL;
  SpOverviewBytes bytes;
  SpOverviewLinks links;
  SpOverview overview;
  SpRecordBytes content;
  gboolean done;

  if (tx == NULL)
    return FALSE;
  if (!sp_tree_find (tx->tree, number, &bytes))
    return sp_transaction_leave (tx, sp_vault_set_not_found (error), error);

  sp_overview_decode (bytes.data, bytes.len, &overview);
  sp_overview_decode_links (bytes.data, bytes.len, &links);
  item = sp_vault_load_detail (self, &overview, &links, &content, error);
  done = item != NULL;
  if (done) {
    item->use_count = MIN (item->use_count, G_MAXUINT32 - 1) + 1;
    item->used_ms = tx->now_ms;
    done = sp_tree_replace (tx->tree, number, sp_vault_encode_overview (tx, item, &links), error) &&
           sp_transaction_log (tx, kind, &item->id, 0, error);
  }
  sp_overview_links_clear (&links);
  return sp_transaction_leave (tx, done, error) || sp_vault_translate (error);
}
