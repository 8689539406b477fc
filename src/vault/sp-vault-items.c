/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Reading and saving items.
 *
 * A save that changes the content puts the replaced detail into the history, whole and as it was. It rewrites
 * the detail, which repeats what the overview says, and then the overview, which names it. */

#define G_LOG_DOMAIN "sp-vault-items"

#include "config.h"

#include "vault/sp-vault-items.h"

#include <string.h>

#include "base/sp-wipe.h"
#include "crypto/sp-random.h"
#include "password/sp-strength.h"
#include "vault/sp-vault-history.h"
#include "vault/sp-vault-items-private.h"

/**
 * sp_vault_find_overview: (skip)
 * @self: a vault
 * @number: an item's number
 * @out_overview: (out): its overview as it is, in an open batch included; valid until the next change
 * @error: return location for a [error@VaultError]
 *
 * Returns: %FALSE with NOT_FOUND when there is no such item
 */
gboolean
sp_vault_find_overview (SpVault *self,
                        guint64 number,
                        SpOverviewBytes *out_overview,
                        GError **error)
{
  const SpPageRecord *record;
  const SpPage *page;
  SpPosition position;

  if (self->batch != NULL)
    return sp_tree_find (self->batch->tree, number, out_overview) || sp_vault_set_not_found (error);

  position = sp_snapshot_find_number (self->snapshot, number);
  if (position == SP_POSITION_NONE)
    return sp_vault_set_not_found (error);
  record = sp_snapshot_peek_record (self->snapshot, position, &page);
  out_overview->data = page->content + record->offset;
  out_overview->len = record->len;
  return TRUE;
}

/* What only the overview knows. */
static void
fill_from_overview (SpItem *item, const SpOverview *overview, const SpOverviewLinks *links)
{
  item->number = overview->number;
  item->revision = links->detail.revision;
  memcpy (item->tag, links->detail.tag, sizeof item->tag);
  item->use_count = overview->use_count;
  item->used_ms = overview->used_ms;
  item->unproven = (overview->flags & SP_OVERVIEW_UNPROVEN) != 0;
}

/**
 * sp_vault_load_detail: (skip)
 * @self: a vault
 * @overview: an item's overview
 * @links: its links
 * @out_content: (out): the content of the detail, valid until the next record is opened
 * @error: return location for a [error@VaultError]
 *
 * Reads the detail that an overview names.
 *
 * Returns: (transfer full): the item, or `NULL` with DAMAGED
 */
SpItem *
sp_vault_load_detail (SpVault *self,
                      const SpOverview *overview,
                      const SpOverviewLinks *links,
                      SpRecordBytes *out_content,
                      GError **error)
{
  g_autoptr (SpItem) item = NULL;

  if (!sp_vault_read_record (self, SP_TABLE_DETAIL, &links->detail, out_content, error))
    return NULL;
  item = sp_detail_decode (out_content->data, out_content->len, NULL, error);
  if (item == NULL)
    return NULL;
  if (!sp_id_equal (&item->id, overview->id) || item->type != overview->type) {
    g_set_error_literal (error, SP_VAULT_ERROR, SP_VAULT_ERROR_DAMAGED,
                         "The item's detail is not that of the item.");
    return NULL;
  }
  fill_from_overview (item, overview, links);
  return g_steal_pointer (&item);
}

static SpItem *
load_once (SpVault *self, guint64 number, GError **error)
{
  SpOverviewBytes bytes;
  SpOverviewLinks links;
  SpRecordBytes content;
  SpOverview overview;
  SpItem *item;

  if (!sp_vault_find_overview (self, number, &bytes, error))
    return NULL;
  sp_overview_decode (bytes.data, bytes.len, &overview);
  sp_overview_decode_links (bytes.data, bytes.len, &links);
  item = sp_vault_load_detail (self, &overview, &links, &content, error);
  sp_record_forget (self->cipher);
  sp_overview_links_clear (&links);
  return item;
}

/**
 * sp_vault_load:
 * @self: a vault
 * @number: an item's number
 * @error: return location for a [error@VaultError]
 *
 * Decrypts one item. If another process has stored a newer version of it meanwhile, that one.
 *
 * Returns: (transfer full): the item, or `NULL` with NOT_FOUND or DAMAGED
 */
