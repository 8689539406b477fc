/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "sp-item-page"

#include "config.h"

#include "ui/sp-item-page.h"

#include <glib/gi18n.h>

#include "ui/sp-error-text.h"
#include "ui/sp-item-page-private.h"
#include "ui/sp-shown-text.h"
#include "ui/sp-shown-time.h"
#include "ui/sp-ui.h"

G_DEFINE_FINAL_TYPE (SpItemPage, sp_item_page, ADW_TYPE_BIN)

enum {
  PROP_0,
  PROP_SESSION,
  PROP_CLIPBOARD,
  PROP_CONCEAL_SECONDS,
  N_PROPS,
};

static GParamSpec *properties[N_PROPS];

/* ---- what is shown ---------------------------------------------------------------------------------- */

static void
update_dates (SpItemPage *self)
{
  g_autofree char *created = sp_shown_time (self->item->created_ms);
  g_autofree char *modified = sp_shown_time (self->item->modified_ms);
  g_autoptr (GString) text = g_string_new (NULL);

  /* Translators: %s is a date and time. */
  g_string_append_printf (text, _ ("Created %s"), created);
  g_string_append_c (text, '\n');
  /* Translators: %s is a date and time. */
  g_string_append_printf (text, _ ("Changed %s"), modified);
  if (self->item->expires_ms != 0) {
    g_autofree char *expires = sp_shown_time (self->item->expires_ms);

    g_string_append_c (text, '\n');
    if (self->item->expires_ms > sp_session_now_ms (self->session))
      /* Translators: %s is a date and time. */
      g_string_append_printf (text, _ ("Expires %s"), expires);
    else
      /* Translators: %s is a date and time. */
      g_string_append_printf (text, _ ("Expired %s"), expires);
  }
  gtk_label_set_text (self->dates_label, text->str);
}

static void
update_heading (SpItemPage *self)
{
  const SpItemTypeInfo *info = sp_item_type_get_info (self->item->type);
  const char *type = info != NULL ? _(info->label) : _ ("Item of a later version");
  const char *title = *self->item->title != '\0' ? self->item->title : _ ("Untitled");
  const char *state = NULL;
  g_autofree char *shown = sp_dup_shown_text (title, SP_SHOWN_TITLE_MAX);
  g_autofree char *subtitle = NULL;

  if (self->item->trashed)
    state = _ ("in the trash");
  else if (self->item->archived)
    state = _ ("archived");
  subtitle = state != NULL ? g_strdup_printf ("%s · %s", type, state) : g_strdup (type);
  sp_item_badge_set_item (self->badge, self->item);
  gtk_label_set_text (self->title_label, shown);
  gtk_label_set_text (self->type_label, subtitle);
}

static void
clear_item (SpItemPage *self, const char *page)
{
  g_clear_pointer (&self->item, sp_item_free);
  sp_item_page_clear_rows (self);
  gtk_label_set_text (self->title_label, "");
  gtk_label_set_text (self->dates_label, "");
  sp_item_badge_set_item (self->badge, NULL);
  gtk_stack_set_visible_child_name (self->stack, page);
  sp_item_page_update_actions (self);
}

static void
take_item (SpItemPage *self, SpItem *item)
{
  g_clear_pointer (&self->item, sp_item_free);
  self->item = item;
  update_heading (self);
  update_dates (self);
  sp_item_page_build_rows (self);
  sp_item_page_update_actions (self);
  gtk_stack_set_visible_child_name (self->stack, "item");
}

/* ---- loading ---------------------------------------------------------------------------------------- */

static void
cancel_loading (SpItemPage *self)
{
  g_cancellable_cancel (self->loading);
  g_clear_object (&self->loading);
}

static void
loaded_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (SpItemPage) self = SP_ITEM_PAGE (user_data);
  g_autoptr (GError) error = NULL;
  g_autoptr (SpItem) item = sp_session_load_item_finish (SP_SESSION (object), result, &error);

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED) ||
      (item != NULL && item->number != self->number))
    return;
  g_clear_object (&self->loading);
  if (item != NULL) {
    take_item (self, g_steal_pointer (&item));
  } else {
    g_autofree char *text = sp_error_text (error);
    g_autofree char *escaped = g_markup_escape_text (text, -1);

    adw_status_page_set_description (self->error_page, escaped);
    clear_item (self, "error");
  }
}

