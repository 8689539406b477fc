/* SPDX-License-Identifier: GPL-3.0-or-later */

/* SpSettings: the preferences, with their types (data/org.securepass.SecurePass.gschema.xml). Nothing in them is secret. */

#pragma once

#include <gio/gio.h>

#include "base/sp-id.h"
#include "vault/sp-order.h"

G_BEGIN_DECLS

#define SP_TYPE_SETTINGS (sp_settings_get_type ())
G_DECLARE_FINAL_TYPE (SpSettings, sp_settings, SP, SETTINGS, GObject)

#define SP_SETTINGS_MAX_RECENT 8

/* The keys, which are the details of ::changed. */
#define SP_SETTING_ACTIVITY_SEEN      "activity-seen"
#define SP_SETTING_APPEARANCE         "appearance"
#define SP_SETTING_AUTO_LOCK_MINUTES  "auto-lock-minutes"
#define SP_SETTING_CLIPBOARD_SECONDS  "clipboard-seconds"
#define SP_SETTING_CONCEAL_SECONDS    "conceal-seconds"
#define SP_SETTING_FORWARD_ACTIVITY   "forward-activity"
#define SP_SETTING_LOCK_ON_SUSPEND    "lock-on-suspend"
#define SP_SETTING_LOCK_WITH_SCREEN   "lock-with-screen"
#define SP_SETTING_RECENT_VAULTS      "recent-vaults"
#define SP_SETTING_RECOVERY_REMINDERS "recovery-reminders"
#define SP_SETTING_SORT_ORDER         "sort-order"
#define SP_SETTING_WINDOW_MAXIMIZED   "window-maximized"
#define SP_SETTING_WINDOW_SIZE        "window-size"

typedef enum {
  SP_APPEARANCE_SYSTEM,
  SP_APPEARANCE_LIGHT,
  SP_APPEARANCE_DARK,
} SpAppearance;

/* Signal: ::changed::KEY, also for what another process changed. */

/* Looks for the compiled schema in `folders` (nullable; a strv, in their order), then where the system has its own.
 * NULL when it is nowhere. */
SpSettings *sp_settings_new (const char *const *folders, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Keeps `property` of `object` and the setting the same; an order or a style is its nick there, such as "title". */
void sp_settings_bind (SpSettings *self, const char *key, gpointer object, const char *property);

SpAppearance sp_settings_get_appearance (SpSettings *self);
guint sp_settings_get_auto_lock_minutes (SpSettings *self); /* 0: never */
guint sp_settings_get_clipboard_seconds (SpSettings *self); /* 0: never */
guint sp_settings_get_conceal_seconds (SpSettings *self);   /* 0: never */
gboolean sp_settings_get_lock_on_suspend (SpSettings *self);
gboolean sp_settings_get_lock_with_screen (SpSettings *self);
gboolean sp_settings_get_forward_activity (SpSettings *self);
/* Number of the newest entry of a vault's activity log whose alarms were dismissed; 0: none. */
guint64 sp_settings_get_activity_seen (SpSettings *self, const SpId *vault_id);
SpOrderKind sp_settings_get_sort_order (SpSettings *self);
gboolean sp_settings_get_window_maximized (SpSettings *self);
void sp_settings_get_window_size (SpSettings *self, int *out_width, int *out_height);
/* (transfer full) (array zero-terminated=1) (element-type filename) the latest first */
char **sp_settings_dup_recent_vaults (SpSettings *self) G_GNUC_WARN_UNUSED_RESULT;

/* A number that is out of its range is brought into it. */
void sp_settings_set_appearance (SpSettings *self, SpAppearance appearance);
void sp_settings_set_auto_lock_minutes (SpSettings *self, guint minutes);
void sp_settings_set_clipboard_seconds (SpSettings *self, guint seconds);
void sp_settings_set_conceal_seconds (SpSettings *self, guint seconds);
void sp_settings_set_lock_on_suspend (SpSettings *self, gboolean wanted);
void sp_settings_set_lock_with_screen (SpSettings *self, gboolean wanted);
void sp_settings_set_activity_seen (SpSettings *self, const SpId *vault_id, guint64 number);
void sp_settings_set_forward_activity (SpSettings *self, gboolean wanted);
void sp_settings_set_sort_order (SpSettings *self, SpOrderKind order);
void sp_settings_set_window_maximized (SpSettings *self, gboolean maximized);
void sp_settings_set_window_size (SpSettings *self, int width, int height);
/* Puts it first; the oldest are forgotten. */
void sp_settings_add_recent_vault (SpSettings *self, const char *path);
void sp_settings_forget_recent_vault (SpSettings *self, const char *path);
/* The vaults whose owners did without a recovery key for now: the oldest are forgotten. */
gboolean sp_settings_has_recovery_reminder (SpSettings *self, const char *path);
void sp_settings_add_recovery_reminder (SpSettings *self, const char *path);
void sp_settings_forget_recovery_reminder (SpSettings *self, const char *path);

G_END_DECLS
