/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The inside of an open vault, shared by the sp-vault-*.c files and by nobody else. */

#pragma once

#include "store/sp-records.h"
#include "vault/sp-item.h"
#include "vault/sp-keyslot.h"
#include "vault/sp-record.h"
#include "vault/sp-seal.h"
#include "vault/sp-snapshot-private.h"
#include "vault/sp-tree.h"
#include "vault/sp-vault-log.h"
#include "vault/sp-vault-repair.h"
#include "vault/sp-vault.h"

G_BEGIN_DECLS

typedef struct _SpTransaction SpTransaction;

struct _SpVault {
  char *path;
  char *state_dir; /* (nullable) */
  char *device;
  const SpClock *clock;
  SpClock clock_copy;

  SpDb *db;
  SpId vault_id;
  SpSecret *vault_key;
  SpRecordCipher *cipher;
  SpSecret *audit_key;  /* of the log's chain */
  SpSecret *event_seed; /* of the sealed box */

  SpSeal *seal;
  GBytes *seal_record; /* as it stands in the file: comparing it tells whether anything changed */
  SpArena *arena;
  SpSnapshot *snapshot;

  SpVaultState state;
  SpVaultState pin_state; /* SOUND, OLDER or FORKED, also when `state` is DAMAGED */
  GPtrArray *problems;    /* (element-type SpProblem) (owned) */
  char *location_warning;
  gint64 pin_seen_ms;

  guint n_failed_unlocks; /* that this unlock found */
  gint64 last_failed_ms;

  SpId session;
  SpId slot_id; /* the slot that opened this session */
  guint64 slot_position;
  SpSlotKind slot_kind;
  gboolean
      must_set_password; /* opened with a recovery key: only a rotation that sets one may be written */

  SpTransaction *batch; /* (owned) (nullable) the open batch */
  SpVaultTimings timings;
};

/* sp-vault.c */
SpVault *sp_vault_new_empty (const char *path, const SpVaultEnvironment *environment);
gint64 sp_vault_now (const SpVault *self);
SpVault *sp_vault_create_with (const char *path,
                               const char *name,
                               const SpKeyslotFactors *factors,
                               const SpKdfCost *cost,
                               const SpVaultEnvironment *environment,
                               GError **error) G_GNUC_WARN_UNUSED_RESULT;
void sp_vault_set_keys (SpVault *self,
                        const SpSecret *vault_key,
                        const SpKeyslot *slot,
                        guint64 position);
gboolean sp_vault_derive_keys (SpVault *self, GError **error) G_GNUC_WARN_UNUSED_RESULT;
void sp_vault_take_state (SpVault *self, SpSeal *seal, GBytes *seal_record, SpSnapshot *snapshot);

/* SP_STORE_ERROR and SP_CRYPTO_ERROR become SP_VAULT_ERROR, in place. Always FALSE. */
gboolean sp_vault_translate (GError **error);

/* sp-vault-load.c: reads seal, index and pages in the state that the open read transaction shows. */
typedef struct {
  SpSeal *seal;
  GBytes *seal_record;
  SpSnapshot *snapshot;
  GPtrArray *problems;    /* (element-type SpProblem) */
  gboolean sound;         /* FALSE: the tree does not hold */
  gboolean copies_differ; /* a copy of seal or slot wants repair */
} SpLoadedState;

gboolean sp_vault_load_state (SpVault *self,
                              SpLoadedState *out_state,
                              GError **error) G_GNUC_WARN_UNUSED_RESULT;
