/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "sp-secret-row"

#include "config.h"

#include "ui/sp-secret-row.h"

#include <glib/gi18n.h>

#include "ui/sp-secret-text.h"
#include "ui/sp-ui.h"

struct _SpSecretRow {
  AdwEntryRow parent_instance;

  GtkText *text;       /* the delegate; (nullable) after dispose */
  GdkDevice *keyboard; /* (owned) (nullable) while mapped */
  gboolean caps_lock;

  GtkButton *reveal_button;
};

G_DEFINE_FINAL_TYPE (SpSecretRow, sp_secret_row, ADW_TYPE_ENTRY_ROW)

enum {
  PROP_0,
  PROP_CAPS_LOCK,
  PROP_REVEALED,
  N_PROPS,
};

static GParamSpec *properties[N_PROPS];

static GtkEntryBuffer *
get_buffer (SpSecretRow *self)
{
  return gtk_text_get_buffer (self->text);
}

static void
update_visibility (SpSecretRow *self, gboolean revealed)
{
  const char *label = revealed ? _("Conceal") : _("Reveal");

  sp_secret_text_set_visible (self->text, revealed);
  gtk_button_set_icon_name (self->reveal_button,
                            revealed ? "sp-conceal-symbolic" : "sp-reveal-symbolic");
  gtk_widget_set_tooltip_text (GTK_WIDGET (self->reveal_button), label);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->reveal_button),
                                  GTK_ACCESSIBLE_PROPERTY_LABEL, label, -1);
}

static void
update_caps_lock (SpSecretRow *self)
{
  gboolean caps_lock = self->keyboard != NULL && gdk_device_get_caps_lock_state (self->keyboard) &&
                       gtk_widget_has_focus (GTK_WIDGET (self->text));

  if (self->caps_lock == caps_lock)
    return;
  self->caps_lock = caps_lock;
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_CAPS_LOCK]);
}

static void
reveal_button_clicked_cb (SpSecretRow *self)
{
  int position = gtk_editable_get_position (GTK_EDITABLE (self->text));

  sp_secret_row_set_revealed (self, !sp_secret_row_get_revealed (self));
  gtk_text_grab_focus_without_selecting (self->text);
  gtk_editable_set_position (GTK_EDITABLE (self->text), position);
}

/* ---- the object ------------------------------------------------------------------------------------- */

static void
sp_secret_row_map (GtkWidget *widget)
{
  SpSecretRow *self = SP_SECRET_ROW (widget);
  GdkSeat *seat = gdk_display_get_default_seat (gtk_widget_get_display (widget));

  GTK_WIDGET_CLASS (sp_secret_row_parent_class)->map (widget);
  if (seat != NULL && g_set_object (&self->keyboard, gdk_seat_get_keyboard (seat)))
    g_signal_connect_object (self->keyboard, "notify::caps-lock-state",
                             G_CALLBACK (update_caps_lock), self, G_CONNECT_SWAPPED);
  update_caps_lock (self);
}

static void
sp_secret_row_unmap (GtkWidget *widget)
{
  SpSecretRow *self = SP_SECRET_ROW (widget);

  if (self->keyboard != NULL)
    g_signal_handlers_disconnect_by_func (self->keyboard, update_caps_lock, self);
  g_clear_object (&self->keyboard);
  update_caps_lock (self);
  sp_secret_row_clear (self);
  GTK_WIDGET_CLASS (sp_secret_row_parent_class)->unmap (widget);
}

static void
sp_secret_row_get_property (GObject *object, guint prop_id, GValue *value, GParamSpec *pspec)
{
  SpSecretRow *self = SP_SECRET_ROW (object);

  switch (prop_id) {
  case PROP_CAPS_LOCK:
    g_value_set_boolean (value, self->caps_lock);
    break;
  case PROP_REVEALED:
    g_value_set_boolean (value, sp_secret_row_get_revealed (self));
    break;
  default:
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
  }
}

static void
sp_secret_row_set_property (GObject *object, guint prop_id, const GValue *value, GParamSpec *pspec)
{
  SpSecretRow *self = SP_SECRET_ROW (object);

  switch (prop_id) {
  case PROP_REVEALED:
    sp_secret_row_set_revealed (self, g_value_get_boolean (value));
    break;
  default:
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
  }
}

