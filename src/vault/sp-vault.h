/* SPDX-License-Identifier: GPL-3.0-or-later */

/* SpVault: an open vault.
 *
 * Synchronous, and owned by one thread at a time. Several processes may have one vault open: every
 * change is one SQLite transaction that first catches up with what others wrote, and either is
 * acknowledged, and then durable, or left nothing behind. Reading the overviews needs no vault call:
 * take the snapshot.
 *
 * A vault that does not verify, or is older than what was seen here before, opens read-only;
 * sp_vault_get_state() and sp_vault_peek_problems() say why (sp-vault-repair.h: what then). */

#pragma once

#include <gio/gio.h>

#include "base/sp-clock.h"
#include "base/sp-id.h"
#include "base/sp-secret.h"
#include "crypto/sp-kdf.h"
#include "vault/sp-search.h"
#include "vault/sp-snapshot.h"
#include "vault/sp-vault-error.h"

G_BEGIN_DECLS

typedef struct _SpVault SpVault;

/* What a vault needs to know of the world; copied. */
typedef struct {
  const char *state_dir;   /* where pins are kept; NULL keeps none */
  const char *device_name; /* written into the seal and the log; NULL is the host name */
  const SpClock *clock;    /* NULL is the system's */
} SpVaultEnvironment;

typedef enum {
  SP_VAULT_OPEN_DEFAULT = 0,
  SP_VAULT_OPEN_READ_ONLY = 1 << 0,
} SpVaultOpenFlags;

typedef enum {
  SP_VAULT_STATE_SOUND,     /* everything that opening checks holds; may be written */
  SP_VAULT_STATE_READ_ONLY, /* sound, but asked to be, or the file or folder is, read-only */
  SP_VAULT_STATE_DAMAGED,   /* read-only: records are missing, damaged, older or foreign */
  SP_VAULT_STATE_OLDER,     /* read-only: a newer state of this vault was seen here before */
  SP_VAULT_STATE_FORKED,    /* read-only: this copy took another way than the one seen here */
} SpVaultState;

typedef struct {
  SpId vault_id;
  SpId lineage;
  guint32 format; /* VAULT-FORMAT.md, user_version */
  guint32 key_epoch;
  guint64 sequence;
  guint64 n_items; /* trash not included */
  guint64 n_trashed;
  guint64 n_log_entries;
  guint64 last_log_entry; /* its number */
  guint64 n_encryptions;  /* under this vault key; rotation is due long before 2^32 */
  guint64 file_size;
  gint64 created_ms;
  gint64 changed_ms;
  gint64 pin_seen_ms; /* OLDER, FORKED: when the newer state was written here; else 0 */
  guint n_slots;
  guint
      n_failed_unlocks; /* between the unlock before this one and this one, as far as they were not dropped */
  gint64 last_failed_ms; /* the latest of these, by what the record says */
} SpVaultInfo;

/* Microseconds of the last open and the last commit. */
typedef struct {
  gint64 kdf_us;
  gint64 open_us; /* from the end of the KDF to a searchable snapshot, integrity check included */
  gint64 save_us; /* the last acknowledged commit */
} SpVaultTimings;

/* Creates a vault that opens with `password`. `cost` NULL calibrates for this machine. The file must not
 * exist; its folder is made (0700) if need be. */
SpVault *sp_vault_create (const char *path,
                          const char *name,
                          const SpSecret *password,
                          const SpKdfCost *cost,
                          const SpVaultEnvironment *environment,
                          GError **error) G_GNUC_WARN_UNUSED_RESULT;
SpVault *sp_vault_open (const char *path,
                        const SpSecret *password,
                        SpVaultOpenFlags flags,
                        const SpVaultEnvironment *environment,
                        GError **error) G_GNUC_WARN_UNUSED_RESULT;
void sp_vault_close (SpVault *self); /* locks: wipes the keys; snapshots live on until released */

SpVaultState sp_vault_get_state (const SpVault *self);
gboolean sp_vault_is_writable (const SpVault *self);
const char *sp_vault_get_path (const SpVault *self);
void sp_vault_get_info (const SpVault *self, SpVaultInfo *out_info);
void sp_vault_get_timings (const SpVault *self, SpVaultTimings *out_timings);
const SpId *
sp_vault_get_session_id (const SpVault *self); /* random, of this unlock; the log carries it */
/* Sentences about the place the file is in (network or synchronised folder); NULL when all is well. */
const char *sp_vault_get_location_warning (const SpVault *self);

char *sp_vault_dup_name (const SpVault *self) G_GNUC_WARN_UNUSED_RESULT;
gboolean
sp_vault_set_name (SpVault *self, const char *name, GError **error) G_GNUC_WARN_UNUSED_RESULT;

SpSnapshot *sp_vault_get_snapshot (const SpVault *self); /* borrowed; changes with every change */

/* Catches up with changes of other processes; cheap when there are none. REPLACED: close the vault. */
gboolean
sp_vault_refresh (SpVault *self, gboolean *out_changed, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* sp_search(), and in:all, which decrypts every detail. */
SpResults *sp_vault_search (SpVault *self,
                            const SpQuery *query,
                            SpResults *previous,
                            GCancellable *cancellable,
                            GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Deletes the file, SQLite's own files beside it, and the pins; afterwards the vault can only be closed. `*out_left`
 * names what could not be deleted of the rest (element-type filename). FALSE: nothing is deleted. */
gboolean
sp_vault_delete (SpVault *self, GPtrArray **out_left, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Several changes as one: all that is saved between begin and commit is one transaction. A
 * change inside that fails with CONFLICT or NOT_FOUND did nothing, and the batch goes on; after any other
 * failure it can only be rolled back, and a commit is refused. Batches do not nest. */
typedef enum {
  SP_BATCH_EDIT,
  SP_BATCH_IMPORT, /* can be undone as a whole by sp_vault_undo_import() */
} SpBatchKind;

gboolean sp_vault_begin (SpVault *self, SpBatchKind kind, GError **error) G_GNUC_WARN_UNUSED_RESULT;
gboolean sp_vault_commit (SpVault *self, GError **error) G_GNUC_WARN_UNUSED_RESULT;
void sp_vault_rollback (SpVault *self);

/* Takes back the last import: what it made is purged, what it updated is as before, but for items that
 * were changed since, which stay (their number is in out_kept). NOT_FOUND: there is none to undo. */
gboolean sp_vault_undo_import (SpVault *self, guint *out_undone, guint *out_kept, GError **error)
    G_GNUC_WARN_UNUSED_RESULT;

G_DEFINE_AUTOPTR_CLEANUP_FUNC (SpVault, sp_vault_close)

G_END_DECLS