void sp_loaded_state_clear (SpLoadedState *self);
/* Catches up inside a transaction that is open already. */
gboolean
sp_vault_catch_up (SpVault *self, gboolean *out_changed, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* sp-vault-slots.c */
gboolean sp_vault_write_slot (SpTransaction *tx,
                              guint64 position,
                              const SpKeyslot *slot,
                              const SpKeyslotChanging *changing,
                              GError **error) G_GNUC_WARN_UNUSED_RESULT;
gboolean sp_vault_mark_slot_used (SpTransaction *tx, GError **error) G_GNUC_WARN_UNUSED_RESULT;

gboolean
sp_vault_get_slot_hash (const SpSeal *seal, const SpId *id, guint8 out_fixed[static SP_HASH_LEN]);

/* sp-vault-slots-change.c */
SpFactors sp_vault_get_factors (const SpKeyslotFactors *given);

/* sp-slot-table.c: names what is wrong with slot_a and slot_b. */
gboolean sp_vault_check_slots (SpVault *self,
                               const SpSeal *seal,
                               GPtrArray *problems,
                               GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Writes both copies of every slot that the seal lists and holds, and removes rows that it does not. */
gboolean sp_vault_repair_slots (SpTransaction *tx, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* sp-vault-settings.c */
typedef enum {
  SP_SETTING_NAME = 1,
  SP_SETTING_LAST_IMPORT = 2,
  SP_SETTING_LOG_RETENTION = 6,
} SpSetting;

/* NULL and no error: not set. */
SpSecret *sp_vault_read_setting (SpVault *self, const SpSeal *seal, guint64 setting, GError **error)
    G_GNUC_WARN_UNUSED_RESULT;
gboolean
sp_vault_write_setting (SpTransaction *tx,
                        guint64 setting,
                        const guint8 *data,
                        gsize len,
                        GError **error) G_GNUC_WARN_UNUSED_RESULT; /* data NULL removes it */

/* sp-vault-items.c */
gboolean sp_vault_find_overview (SpVault *self,
                                 guint64 number,
                                 SpOverviewBytes *out_overview,
                                 GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* sp_vault_save(), logged as `kind`. */
gboolean sp_vault_save_as (SpVault *self, SpItem *item, SpEventKind kind, GError **error)
    G_GNUC_WARN_UNUSED_RESULT;

/* sp-vault-change.c */
gboolean
sp_vault_purge_item (SpTransaction *tx, guint64 number, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* sp-vault-draft.c, within a transaction */
GArray *
sp_vault_find_drafts (SpVault *self, GPtrArray *problems, GError **error) G_GNUC_WARN_UNUSED_RESULT;
gboolean sp_vault_delete_drafts (SpVault *self,
                                 const SpId *ids,
                                 gsize n_ids,
                                 guint *out_deleted,
                                 GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* sp-vault-import.c */
gboolean sp_transaction_note_import (SpTransaction *tx, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* sp-vault-pin.c */
typedef struct {
  gboolean present;
  guint64 epoch; /* of the vault key; 0 when a version wrote the pin that did not know of it */
  SpId lineage;
  guint64 sequence;
  guint64 audit;
  guint8 head[SP_HASH_LEN];
  SpId slot;
  guint8 fixed[SP_HASH_LEN]; /* SHA-256 of that slot's fixed part */
  gint64 seen_ms;
} SpPin;

void sp_pin_read (const char *state_dir, const SpId *vault_id, SpPin *out_pin);
void sp_pin_write (SpVault *self);
/* Adds to `left` what could not be removed. (element-type filename) */
void sp_pin_forget (const char *state_dir, const SpId *vault_id, GPtrArray *left);
/* SOUND, OLDER or FORKED. */
gboolean sp_vault_check_pin (SpVault *self,
                             const SpPin *pin,
                             SpVaultState *out_state,
                             GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* sp-vault-log.c */
gboolean sp_transaction_log (SpTransaction *tx,
                             SpEventKind kind,
                             const SpId *subject,
                             guint64 count,
                             GError **error) G_GNUC_WARN_UNUSED_RESULT;
gboolean sp_transaction_log_clock (SpTransaction *tx, GError **error) G_GNUC_WARN_UNUSED_RESULT;
gboolean sp_vault_absorb_locked_events (SpTransaction *tx,
                                        guint *out_lost,
                                        GError **error) G_GNUC_WARN_UNUSED_RESULT;
gboolean sp_vault_drop_foreign_entries (SpTransaction *tx,
                                        GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* From h before `first` to h of `last`; FALSE without error when a row is missing or damaged: its number. */
gboolean sp_vault_run_chain (SpVault *self,
                             guint64 first,
                             guint64 last,
                             guint8 inout_chain[static SP_HASH_LEN],
                             guint64 *out_bad,
                             GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Replaces h(n-1) by h(n). */
gboolean sp_vault_extend_chain (SpVault *self,
                                const SpRecordName *name,
                                SpRecordBytes record,
                                guint8 chain[static SP_HASH_LEN],
                                GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* sp-vault-log-prune.c */
gboolean
sp_vault_prune_log (SpTransaction *tx, gboolean at_once, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* sp-vault-log-rotate.c */
/* Writes the log of `source`, which is this vault under its former key, anew. */
gboolean
sp_vault_rewrite_log (SpTransaction *tx, SpVault *source, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Whether h(number) was `head` before the vault key was replaced. */
gboolean sp_vault_had_head (SpVault *self,
                            guint64 number,
                            const guint8 head[static SP_HASH_LEN],
                            gboolean *out_had,
                            GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* sp-vault-lockout.c */
gboolean sp_lockout_check (SpDb *db, gint64 now_ms, GError **error) G_GNUC_WARN_UNUSED_RESULT;
void sp_lockout_record_failure (SpDb *db, gint64 now_ms, const char *device);
/* For the log alone: a wrong recovery key makes nobody wait. */
void sp_lockout_record_event (SpDb *db, gint64 now_ms, const char *device);

/* sp-vault-repair.c */
SpProblem *
sp_problem_new (SpProblemKind kind, const char *table, guint64 record, const char *format, ...)
    G_GNUC_PRINTF (4, 5);

/* sp-location.c */
gboolean
sp_location_check (const char *path, char **out_warning, GError **error) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
