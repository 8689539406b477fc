/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "sp-browser"

#include "config.h"

#include <glib/gi18n.h>

#include "services/sp-session-items.h"
#include "ui/sp-browser-private.h"
#include "ui/sp-item-numbers.h"
#include "ui/sp-pane-layout.h"
#include "ui/sp-ui.h"
#include "ui/sp-window.h"

G_DEFINE_FINAL_TYPE (SpBrowser, sp_browser, ADW_TYPE_BIN)

enum {
  PROP_0,
  PROP_SESSION,
  PROP_CLIPBOARD,
  N_PROPS,
};

static GParamSpec *properties[N_PROPS];

static void
show_pane (SpBrowser *self, const char *name)
{
  gboolean is_detail = g_str_equal (name, "detail");

  adw_leaflet_set_visible_child_name (self->outer, is_detail ? "detail" : "browse");
  if (!is_detail)
    adw_leaflet_set_visible_child_name (self->inner, name);
}

/* Leaflets move the focus to what they show; beside each other, panes are shown already, and it stays where it is. */
static void
show_pane_quietly (SpBrowser *self, const char *name)
{
  GtkRoot *root = gtk_widget_get_root (GTK_WIDGET (self));
  GtkWidget *focus = root != NULL ? gtk_root_get_focus (root) : NULL;

  show_pane (self, name);
  if (focus != NULL && gtk_widget_get_mapped (focus) &&
      !adw_leaflet_get_folded (g_str_equal (name, "detail") ? self->outer : self->inner))
    gtk_widget_grab_focus (focus);
}

void
sp_browser_show_item (SpBrowser *self, guint64 number)
{
  sp_item_page_show (self->item_page, number);
  gtk_stack_set_visible_child_name (self->detail, "item");
}

void
sp_browser_show_editor (SpBrowser *self)
{
  gtk_stack_set_visible_child_name (self->detail, "editor");
  show_pane (self, "detail");
}

static void
edit (SpBrowser *self, const SpItem *item)
{
  sp_item_editor_edit (self->item_editor, item);
  sp_browser_show_editor (self);
}

static void
place_changed_cb (SpBrowser *self)
{
  sp_item_list_set_place (self->item_list, sp_sidebar_get_filter (self->sidebar),
                          sp_sidebar_get_title (self->sidebar));
  show_pane_quietly (self, "list");
  if (adw_leaflet_get_folded (self->inner))
    sp_item_list_focus (self->item_list);
}

static void
select_next_cb (gpointer user_data)
{
  SpBrowser *self = SP_BROWSER (user_data);

  sp_item_list_select (self->item_list, self->next_number);
  sp_browser_show_item (self, self->next_number);
}

/* What is being edited is not left without a question. */
static gboolean
leave_editor (SpBrowser *self, guint64 number, gboolean asks)
{
  if (!sp_item_editor_is_editing (self->item_editor))
    return TRUE;
  if (sp_item_editor_has_changes (self->item_editor)) {
    sp_item_list_select (self->item_list, sp_item_page_get_number (self->item_page));
    self->next_number = number;
    if (asks)
      sp_item_editor_leave (self->item_editor, number != 0 ? select_next_cb : NULL, self);
    return FALSE;
  }
  sp_item_editor_leave (self->item_editor, NULL, NULL);
  return TRUE;
}

static void
show_several (SpBrowser *self, guint n)
{
  g_autofree char *text = NULL;

  /* Translators: %u is a number of items, more than one. */
  text = g_strdup_printf (ngettext ("%u Item Selected", "%u Items Selected", n), n);
  adw_status_page_set_title (self->several_page, text);
  sp_item_page_show (self->item_page, 0);
  gtk_stack_set_visible_child_name (self->detail, "several");
}

static void
selection_changed_cb (SpBrowser *self)
{
  guint64 number = sp_item_list_get_number (self->item_list);
  guint n = sp_item_list_get_n_selected (self->item_list);

  if (!leave_editor (self, number, number != 0 || n > 1))
    return;
  if (n > 1)
    show_several (self, n);
  else if (number != sp_item_page_get_number (self->item_page) ||
           !g_str_equal (gtk_stack_get_visible_child_name (self->detail), "item"))
    sp_browser_show_item (self, number);
  if (number == 0 && adw_leaflet_get_folded (self->outer))
    adw_leaflet_set_visible_child_name (self->outer, "browse");
  sp_browser_update_changes (self);
}

static void
item_activated_cb (SpBrowser *self, guint64 number)
{
  if (number != sp_item_list_get_number (self->item_list) ||
      sp_item_editor_is_editing (self->item_editor))
    return;
  show_pane_quietly (self, "detail");
  if (adw_leaflet_get_folded (self->outer))
    gtk_widget_child_focus (GTK_WIDGET (self->item_page), GTK_DIR_TAB_FORWARD);
}