static void
load (SpItemPage *self)
{
  cancel_loading (self);
  self->loading = g_cancellable_new ();
  sp_session_load_item_async (self->session, self->number, self->loading, loaded_cb,
                              g_object_ref (self));
}

/* Whether the overview tells of another state than the one that is shown. */
static gboolean
is_outdated (SpItemPage *self, const SpOverview *overview)
{
  const SpItem *item = self->item;

  return item == NULL || overview->revision != item->revision ||
         ((overview->flags & SP_OVERVIEW_FAVOURITE) != 0) != item->favourite ||
         ((overview->flags & SP_OVERVIEW_ARCHIVED) != 0) != item->archived ||
         ((overview->flags & SP_OVERVIEW_TRASHED) != 0) != item->trashed;
}

static void
session_changed_cb (SpItemPage *self)
{
  SpSnapshot *snapshot = sp_session_get_snapshot (self->session);
  SpPosition position;
  SpOverview overview;

  if (snapshot == NULL || self->number == 0)
    return;
  position = sp_snapshot_find_number (snapshot, self->number);
  if (position == SP_POSITION_NONE) {
    sp_item_page_show (self, 0);
    return;
  }
  sp_snapshot_get_overview (snapshot, position, &overview);
  if (is_outdated (self, &overview))
    load (self);
}

static void
session_state_cb (SpItemPage *self)
{
  if (!sp_session_is_open (self->session))
    sp_item_page_show (self, 0);
  else
    sp_item_page_update_actions (self);
}

/* ---- the clipboard's strip -------------------------------------------------------------------------- */

static void
clipboard_changed_cb (SpItemPage *self)
{
  const char *label = sp_clipboard_get_label (self->clipboard);
  int seconds = sp_clipboard_get_seconds_left (self->clipboard);
  g_autofree char *text = NULL;

  gtk_revealer_set_reveal_child (self->clipboard_strip, label != NULL);
  if (label == NULL)
    return;
  if (seconds > 0)
    /* Translators: %s is the name of a field, such as "Password"; %d is a number of seconds. */
    text = g_strdup_printf (ngettext ("%s copied; cleared in %d second",
                                      "%s copied; cleared in %d seconds", (gulong) seconds),
                            label, seconds);
  else
    /* Translators: %s is the name of a field, such as "Password". */
    text = g_strdup_printf (_ ("%s copied"), label);
  gtk_label_set_text (self->clipboard_label, text);
}

static void
clear_clicked_cb (SpItemPage *self)
{
  sp_clipboard_clear (self->clipboard);
}

static void
favourite_clicked_cb (SpItemPage *self)
{
  if (self->item != NULL)
    sp_item_page_change (self, self->item->favourite ? SP_CHANGE_UNFAVOURITE : SP_CHANGE_FAVOURITE);
}

/* ---- concealing ------------------------------------------------------------------------------------- */

static void
set_peeking (SpItemPage *self, gboolean peeking)
{
  for (guint i = 0; i < self->rows->len; i++)
    sp_field_row_set_peeking (g_ptr_array_index (self->rows, i), peeking);
}

static void
conceal_all (SpItemPage *self)
{
  for (guint i = 0; i < self->rows->len; i++)
    sp_field_row_conceal (g_ptr_array_index (self->rows, i));
}

static gboolean
is_alt (guint keyval)
{
  return keyval == GDK_KEY_Alt_L || keyval == GDK_KEY_Alt_R;
}

static gboolean
key_pressed_cb (SpItemPage *self, guint keyval, guint keycode, GdkModifierType state)
{
  set_peeking (self, is_alt (keyval));
  return GDK_EVENT_PROPAGATE;
}

static void
key_released_cb (SpItemPage *self, guint keyval, guint keycode, GdkModifierType state)
{
  if (is_alt (keyval))
    set_peeking (self, FALSE);
}

