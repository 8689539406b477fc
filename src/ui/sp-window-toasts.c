/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "sp-window"

#include "config.h"

#include <glib/gi18n.h>

#include "ui/sp-error-text.h"
#include "ui/sp-window-private.h"

#define ACTION_TOAST_SECONDS 8

static void
add_toast (GtkWidget *widget, AdwToast *toast)
{
  GtkWidget *window = gtk_widget_get_ancestor (widget, SP_TYPE_WINDOW);
  SpWindow *self = window != NULL ? SP_WINDOW (window) : NULL;

  if (self == NULL) {
    g_object_unref (toast);
    return;
  }
  /* A toast waits for the one before it; what it offered is overtaken by what was done since. */
  if (self->offer != NULL)
    adw_toast_dismiss (self->offer);
  if (adw_toast_get_button_label (toast) != NULL)
    g_set_weak_pointer (&self->offer, toast);
  adw_toast_overlay_add_toast (self->toasts, toast);
}

void
sp_window_toast (GtkWidget *widget, const char *text)
{
  g_autofree char *escaped = g_markup_escape_text (text, -1);

  add_toast (widget, adw_toast_new (escaped));
}

void
sp_window_toast_error (GtkWidget *widget, const GError *error)
{
  g_autofree char *text = NULL;

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;
  text = sp_error_text (error);
  sp_window_toast (widget, text);
}

void
sp_window_toast_action (GtkWidget *widget,
                        const char *text,
                        const char *button,
                        const char *action,
                        GVariant *target)
{
  g_autofree char *escaped = g_markup_escape_text (text, -1);
  AdwToast *toast = adw_toast_new (escaped);

  adw_toast_set_button_label (toast, button);
  adw_toast_set_action_name (toast, action);
  adw_toast_set_action_target_value (toast, target);
  adw_toast_set_timeout (toast, ACTION_TOAST_SECONDS);
  add_toast (widget, toast);
}

void
sp_window_lift_toasts (GtkWidget *widget, gboolean lifted)
{
  GtkWidget *window = gtk_widget_get_ancestor (widget, SP_TYPE_WINDOW);

  if (window == NULL)
    return;
  if (lifted)
    gtk_widget_add_css_class (GTK_WIDGET (SP_WINDOW (window)->toasts), "sp-lifted");
  else
    gtk_widget_remove_css_class (GTK_WIDGET (SP_WINDOW (window)->toasts), "sp-lifted");
}

void
sp_window_toast_undo_version (GtkWidget *widget,
                              SpSession *session,
                              guint64 number,
                              const char *text)
{
  SpSnapshot *snapshot = sp_session_get_snapshot (session);
  SpPosition position = snapshot != NULL ? sp_snapshot_find_number (snapshot, number)
                                         : SP_POSITION_NONE;
  SpOverview overview;

  if (position == SP_POSITION_NONE)
    return;
  sp_snapshot_get_overview (snapshot, position, &overview);
  sp_window_toast_action (widget, text,
                          _("Undo"), "win.undo-version",
                             g_variant_new ("(tt)", number, overview.revision));
}