static void
items_dropped_cb (SpBrowser *self, const char *filter, const char *tag, SpItemNumbers *numbers)
{
  if (tag != NULL)
    sp_browser_change (self, SP_CHANGE_ADD_TAG, tag, numbers);
  else if (g_str_equal (filter, "is:favourite"))
    sp_browser_change (self, SP_CHANGE_FAVOURITE, NULL, numbers);
  else if (g_str_equal (filter, "is:archived"))
    sp_browser_change (self, SP_CHANGE_ARCHIVE, NULL, numbers);
  else if (g_str_equal (filter, "is:trashed"))
    sp_browser_change (self, SP_CHANGE_TRASH, NULL, numbers);
}

static void
editor_done_cb (SpBrowser *self, guint64 number)
{
  sp_browser_show_item (self, number);
  sp_item_list_select (self->item_list, number);
}

/* ---- panes ------------------------------------------------------------------------------------------ */

static void
focus_pane (SpBrowser *self, GtkWidget *pane)
{
  if (pane == GTK_WIDGET (self->sidebar))
    sp_sidebar_focus (self->sidebar);
  else if (pane == GTK_WIDGET (self->item_list))
    sp_item_list_focus (self->item_list);
  else
    gtk_widget_child_focus (pane, GTK_DIR_TAB_FORWARD);
}

gboolean
sp_browser_go_back (SpBrowser *self)
{
  g_return_val_if_fail (SP_IS_BROWSER (self), FALSE);

  if (sp_item_editor_is_editing (self->item_editor)) {
    sp_item_editor_leave (self->item_editor, NULL, NULL);
    return TRUE;
  }
  if (adw_leaflet_navigate (self->outer, ADW_NAVIGATION_DIRECTION_BACK)) {
    sp_item_list_focus (self->item_list);
    return TRUE;
  }
  if (!adw_leaflet_navigate (self->inner, ADW_NAVIGATION_DIRECTION_BACK))
    return FALSE;
  sp_sidebar_focus (self->sidebar);
  return TRUE;
}

void
sp_browser_next_pane (SpBrowser *self, gboolean backwards)
{
  GtkRoot *root = gtk_widget_get_root (GTK_WIDGET (self));
  GtkWidget *focus = root != NULL ? gtk_root_get_focus (root) : NULL;
  GtkWidget *panes[] = { GTK_WIDGET (self->sidebar), GTK_WIDGET (self->item_list),
                         GTK_WIDGET (self->detail) };
  const guint n = G_N_ELEMENTS (panes);
  guint begin = backwards ? 0 : n - 1;

  g_return_if_fail (SP_IS_BROWSER (self));

  for (guint i = 0; i < n; i++)
    if (focus != NULL && gtk_widget_is_ancestor (focus, panes[i]))
      begin = i;
  for (guint i = 1; i <= n; i++) {
    GtkWidget *pane = panes[(begin + (backwards ? n - i : i)) % n];

    /* Of folded panes there is one. */
    if (!gtk_widget_get_mapped (pane))
      continue;
    focus_pane (self, pane);
    return;
  }
}

/* The pane, or the leaflet with those that are shown beside each other. */
static GtkWidget *
get_shown (SpBrowser *self)
{
  GtkWidget *shown = GTK_WIDGET (self->outer);

  if (adw_leaflet_get_folded (self->outer))
    shown = adw_leaflet_get_visible_child (self->outer);
  if (shown == GTK_WIDGET (self->inner) && adw_leaflet_get_folded (self->inner))
    shown = adw_leaflet_get_visible_child (self->inner);
  return shown;
}

static gboolean
sp_browser_grab_focus (GtkWidget *widget)
{
  SpBrowser *self = SP_BROWSER (widget);
  GtkWidget *shown = get_shown (self);

  if (shown == GTK_WIDGET (self->outer) || shown == GTK_WIDGET (self->inner))
    sp_item_list_focus (self->item_list);
  else
    focus_pane (self, shown);
  return TRUE;
}

/* Of what is folded away, the focus goes to what is shown in its place. */
static gboolean
refocus_cb (gpointer user_data)
{
  SpBrowser *self = SP_BROWSER (user_data);
  GtkRoot *root = gtk_widget_get_root (GTK_WIDGET (self));
  GtkWidget *focus = root != NULL ? gtk_root_get_focus (root) : NULL;

  if (root != NULL && gtk_widget_get_mapped (GTK_WIDGET (self)) &&
      (focus == NULL || !gtk_widget_is_ancestor (focus, get_shown (self))))
    (void) gtk_widget_grab_focus (GTK_WIDGET (self));
  return G_SOURCE_REMOVE;
}