static void
root_active_cb (SpItemPage *self, GParamSpec *pspec, GtkWindow *window)
{
  if (!gtk_window_is_active (window))
    conceal_all (self);
}

/* ---- the object ------------------------------------------------------------------------------------- */

static void
sp_item_page_map (GtkWidget *widget)
{
  SpItemPage *self = SP_ITEM_PAGE (widget);
  GtkRoot *root = gtk_widget_get_root (widget);

  GTK_WIDGET_CLASS (sp_item_page_parent_class)->map (widget);
  self->alt_keys = gtk_event_controller_key_new ();
  gtk_event_controller_set_propagation_phase (self->alt_keys, GTK_PHASE_CAPTURE);
  g_signal_connect_object (self->alt_keys, "key-pressed", G_CALLBACK (key_pressed_cb), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (self->alt_keys, "key-released", G_CALLBACK (key_released_cb), self,
                           G_CONNECT_SWAPPED);
  gtk_widget_add_controller (GTK_WIDGET (root), self->alt_keys);
  if (GTK_IS_WINDOW (root))
    self->root_active_handler = g_signal_connect_object (
        root, "notify::is-active", G_CALLBACK (root_active_cb), self, G_CONNECT_SWAPPED);
}

static void
sp_item_page_unmap (GtkWidget *widget)
{
  SpItemPage *self = SP_ITEM_PAGE (widget);
  GtkRoot *root = gtk_widget_get_root (widget);

  gtk_widget_remove_controller (GTK_WIDGET (root), self->alt_keys);
  self->alt_keys = NULL;
  g_clear_signal_handler (&self->root_active_handler, root);
  conceal_all (self);
  GTK_WIDGET_CLASS (sp_item_page_parent_class)->unmap (widget);
}

/* Folded, this is the only pane: it then has a way back, and the window's buttons. */
static void
sp_item_page_root (GtkWidget *widget)
{
  SpItemPage *self = SP_ITEM_PAGE (widget);
  GtkWidget *leaflet;

  GTK_WIDGET_CLASS (sp_item_page_parent_class)->root (widget);
  leaflet = gtk_widget_get_ancestor (widget, ADW_TYPE_LEAFLET);
  if (leaflet == NULL)
    return;
  g_object_bind_property (leaflet, "folded", self->back_button, "visible", G_BINDING_SYNC_CREATE);
  g_object_bind_property (leaflet, "folded", self->header, "show-start-title-buttons",
                          G_BINDING_SYNC_CREATE);
}

/* What is revealed already keeps its time. */
static void
set_conceal_seconds (SpItemPage *self, guint seconds)
{
  if (self->conceal_seconds == seconds)
    return;
  self->conceal_seconds = seconds;
  for (guint i = 0; i < self->rows->len; i++)
    sp_field_row_set_conceal_seconds (g_ptr_array_index (self->rows, i), seconds);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_CONCEAL_SECONDS]);
}

static void
sp_item_page_get_property (GObject *object, guint prop_id, GValue *value, GParamSpec *pspec)
{
  SpItemPage *self = SP_ITEM_PAGE (object);

  switch (prop_id) {
  case PROP_SESSION:
    g_value_set_object (value, self->session);
    break;
  case PROP_CLIPBOARD:
    g_value_set_object (value, self->clipboard);
    break;
  case PROP_CONCEAL_SECONDS:
    g_value_set_uint (value, self->conceal_seconds);
    break;
  default:
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
  }
}

static void
sp_item_page_set_property (GObject *object, guint prop_id, const GValue *value, GParamSpec *pspec)
{
  SpItemPage *self = SP_ITEM_PAGE (object);

  switch (prop_id) {
  case PROP_SESSION:
    if (!g_set_object (&self->session, g_value_get_object (value)))
      break;
    g_signal_group_set_target (self->session_signals, self->session);
    g_object_notify_by_pspec (object, pspec);
    break;
  case PROP_CLIPBOARD:
    if (!g_set_object (&self->clipboard, g_value_get_object (value)))
      break;
    g_signal_group_set_target (self->clipboard_signals, self->clipboard);
    g_object_notify_by_pspec (object, pspec);
    break;
  case PROP_CONCEAL_SECONDS:
    set_conceal_seconds (self, g_value_get_uint (value));
    break;
  default:
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
  }
}

