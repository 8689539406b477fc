/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What other processes do to the file: told by the system, looked at a moment later, several changes at
 * once. Nothing polls, but for as long as somebody else has the file to themselves, or it is not there while somebody has
 * an edit to save in it. */

#define G_LOG_DOMAIN "sp-session-watch"

#include "config.h"

#include "services/sp-session-private.h"

#define GATHER_MS     150
#define RETRY_MS      500
#define MISSING_MS    2000
#define RATE_LIMIT_MS 100 /* GIO's own is so long that a change would be seen after a second */

static gboolean
refresh (SpVault *vault, SpJob *job, gpointer data, GError **error)
{
  gboolean changed;

  return sp_vault_refresh (vault, &changed, error);
}

static gboolean
later_cb (gpointer user_data)
{
  SpSession *self = SP_SESSION (user_data);

  self->refresh_id = 0;
  sp_session_watch_look (self);
  return G_SOURCE_REMOVE;
}

static void
look_later (SpSession *self, guint ms)
{
  if (self->refresh_id == 0 && sp_session_is_open (self))
    self->refresh_id = g_timeout_add (ms, later_cb, self);
}

static void
set_missing (SpSession *self, gboolean missing)
{
  if (self->view == NULL || self->view->missing == missing)
    return;
  self->view->missing = missing;
  sp_session_announce (self);
}

static void
refresh_done_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  SpSession *self = SP_SESSION (object);
  g_autoptr (GError) error = NULL;

  if (sp_session_run_finish (self, result, &error) != NULL) {
    set_missing (self, FALSE);
    return;
  }
  /* REPLACED was seen to, as for any job. */
  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED) ||
      g_error_matches (error, SP_VAULT_ERROR, SP_VAULT_ERROR_REPLACED))
    return;
  if (g_error_matches (error, SP_VAULT_ERROR, SP_VAULT_ERROR_BUSY))
    look_later (self, RETRY_MS);
  else if (g_error_matches (error, SP_VAULT_ERROR, SP_VAULT_ERROR_NOT_FOUND))
    sp_session_watch_lost (self, TRUE);
  else
    g_warning ("The vault’s changes could not be read: %s", error->message);
}

void
sp_session_watch_look (SpSession *self)
{
  sp_session_run_async (self, SP_JOB_BACKGROUND, refresh, NULL, NULL, NULL, refresh_done_cb, NULL);
}

/* With nothing to lose it is locked: who took the file away, and be it on a stick, is done with it. */
void
sp_session_watch_lost (SpSession *self, gboolean missing)
{
  if (!missing || !self->editing || !sp_session_is_open (self)) {
    sp_session_lock (self, SP_LOCK_REPLACED);
    return;
  }
  set_missing (self, TRUE);
  look_later (self, MISSING_MS);
}

static void
file_changed_cb (GFileMonitor *monitor,
                 GFile *file,
                 GFile *other_file,
                 GFileMonitorEvent event,
                 SpSession *self)
{
  look_later (self, GATHER_MS);
}

void
sp_session_watch_start (SpSession *self)
{
  g_autoptr (GFile) file = g_file_new_for_path (self->path);
  g_autoptr (GError) error = NULL;

  sp_session_watch_stop (self);
  self->monitor = g_file_monitor_file (file, G_FILE_MONITOR_NONE, NULL, &error);
  if (self->monitor == NULL) {
    g_warning ("Changes by other programs will be seen late: %s", error->message);
    return;
  }
  g_file_monitor_set_rate_limit (self->monitor, RATE_LIMIT_MS);
  g_signal_connect_object (self->monitor, "changed", G_CALLBACK (file_changed_cb), self, 0);
}

void
sp_session_watch_stop (SpSession *self)
{
  if (self->monitor != NULL)
    g_file_monitor_cancel (self->monitor);
  g_clear_object (&self->monitor);
  g_clear_handle_id (&self->refresh_id, g_source_remove);
}
