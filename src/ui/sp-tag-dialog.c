/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "sp-tag-dialog"

#include "config.h"

#include "ui/sp-tag-dialog.h"

#include <glib/gi18n.h>
#include <string.h>

#include "ui/sp-tag-choice.h"
#include "ui/sp-ui.h"
#include "vault/sp-search.h"

struct _SpTagDialog {
  AdwWindow parent_instance;

  SpSession *session;        /* (owned) */
  GArray *numbers;           /* (element-type guint64) (owned) */
  GListStore *choices;       /* (owned) (element-type SpTagChoice) */
  GtkFilterListModel *found; /* (owned) */
  GtkCustomFilter *filter;   /* (owned) */
  char *typed;               /* folded */

  GtkWidget *add_button;
  GtkLabel *add_label;
  GtkEditable *entry;
  GtkStack *stack;
  GtkListView *view;
  AdwWindowTitle *title;
};

G_DEFINE_FINAL_TYPE (SpTagDialog, sp_tag_dialog, ADW_TYPE_WINDOW)

enum {
  SIGNAL_APPLIED,
  N_SIGNALS,
};

static guint signals[N_SIGNALS];

/* ---- the list --------------------------------------------------------------------------------------- */

static void
show_state (SpTagChoice *choice, GParamSpec *pspec, GtkListItem *list_item)
{
  GtkCheckButton *check = GTK_CHECK_BUTTON (gtk_list_item_get_child (list_item));
  SpTagState state = sp_tag_choice_get_state (choice);

  gtk_check_button_set_inconsistent (check, state == SP_TAG_MIXED);
  gtk_check_button_set_active (check, state == SP_TAG_ON);
}

/* It only shows the state: the row is what is clicked. */
static void
setup_cb (GtkListItemFactory *factory, GtkListItem *list_item, gpointer user_data)
{
  GtkWidget *check = gtk_check_button_new ();

  gtk_widget_set_can_focus (check, FALSE);
  gtk_widget_set_can_target (check, FALSE);
  gtk_list_item_set_child (list_item, check);
}

static void
bind_cb (GtkListItemFactory *factory, GtkListItem *list_item, gpointer user_data)
{
  SpTagChoice *choice = gtk_list_item_get_item (list_item);
  GtkCheckButton *check = GTK_CHECK_BUTTON (gtk_list_item_get_child (list_item));

  gtk_check_button_set_label (check, sp_tag_choice_get_tag (choice));
  show_state (choice, NULL, list_item);
  g_signal_connect_object (choice, "notify::state", G_CALLBACK (show_state), list_item, 0);
}

static void
unbind_cb (GtkListItemFactory *factory, GtkListItem *list_item, gpointer user_data)
{
  g_signal_handlers_disconnect_by_func (gtk_list_item_get_item (list_item), show_state, list_item);
}

static void
view_activate_cb (SpTagDialog *self, guint index)
{
  g_autoptr (SpTagChoice) choice = g_list_model_get_item (G_LIST_MODEL (self->found), index);

  if (choice != NULL)
    sp_tag_choice_toggle (choice);
}

/* ---- the entry -------------------------------------------------------------------------------------- */

/* What was typed, without white space and slashes around it; NULL if that is nothing. */
static char *
get_typed_tag (SpTagDialog *self)
{
  char *tag = g_strstrip (g_strdup (gtk_editable_get_text (self->entry)));
  gsize len = strlen (tag);

  while (len > 0 && tag[len - 1] == '/')
    tag[--len] = '\0';
  if (len > 0 && *tag != '/')
    return tag;
  g_free (tag);
  return NULL;
}

/* (transfer full) (nullable) */
static SpTagChoice *
find_choice (SpTagDialog *self, const char *tag)
{
  guint n = g_list_model_get_n_items (G_LIST_MODEL (self->choices));

  for (guint i = 0; i < n; i++) {
    g_autoptr (SpTagChoice) choice = g_list_model_get_item (G_LIST_MODEL (self->choices), i);

    if (g_str_equal (sp_tag_choice_get_tag (choice), tag))
      return g_steal_pointer (&choice);
  }
  return NULL;
}

static gboolean
is_found (gpointer item, gpointer user_data)
{
  SpTagDialog *self = SP_TAG_DIALOG (user_data);

  return strstr (sp_tag_choice_get_folded (item), self->typed) != NULL;
}

