/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "sp-window"

#include "config.h"

#include <glib/gi18n.h>

#include "services/sp-session-drafts.h"
#include "ui/sp-error-text.h"
#include "ui/sp-window-private.h"

#define ACTION_TOAST_SECONDS 8
#define LASTING_TOAST_CHARS  30

static void
dismissed_cb (SpWindow *self, AdwToast *toast)
{
  g_ptr_array_remove (self->told, toast);
}

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
  g_ptr_array_add (self->told, g_object_ref (toast));
  g_signal_connect_object (toast, "dismissed", G_CALLBACK (dismissed_cb), self, G_CONNECT_SWAPPED);
  adw_toast_overlay_add_toast (self->toasts, toast);
}

/* What was told of a vault is not told any more when it is locked. */
void
sp_window_drop_toasts (SpWindow *self)
{
  while (self->told->len > 0) {
    g_autoptr (AdwToast) toast = g_ptr_array_steal_index (self->told, self->told->len - 1);

    adw_toast_dismiss (toast);
  }
}

void
sp_window_toast (GtkWidget *widget, const char *text)
{
  g_autofree char *escaped = g_markup_escape_text (text, -1);

  add_toast (widget, adw_toast_new (escaped));
}

/* It has several lines, as narrow as a telephone's. */
static AdwToast *
make_lasting_toast (const char *text)
{
  AdwToast *toast = adw_toast_new ("");
  GtkWidget *label = gtk_label_new (text);

  gtk_label_set_max_width_chars (GTK_LABEL (label), LASTING_TOAST_CHARS);
  gtk_label_set_wrap (GTK_LABEL (label), TRUE);
  gtk_label_set_wrap_mode (GTK_LABEL (label), PANGO_WRAP_WORD_CHAR);
  gtk_label_set_xalign (GTK_LABEL (label), 0);
  adw_toast_set_custom_title (toast, label);
  adw_toast_set_timeout (toast, 0);
  return toast;
}

void
sp_window_toast_until_seen (GtkWidget *widget, const char *text)
{
  add_toast (widget, make_lasting_toast (text));
}

/* Why it was locked, if its user cannot know, and what has become of an edit that could not be written. */
static const char *
get_lock_text (SpWindow *self)
{
  gboolean lost = sp_session_get_lock_reason (self->session) == SP_LOCK_REPLACED;

  if (sp_session_keeps_edits (self->session))
    return lost
        ? _("The vault was locked: its file was taken away, or replaced by another one. What you were editing "
                    "is kept, encrypted, and offered again when you unlock the vault.")
        : _("What you were editing could not be written to the vault. It is kept, encrypted, until SecurePass "
                    "ends, and offered again when you unlock the vault.");
  return lost ? _("The vault was locked: its file was taken away, or replaced by another one.")
              : NULL;
}

void
sp_window_tell_of_lock (SpWindow *self)
{
  const char *text = get_lock_text (self);

  if (self->lock_toast != NULL)
    adw_toast_dismiss (self->lock_toast);
  if (text == NULL || sp_session_get_state (self->session) != SP_SESSION_LOCKED)
    return;
  g_set_weak_pointer (&self->lock_toast, make_lasting_toast (text));
  add_toast (GTK_WIDGET (self->pages), self->lock_toast);
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
