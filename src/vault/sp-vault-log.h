/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The activity log: an encrypted, chained record of what happened to the vault (VAULT-FORMAT.md §9). */

#pragma once

#include "vault/sp-vault.h"

G_BEGIN_DECLS

/* Stored numbers: never renumbered. */
typedef enum {
  SP_EVENT_CREATED = 1,
  SP_EVENT_OPENED = 2, /* count: SpSlotKind, or 0 for a password */
  SP_EVENT_UNLOCK_FAILED =
      3, /* recorded while locked, unproven: anyone who can write the file can forge it */
  SP_EVENT_LOCKED = 4, /* count: SpLockReason + 1, or 0 when nobody said why */
  SP_EVENT_ITEM_ADDED = 10,
  SP_EVENT_ITEM_CHANGED = 11,
  SP_EVENT_ITEM_TRASHED = 12,
  SP_EVENT_ITEM_RESTORED = 13,
  SP_EVENT_ITEM_PURGED = 14,
  SP_EVENT_ITEM_VIEWED = 15,
  SP_EVENT_ITEM_COPIED = 16,
  SP_EVENT_ITEM_VERSION_RESTORED = 17,
  SP_EVENT_ATTACHMENT_ADDED = 18,
  SP_EVENT_ATTACHMENT_REMOVED = 19,
  SP_EVENT_ITEM_USED = 20,
  SP_EVENT_IMPORTED = 30,
  SP_EVENT_IMPORT_UNDONE = 31,
  SP_EVENT_EXPORTED = 32,
  SP_EVENT_PRINTED = 33, /* a recovery key, onto paper or into a file */
  SP_EVENT_LOG_EXPORTED = 36,
  SP_EVENT_PASSWORD_CHANGED = 40,
  SP_EVENT_SLOT_ADDED = 41,
  SP_EVENT_SLOT_REMOVED = 42,
  SP_EVENT_SLOT_CHANGED = 43,
  SP_EVENT_SLOT_USED = 44, /* a recovery key */
  SP_EVENT_SLOT_EXPIRED = 45,
  SP_EVENT_KEYS_ROTATED = 46,
  SP_EVENT_SETTING_CHANGED = 50, /* count: its number (VAULT-FORMAT.md §12), or 0 */
  SP_EVENT_LOG_PRUNED = 51,      /* count: so many entries */
  SP_EVENT_DAMAGE_FOUND = 60,
  SP_EVENT_DAMAGE_ACCEPTED = 61,
  SP_EVENT_ROLLBACK_ACCEPTED = 62,
  SP_EVENT_REPAIRED = 63,
  SP_EVENT_SALVAGED = 64,
  SP_EVENT_CLOCK_SET_BACK = 66, /* count: by so many seconds, since the last change */
} SpEventKind;

typedef struct {
  guint64 number;
  gint64 time_ms;
  SpEventKind kind;
  gboolean while_locked; /* came through the sealed box */
  SpId session;
  SpId subject; /* item or slot; null when none */
  guint64 count;
  char *device;
} SpEvent;

void sp_event_free (SpEvent *self);
const char *sp_event_kind_to_name (SpEventKind kind);   /* "opened", "item-added", ... */
SpEventKind sp_event_kind_from_name (const char *name); /* 0: there is none of that name */
SpEventKind sp_event_kind_list (guint index);           /* 0: there are not so many */

/* One transaction of its own, unless a batch is open. `subject` may be NULL. */
gboolean sp_vault_log (SpVault *self,
                       SpEventKind kind,
                       const SpId *subject,
                       guint64 count,
                       GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* How long it is kept; 0: for ever. What is over is let go at an unlock, and leaves an entry. */
#define SP_LOG_MIN_ENTRIES     1000u /* are kept in any case */
#define SP_LOG_MAX_ENTRIES     10000000u
#define SP_LOG_DEFAULT_ENTRIES 100000u
#define SP_LOG_MAX_DAYS        36500u
typedef struct {
  guint days;
  guint entries;
} SpLogRetention;

gboolean sp_vault_get_log_retention (SpVault *self,
                                     SpLogRetention *out_retention,
                                     GError **error) G_GNUC_WARN_UNUSED_RESULT;
gboolean sp_vault_set_log_retention (SpVault *self,
                                     const SpLogRetention *retention,
                                     GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Newest first, at most `limit`, older than `before` (0: from the newest). (element-type SpEvent) */
GPtrArray *sp_vault_read_log (SpVault *self, guint64 before, guint limit, GError **error)
    G_GNUC_WARN_UNUSED_RESULT;

G_DEFINE_AUTOPTR_CLEANUP_FUNC (SpEvent, sp_event_free)

G_END_DECLS