static void
sp_item_page_dispose (GObject *object)
{
  SpItemPage *self = SP_ITEM_PAGE (object);

  cancel_loading (self);
  g_cancellable_cancel (self->files);
  g_clear_object (&self->files);
  g_clear_object (&self->session_signals);
  g_clear_object (&self->clipboard_signals);
  g_ptr_array_set_size (self->rows, 0);
  gtk_widget_dispose_template (GTK_WIDGET (self), SP_TYPE_ITEM_PAGE);
  g_clear_pointer (&self->item, sp_item_free);
  g_clear_object (&self->clipboard);
  g_clear_object (&self->session);
  G_OBJECT_CLASS (sp_item_page_parent_class)->dispose (object);
}

static void
sp_item_page_finalize (GObject *object)
{
  SpItemPage *self = SP_ITEM_PAGE (object);

  g_ptr_array_unref (self->rows);
  G_OBJECT_CLASS (sp_item_page_parent_class)->finalize (object);
}

static void
sp_item_page_class_init (SpItemPageClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);
  const GParamFlags flags = G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS | G_PARAM_EXPLICIT_NOTIFY;

  object_class->dispose = sp_item_page_dispose;
  object_class->finalize = sp_item_page_finalize;
  object_class->get_property = sp_item_page_get_property;
  object_class->set_property = sp_item_page_set_property;
  widget_class->map = sp_item_page_map;
  widget_class->root = sp_item_page_root;
  widget_class->unmap = sp_item_page_unmap;

  properties[PROP_SESSION] = g_param_spec_object ("session", NULL, NULL, SP_TYPE_SESSION, flags);
  properties[PROP_CLIPBOARD] = g_param_spec_object ("clipboard", NULL, NULL, SP_TYPE_CLIPBOARD,
                                                    flags);
  properties[PROP_CONCEAL_SECONDS] = g_param_spec_uint ("conceal-seconds", NULL, NULL, 0, G_MAXUINT,
                                                        SP_FIELD_ROW_REVEAL_SECONDS, flags);
  g_object_class_install_properties (object_class, N_PROPS, properties);

  g_type_ensure (SP_TYPE_ITEM_BADGE);
  gtk_widget_class_set_template_from_resource (widget_class, SP_UI_RESOURCE "/sp-item-page.ui");
  gtk_widget_class_bind_template_child (widget_class, SpItemPage, back_button);
  gtk_widget_class_bind_template_child (widget_class, SpItemPage, badge);
  gtk_widget_class_bind_template_child (widget_class, SpItemPage, clipboard_label);
  gtk_widget_class_bind_template_child (widget_class, SpItemPage, clipboard_strip);
  gtk_widget_class_bind_template_child (widget_class, SpItemPage, dates_label);
  gtk_widget_class_bind_template_child (widget_class, SpItemPage, edit_button);
  gtk_widget_class_bind_template_child (widget_class, SpItemPage, error_page);
  gtk_widget_class_bind_template_child (widget_class, SpItemPage, favourite_button);
  gtk_widget_class_bind_template_child (widget_class, SpItemPage, groups);
  gtk_widget_class_bind_template_child (widget_class, SpItemPage, header);
  gtk_widget_class_bind_template_child (widget_class, SpItemPage, item_menu);
  gtk_widget_class_bind_template_child (widget_class, SpItemPage, menu_button);
  gtk_widget_class_bind_template_child (widget_class, SpItemPage, scroller);
  gtk_widget_class_bind_template_child (widget_class, SpItemPage, stack);
  gtk_widget_class_bind_template_child (widget_class, SpItemPage, title_label);
  gtk_widget_class_bind_template_child (widget_class, SpItemPage, trash_menu);
  gtk_widget_class_bind_template_child (widget_class, SpItemPage, type_label);
  gtk_widget_class_bind_template_callback (widget_class, clear_clicked_cb);
  gtk_widget_class_bind_template_callback (widget_class, favourite_clicked_cb);
  sp_item_page_install_actions (widget_class);
  sp_item_page_install_attachments (widget_class);
}

