/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The object. What is asked is in sp-item-list-search.c, what is shown in sp-item-list-results.c and -rows.c. */

#define G_LOG_DOMAIN "sp-item-list"

#include "config.h"

#include "ui/sp-item-list.h"

#include <glib/gi18n.h>
#include <string.h>

#include "ui/sp-item-list-private.h"
#include "ui/sp-pane-layout.h"
#include "ui/sp-ui.h"

G_DEFINE_FINAL_TYPE (SpItemList, sp_item_list, ADW_TYPE_BIN)

enum {
  PROP_0,
  PROP_SESSION,
  PROP_AT_END,
  PROP_CAN_GO_BACK,
  PROP_SELECTING,
  PROP_SORT,
  N_PROPS,
};

enum {
  SIGNAL_ITEM_ACTIVATED,
  SIGNAL_SELECTION_CHANGED,
  N_SIGNALS,
};

static GParamSpec *properties[N_PROPS];
static guint signals[N_SIGNALS];

/* ---- the session ------------------------------------------------------------------------------------ */

static void
changed_cb (SpItemList *self)
{
  gboolean writable = sp_session_is_writable (self->session);

  sp_item_list_update (self, TRUE);
  gtk_widget_set_sensitive (GTK_WIDGET (self->new_button), writable);
  gtk_widget_set_tooltip_text (GTK_WIDGET (self->new_button),
                               writable ? _("New Item")
                                        : _("The vault is open for reading only"));
  sp_item_list_update_bar (self);
}

/* Nothing of the vault stays here when it is locked. */
static void
forget (SpItemList *self)
{
  sp_item_list_cancel (self);
  self->number = 0;
  self->n_selected = 0;
  self->reveal = FALSE;
  sp_item_list_set_selecting (self, FALSE);
  sp_steady_selection_set_model (self->steady, NULL);
  g_clear_object (&self->selection);
  if (self->model != NULL)
    sp_results_model_clear (self->model);
  g_clear_object (&self->model);
  g_clear_pointer (&self->order, sp_order_unref);
  g_clear_pointer (&self->results, sp_results_unref);
  sp_item_list_forget_whole (self);
  sp_item_list_update_bar (self);
  gtk_editable_set_text (GTK_EDITABLE (self->entry), "");
}

static void
state_cb (SpItemList *self)
{
  if (!sp_session_is_open (self->session))
    forget (self);
}

/* ---- the object ------------------------------------------------------------------------------------- */

static GMenu *
make_type_menu (void)
{
  GMenu *menu = g_menu_new ();
  const SpItemTypeInfo *infos;
  gsize n;

  infos = sp_item_type_list (&n);
  for (gsize i = 0; i < n; i++) {
    g_autoptr (GMenuItem) item = g_menu_item_new (_ (infos[i].label), NULL);

    g_menu_item_set_action_and_target (item, "win.new-item", "s", infos[i].name);
    g_menu_append_item (menu, item);
  }
  return menu;
}

