/* SPDX-License-Identifier: GPL-3.0-or-later */

/* SpSession: one vault, as the application sees it.
 *
 * It owns the vault and the one thread that touches it. All calls come from the main loop and return at
 * once: reading overviews and searching need no call at all (take the snapshot), everything
 * else is a job in the thread's queue (sp-session-job.h) and answers by a GAsyncReadyCallback. What
 * a job changed is announced, by ::changed, before its callback runs.
 *
 * Locking drops the snapshot at once. Jobs that have not begun answer G_IO_ERROR_CANCELLED, but for those that
 * bring something home (a save, a draft); then the vault is closed, and its keys are wiped. */

#pragma once

#include <gio/gio.h>

#include "base/sp-secret.h"
#include "vault/sp-item.h"
#include "vault/sp-snapshot.h"
#include "vault/sp-vault.h"

G_BEGIN_DECLS

#define SP_TYPE_SESSION (sp_session_get_type ())
G_DECLARE_FINAL_TYPE (SpSession, sp_session, SP, SESSION, GObject)

typedef enum {
  SP_SESSION_LOCKED,  /* there may or may not be a vault at the path */
  SP_SESSION_OPENING, /* the KDF runs */
  SP_SESSION_OPEN,
} SpSessionState;

typedef enum {
  SP_LOCK_BY_USER,
  SP_LOCK_IDLE,
  SP_LOCK_SCREEN,   /* the screen was locked */
  SP_LOCK_SUSPEND,  /* the machine goes to sleep */
  SP_LOCK_REPLACED, /* the file is another one, or an older one, or gone */
} SpLockReason;

/* Properties: "state" (SpSessionState as int), "path", "name" (the vault's), "writable",
 * "keeps-edits" (there are edits that could not be written, and are kept in memory, encrypted).
 * Signals: ::changed, when there is a new snapshot, name, or vault state;
 *          ::locking (SpLockReason as int), when there is a last moment to bring something home by a job of
 *          SP_JOB_HOME; the snapshot is still there; "state" is notified afterwards. */

/* `state_dir` holds the pins; `clock` NULL is the system's. */
SpSession *sp_session_new (const char *state_dir, const SpClock *clock) G_GNUC_WARN_UNUSED_RESULT;

SpSessionState sp_session_get_state (SpSession *self);
gboolean sp_session_is_open (SpSession *self);
gboolean sp_session_is_held (SpSession *self);     /* open, or waiting for a new master password */
const char *sp_session_get_path (SpSession *self); /* of the vault last opened, created or named */
void sp_session_set_path (SpSession *self, const char *path); /* only while locked */
const char *sp_session_get_name (SpSession *self);
gint64 sp_session_now_ms (SpSession *self);

/* Only while open; NULL, FALSE and SOUND otherwise. */
SpSnapshot *sp_session_get_snapshot (SpSession *self); /* (transfer none) */
gboolean sp_session_is_writable (SpSession *self);
gboolean sp_session_was_refused (SpSession *self); /* the file has become read-only since */
gboolean
sp_session_is_missing (SpSession *self); /* the file is not there; only with an edit to save */
SpVaultState sp_session_get_vault_state (SpSession *self);
const SpVaultInfo *sp_session_peek_info (SpSession *self);
const SpVaultTimings *sp_session_peek_timings (SpSession *self);
const GPtrArray *sp_session_peek_problems (SpSession *self); /* (element-type SpProblem) */
const char *sp_session_get_location_warning (SpSession *self);

/* Creates a vault, open afterwards. A cancelled call leaves no file. */
void sp_session_create_async (SpSession *self,
                              const char *path,
                              const char *name,
                              const SpSecret *password,
                              GCancellable *cancellable,
                              GAsyncReadyCallback callback,
                              gpointer user_data);
gboolean sp_session_create_finish (SpSession *self, GAsyncResult *result, GError **error);

/* Opens the vault at the path. A cancelled call answers at once; what the KDF still brings is thrown away. */
void sp_session_unlock_async (SpSession *self,
                              const SpSecret *password,
                              GCancellable *cancellable,
                              GAsyncReadyCallback callback,
                              gpointer user_data);
gboolean sp_session_unlock_finish (SpSession *self, GAsyncResult *result, GError **error);

void sp_session_lock (SpSession *self, SpLockReason reason);
SpLockReason sp_session_get_lock_reason (SpSession *self); /* of the last lock */
/* Answers when everything queued so far, closing included, is done. For quitting. */
void sp_session_flush_async (SpSession *self, GAsyncReadyCallback callback, gpointer user_data);
gboolean sp_session_flush_finish (SpSession *self, GAsyncResult *result, GError **error);

G_END_DECLS
