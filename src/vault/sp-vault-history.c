/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Each entry holds one replaced detail and names the entry before it; the overview names the newest and says
 * how many are kept, so that trimming the oldest rewrites nothing. */

#define G_LOG_DOMAIN "sp-vault-history"

#include "config.h"

#include "vault/sp-vault-history.h"

#include <string.h>

#include "vault/sp-vault-items.h"

static gboolean
read_entry (SpVault *vault,
            const SpRef *ref,
            guint64 item_number,
            SpHistoryEntry *out_entry,
            GError **error)
{
  SpRecordBytes content;

  if (!sp_vault_read_record (vault, SP_TABLE_HISTORY, ref, &content, error) ||
      !sp_history_decode (content.data, content.len, out_entry, error))
    return FALSE;
  if (out_entry->item_number == item_number)
    return TRUE;
  g_set_error_literal (error, SP_VAULT_ERROR, SP_VAULT_ERROR_DAMAGED,
                       "An earlier version belongs to another item.");
  return FALSE;
}

/**
 * sp_history_walk: (skip)
 * @vault: a vault
 * @links: an item's links
 * @item_number: its number
 * @visit: called for each entry, the newest first; it must not open other records
 * @data: for @visit
 * @error: return location for a [error@VaultError]
 *
 * Returns: whether all entries up to where @visit stopped hold
 */
gboolean
sp_history_walk (SpVault *vault,
                 const SpOverviewLinks *links,
                 guint64 item_number,
                 SpHistoryVisit visit,
                 gpointer data,
                 GError **error)
{
  SpRef ref = links->history;

  for (guint i = 0; i < links->n_history; i++) {
    SpHistoryEntry entry;
    SpRef previous;
    gboolean last = i + 1 == links->n_history;

    gboolean has_previous;

    if (!read_entry (vault, &ref, item_number, &entry, error))
      return FALSE;
    has_previous = entry.has_previous;
    previous = entry.previous;
    if (!visit (&ref, &entry, data))
      return TRUE;
    if (!last && !has_previous) {
      g_set_error_literal (error, SP_VAULT_ERROR, SP_VAULT_ERROR_DAMAGED,
                           "The chain of earlier versions ends too early.");
      return FALSE;
    }
    ref = previous;
  }
  return TRUE;
}

static gboolean
collect_ref (const SpRef *ref, const SpHistoryEntry *entry, gpointer data)
{
  g_array_append_val ((GArray *) data, *ref);
  return TRUE;
}

static GArray *
collect_refs (SpVault *vault, const SpOverviewLinks *links, guint64 item_number, GError **error)
{
  g_autoptr (GArray) refs = g_array_new (FALSE, FALSE, sizeof (SpRef));

  if (!sp_history_walk (vault, links, item_number, collect_ref, refs, error))
    return NULL;
  return g_steal_pointer (&refs);
}

static gboolean
delete_attachment (SpTransaction *tx, guint64 number, GError **error)
{
  return sp_records_delete_range (tx->vault->db, SP_RECORDS_ATTACHMENT, number << SP_CHUNK_BITS,
                                  ((number + 1) << SP_CHUNK_BITS) - 1, error);
}

static void
mark_used (GHashTable *used, const SpItem *item)
{
  for (guint i = 0; i < item->attachments->len; i++) {
    const SpAttachment *attachment = g_ptr_array_index (item->attachments, i);

    g_hash_table_add (used, g_memdup2 (&attachment->number, sizeof attachment->number));
  }
}

static gboolean
mark_used_by_entry (const SpRef *ref, const SpHistoryEntry *entry, gpointer data)
{
  g_autoptr (SpItem) item = sp_detail_decode (entry->detail, entry->detail_len, NULL, NULL);

  if (item != NULL)
    mark_used (data, item);
  return TRUE;
}

static gboolean
drop_unused_attachments (SpTransaction *tx,
                         const SpItem *item,
                         SpOverviewLinks *links,
                         GError **error)
{
  g_autoptr (GHashTable) used = NULL;
  guint i = 0;

  if (links->attachments == NULL || links->attachments->len == 0)
    return TRUE;

  used = g_hash_table_new_full (g_int64_hash, g_int64_equal, g_free, NULL);
  mark_used (used, item);
  if (!sp_history_walk (tx->vault, links, item->number, mark_used_by_entry, used, error))
    return FALSE;
  while (i < links->attachments->len) {
    guint64 number = g_array_index (links->attachments, SpAttachmentRef, i).number;

    if (g_hash_table_contains (used, &number)) {
      i++;
      continue;
    }
    if (!delete_attachment (tx, number, error))
      return FALSE;
    g_array_remove_index (links->attachments, i);
  }
  return TRUE;
}