static void
folded_cb (SpBrowser *self)
{
  g_idle_add_full (G_PRIORITY_DEFAULT_IDLE, refocus_cb, g_object_ref (self), g_object_unref);
}

/* Not while editing, where it is the editor's. */
static gboolean
escape_cb (GtkWidget *widget, GVariant *arguments, gpointer user_data)
{
  SpBrowser *self = SP_BROWSER (widget);

  return !sp_item_editor_is_editing (self->item_editor) && sp_browser_go_back (self);
}

/* ---- the object ------------------------------------------------------------------------------------- */

/* What was changed is the vault's: it goes when it is locked. */
static void
state_cb (SpBrowser *self)
{
  if (!sp_session_is_open (self->session))
    sp_browser_forget_changes (self);
  sp_browser_update_changes (self);
}

static void
sp_browser_get_property (GObject *object, guint prop_id, GValue *value, GParamSpec *pspec)
{
  SpBrowser *self = SP_BROWSER (object);

  switch (prop_id) {
  case PROP_SESSION:
    g_value_set_object (value, self->session);
    break;
  case PROP_CLIPBOARD:
    g_value_set_object (value, self->clipboard);
    break;
  default:
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
  }
}

static void
take_session (SpBrowser *self, SpSession *session)
{
  if (self->session == session)
    return;
  if (self->session != NULL)
    g_signal_handlers_disconnect_by_data (self->session, self);
  g_set_object (&self->session, session);
  if (session != NULL) {
    g_signal_connect_object (session, "notify::state", G_CALLBACK (state_cb), self,
                             G_CONNECT_SWAPPED);
    g_signal_connect_object (session, "notify::writable", G_CALLBACK (sp_browser_update_changes),
                             self, G_CONNECT_SWAPPED);
  }
  sp_browser_update_changes (self);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_SESSION]);
}

static void
sp_browser_set_property (GObject *object, guint prop_id, const GValue *value, GParamSpec *pspec)
{
  SpBrowser *self = SP_BROWSER (object);

  switch (prop_id) {
  case PROP_SESSION:
    take_session (self, g_value_get_object (value));
    break;
  case PROP_CLIPBOARD:
    if (g_set_object (&self->clipboard, g_value_get_object (value)))
      g_object_notify_by_pspec (object, pspec);
    break;
  default:
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
  }
}

static void
sp_browser_dispose (GObject *object)
{
  SpBrowser *self = SP_BROWSER (object);

  sp_browser_forget_changes (self);
  sp_browser_close_menu (self);
  gtk_widget_dispose_template (GTK_WIDGET (self), SP_TYPE_BROWSER);
  g_cancellable_cancel (self->loading);
  g_clear_object (&self->loading);
  g_clear_weak_pointer (&self->draft_bar);
  g_clear_object (&self->clipboard);
  g_clear_object (&self->session);
  G_OBJECT_CLASS (sp_browser_parent_class)->dispose (object);
}

static void
sp_browser_class_init (SpBrowserClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->dispose = sp_browser_dispose;
  object_class->get_property = sp_browser_get_property;
  object_class->set_property = sp_browser_set_property;
  widget_class->grab_focus = sp_browser_grab_focus;

  properties[PROP_SESSION] = g_param_spec_object ("session", NULL, NULL, SP_TYPE_SESSION,
                                                  G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS |
                                                      G_PARAM_EXPLICIT_NOTIFY);
  properties[PROP_CLIPBOARD] = g_param_spec_object ("clipboard", NULL, NULL, SP_TYPE_CLIPBOARD,
                                                    G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS |
                                                        G_PARAM_EXPLICIT_NOTIFY);
  g_object_class_install_properties (object_class, N_PROPS, properties);

  gtk_widget_class_add_binding (widget_class, GDK_KEY_Escape, 0, escape_cb, NULL);
  gtk_widget_class_set_template_from_resource (widget_class, SP_UI_RESOURCE "/sp-browser.ui");
  gtk_widget_class_bind_template_child (widget_class, SpBrowser, detail);
  gtk_widget_class_bind_template_child (widget_class, SpBrowser, inner);
  gtk_widget_class_bind_template_child (widget_class, SpBrowser, item_editor);
  gtk_widget_class_bind_template_child (widget_class, SpBrowser, item_list);
  gtk_widget_class_bind_template_child (widget_class, SpBrowser, item_page);
  gtk_widget_class_bind_template_child (widget_class, SpBrowser, outer);
  gtk_widget_class_bind_template_child (widget_class, SpBrowser, several_page);
  gtk_widget_class_bind_template_child (widget_class, SpBrowser, sidebar);
  gtk_widget_class_bind_template_callback (widget_class, editor_done_cb);
  gtk_widget_class_bind_template_callback (widget_class, folded_cb);
  gtk_widget_class_bind_template_callback (widget_class, item_activated_cb);
  gtk_widget_class_bind_template_callback (widget_class, items_dropped_cb);
  gtk_widget_class_bind_template_callback (widget_class, place_changed_cb);
  gtk_widget_class_bind_template_callback (widget_class, selection_changed_cb);
  sp_browser_install_changes (widget_class);
  sp_browser_install_tags (widget_class);
}

