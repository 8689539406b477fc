/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Versions are addressed by their place in the history, so they are read again whenever the item changes. */

#define G_LOG_DOMAIN "sp-history-window"

#include "config.h"

#include "ui/sp-history-window.h"

#include <glib/gi18n.h>

#include "services/sp-session-items.h"
#include "ui/sp-child-window.h"
#include "ui/sp-error-text.h"
#include "ui/sp-shown-text.h"
#include "ui/sp-shown-time.h"
#include "ui/sp-ui.h"
#include "ui/sp-version-row.h"
#include "ui/sp-window.h"

struct _SpHistoryWindow {
  AdwWindow parent_instance;

  SpSession *session;     /* (owned) */
  SpClipboard *clipboard; /* (owned) */
  guint64 number;
  guint conceal_seconds; /* 0 is never */
  GCancellable *loading; /* (owned) */
  SpItem *current;       /* (owned) (nullable) */
  GPtrArray *
      versions; /* (element-type SpItem) (owned) (nullable) newest first, without the current one */
  int shown;    /* index of the version that is compared; -1 for none */
  gboolean restoring;

  GtkWidget *back_button;
  AdwWindowTitle *compare_title;
  GtkListBox *differences;
  AdwStatusPage *error_page;
  AdwLeaflet *leaflet;
  GtkListBox *list;
  AdwHeaderBar *list_header;
  AdwWindowTitle *list_title;
  GtkWidget *restore_button;
  GtkScrolledWindow *scroller;
  GtkStack *stack;
  AdwToastOverlay *toasts;
};

G_DEFINE_FINAL_TYPE (SpHistoryWindow, sp_history_window, ADW_TYPE_WINDOW)

/* ---- comparing -------------------------------------------------------------------------------------- */

static SpVersionRow *
get_row (SpHistoryWindow *self, int index)
{
  GtkListBoxRow *row = gtk_list_box_get_row_at_index (self->differences, index);

  return row != NULL ? SP_VERSION_ROW (row) : NULL;
}

static void
row_copy_cb (SpHistoryWindow *self, SpVersionRow *row)
{
  const SpDifference *difference = sp_version_row_peek_difference (row);

  sp_clipboard_copy (self->clipboard, difference->before, difference->label);
  sp_session_touch (self->session, self->number, SP_EVENT_ITEM_COPIED);
}

static void
row_revealed_cb (SpHistoryWindow *self)
{
  sp_session_touch (self->session, self->number, SP_EVENT_ITEM_VIEWED);
}

static void
clear_differences (SpHistoryWindow *self)
{
  SpVersionRow *row;

  while ((row = get_row (self, 0)) != NULL) {
    sp_version_row_conceal (row);
    gtk_list_box_remove (self->differences, GTK_WIDGET (row));
  }
}