SpItem *
sp_vault_load (SpVault *self, guint64 number, GError **error)
{
  /* A record that is not the one that the overview names may be damaged, or newer than the overview. */
  for (;;) {
    g_autoptr (GError) local_error = NULL;
    SpItem *item = load_once (self, number, &local_error);
    gboolean moved = FALSE;

    if (item != NULL)
      return item;
    if (!g_error_matches (local_error, SP_VAULT_ERROR, SP_VAULT_ERROR_DAMAGED) ||
        !sp_vault_refresh (self, &moved, NULL) || !moved) {
      g_propagate_error (error, g_steal_pointer (&local_error));
      return NULL;
    }
  }
}

/* zxcvbn takes tens of microseconds, so an import leaves the strength for later. */
static guint8
get_strength (const SpTransaction *tx, const SpItem *item, guint8 old)
{
  const SpSecret *password = sp_item_peek_value (item, "password");
  SpStrength strength;

  if (tx->is_batch)
    return old;
  if (password == NULL || sp_secret_is_empty (password))
    return 0;
  sp_strength_estimate (password, NULL, &strength);
  return (guint8) (strength.score + 1);
}

/**
 * sp_vault_put_detail: (skip)
 * @tx: a transaction
 * @item: the item as it is to be; its revision and tag become those of the new detail
 * @links: its links; changed
 * @error: return location for a [error@VaultError]
 *
 * Returns: whether the detail is written
 */
gboolean
sp_vault_put_detail (SpTransaction *tx, SpItem *item, SpOverviewLinks *links, GError **error)
{
  const SpRef *history = links->n_history > 0 ? &links->history : NULL;
  gboolean is_new = links->detail.revision == 0;

  if (!sp_detail_encode (item, history, sp_record_begin (tx->vault->cipher), error))
    return FALSE;
  /* Its first edit makes it longer, by the link to what it was before. */
  if (is_new ? !sp_transaction_put_new (tx, SP_TABLE_DETAIL, item->number, &links->detail, error)
             : !sp_transaction_put (tx, SP_TABLE_DETAIL, item->number, &links->detail, error))
    return FALSE;
  item->revision = links->detail.revision;
  memcpy (item->tag, links->detail.tag, sizeof item->tag);
  return TRUE;
}

/**
 * sp_vault_encode_overview: (skip)
 * @tx: a transaction
 * @item: an item
 * @links: its links
 *
 * Returns: its overview, valid until the next one is encoded
 */
SpOverviewBytes
sp_vault_encode_overview (SpTransaction *tx, const SpItem *item, const SpOverviewLinks *links)
{
  SpOverviewBytes bytes;

  sp_writer_reset (tx->overview);
  sp_overview_encode (item, links, tx->overview);
  bytes.data = sp_writer_peek (tx->overview, &bytes.len);
  return bytes;
}

/**
 * sp_vault_log_change: (skip)
 * @tx: a transaction
 * @kind: what was done
 * @item: to which item
 * @error: return location for a [error@VaultError]
 *
 * Logs a change; those of an import are logged as one.
 *
 * Returns: whether that was done
 */
gboolean
sp_vault_log_change (SpTransaction *tx, SpEventKind kind, const SpItem *item, GError **error)
{
  return sp_transaction_is_import (tx) || sp_transaction_log (tx, kind, &item->id, 0, error);
}

