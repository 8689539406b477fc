/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The activity log in the window: what deserves a look is told once after an unlock, when the log was verified. */

#define G_LOG_DOMAIN "sp-window"

#include "config.h"

#include <glib/gi18n.h>

#include "ui/sp-activity-window.h"
#include "ui/sp-shown-time.h"
#include "ui/sp-window-private.h"

static void
update_forward (SpWindow *self)
{
  sp_activity_log_set_forward (self->activity, sp_settings_get_forward_activity (self->settings));
}

static char *
dup_failures (const SpVaultInfo *info)
{
  g_autofree char *time = sp_shown_time (info->last_failed_ms);

  /* Translators: %u counts failed unlocks since the last unlock that was none; %s is a time. */
  return g_strdup_printf (ngettext ("%u failed unlock since the last time, at %s",
                                    "%u failed unlocks since the last time, the latest at %s",
                                    info->n_failed_unlocks),
                          info->n_failed_unlocks, time);
}

static const char *
get_text (SpAlarms alarms)
{
  if (alarms & SP_ALARM_FAULTS)
    return _ ("The activity log was changed from outside");
  return _ ("Something in the activity deserves a look");
}

static void
activity_changed_cb (SpWindow *self)
{
  const SpVaultInfo *info = sp_session_peek_info (self->session);
  g_autofree char *text = NULL;
  SpAlarms alarms;

  if (info == NULL) {
    self->alarms_told = FALSE;
    return;
  }
  if (self->alarms_told || sp_activity_log_peek_faults (self->activity) == NULL)
    return;
  self->alarms_told = TRUE;
  alarms = sp_activity_log_find_alarms (
      self->activity, sp_settings_get_activity_seen (self->settings, &info->vault_id));
  if ((alarms & SP_ALARM_FAULTS) == 0 && info->n_failed_unlocks > 0)
    text = dup_failures (info);
  else if (alarms != 0)
    text = g_strdup (get_text (alarms));
  if (text != NULL)
    sp_window_toast_action (GTK_WIDGET (self), text, _ ("Show"), "win.activity", NULL);
}

void
sp_window_watch_activity (SpWindow *self)
{
  g_autofree char *detailed = g_strconcat ("changed::", SP_SETTING_FORWARD_ACTIVITY, NULL);

  self->activity = sp_activity_log_new (self->session);
  g_signal_connect_object (self->activity, "changed", G_CALLBACK (activity_changed_cb), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (self->settings, detailed, G_CALLBACK (update_forward), self,
                           G_CONNECT_SWAPPED);
  update_forward (self);
}

void
sp_window_show_activity (SpWindow *self, gboolean of_item)
{
  SpSnapshot *snapshot = sp_session_get_snapshot (self->session);
  guint64 number = of_item ? sp_browser_get_item (self->browser) : 0;
  SpPosition position = number != 0 ? sp_snapshot_find_number (snapshot, number) : SP_POSITION_NONE;
  SpOverview overview;

  if (of_item && position == SP_POSITION_NONE)
    return;
  if (of_item)
    sp_snapshot_get_overview (snapshot, position, &overview);
  sp_activity_window_present (GTK_WINDOW (self), self->activity, self->settings,
                              of_item ? overview.id : NULL);
}