/* Only if whether it is one is as `wanted`. */
static void
add_difference (SpHistoryWindow *self, const SpDifference *difference, gboolean wanted)
{
  SpVersionRow *row;

  if ((difference->kind != SP_DIFFERENCE_NONE) != wanted)
    return;
  row = sp_version_row_new (difference, self->conceal_seconds);
  g_signal_connect_object (row, "copy", G_CALLBACK (row_copy_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (row, "revealed", G_CALLBACK (row_revealed_cb), self, G_CONNECT_SWAPPED);
  sp_version_row_set_stacked (row, adw_leaflet_get_folded (self->leaflet));
  gtk_list_box_append (self->differences, GTK_WIDGET (row));
}

static void
compare (SpHistoryWindow *self, int index)
{
  const SpItem *version = g_ptr_array_index (self->versions, index);
  g_autoptr (GPtrArray) all = sp_item_compare (version, self->current);
  g_autofree char *time = sp_shown_time (version->modified_ms);

  clear_differences (self);
  self->shown = index;
  for (guint i = 0; i < all->len; i++)
    add_difference (self, g_ptr_array_index (all, i), TRUE);
  for (guint i = 0; i < all->len; i++)
    add_difference (self, g_ptr_array_index (all, i), FALSE);
  adw_window_title_set_title (self->compare_title, time);
  gtk_widget_set_sensitive (self->restore_button,
                            sp_session_is_writable (self->session) && !self->current->trashed);
  gtk_adjustment_set_value (gtk_scrolled_window_get_vadjustment (self->scroller), 0);
}

static void
folded_cb (SpHistoryWindow *self)
{
  gboolean folded = adw_leaflet_get_folded (self->leaflet);
  SpVersionRow *row;

  for (int i = 0; (row = get_row (self, i)) != NULL; i++)
    sp_version_row_set_stacked (row, folded);
}

static void
is_active_cb (SpHistoryWindow *self)
{
  SpVersionRow *row;

  if (gtk_window_is_active (GTK_WINDOW (self)))
    return;
  for (int i = 0; (row = get_row (self, i)) != NULL; i++)
    sp_version_row_conceal (row);
}

/* ---- the list of versions --------------------------------------------------------------------------- */

/* `index` -1 is the current version. */
static char *
dup_summary (SpHistoryWindow *self, int index)
{
  const SpItem *item = index < 0 ? self->current : g_ptr_array_index (self->versions, index);
  g_autofree char *labels = NULL;

  if (index + 1 == (int) self->versions->len)
    return g_strdup (self->versions->len < SP_ITEM_MAX_HISTORY ? _ ("First version")
                                                               : _ ("Oldest version kept"));
  labels = sp_item_diff_summarise (g_ptr_array_index (self->versions, index + 1), item);
  /* Translators: %s is what was changed in a version of an item: "Password, Notes". */
  return g_strdup_printf (_ ("Changed: %s"), labels);
}

static void
add_version (SpHistoryWindow *self, int index)
{
  const SpItem *item = index < 0 ? self->current : g_ptr_array_index (self->versions, index);
  g_autofree char *time = sp_shown_time (item->modified_ms);
  g_autofree char *summary = dup_summary (self, index);
  GtkWidget *row = adw_action_row_new ();

  adw_preferences_row_set_use_markup (ADW_PREFERENCES_ROW (row), FALSE);
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), time);
  adw_action_row_set_subtitle (ADW_ACTION_ROW (row), summary);
  adw_action_row_set_subtitle_lines (ADW_ACTION_ROW (row), 3);
  if (index < 0) {
    GtkWidget *label = gtk_label_new (_ ("Now"));

    gtk_widget_add_css_class (label, "dim-label");
    adw_action_row_add_suffix (ADW_ACTION_ROW (row), label);
    gtk_list_box_row_set_selectable (GTK_LIST_BOX_ROW (row), FALSE);
  }
  gtk_list_box_row_set_activatable (GTK_LIST_BOX_ROW (row), index >= 0);
  gtk_list_box_append (self->list, row);
}

static void
show_versions (SpHistoryWindow *self)
{
  g_autofree char *title = NULL;
  GtkListBoxRow *row;

  while ((row = gtk_list_box_get_row_at_index (self->list, 0)) != NULL)
    gtk_list_box_remove (self->list, GTK_WIDGET (row));
  title = sp_dup_shown_text (self->current->title, SP_SHOWN_TITLE_MAX);
  adw_window_title_set_subtitle (self->list_title, title);
  if (self->versions->len == 0) {
    gtk_stack_set_visible_child_name (self->stack, "empty");
    return;
  }
  for (int i = -1; i < (int) self->versions->len; i++)
    add_version (self, i);
  gtk_stack_set_visible_child_name (self->stack, "versions");
  compare (self, 0);
  if (!adw_leaflet_get_folded (self->leaflet))
    gtk_list_box_select_row (self->list, gtk_list_box_get_row_at_index (self->list, 1));
}

static void
row_activated_cb (SpHistoryWindow *self, GtkListBoxRow *row)
{
  int index = gtk_list_box_row_get_index (row) - 1;

  if (index < 0)
    return;
  if (index != self->shown)
    compare (self, index);
  adw_leaflet_set_visible_child_name (self->leaflet, "compare");
}