static void
update_found (SpTagDialog *self)
{
  g_autofree char *tag = get_typed_tag (self);
  g_autoptr (SpTagChoice) same = tag != NULL ? find_choice (self, tag) : NULL;
  g_autofree char *text = NULL;
  gboolean any;

  g_free (self->typed);
  self->typed = sp_search_fold (tag != NULL ? tag : "");
  gtk_filter_changed (GTK_FILTER (self->filter), GTK_FILTER_CHANGE_DIFFERENT);
  gtk_widget_set_visible (self->add_button, tag != NULL && same == NULL);
  /* Translators: a button; %s is a new tag. */
  text = g_strdup_printf (_ ("Add “%s”"), tag != NULL ? tag : "");
  gtk_label_set_text (self->add_label, text);
  any = g_list_model_get_n_items (G_LIST_MODEL (self->found)) > 0;
  gtk_stack_set_visible_child_name (self->stack, any ? "list" : "nothing");
}

static void
add_typed (SpTagDialog *self)
{
  g_autofree char *tag = get_typed_tag (self);
  g_autoptr (SpTagChoice) choice = tag != NULL ? find_choice (self, tag) : NULL;

  if (tag == NULL)
    return;
  if (choice == NULL) {
    choice = sp_tag_choice_new (tag, SP_TAG_OFF);
    g_list_store_insert (self->choices, 0, choice);
  }
  if (sp_tag_choice_get_state (choice) != SP_TAG_ON)
    sp_tag_choice_toggle (choice);
  gtk_editable_set_text (self->entry, "");
}

static void
apply (SpTagDialog *self)
{
  g_signal_emit (self, signals[SIGNAL_APPLIED], 0);
  gtk_window_destroy (GTK_WINDOW (self));
}

/* Enter adds what was typed, and then, with nothing typed, is for all of it. */
static void
entry_activate_cb (SpTagDialog *self)
{
  if (*gtk_editable_get_text (self->entry) != '\0')
    add_typed (self);
  else
    apply (self);
}

static void
entry_changed_cb (SpTagDialog *self)
{
  update_found (self);
}

static void
entry_stop_cb (SpTagDialog *self)
{
  if (*gtk_editable_get_text (self->entry) != '\0')
    gtk_editable_set_text (self->entry, "");
  else
    gtk_window_close (GTK_WINDOW (self));
}

static gboolean
entry_key_cb (SpTagDialog *self, guint key)
{
  if (key != GDK_KEY_Down && key != GDK_KEY_KP_Down)
    return GDK_EVENT_PROPAGATE;
  return gtk_widget_grab_focus (GTK_WIDGET (self->view));
}

static void
apply_clicked_cb (SpTagDialog *self)
{
  /* What stands in the entry was meant to be added. */
  add_typed (self);
  apply (self);
}

/* ---- the object ------------------------------------------------------------------------------------- */

static void
session_state_cb (SpTagDialog *self)
{
  if (!sp_session_is_open (self->session))
    gtk_window_destroy (GTK_WINDOW (self));
}

static void
sp_tag_dialog_dispose (GObject *object)
{
  SpTagDialog *self = SP_TAG_DIALOG (object);

  gtk_widget_dispose_template (GTK_WIDGET (self), SP_TYPE_TAG_DIALOG);
  g_clear_object (&self->found);
  g_clear_object (&self->choices);
  g_clear_object (&self->session);
  G_OBJECT_CLASS (sp_tag_dialog_parent_class)->dispose (object);
}

static void
sp_tag_dialog_finalize (GObject *object)
{
  SpTagDialog *self = SP_TAG_DIALOG (object);

  g_clear_object (&self->filter);
  g_clear_pointer (&self->numbers, g_array_unref);
  g_free (self->typed);
  G_OBJECT_CLASS (sp_tag_dialog_parent_class)->finalize (object);
}

static void
sp_tag_dialog_class_init (SpTagDialogClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->dispose = sp_tag_dialog_dispose;
  object_class->finalize = sp_tag_dialog_finalize;

  signals[SIGNAL_APPLIED] = g_signal_new ("applied", SP_TYPE_TAG_DIALOG, G_SIGNAL_RUN_LAST, 0, NULL,
                                          NULL, NULL, G_TYPE_NONE, 0);

  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_Escape, 0, "window.close", NULL);
  gtk_widget_class_set_template_from_resource (widget_class, SP_UI_RESOURCE "/sp-tag-dialog.ui");
  gtk_widget_class_bind_template_child (widget_class, SpTagDialog, add_button);
  gtk_widget_class_bind_template_child (widget_class, SpTagDialog, add_label);
  gtk_widget_class_bind_template_child (widget_class, SpTagDialog, entry);
  gtk_widget_class_bind_template_child (widget_class, SpTagDialog, stack);
  gtk_widget_class_bind_template_child (widget_class, SpTagDialog, title);
  gtk_widget_class_bind_template_child (widget_class, SpTagDialog, view);
  gtk_widget_class_bind_template_callback (widget_class, add_typed);
  gtk_widget_class_bind_template_callback (widget_class, apply_clicked_cb);
  gtk_widget_class_bind_template_callback (widget_class, entry_activate_cb);
  gtk_widget_class_bind_template_callback (widget_class, entry_changed_cb);
  gtk_widget_class_bind_template_callback (widget_class, entry_key_cb);
  gtk_widget_class_bind_template_callback (widget_class, entry_stop_cb);
  gtk_widget_class_bind_template_callback (widget_class, view_activate_cb);
}

