/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Jobs: what a session's thread does with the vault, one after the other, urgent ones first.
 *
 * A job is a function and its data, input and output in one struct:
 *
 *   typedef struct { guint64 number; SpItem *item; } Load;
 *
 *   static gboolean
 *   load (SpVault *vault, SpJob *job, gpointer data, GError **error)
 *   {
 *     Load *self = data;
 *
 *     self->item = sp_vault_load (vault, self->number, error);
 *     return self->item != NULL;
 *   }
 *
 *   sp_session_run_async (session, SP_JOB_INTERACTIVE, load, g_steal_pointer (&data), load_free, cancellable,
 *                         callback, user_data);
 *
 * and in the callback `Load *data = sp_session_run_finish (session, result, &error);`, which stays the
 * result's, so take out of it what is to live longer. */

#pragma once

#include "services/sp-session.h"

G_BEGIN_DECLS

typedef struct _SpJob SpJob;

/* In the thread. Returns FALSE with `error` set. */
typedef gboolean (*SpJobFunc) (SpVault *vault, SpJob *job, gpointer data, GError **error);
/* In the main loop. */
typedef void (*SpJobProgress) (guint64 done, guint64 total, gpointer user_data);

typedef enum {
  SP_JOB_INTERACTIVE = 0, /* someone waits for it */
  SP_JOB_BACKGROUND = 1,  /* nobody does: counting a use, refreshing */
  SP_JOB_LONG = 2,        /* import, export, verify */
  SP_JOB_PRIORITY_MASK = 3,
  SP_JOB_HOME = 1 << 2, /* brings something home: is run, too, when the vault is locked meanwhile */
  SP_JOB_ABANDON = 1 << 3, /* when cancelled, answers at once, and its end is ignored */
} SpJobFlags;

/* G_IO_ERROR_CANCELLED when the vault is locked, or becomes so before the job has begun. */
void sp_session_run_async (SpSession *self,
                           SpJobFlags flags,
                           SpJobFunc run,
                           gpointer data,
                           GDestroyNotify free_data,
                           GCancellable *cancellable,
                           GAsyncReadyCallback callback,
                           gpointer user_data);
/* The job's data (transfer none), or NULL with `error` set. */
gpointer sp_session_run_finish (SpSession *self, GAsyncResult *result, GError **error);

/* As sp_session_run_async(), with reports of progress; `progress` is not called after the callback. */
void sp_session_run_reporting_async (SpSession *self,
                                     SpJobFlags flags,
                                     SpJobFunc run,
                                     gpointer data,
                                     GDestroyNotify free_data,
                                     SpJobProgress progress,
                                     gpointer progress_data,
                                     GCancellable *cancellable,
                                     GAsyncReadyCallback callback,
                                     gpointer user_data);

/* In the thread. */
GCancellable *sp_job_get_cancellable (SpJob *self); /* cancelled by the caller, and by locking */
void sp_job_report (SpJob *self, guint64 done, guint64 total);

G_END_DECLS