/* Arrow keys go through the versions. */
static void
row_selected_cb (SpHistoryWindow *self, GtkListBoxRow *row)
{
  int index = row != NULL ? gtk_list_box_row_get_index (row) - 1 : -1;

  if (index >= 0 && index != self->shown)
    compare (self, index);
}

static void
back_clicked_cb (SpHistoryWindow *self)
{
  adw_leaflet_set_visible_child_name (self->leaflet, "versions");
}

/* ---- loading ---------------------------------------------------------------------------------------- */

static void
forget (SpHistoryWindow *self)
{
  g_clear_pointer (&self->current, sp_item_free);
  g_clear_pointer (&self->versions, g_ptr_array_unref);
  self->shown = -1;
}

static void
show_error (SpHistoryWindow *self, const GError *error)
{
  g_autofree char *text = sp_error_text (error);
  g_autofree char *escaped = g_markup_escape_text (text, -1);

  adw_status_page_set_description (self->error_page, escaped);
  gtk_stack_set_visible_child_name (self->stack, "error");
}

static void
history_loaded_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (SpHistoryWindow) self = SP_HISTORY_WINDOW (user_data);
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) versions = sp_session_load_history_finish (SP_SESSION (object), result,
                                                                   &error);

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;
  if (versions == NULL) {
    show_error (self, error);
    return;
  }
  self->versions = g_steal_pointer (&versions);
  show_versions (self);
}

static void
item_loaded_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (SpHistoryWindow) self = SP_HISTORY_WINDOW (user_data);
  g_autoptr (GError) error = NULL;
  g_autoptr (SpItem) item = sp_session_load_item_finish (SP_SESSION (object), result, &error);

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;
  if (item == NULL) {
    show_error (self, error);
    return;
  }
  self->current = g_steal_pointer (&item);
  sp_session_load_history_async (self->session, self->number, self->loading, history_loaded_cb,
                                 g_object_ref (self));
}

static void
load (SpHistoryWindow *self)
{
  g_cancellable_cancel (self->loading);
  g_clear_object (&self->loading);
  self->loading = g_cancellable_new ();
  clear_differences (self);
  forget (self);
  sp_session_load_item_async (self->session, self->number, self->loading, item_loaded_cb,
                              g_object_ref (self));
}

static void
session_changed_cb (SpHistoryWindow *self)
{
  SpSnapshot *snapshot = sp_session_get_snapshot (self->session);
  SpPosition position;
  SpOverview overview;

  if (snapshot == NULL || self->current == NULL || self->restoring)
    return;
  position = sp_snapshot_find_number (snapshot, self->number);
  if (position == SP_POSITION_NONE) {
    gtk_window_close (GTK_WINDOW (self));
    return;
  }
  sp_snapshot_get_overview (snapshot, position, &overview);
  if (overview.revision != self->current->revision)
    load (self);
}

/* ---- restoring -------------------------------------------------------------------------------------- */

static void
show_failure (SpHistoryWindow *self, const GError *error)
{
  g_autofree char *text = NULL;
  g_autofree char *escaped = NULL;

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;
  text = sp_error_text (error);
  escaped = g_markup_escape_text (text, -1);
  gtk_widget_set_sensitive (self->restore_button, TRUE);
  adw_toast_overlay_add_toast (self->toasts, adw_toast_new (escaped));
}

static void
restored_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (SpHistoryWindow) self = SP_HISTORY_WINDOW (user_data);
  g_autoptr (GError) error = NULL;
  GtkWindow *parent = gtk_window_get_transient_for (GTK_WINDOW (self));

  self->restoring = FALSE;
  if (!sp_session_restore_version_finish (SP_SESSION (object), result, &error)) {
    show_failure (self, error);
    return;
  }
  if (parent != NULL)
    sp_window_toast_undo_version (GTK_WIDGET (parent), self->session, self->number,
                                  _ ("Earlier version restored"));
  gtk_window_close (GTK_WINDOW (self));
}