static gboolean
insert_item (SpTransaction *tx, SpItem *item, GError **error)
{
  SpOverviewLinks links = { 0 };

  if (item->attachments->len > 0) {
    g_set_error_literal (error, SP_VAULT_ERROR, SP_VAULT_ERROR_INVALID,
                         "Attachments are added to an item that is stored.");
    return FALSE;
  }
  if (!sp_id_is_null (&item->id) && sp_tree_has_id (tx->tree, &item->id)) {
    g_set_error_literal (error, SP_VAULT_ERROR, SP_VAULT_ERROR_CONFLICT,
                         "The new item was stored already. Nothing was overwritten.");
    return FALSE;
  }
  if (sp_id_is_null (&item->id) && !sp_random_id (&item->id, error))
    return FALSE;

  item->number = tx->seal->next_number++;
  if (item->created_ms <= 0)
    item->created_ms = tx->now_ms;
  if (item->modified_ms <= 0)
    item->modified_ms = item->created_ms;
  if (item->trashed && item->trashed_ms == 0)
    item->trashed_ms = tx->now_ms;

  if (!sp_vault_put_detail (tx, item, &links, error))
    return FALSE;
  links.strength = get_strength (tx, item, 0);
  if (!sp_tree_append (tx->tree, item->number, sp_vault_encode_overview (tx, item, &links), error))
    return FALSE;
  tx->n_items_change++;
  tx->n_trashed_change += item->trashed ? 1 : 0;
  if (sp_transaction_is_import (tx))
    g_array_append_val (tx->created, item->number);
  return TRUE;
}

/* The replaced detail, as it was, becomes the newest entry of the history. */
static gboolean
put_history (SpTransaction *tx,
             guint64 item_number,
             SpRecordBytes old,
             SpOverviewLinks *links,
             GError **error)
{
  SpHistoryEntry entry = {
    .item_number = item_number,
    .replaced_ms = tx->now_ms,
    .has_previous = links->n_history > 0,
    .previous = links->history,
    .detail = old.data,
    .detail_len = old.len,
  };

  sp_history_encode (&entry, sp_record_begin (tx->vault->cipher));
  if (!sp_transaction_put (tx, SP_TABLE_HISTORY, tx->seal->next_number++, &links->history, error))
    return FALSE;
  links->n_history++;
  return TRUE;
}

static gboolean
check_attachments (const SpItem *item, const SpOverviewLinks *links, GError **error)
{
  for (guint i = 0; i < item->attachments->len; i++) {
    const SpAttachment *attachment = g_ptr_array_index (item->attachments, i);
    gboolean known = FALSE;

    for (guint j = 0; links->attachments != NULL && j < links->attachments->len && !known; j++) {
      const SpAttachmentRef *ref = &g_array_index (links->attachments, SpAttachmentRef, j);

      known = ref->number == attachment->number && sp_id_equal (&ref->key_id, &attachment->key_id);
    }
    if (!known) {
      g_set_error_literal (error, SP_VAULT_ERROR, SP_VAULT_ERROR_INVALID,
                           "The item names an attachment that the vault does not have.");
      return FALSE;
    }
  }
  return TRUE;
}

static gboolean
check_conflict (const SpItem *item, const SpOverviewLinks *links, GError **error)
{
  if (item->revision == links->detail.revision &&
      sp_bytes_equal (item->tag, links->detail.tag, sizeof item->tag))
    return TRUE;
  g_set_error_literal (error, SP_VAULT_ERROR, SP_VAULT_ERROR_CONFLICT,
                       "The item was changed elsewhere in the meantime. Nothing was overwritten.");
  return FALSE;
}

/* A detail that grows may be spread over several pages of the file. The index must not be, in the same save. */
static void
keep_small (SpTransaction *tx, gsize old_len)
{
  SpRecordBytes content;

  sp_record_peek (tx->vault->cipher, &content);
  if (sp_record_get_frame_len (SP_TABLE_DETAIL, content.len) >
      sp_record_get_frame_len (SP_TABLE_DETAIL, old_len))
    sp_tree_put_off_splits (tx->tree);
}

static gboolean
replace_item (SpTransaction *tx,
              SpItem *item,
              const SpItem *old,
              SpRecordBytes old_content,
              SpOverviewLinks *links,
              GError **error)
{
  if (!put_history (tx, item->number, old_content, links, error))
    return FALSE;
  item->id = old->id;
  item->created_ms = old->created_ms;
  item->modified_ms = tx->now_ms;
  item->unproven = FALSE;
  if (!sp_vault_put_detail (tx, item, links, error))
    return FALSE;
  if (!tx->is_batch)
    keep_small (tx, old_content.len);
  if (!sp_history_trim (tx, item, links, error))
    return FALSE;
  links->strength = get_strength (tx, item, 0);
  if (!sp_tree_replace (tx->tree, item->number, sp_vault_encode_overview (tx, item, links), error))
    return FALSE;
  tx->n_trashed_change += (item->trashed ? 1 : 0) - (old->trashed ? 1 : 0);
  if (sp_transaction_is_import (tx))
    g_array_append_val (tx->updated, item->number);
  return TRUE;
}

