/* SPDX-License-Identifier: GPL-3.0-or-later */

/* COMPAT (adw-1.3): AdwBanner. */

#define G_LOG_DOMAIN "sp-notice-bar"

#include "config.h"

#include "ui/sp-notice-bar.h"

#include <glib/gi18n.h>

#include "ui/sp-ui.h"

struct _SpNoticeBar {
  AdwBin parent_instance;

  SpSession *session; /* (owned) (nullable) */
  gboolean dismissed; /* for as long as the vault is open */

  GtkWidget *dismiss_button;
  GtkRevealer *revealer;
  GtkWidget *show_button;
  GtkLabel *text_label;
};

G_DEFINE_FINAL_TYPE (SpNoticeBar, sp_notice_bar, ADW_TYPE_BIN)

enum {
  PROP_0,
  PROP_SESSION,
  N_PROPS,
};

static GParamSpec *properties[N_PROPS];

/* What matters most, if anything does. */
static const char *
get_text (SpNoticeBar *self)
{
  switch (sp_session_get_vault_state (self->session)) {
  case SP_VAULT_STATE_DAMAGED:
    return _("Something is wrong with this vault. It is open for reading only.");
  case SP_VAULT_STATE_OLDER:
    return _("This is an older copy of the vault. It is open for reading only.");
  case SP_VAULT_STATE_FORKED:
    return _("This copy of the vault is not the one last seen here. It is open for reading only.");
  case SP_VAULT_STATE_READ_ONLY:
    return _("The vault’s file or folder cannot be written. It is open for reading only.");
  case SP_VAULT_STATE_SOUND:
  default:
    break;
  }
  if (sp_session_is_missing (self->session))
    return _("The vault’s file is gone. What you are editing can be saved once it is back in its place.");
  if (sp_session_was_refused (self->session))
    return _("The vault’s file cannot be written any more. What you change is not saved until it can.");
  if (sp_session_get_location_warning (self->session) != NULL)
    return _("This vault is on a network drive or in a synchronised folder, where saving is less "
             "safe. Keep backups.");
  return NULL;
}

static void
update (SpNoticeBar *self)
{
  gboolean open = self->session != NULL && sp_session_is_open (self->session);
  gboolean writable = open && sp_session_is_writable (self->session);
  gboolean refused = open && (sp_session_was_refused (self->session) ||
                              sp_session_is_missing (self->session));
  const char *text = open ? get_text (self) : NULL;
  gboolean has_problems = open && sp_session_peek_problems (self->session)->len > 0;
  gboolean shown;

  if (!open)
    self->dismissed = FALSE;
  /* What it said stays while it slides away. */
  if (text != NULL) {
    gtk_label_set_text (self->text_label, text);
    gtk_widget_set_visible (self->show_button, !writable && has_problems);
    gtk_widget_set_visible (self->dismiss_button, writable && !refused);
    gtk_widget_set_tooltip_text (
        GTK_WIDGET (self->text_label),
        writable && !refused ? sp_session_get_location_warning (self->session) : NULL);
  }
  /* That nothing can be saved is not put aside with a word about the place. */
  shown = text != NULL && (!writable || refused || !self->dismissed);
  gtk_revealer_set_reveal_child (self->revealer, shown);
}

static void
dismiss_cb (SpNoticeBar *self)
{
  self->dismissed = TRUE;
  update (self);
}

/* ---- the object ------------------------------------------------------------------------------------- */

static void
set_session (SpNoticeBar *self, SpSession *session)
{
  if (!g_set_object (&self->session, session))
    return;
  if (session != NULL) {
    g_signal_connect_object (session, "changed", G_CALLBACK (update), self, G_CONNECT_SWAPPED);
    g_signal_connect_object (session, "notify::state", G_CALLBACK (update), self,
                             G_CONNECT_SWAPPED);
  }
  update (self);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_SESSION]);
}

static void
sp_notice_bar_get_property (GObject *object, guint prop_id, GValue *value, GParamSpec *pspec)
{
  SpNoticeBar *self = SP_NOTICE_BAR (object);

  switch (prop_id) {
  case PROP_SESSION:
    g_value_set_object (value, self->session);
    break;
  default:
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
  }
}

static void
sp_notice_bar_set_property (GObject *object, guint prop_id, const GValue *value, GParamSpec *pspec)
{
  SpNoticeBar *self = SP_NOTICE_BAR (object);

  switch (prop_id) {
  case PROP_SESSION:
    set_session (self, g_value_get_object (value));
    break;
  default:
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
  }
}

static void
sp_notice_bar_dispose (GObject *object)
{
  SpNoticeBar *self = SP_NOTICE_BAR (object);

  if (self->session != NULL)
    g_signal_handlers_disconnect_by_func (self->session, update, self);
  gtk_widget_dispose_template (GTK_WIDGET (self), SP_TYPE_NOTICE_BAR);
  g_clear_object (&self->session);
  G_OBJECT_CLASS (sp_notice_bar_parent_class)->dispose (object);
}

static void
sp_notice_bar_class_init (SpNoticeBarClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->dispose = sp_notice_bar_dispose;
  object_class->get_property = sp_notice_bar_get_property;
  object_class->set_property = sp_notice_bar_set_property;

  properties[PROP_SESSION] = g_param_spec_object ("session", NULL, NULL, SP_TYPE_SESSION,
                                                  G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS |
                                                      G_PARAM_EXPLICIT_NOTIFY);
  g_object_class_install_properties (object_class, N_PROPS, properties);

  gtk_widget_class_set_template_from_resource (widget_class, SP_UI_RESOURCE "/sp-notice-bar.ui");
  gtk_widget_class_bind_template_callback (widget_class, dismiss_cb);
  gtk_widget_class_bind_template_child (widget_class, SpNoticeBar, dismiss_button);
  gtk_widget_class_bind_template_child (widget_class, SpNoticeBar, revealer);
  gtk_widget_class_bind_template_child (widget_class, SpNoticeBar, show_button);
  gtk_widget_class_bind_template_child (widget_class, SpNoticeBar, text_label);
}

static void
sp_notice_bar_init (SpNoticeBar *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}
