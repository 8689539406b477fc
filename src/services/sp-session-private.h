/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What the files of the session share. */

#pragma once

#include "services/sp-session-job.h"
#include "vault/sp-vault-log.h"
#include "vault/sp-vault-rotate.h"

G_BEGIN_DECLS

#define SP_JOB_N_PRIORITIES 3

/* Not for callers: a job that makes or closes the vault, and so runs whether there is one or not. */
#define SP_JOB_ANY_STATE (1 << 8)

/* What the main loop knows of the vault; captured by the thread after each job. */
typedef struct {
  SpSnapshot *snapshot; /* (owned) */
  char *name;
  SpVaultState state;
  gboolean writable;
  gboolean must_set_password; /* opened with a recovery key, and sound */
  SpVaultInfo info;
  SpVaultTimings timings;
  GPtrArray *problems; /* (element-type SpProblem) (owned) */
  char *location_warning;
  gboolean refused; /* a change of this state could not be written; of the main loop */
  gboolean missing; /* the file is not there; of the main loop */
} SpSessionView;

/* A use of an item. */
typedef struct {
  guint epoch; /* the opening it was in */
  guint64 number;
  SpEventKind kind;
} SpSessionUse;

struct _SpSession {
  GObject parent_instance;

  GMainContext *context; /* (owned) the main loop's */
  char *state_dir;
  SpClock clock;

  /* Of the main loop. */
  SpSessionState state;
  SpLockReason lock_reason;
  gboolean locking;    /* ::locking is being emitted */
  gboolean creating;   /* what is being opened is a new vault */
  gboolean recovering; /* OPENING: a recovery key was right, and a new password is waited for */
  char *path;
  SpSessionView *view; /* (owned) (nullable) while open */
  guint epoch;         /* counts openings; a job belongs to one */
  GFileMonitor *monitor;
  guint refresh_id;
  gboolean editing;      /* there is an edit that is not saved */
  GPtrArray *kept_edits; /* (element-type KeptEdit) (owned) what could not be written, encrypted */

  /* Of the thread. */
  GThread *thread;
  SpVault *vault; /* (owned) (nullable) */
  guint vault_epoch;
  SpRotation *plan;          /* (owned) (nullable) what was planned last */
  SpSnapshot *seen_snapshot; /* (owned) (nullable) what was captured last */
  SpVaultState seen_state;
  guint64 seen_sequence;

  /* Between them. */
  GMutex mutex;
  GCond wake;
  GQueue queues[SP_JOB_N_PRIORITIES]; /* (element-type SpJob) (owned) */
  SpJob *running;                     /* the thread's own */
  gboolean stopping;
  GArray *uses; /* (element-type SpSessionUse) (owned) that were not logged yet */
};

struct _SpJob {
  SpSession *session; /* (owned) */
  SpJobFlags flags;
  guint epoch;
  SpJobFunc run;
  gpointer data;
  GDestroyNotify free_data;

  GTask *task;               /* (owned) (nullable) main loop; NULL once it was answered */
  GCancellable *cancellable; /* (owned) the job's own */
  GCancellable *outer;       /* (owned) (nullable) the caller's */
  gulong outer_handler;

  gboolean ok;
  GError *error;
  gboolean missing;    /* it failed, and there is no file at the path any more */
  SpSessionView *view; /* (owned) (nullable) what the job changed */

  SpJobProgress progress; /* (nullable) */
  gpointer progress_data;
  GMutex progress_mutex;
  guint64 progress_done;
  guint64 progress_total;
  gint64 progress_us; /* when it was last told */
};

/* sp-session-queue.c */
void sp_session_queue_start (SpSession *self);
void sp_session_queue_stop (SpSession *self);
void sp_session_queue_push (SpSession *self,
                            SpJobFlags flags,
                            SpJobFunc run,
                            gpointer data,
                            GDestroyNotify free_data,
                            SpJobProgress progress,
                            gpointer progress_data,
                            GCancellable *cancellable,
                            GTask *task);     /* (transfer full) */
void sp_session_queue_drop (SpSession *self); /* answers what waits, but for what goes home */

/* sp-session-log.c: in the thread. What is left of the uses, and that the vault is locked. */
void sp_session_log_end (SpSession *self, SpVault *vault, guint epoch, SpLockReason reason);

/* sp-session.c: in the main loop, what a job brought. */
void sp_session_take_view (SpSession *self, SpSessionView *view);
void sp_session_note_failure (SpSession *self, const GError *error);
void sp_session_announce (SpSession *self);
void sp_session_set_state (SpSession *self, SpSessionState state);
void sp_session_push_close (SpSession *self, gboolean log, gboolean discard_it);
void sp_session_close_vault (SpSession *self); /* in the thread */
SpSessionView *sp_session_view_new (SpVault *vault);
void sp_session_view_free (SpSessionView *self);

/* sp-session-drafts.c */
void sp_session_init_drafts (SpSession *self);
void sp_session_bring_home (SpSession *self); /* what could not be written before */

/* sp-session-open.c */
void sp_session_become_open (SpSession *self);

/* sp-session-quick.c */
void sp_session_drop_idle_quick_unlock (SpVault *vault); /* in the thread */
void sp_session_forget_quick_unlock (const char *path);

/* sp-session-transfer.c: in the thread. Whether something in the clear may be written there. */
gboolean
sp_session_check_target (SpVault *vault, GFile *file, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* sp-session-watch.c */
void sp_session_watch_start (SpSession *self);
void sp_session_watch_stop (SpSession *self);
void sp_session_watch_look (SpSession *self); /* now */
/* A job found the file to be another one, or not to be there. */
void sp_session_watch_lost (SpSession *self, gboolean missing);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (SpSessionView, sp_session_view_free)

G_END_DECLS