static void
sp_secret_row_dispose (GObject *object)
{
  SpSecretRow *self = SP_SECRET_ROW (object);

  if (self->keyboard != NULL)
    g_signal_handlers_disconnect_by_func (self->keyboard, update_caps_lock, self);
  g_clear_object (&self->keyboard);
  gtk_widget_dispose_template (GTK_WIDGET (self), SP_TYPE_SECRET_ROW);
  G_OBJECT_CLASS (sp_secret_row_parent_class)->dispose (object);
}

static void
sp_secret_row_class_init (SpSecretRowClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);
  const GParamFlags flags = G_PARAM_STATIC_STRINGS | G_PARAM_EXPLICIT_NOTIFY;

  object_class->dispose = sp_secret_row_dispose;
  object_class->get_property = sp_secret_row_get_property;
  object_class->set_property = sp_secret_row_set_property;
  widget_class->map = sp_secret_row_map;
  widget_class->unmap = sp_secret_row_unmap;

  properties[PROP_CAPS_LOCK] = g_param_spec_boolean ("caps-lock", NULL, NULL, FALSE,
                                                     G_PARAM_READABLE | flags);
  properties[PROP_REVEALED] = g_param_spec_boolean ("revealed", NULL, NULL, FALSE,
                                                    G_PARAM_READWRITE | flags);
  g_object_class_install_properties (object_class, N_PROPS, properties);

  gtk_widget_class_set_template_from_resource (widget_class, SP_UI_RESOURCE "/sp-secret-row.ui");
  gtk_widget_class_bind_template_callback (widget_class, reveal_button_clicked_cb);
  gtk_widget_class_bind_template_child (widget_class, SpSecretRow, reveal_button);
}

static void
sp_secret_row_init (SpSecretRow *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  self->text = GTK_TEXT (gtk_editable_get_delegate (GTK_EDITABLE (self)));
  sp_secret_text_set_up (self->text);
  sp_secret_text_guard (self->text);
  update_visibility (self, FALSE);
  g_signal_connect_object (self->text, "notify::has-focus", G_CALLBACK (update_caps_lock), self,
                           G_CONNECT_SWAPPED);
}

/**
 * sp_secret_row_dup_secret:
 * @self: a row
 *
 * Returns: (transfer full): what was typed; empty if nothing was
 */
SpSecret *
sp_secret_row_dup_secret (SpSecretRow *self)
{
  g_return_val_if_fail (SP_IS_SECRET_ROW (self), NULL);
  return sp_secret_new_text (gtk_entry_buffer_get_text (get_buffer (self)));
}

void
sp_secret_row_set_secret (SpSecretRow *self, const SpSecret *secret)
{
  g_return_if_fail (SP_IS_SECRET_ROW (self) && secret != NULL);
  gtk_entry_buffer_set_text (get_buffer (self), sp_secret_peek_text (secret), -1);
}

gboolean
sp_secret_row_is_empty (SpSecretRow *self)
{
  g_return_val_if_fail (SP_IS_SECRET_ROW (self), TRUE);
  return gtk_entry_buffer_get_length (get_buffer (self)) == 0;
}

gboolean
sp_secret_row_get_revealed (SpSecretRow *self)
{
  g_return_val_if_fail (SP_IS_SECRET_ROW (self), FALSE);
  return gtk_text_get_visibility (self->text);
}

void
sp_secret_row_set_revealed (SpSecretRow *self, gboolean revealed)
{
  g_return_if_fail (SP_IS_SECRET_ROW (self));

  revealed = revealed != FALSE;
  if (gtk_text_get_visibility (self->text) == revealed)
    return;
  update_visibility (self, revealed);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_REVEALED]);
}

void
sp_secret_row_clear (SpSecretRow *self)
{
  g_return_if_fail (SP_IS_SECRET_ROW (self));

  if (!sp_secret_row_is_empty (self))
    gtk_entry_buffer_set_text (get_buffer (self), "", 0);
  sp_secret_row_set_revealed (self, FALSE);
}

void
sp_secret_row_select (SpSecretRow *self)
{
  g_return_if_fail (SP_IS_SECRET_ROW (self));

  (void) gtk_widget_grab_focus (GTK_WIDGET (self->text));
  gtk_editable_select_region (GTK_EDITABLE (self->text), 0, -1);
}