/**
 * sp_history_trim: (skip)
 * @tx: a transaction
 * @item: the item as it is from now on
 * @links: its links; changed
 * @error: return location for a [error@VaultError]
 *
 * Returns: whether that was done
 */
gboolean
sp_history_trim (SpTransaction *tx, const SpItem *item, SpOverviewLinks *links, GError **error)
{
  g_autoptr (GArray) refs = NULL;

  if (links->n_history <= SP_ITEM_MAX_HISTORY)
    return TRUE;

  refs = collect_refs (tx->vault, links, item->number, error);
  if (refs == NULL)
    return FALSE;
  while (links->n_history > SP_ITEM_MAX_HISTORY) {
    const SpRef *oldest = &g_array_index (refs, SpRef, links->n_history - 1);

    if (!sp_records_delete (tx->vault->db, SP_RECORDS_HISTORY, oldest->number, error))
      return FALSE;
    links->n_history--;
  }
  return drop_unused_attachments (tx, item, links, error);
}

/**
 * sp_history_purge: (skip)
 * @tx: a transaction
 * @item_number: the number of an item that is being purged
 * @links: its links
 * @error: return location for a [error@VaultError]
 *
 * Returns: whether its history and attachments are gone
 */
gboolean
sp_history_purge (SpTransaction *tx, guint64 item_number, SpOverviewLinks *links, GError **error)
{
  g_autoptr (GArray) refs = collect_refs (tx->vault, links, item_number, error);

  if (refs == NULL)
    return FALSE;
  for (guint i = 0; i < refs->len; i++)
    if (!sp_records_delete (tx->vault->db, SP_RECORDS_HISTORY,
                            g_array_index (refs, SpRef, i).number, error))
      return FALSE;
  for (guint i = 0; links->attachments != NULL && i < links->attachments->len; i++)
    if (!delete_attachment (tx, g_array_index (links->attachments, SpAttachmentRef, i).number,
                            error))
      return FALSE;
  return TRUE;
}

static gboolean
append_version (const SpRef *ref, const SpHistoryEntry *entry, gpointer data)
{
  SpItem *item = sp_detail_decode (entry->detail, entry->detail_len, NULL, NULL);

  if (item != NULL) {
    item->number = entry->item_number;
    g_ptr_array_add (data, item);
  }
  return item != NULL;
}

/**
 * sp_vault_load_history:
 * @self: a vault
 * @number: an item's number
 * @error: return location for a [error@VaultError]
 *
 * Returns: (transfer full) (element-type SpItem): the earlier versions of the item, newest first
 */
GPtrArray *
sp_vault_load_history (SpVault *self, guint64 number, GError **error)
{
  g_autoptr (GPtrArray) versions = g_ptr_array_new_with_free_func ((GDestroyNotify) sp_item_free);
  SpOverviewBytes overview;
  SpOverviewLinks links;
  gboolean done;

  if (!sp_vault_find_overview (self, number, &overview, error))
    return NULL;
  sp_overview_decode_links (overview.data, overview.len, &links);
  done = sp_history_walk (self, &links, number, append_version, versions, error);
  if (done && versions->len != links.n_history) {
    g_set_error_literal (error, SP_VAULT_ERROR, SP_VAULT_ERROR_DAMAGED,
                         "An earlier version of the item is damaged.");
    done = FALSE;
  }
  sp_overview_links_clear (&links);
  return done ? g_steal_pointer (&versions) : NULL;
}

/**
 * sp_vault_restore_version:
 * @self: a vault
 * @number: an item's number
 * @index: which of its earlier versions; 0 is the newest
 * @error: return location for a [error@VaultError]
 *
 * Makes an earlier version current; what is current goes into the history.
 *
 * Returns: whether that is durable
 */
gboolean
sp_vault_restore_version (SpVault *self, guint64 number, guint index, GError **error)
{
  g_autoptr (GPtrArray) versions = sp_vault_load_history (self, number, error);
  g_autoptr (SpItem) current = NULL;
  SpItem *version;

  if (versions == NULL)
    return FALSE;
  if (index >= versions->len) {
    g_set_error_literal (error, SP_VAULT_ERROR, SP_VAULT_ERROR_NOT_FOUND,
                         "The item has no such earlier version.");
    return FALSE;
  }
  current = sp_vault_load (self, number, error);
  if (current == NULL)
    return FALSE;

  version = g_ptr_array_index (versions, index);
  version->revision = current->revision;
  memcpy (version->tag, current->tag, sizeof version->tag);
  version->trashed = current->trashed;
  version->trashed_ms = current->trashed_ms;
  version->use_count = current->use_count;
  version->used_ms = current->used_ms;
  return sp_vault_save_as (self, version, SP_EVENT_ITEM_VERSION_RESTORED, error);
}
