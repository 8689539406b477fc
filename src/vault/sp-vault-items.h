/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Items of an open vault: reading, saving, trash, history, attachments. */

#pragma once

#include <gio/gio.h>

#include "vault/sp-item.h"
#include "vault/sp-vault-log.h"
#include "vault/sp-vault.h"

G_BEGIN_DECLS

#define SP_ITEM_MAX_HISTORY 20 /* versions kept of an item */

/* The whole item. NOT_FOUND, or DAMAGED when its detail does not hold. */
SpItem *sp_vault_load (SpVault *self, guint64 number, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Stores a new item (number 0) or a new version of one, whose earlier version goes into its history.
 * Sets number, revision, id (if null) and times in `item`. CONFLICT: it was changed since it was
 * loaded (or purged), or a new one has the id of one that is there; nothing was stored. Saving what is equal to the stored state changes nothing. An item that was saved in a
 * batch must be loaded again if that is rolled back. */
gboolean sp_vault_save (SpVault *self, SpItem *item, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* A copy under a new id, attachments included, no history; returns its number, 0 on error. */
guint64 sp_vault_duplicate (SpVault *self, guint64 number, const char *title, GError **error)
    G_GNUC_WARN_UNUSED_RESULT;

/* The same change to many items, one transaction, all or none. The last writer wins: these changes do
 * not conflict with an edit made elsewhere, but go on top of it. */
typedef enum {
  SP_CHANGE_TRASH,
  SP_CHANGE_RESTORE, /* out of the trash */
  SP_CHANGE_PURGE,   /* for good; only what is in the trash */
  SP_CHANGE_FAVOURITE,
  SP_CHANGE_UNFAVOURITE,
  SP_CHANGE_ARCHIVE,
  SP_CHANGE_UNARCHIVE,
  SP_CHANGE_ADD_TAG,    /* text: the tag */
  SP_CHANGE_REMOVE_TAG, /* text: the tag */
} SpChange;

gboolean sp_vault_change (SpVault *self,
                          SpChange change,
                          const char *text,
                          const guint64 *numbers,
                          gsize n_numbers,
                          GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Everything in the trash; out_purged (nullable) says how many. */
gboolean
sp_vault_purge_trash (SpVault *self, guint *out_purged, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Counts a use, in the overview only (no new version), and logs it: `kind` is ITEM_VIEWED, ITEM_COPIED or
 * ITEM_USED. */
gboolean sp_vault_touch (SpVault *self, guint64 number, SpEventKind kind, GError **error)
    G_GNUC_WARN_UNUSED_RESULT;

/* Earlier versions, newest first; modified_ms tells when each was made. (element-type SpItem) */
GPtrArray *
sp_vault_load_history (SpVault *self, guint64 number, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Makes version `index` (0 is the newest earlier one) current again; today's goes into the history. */
gboolean sp_vault_restore_version (SpVault *self, guint64 number, guint index, GError **error)
    G_GNUC_WARN_UNUSED_RESULT;

/* Attachments are stored in chunks and never held whole. Attaching and detaching make a new version; a
 * detached one stays readable in the history until that is trimmed or the item purged. */
gboolean sp_vault_attach (SpVault *self,
                          guint64 number,
                          const char *name,
                          GInputStream *stream,
                          GCancellable *cancellable,
                          GError **error) G_GNUC_WARN_UNUSED_RESULT;
gboolean sp_vault_detach (SpVault *self, guint64 number, guint64 attachment_number, GError **error)
    G_GNUC_WARN_UNUSED_RESULT;
gboolean sp_vault_read_attachment (SpVault *self,
                                   const SpAttachment *attachment,
                                   GOutputStream *stream,
                                   GCancellable *cancellable,
                                   GError **error) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