static gboolean
update_item (SpTransaction *tx, SpItem *item, gboolean *out_changed, GError **error)
{
  g_autoptr (SpItem) old = NULL;
  SpOverviewBytes bytes;
  SpOverviewLinks links;
  SpOverview overview;
  SpRecordBytes content;
  gboolean done;

  if (!sp_tree_find (tx->tree, item->number, &bytes)) {
    g_set_error_literal (error, SP_VAULT_ERROR, SP_VAULT_ERROR_CONFLICT,
                         "The item was deleted for good elsewhere in the meantime.");
    return FALSE;
  }
  sp_overview_decode (bytes.data, bytes.len, &overview);
  sp_overview_decode_links (bytes.data, bytes.len, &links);
  done = check_conflict (item, &links, error) && check_attachments (item, &links, error);
  if (done) {
    old = sp_vault_load_detail (tx->vault, &overview, &links, &content, error);
    done = old != NULL;
  }
  *out_changed = done && !sp_item_equal_content (old, item);
  if (*out_changed)
    done = replace_item (tx, item, old, content, &links, error);
  sp_overview_links_clear (&links);
  return done;
}

/* What storing sets in the item. When it is not stored after all, the item must be as it was, so that the
 * same save can be tried again. */
typedef struct {
  SpId id;
  guint64 number;
  guint64 revision;
  guint8 tag[16];
  gboolean unproven;
  gint64 created_ms;
  gint64 modified_ms;
  gint64 trashed_ms;
} Identity;

static Identity
remember_identity (const SpItem *item)
{
  Identity identity = {
    .id = item->id,
    .number = item->number,
    .revision = item->revision,
    .unproven = item->unproven,
    .created_ms = item->created_ms,
    .modified_ms = item->modified_ms,
    .trashed_ms = item->trashed_ms,
  };

  memcpy (identity.tag, item->tag, sizeof identity.tag);
  return identity;
}

static void
restore_identity (SpItem *item, const Identity *identity)
{
  item->id = identity->id;
  item->number = identity->number;
  item->revision = identity->revision;
  memcpy (item->tag, identity->tag, sizeof item->tag);
  item->unproven = identity->unproven;
  item->created_ms = identity->created_ms;
  item->modified_ms = identity->modified_ms;
  item->trashed_ms = identity->trashed_ms;
}

/**
 * sp_vault_save_as: (skip)
 * @self: a vault
 * @item: the item to store
 * @kind: how to log it
 * @error: return location for a [error@VaultError]
 *
 * Returns: whether it is stored
 */
gboolean
sp_vault_save_as (SpVault *self, SpItem *item, SpEventKind kind, GError **error)
{
  SpTransaction *tx = sp_transaction_join (self, error);
  const Identity before = remember_identity (item);
  gboolean changed = TRUE;
  gboolean done;

  if (tx == NULL)
    return FALSE;
  if (item->number == 0)
    done = insert_item (tx, item, error);
  else
    done = update_item (tx, item, &changed, error);

  if (done && !changed && !tx->is_batch) {
    sp_transaction_rollback (tx);
    return TRUE;
  }
  done = done && (!changed || sp_vault_log_change (tx, kind, item, error));
  if (sp_transaction_leave (tx, done, error))
    return TRUE;
  restore_identity (item, &before);
  return sp_vault_translate (error);
}

/**
 * sp_vault_save:
 * @self: a vault
 * @item: a new item (number 0), or one that was loaded and changed
 * @error: return location for a [error@VaultError]
 *
 * Stores an item. What it replaces goes into the item's history. Number, revision, id and times of @item
 * are those of the stored state afterwards.
 *
 * Returns: whether it is stored; CONFLICT when it was changed since it was loaded
 */
gboolean
sp_vault_save (SpVault *self, SpItem *item, GError **error)
{
  return sp_vault_save_as (self, item,
                           item->number == 0 ? SP_EVENT_ITEM_ADDED : SP_EVENT_ITEM_CHANGED, error);
}