static void
restore_clicked_cb (SpHistoryWindow *self)
{
  if (self->shown < 0 || self->restoring)
    return;
  self->restoring = TRUE;
  gtk_widget_set_sensitive (self->restore_button, FALSE);
  sp_session_restore_version_async (self->session, self->number, (guint) self->shown, restored_cb,
                                    g_object_ref (self));
}

/* ---- the object ------------------------------------------------------------------------------------- */

static void
sp_history_window_dispose (GObject *object)
{
  SpHistoryWindow *self = SP_HISTORY_WINDOW (object);

  g_cancellable_cancel (self->loading);
  g_clear_object (&self->loading);
  gtk_widget_dispose_template (GTK_WIDGET (self), SP_TYPE_HISTORY_WINDOW);
  forget (self);
  g_clear_object (&self->clipboard);
  g_clear_object (&self->session);
  G_OBJECT_CLASS (sp_history_window_parent_class)->dispose (object);
}

static void
sp_history_window_class_init (SpHistoryWindowClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = sp_history_window_dispose;

  gtk_widget_class_set_template_from_resource (widget_class,
                                               SP_UI_RESOURCE "/sp-history-window.ui");
  gtk_widget_class_bind_template_child (widget_class, SpHistoryWindow, back_button);
  gtk_widget_class_bind_template_child (widget_class, SpHistoryWindow, compare_title);
  gtk_widget_class_bind_template_child (widget_class, SpHistoryWindow, differences);
  gtk_widget_class_bind_template_child (widget_class, SpHistoryWindow, error_page);
  gtk_widget_class_bind_template_child (widget_class, SpHistoryWindow, leaflet);
  gtk_widget_class_bind_template_child (widget_class, SpHistoryWindow, list);
  gtk_widget_class_bind_template_child (widget_class, SpHistoryWindow, list_header);
  gtk_widget_class_bind_template_child (widget_class, SpHistoryWindow, list_title);
  gtk_widget_class_bind_template_child (widget_class, SpHistoryWindow, restore_button);
  gtk_widget_class_bind_template_child (widget_class, SpHistoryWindow, scroller);
  gtk_widget_class_bind_template_child (widget_class, SpHistoryWindow, stack);
  gtk_widget_class_bind_template_child (widget_class, SpHistoryWindow, toasts);
  gtk_widget_class_bind_template_callback (widget_class, back_clicked_cb);
  gtk_widget_class_bind_template_callback (widget_class, folded_cb);
  gtk_widget_class_bind_template_callback (widget_class, is_active_cb);
  gtk_widget_class_bind_template_callback (widget_class, restore_clicked_cb);
  gtk_widget_class_bind_template_callback (widget_class, row_activated_cb);
  gtk_widget_class_bind_template_callback (widget_class, row_selected_cb);
}

static void
sp_history_window_init (SpHistoryWindow *self)
{
  self->shown = -1;
  gtk_widget_init_template (GTK_WIDGET (self));
}

void
sp_history_window_present (GtkWindow *parent,
                           SpSession *session,
                           SpClipboard *clipboard,
                           guint64 number,
                           guint conceal_seconds)
{
  SpHistoryWindow *self;

  g_return_if_fail (GTK_IS_WINDOW (parent) && SP_IS_SESSION (session) &&
                    SP_IS_CLIPBOARD (clipboard) && number != 0);

  self = g_object_new (SP_TYPE_HISTORY_WINDOW, NULL);
  self->session = g_object_ref (session);
  self->clipboard = g_object_ref (clipboard);
  self->number = number;
  self->conceal_seconds = conceal_seconds;
  sp_child_window_set_up (GTK_WINDOW (self), parent, session);
  g_signal_connect_object (session, "changed", G_CALLBACK (session_changed_cb), self,
                           G_CONNECT_SWAPPED);
  load (self);
  gtk_window_present (GTK_WINDOW (self));
}