static void
sp_tag_dialog_init (SpTagDialog *self)
{
  g_autoptr (GtkListItemFactory) factory = gtk_signal_list_item_factory_new ();
  g_autoptr (GtkNoSelection) selection = NULL;

  self->typed = g_strdup ("");
  self->choices = g_list_store_new (SP_TYPE_TAG_CHOICE);
  self->filter = gtk_custom_filter_new (is_found, self, NULL);
  self->found = gtk_filter_list_model_new (g_object_ref (G_LIST_MODEL (self->choices)),
                                           g_object_ref (GTK_FILTER (self->filter)));
  gtk_widget_init_template (GTK_WIDGET (self));
  g_signal_connect (factory, "setup", G_CALLBACK (setup_cb), NULL);
  g_signal_connect (factory, "bind", G_CALLBACK (bind_cb), NULL);
  g_signal_connect (factory, "unbind", G_CALLBACK (unbind_cb), NULL);
  gtk_list_view_set_factory (self->view, factory);
  selection = gtk_no_selection_new (g_object_ref (G_LIST_MODEL (self->found)));
  gtk_list_view_set_model (self->view, GTK_SELECTION_MODEL (selection));
}

/* How many of the items have each tag. */
static GHashTable *
count_tags (SpTagDialog *self)
{
  GHashTable *counts = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  SpSnapshot *snapshot = sp_session_get_snapshot (self->session);

  for (guint i = 0; i < self->numbers->len; i++) {
    SpPosition position = sp_snapshot_find_number (snapshot,
                                                   g_array_index (self->numbers, guint64, i));
    SpOverview overview;

    if (position == SP_POSITION_NONE)
      continue;
    sp_snapshot_get_overview (snapshot, position, &overview);
    for (guint j = 0; j < overview.n_tags; j++) {
      const char *tag = sp_overview_get_tag (&overview, j);
      guint n = GPOINTER_TO_UINT (g_hash_table_lookup (counts, tag));

      g_hash_table_insert (counts, g_strdup (tag), GUINT_TO_POINTER (n + 1));
    }
  }
  return counts;
}

static void
add_choices (SpTagDialog *self, const char *const *tags)
{
  g_autoptr (GHashTable) counts = count_tags (self);

  for (; *tags != NULL; tags++) {
    guint n = GPOINTER_TO_UINT (g_hash_table_lookup (counts, *tags));
    SpTagState state = n == 0 ? SP_TAG_OFF : n < self->numbers->len ? SP_TAG_MIXED : SP_TAG_ON;
    g_autoptr (SpTagChoice) choice = sp_tag_choice_new (*tags, state);

    g_list_store_append (self->choices, choice);
  }
}

SpTagDialog *
sp_tag_dialog_new (GtkWindow *parent, SpSession *session, GArray *numbers, const char *const *tags)
{
  SpTagDialog *self = g_object_new (SP_TYPE_TAG_DIALOG, "transient-for", parent, "modal", TRUE,
                                    NULL);
  g_autofree char *text = NULL;

  self->session = g_object_ref (session);
  self->numbers = g_array_ref (numbers);
  /* Translators: %u is a number of items. */
  text = g_strdup_printf (ngettext ("%u item", "%u items", numbers->len), numbers->len);
  adw_window_title_set_subtitle (self->title, text);
  add_choices (self, tags);
  update_found (self);
  gtk_widget_grab_focus (GTK_WIDGET (self->entry));
  g_signal_connect_object (session, "notify::state", G_CALLBACK (session_state_cb), self,
                           G_CONNECT_SWAPPED);
  return self;
}

SpBulk *
sp_tag_dialog_make_bulk (SpTagDialog *self)
{
  SpBulk *bulk = sp_bulk_new ();
  guint n = g_list_model_get_n_items (G_LIST_MODEL (self->choices));

  for (guint i = 0; i < n; i++) {
    g_autoptr (SpTagChoice) choice = g_list_model_get_item (G_LIST_MODEL (self->choices), i);
    gboolean on = sp_tag_choice_get_state (choice) == SP_TAG_ON;

    if (sp_tag_choice_is_changed (choice))
      sp_bulk_add (bulk, on ? SP_CHANGE_ADD_TAG : SP_CHANGE_REMOVE_TAG,
                   sp_tag_choice_get_tag (choice), &g_array_index (self->numbers, guint64, 0),
                   self->numbers->len);
  }
  return bulk;
}