static void
sp_browser_init (SpBrowser *self)
{
  g_type_ensure (SP_TYPE_ITEM_EDITOR);
  g_type_ensure (SP_TYPE_ITEM_LIST);
  g_type_ensure (SP_TYPE_ITEM_PAGE);
  g_type_ensure (SP_TYPE_PANE_LAYOUT);
  g_type_ensure (SP_TYPE_SIDEBAR);
  gtk_widget_init_template (GTK_WIDGET (self));
}

gboolean
sp_browser_prepare (SpBrowser *self)
{
  g_return_val_if_fail (SP_IS_BROWSER (self), FALSE);
  return sp_item_list_prepare (self->item_list);
}

void
sp_browser_search (SpBrowser *self)
{
  g_return_if_fail (SP_IS_BROWSER (self));

  show_pane (self, "list");
  sp_item_list_start_search (self->item_list);
}

static void
new_item_cb (gpointer user_data)
{
  SpBrowser *self = SP_BROWSER (user_data);
  g_autoptr (SpItem) item = sp_item_new (self->next_type, "");

  edit (self, item);
}

void
sp_browser_new_item (SpBrowser *self, SpItemType type)
{
  g_return_if_fail (SP_IS_BROWSER (self));

  if (!sp_session_is_writable (self->session))
    return;
  self->next_type = type;
  sp_item_editor_leave (self->item_editor, new_item_cb, self);
}

static void
loaded_to_edit_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (SpBrowser) self = SP_BROWSER (user_data);
  g_autoptr (GError) error = NULL;
  g_autoptr (SpItem) item = sp_session_load_item_finish (SP_SESSION (object), result, &error);

  if (item != NULL && !sp_item_editor_is_editing (self->item_editor)) {
    /* What was not saved of it is not written over by a new edit. */
    if (self->draft_bar == NULL || !sp_draft_bar_choose (self->draft_bar, &item->id))
      edit (self, item);
  } else if (item == NULL && !g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    sp_window_toast_error (GTK_WIDGET (self), error);
}

void
sp_browser_edit_item (SpBrowser *self)
{
  guint64 number;

  g_return_if_fail (SP_IS_BROWSER (self));

  number = sp_item_page_get_number (self->item_page);
  if (number == 0 || !sp_session_is_writable (self->session) ||
      sp_item_editor_is_editing (self->item_editor))
    return;
  g_cancellable_cancel (self->loading);
  g_clear_object (&self->loading);
  self->loading = g_cancellable_new ();
  sp_session_load_item_async (self->session, number, self->loading, loaded_to_edit_cb,
                              g_object_ref (self));
}

void
sp_browser_copy (SpBrowser *self, const char *name)
{
  g_return_if_fail (SP_IS_BROWSER (self));
  (void) sp_item_page_copy (self->item_page, name);
}

guint64
sp_browser_get_item (SpBrowser *self)
{
  g_return_val_if_fail (SP_IS_BROWSER (self), 0);
  return sp_item_page_get_number (self->item_page);
}

void
sp_browser_show_history (SpBrowser *self)
{
  g_return_if_fail (SP_IS_BROWSER (self));
  sp_item_page_show_history (self->item_page);
}

void
sp_browser_show_large_type (SpBrowser *self)
{
  g_return_if_fail (SP_IS_BROWSER (self));
  sp_item_page_show_large_type (self->item_page);
}

void
sp_browser_undo_version (SpBrowser *self, guint64 number, guint64 revision)
{
  g_return_if_fail (SP_IS_BROWSER (self));
  sp_item_page_undo_version (self->item_page, number, revision);
}

void
sp_browser_set_key_capture (SpBrowser *self, GtkWidget *widget)
{
  g_return_if_fail (SP_IS_BROWSER (self));
  sp_item_list_set_key_capture (self->item_list, widget);
}

void
sp_browser_set_settings (SpBrowser *self, SpSettings *settings)
{
  g_return_if_fail (SP_IS_BROWSER (self));

  sp_settings_bind (settings, SP_SETTING_CONCEAL_SECONDS, self->item_page, "conceal-seconds");
  sp_settings_bind (settings, SP_SETTING_SORT_ORDER, self->item_list, "sort");
}

GMenu *
sp_browser_get_vaults_menu (SpBrowser *self)
{
  g_return_val_if_fail (SP_IS_BROWSER (self), NULL);
  return sp_sidebar_get_vaults_menu (self->sidebar);
}