static gboolean
dropped_cb (SpItemPage *self, const GValue *value)
{
  GSList *files = g_value_get_boxed (value);

  if (self->item == NULL || self->item->trashed || !sp_session_is_writable (self->session))
    return FALSE;
  for (GSList *link = files; link != NULL; link = link->next)
    sp_item_page_attach (self, link->data);
  return files != NULL;
}

static void
sp_item_page_init (SpItemPage *self)
{
  GtkDropTarget *target = gtk_drop_target_new (GDK_TYPE_FILE_LIST, GDK_ACTION_COPY);

  self->conceal_seconds = SP_FIELD_ROW_REVEAL_SECONDS;
  self->files = g_cancellable_new ();
  self->rows = g_ptr_array_new_with_free_func (g_object_unref);
  self->session_signals = g_signal_group_new (SP_TYPE_SESSION);
  g_signal_group_connect_swapped (self->session_signals, "changed", G_CALLBACK (session_changed_cb),
                                  self);
  g_signal_group_connect_swapped (self->session_signals, "notify::state",
                                  G_CALLBACK (session_state_cb), self);
  g_signal_group_connect_swapped (self->session_signals, "notify::writable",
                                  G_CALLBACK (sp_item_page_update_actions), self);
  self->clipboard_signals = g_signal_group_new (SP_TYPE_CLIPBOARD);
  g_signal_group_connect_swapped (self->clipboard_signals, "notify",
                                  G_CALLBACK (clipboard_changed_cb), self);
  gtk_widget_init_template (GTK_WIDGET (self));
  g_signal_connect_object (target, "drop", G_CALLBACK (dropped_cb), self, G_CONNECT_SWAPPED);
  gtk_widget_add_controller (GTK_WIDGET (self), GTK_EVENT_CONTROLLER (target));
  sp_item_page_update_actions (self);
}

/* ---- for the browser -------------------------------------------------------------------------------- */

void
sp_item_page_show (SpItemPage *self, guint64 number)
{
  g_return_if_fail (SP_IS_ITEM_PAGE (self));

  cancel_loading (self);
  if (number != self->number || number == 0)
    clear_item (self, "empty");
  self->number = number;
  if (number != 0)
    load (self);
}

guint64
sp_item_page_get_number (SpItemPage *self)
{
  g_return_val_if_fail (SP_IS_ITEM_PAGE (self), 0);
  return self->number;
}

/* The row of the first field that has this name and a value; rows are those of the fields with a value, in order. */
static SpFieldRow *
find_row (SpItemPage *self, const char *name)
{
  guint n_rows = 0;

  for (guint i = 0; i < self->item->fields->len; i++) {
    const SpField *field = g_ptr_array_index (self->item->fields, i);

    if (sp_secret_is_empty (field->value))
      continue;
    if (g_strcmp0 (field->name, name) == 0 ||
        (g_str_equal (name, "otp") && field->kind == SP_FIELD_OTP))
      return g_ptr_array_index (self->rows, n_rows);
    n_rows++;
  }
  return NULL;
}

gboolean
sp_item_page_copy (SpItemPage *self, const char *name)
{
  SpFieldRow *row;

  g_return_val_if_fail (SP_IS_ITEM_PAGE (self) && name != NULL, FALSE);

  row = self->item != NULL ? find_row (self, name) : NULL;
  if (row == NULL)
    return FALSE;
  if (sp_field_row_is_counter (row))
    sp_item_page_take_code (self, row, TRUE);
  else
    sp_item_page_copy_row (self, row);
  return TRUE;
}

void
sp_item_page_show_large_type (SpItemPage *self)
{
  SpFieldRow *row;

  g_return_if_fail (SP_IS_ITEM_PAGE (self));

  if (self->item == NULL)
    return;
  row = find_row (self, "password");
  for (guint i = 0; row == NULL && i < self->rows->len; i++)
    if (sp_field_row_is_secret (g_ptr_array_index (self->rows, i)))
      row = g_ptr_array_index (self->rows, i);
  if (row != NULL)
    sp_item_page_enlarge_row (self, row);
}