static void
take_session (SpItemList *self, SpSession *session)
{
  if (self->session != NULL)
    g_signal_handlers_disconnect_by_data (self->session, self);
  g_set_object (&self->session, session);
  if (session == NULL)
    return;
  g_signal_connect_object (session, "changed", G_CALLBACK (changed_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (session, "notify::state", G_CALLBACK (state_cb), self,
                           G_CONNECT_SWAPPED);
}

static void
sp_item_list_get_property (GObject *object, guint prop_id, GValue *value, GParamSpec *pspec)
{
  SpItemList *self = SP_ITEM_LIST (object);

  switch (prop_id) {
  case PROP_SESSION:
    g_value_set_object (value, self->session);
    break;
  case PROP_AT_END:
    g_value_set_boolean (value, self->at_end);
    break;
  case PROP_CAN_GO_BACK:
    g_value_set_boolean (value, self->can_go_back);
    break;
  case PROP_SELECTING:
    g_value_set_boolean (value, self->selecting);
    break;
  case PROP_SORT:
    g_value_set_string (value, self->sort);
    break;
  default:
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
  }
}

static void
sp_item_list_set_property (GObject *object, guint prop_id, const GValue *value, GParamSpec *pspec)
{
  SpItemList *self = SP_ITEM_LIST (object);

  switch (prop_id) {
  case PROP_SESSION:
    if (self->session != g_value_get_object (value)) {
      take_session (self, g_value_get_object (value));
      g_object_notify_by_pspec (object, pspec);
    }
    break;
  case PROP_AT_END:
    if (self->at_end != g_value_get_boolean (value)) {
      self->at_end = g_value_get_boolean (value);
      g_object_notify_by_pspec (object, pspec);
    }
    break;
  case PROP_CAN_GO_BACK:
    if (self->can_go_back != g_value_get_boolean (value)) {
      self->can_go_back = g_value_get_boolean (value);
      g_object_notify_by_pspec (object, pspec);
    }
    break;
  case PROP_SELECTING:
    sp_item_list_set_selecting (self, g_value_get_boolean (value));
    break;
  case PROP_SORT:
    if (g_strcmp0 (self->sort, g_value_get_string (value)) != 0) {
      g_free (self->sort);
      self->sort = g_value_dup_string (value);
      sp_item_list_forget_whole (self);
      sp_item_list_update (self, FALSE);
      g_object_notify_by_pspec (object, pspec);
    }
    break;
  default:
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
  }
}

static void
sp_item_list_dispose (GObject *object)
{
  SpItemList *self = SP_ITEM_LIST (object);

  sp_item_list_cancel (self);
  g_clear_handle_id (&self->naming_id, g_source_remove);
  gtk_widget_dispose_template (GTK_WIDGET (self), SP_TYPE_ITEM_LIST);
  g_clear_object (&self->steady);
  g_clear_object (&self->selection);
  g_clear_object (&self->model);
  g_clear_pointer (&self->order, sp_order_unref);
  g_clear_pointer (&self->results, sp_results_unref);
  sp_item_list_forget_whole (self);
  g_clear_object (&self->session);
  G_OBJECT_CLASS (sp_item_list_parent_class)->dispose (object);
}

static void
sp_item_list_finalize (GObject *object)
{
  SpItemList *self = SP_ITEM_LIST (object);

  g_free (self->filter);
  g_free (self->tag);
  g_free (self->sort);
  g_strfreev (self->words);
  g_ptr_array_unref (self->bound);
  sp_row_look_unref (self->look);
  G_OBJECT_CLASS (sp_item_list_parent_class)->finalize (object);
}

static void
sp_item_list_class_init (SpItemListClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);
  const GParamFlags flags = G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS | G_PARAM_EXPLICIT_NOTIFY;

  object_class->dispose = sp_item_list_dispose;
  object_class->finalize = sp_item_list_finalize;
  object_class->get_property = sp_item_list_get_property;
  object_class->set_property = sp_item_list_set_property;

  properties[PROP_SESSION] = g_param_spec_object ("session", NULL, NULL, SP_TYPE_SESSION, flags);
  properties[PROP_AT_END] = g_param_spec_boolean ("at-end", NULL, NULL, FALSE, flags);
  properties[PROP_CAN_GO_BACK] = g_param_spec_boolean ("can-go-back", NULL, NULL, FALSE, flags);
  properties[PROP_SELECTING] = g_param_spec_boolean ("selecting", NULL, NULL, FALSE, flags);
  properties[PROP_SORT] = g_param_spec_string ("sort", NULL, NULL, "title", flags);
  g_object_class_install_properties (object_class, N_PROPS, properties);

  signals[SIGNAL_ITEM_ACTIVATED] = g_signal_new ("item-activated", SP_TYPE_ITEM_LIST,
                                                 G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                                 G_TYPE_NONE, 1, G_TYPE_UINT64);
  signals[SIGNAL_SELECTION_CHANGED] = g_signal_new ("selection-changed", SP_TYPE_ITEM_LIST,
                                                    G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                                    G_TYPE_NONE, 0);

  gtk_widget_class_install_property_action (widget_class, "items.sort", "sort");
  gtk_widget_class_set_layout_manager_type (widget_class, SP_TYPE_PANE_LAYOUT);
  gtk_widget_class_set_template_from_resource (widget_class, SP_UI_RESOURCE "/sp-item-list.ui");
  gtk_widget_class_bind_template_child (widget_class, SpItemList, entry);
  gtk_widget_class_bind_template_child (widget_class, SpItemList, first_button);
  gtk_widget_class_bind_template_child (widget_class, SpItemList, import_button);
  gtk_widget_class_bind_template_child (widget_class, SpItemList, new_button);
  gtk_widget_class_bind_template_child (widget_class, SpItemList, stack);
  gtk_widget_class_bind_template_child (widget_class, SpItemList, status);
  gtk_widget_class_bind_template_child (widget_class, SpItemList, title);
  gtk_widget_class_bind_template_child (widget_class, SpItemList, trash_strip);
  gtk_widget_class_bind_template_child (widget_class, SpItemList, view);
  sp_item_list_install_rows (widget_class);
  sp_item_list_install_search (widget_class);
  sp_item_list_install_several (widget_class);
}

static void
sp_item_list_init (SpItemList *self)
{
  g_autoptr (GMenu) menu = make_type_menu ();

  self->sort = g_strdup ("title");
  gtk_widget_init_template (GTK_WIDGET (self));
  gtk_menu_button_set_menu_model (self->new_button, G_MENU_MODEL (menu));
  gtk_menu_button_set_menu_model (self->first_button, G_MENU_MODEL (menu));
  sp_item_list_init_rows (self);
  sp_item_list_init_drag (self);
}

void
sp_item_list_tell (SpItemList *self)
{
  g_signal_emit (self, signals[SIGNAL_SELECTION_CHANGED], 0);
}

void
sp_item_list_open (SpItemList *self, guint64 number)
{
  g_signal_emit (self, signals[SIGNAL_ITEM_ACTIVATED], 0, number);
}

static char *
get_tag (const char *filter)
{
  gsize len = strlen (filter);

  if (!g_str_has_prefix (filter, "tag:\"") || len < strlen ("tag:\"x\"") || filter[len - 1] != '"')
    return NULL;
  return g_strndup (filter + strlen ("tag:\""), len - strlen ("tag:\"\""));
}

void
sp_item_list_set_place (SpItemList *self, const char *filter, const char *title)
{
  guint64 number = self->number;

  g_return_if_fail (SP_IS_ITEM_LIST (self));

  g_free (self->filter);
  self->filter = g_strdup (filter);
  g_free (self->tag);
  self->tag = get_tag (filter);
  self->everywhere = FALSE;
  sp_item_list_forget_whole (self);
  sp_item_list_set_selecting (self, FALSE);
  adw_window_title_set_title (self->title, title);
  gtk_revealer_set_reveal_child (self->trash_strip, FALSE);
  if (*sp_item_list_get_text (self) != '\0')
    gtk_editable_set_text (GTK_EDITABLE (self->entry), "");
  else
    sp_item_list_update (self, FALSE);
  if (number != 0 && self->model != NULL &&
      sp_results_model_find (self->model, number) == G_MAXUINT) {
    self->number = 0;
    sp_item_list_tell (self);
  }
}

void
sp_item_list_start_search (SpItemList *self)
{
  g_return_if_fail (SP_IS_ITEM_LIST (self));

  gtk_widget_grab_focus (GTK_WIDGET (self->entry));
  gtk_editable_select_region (GTK_EDITABLE (self->entry), 0, -1);
}

void
sp_item_list_select (SpItemList *self, guint64 number)
{
  guint index;

  g_return_if_fail (SP_IS_ITEM_LIST (self));

  self->number = number;
  if (self->model == NULL)
    return;
  index = sp_results_model_find (self->model, number);
  sp_item_list_select_silently (self, index);
  self->reveal = index == G_MAXUINT;
  if (index != G_MAXUINT)
    sp_item_list_scroll_to (self, index);
}

guint64
sp_item_list_get_number (SpItemList *self)
{
  g_return_val_if_fail (SP_IS_ITEM_LIST (self), 0);
  return self->number;
}

guint
sp_item_list_get_n_selected (SpItemList *self)
{
  g_return_val_if_fail (SP_IS_ITEM_LIST (self), 0);
  return self->n_selected;
}

GArray *
sp_item_list_get_numbers (SpItemList *self)
{
  g_return_val_if_fail (SP_IS_ITEM_LIST (self), NULL);

  if (self->selection == NULL)
    return g_array_new (FALSE, FALSE, sizeof (guint64));
  return sp_item_selection_get_numbers (self->selection);
}

void
sp_item_list_focus (SpItemList *self)
{
  guint index;

  g_return_if_fail (SP_IS_ITEM_LIST (self));

  index = self->model != NULL ? sp_results_model_find (self->model, self->number) : G_MAXUINT;
  if (index != G_MAXUINT)
    sp_item_list_focus_index (self, index);
  else if (self->model != NULL && g_list_model_get_n_items (G_LIST_MODEL (self->model)) > 0)
    gtk_widget_grab_focus (GTK_WIDGET (self->view));
  else
    gtk_widget_grab_focus (GTK_WIDGET (self->entry));
}

void
sp_item_list_set_key_capture (SpItemList *self, GtkWidget *widget)
{
  g_return_if_fail (SP_IS_ITEM_LIST (self));
  gtk_search_entry_set_key_capture_widget (self->entry, widget);
}
