/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What was copied, or gave way to another one, is kept; not every step of a length that is being set. */

#define G_LOG_DOMAIN "sp-generator-window"

#include "config.h"

#include "ui/sp-generator-window.h"

#include <glib/gi18n.h>

#include "ui/sp-child-window.h"
#include "ui/sp-field-row.h"
#include "ui/sp-generator-view.h"
#include "ui/sp-large-type-window.h"
#include "ui/sp-ui.h"

#define MAX_GENERATED 50

struct _SpGeneratorWindow {
  AdwWindow parent_instance;

  SpSession *session;     /* (owned) */
  SpClipboard *clipboard; /* (owned) */
  GPtrArray *generated;   /* (element-type SpSecret) (owned) */
  guint conceal_seconds;  /* 0 is never */

  SpGeneratorView *generator;
  GtkWidget *history;
  GtkListBox *list;
  AdwToastOverlay *toasts;
};

G_DEFINE_FINAL_TYPE (SpGeneratorWindow, sp_generator_window, ADW_TYPE_WINDOW)

static void
copy (SpGeneratorWindow *self, const SpSecret *secret)
{
  sp_clipboard_copy (self->clipboard, secret, _("Password"));
  adw_toast_overlay_add_toast (self->toasts, adw_toast_new (_("Copied")));
}

static void
row_copy_cb (SpGeneratorWindow *self, SpFieldRow *row)
{
  g_autoptr (SpSecret) secret = sp_field_row_dup_copy (row, NULL);

  if (secret != NULL)
    copy (self, secret);
}

static void
row_large_type_cb (SpGeneratorWindow *self, SpFieldRow *row)
{
  g_autoptr (SpSecret) secret = sp_field_row_dup_copy (row, NULL);

  if (secret != NULL)
    sp_large_type_window_present (GTK_WINDOW (self), self->session,
                                  _("Generator"), sp_field_row_get_label (row), secret);
}

static void
row_activated_cb (SpGeneratorWindow *self, GtkListBoxRow *row)
{
  row_copy_cb (self, SP_FIELD_ROW (row));
}

static void
add_row (SpGeneratorWindow *self, const SpSecret *secret, guint number)
{
  /* Translators: %u counts the passwords that were generated: "Password 3". */
  g_autofree char *label = g_strdup_printf (_("Password %u"), number);
  SpFieldRow *row = sp_field_row_new (self->session, label, SP_FIELD_HIDDEN, secret);

  g_signal_connect_object (row, "copy", G_CALLBACK (row_copy_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (row, "large-type", G_CALLBACK (row_large_type_cb), self,
                           G_CONNECT_SWAPPED);
  sp_field_row_set_conceal_seconds (row, self->conceal_seconds);
  gtk_list_box_prepend (self->list, GTK_WIDGET (row));
}

static void
conceal_rows (SpGeneratorWindow *self)
{
  GtkListBoxRow *row;

  for (int i = 0; (row = gtk_list_box_get_row_at_index (self->list, i)) != NULL; i++)
    sp_field_row_conceal (SP_FIELD_ROW (row));
}

static void
update_list (SpGeneratorWindow *self)
{
  GtkListBoxRow *row;

  while ((row = gtk_list_box_get_row_at_index (self->list, 0)) != NULL)
    gtk_list_box_remove (self->list, GTK_WIDGET (row));
  for (guint i = 0; i < self->generated->len; i++)
    add_row (self, g_ptr_array_index (self->generated, i), i + 1);
  gtk_widget_set_visible (self->history, self->generated->len > 0);
}

/* Not twice, when one is copied and then gives way. */
static void
keep (SpGeneratorWindow *self, const SpSecret *secret)
{
  for (guint i = 0; i < self->generated->len; i++)
    if (sp_secret_equal (g_ptr_array_index (self->generated, i), secret))
      return;
  if (self->generated->len == MAX_GENERATED)
    g_ptr_array_remove_index (self->generated, 0);
  g_ptr_array_add (self->generated, sp_secret_ref (secret));
  update_list (self);
}

static void
generator_another_cb (SpGeneratorWindow *self)
{
  g_autoptr (SpSecret) secret = sp_generator_view_dup_secret (self->generator);

  if (secret != NULL)
    keep (self, secret);
}

static void
generator_use_cb (SpGeneratorWindow *self)
{
  g_autoptr (SpSecret) secret = sp_generator_view_dup_secret (self->generator);

  if (secret == NULL)
    return;
  keep (self, secret);
  copy (self, secret);
}

static void
clear_clicked_cb (SpGeneratorWindow *self)
{
  g_ptr_array_set_size (self->generated, 0);
  update_list (self);
}

static void
is_active_cb (SpGeneratorWindow *self)
{
  if (!gtk_window_is_active (GTK_WINDOW (self)))
    conceal_rows (self);
}

/* ---- the object ------------------------------------------------------------------------------------- */

static void
sp_generator_window_dispose (GObject *object)
{
  SpGeneratorWindow *self = SP_GENERATOR_WINDOW (object);

  gtk_widget_dispose_template (GTK_WIDGET (self), SP_TYPE_GENERATOR_WINDOW);
  g_clear_pointer (&self->generated, g_ptr_array_unref);
  g_clear_object (&self->clipboard);
  g_clear_object (&self->session);
  G_OBJECT_CLASS (sp_generator_window_parent_class)->dispose (object);
}

static void
sp_generator_window_class_init (SpGeneratorWindowClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = sp_generator_window_dispose;

  gtk_widget_class_set_template_from_resource (widget_class,
                                               SP_UI_RESOURCE "/sp-generator-window.ui");
  gtk_widget_class_bind_template_child (widget_class, SpGeneratorWindow, generator);
  gtk_widget_class_bind_template_child (widget_class, SpGeneratorWindow, history);
  gtk_widget_class_bind_template_child (widget_class, SpGeneratorWindow, list);
  gtk_widget_class_bind_template_child (widget_class, SpGeneratorWindow, toasts);
  gtk_widget_class_bind_template_callback (widget_class, clear_clicked_cb);
  gtk_widget_class_bind_template_callback (widget_class, generator_another_cb);
  gtk_widget_class_bind_template_callback (widget_class, generator_use_cb);
  gtk_widget_class_bind_template_callback (widget_class, is_active_cb);
  gtk_widget_class_bind_template_callback (widget_class, row_activated_cb);
}

static void
sp_generator_window_init (SpGeneratorWindow *self)
{
  g_type_ensure (SP_TYPE_GENERATOR_VIEW);
  gtk_widget_init_template (GTK_WIDGET (self));
  sp_generator_view_set_use_label (self->generator, _("_Copy"));
}

void
sp_generator_window_present (GtkWindow *parent,
                             SpSession *session,
                             SpClipboard *clipboard,
                             GPtrArray *generated,
                             SpSettings *settings)
{
  SpGeneratorWindow *self;

  g_return_if_fail (GTK_IS_WINDOW (parent) && SP_IS_SESSION (session) &&
                    SP_IS_CLIPBOARD (clipboard) && generated != NULL && SP_IS_SETTINGS (settings));

  self = g_object_new (SP_TYPE_GENERATOR_WINDOW, NULL);
  self->session = g_object_ref (session);
  self->clipboard = g_object_ref (clipboard);
  self->generated = g_ptr_array_ref (generated);
  self->conceal_seconds = sp_settings_get_conceal_seconds (settings);
  update_list (self);
  sp_child_window_set_up (GTK_WINDOW (self), parent, session);
  gtk_window_present (GTK_WINDOW (self));
}
