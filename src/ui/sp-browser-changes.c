/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What is done with the items that are selected in the list, or with the one that is shown. Each change is one
 * transaction, and offers to take it back for as long as its toast is there; the last one can be taken back later. */

#define G_LOG_DOMAIN "sp-browser"

#include "config.h"

#include <glib/gi18n.h>

#include "services/sp-session-items.h"
#include "ui/sp-browser-private.h"
#include "ui/sp-export-dialog.h"
#include "ui/sp-window.h"

GArray *
sp_browser_get_targets (SpBrowser *self)
{
  GArray *numbers = sp_item_list_get_numbers (self->item_list);
  guint64 shown = sp_item_page_get_number (self->item_page);

  if (numbers->len == 0 && shown != 0)
    g_array_append_val (numbers, shown);
  return numbers;
}

gboolean
sp_browser_may_change (SpBrowser *self)
{
  return self->session != NULL && sp_session_is_writable (self->session) &&
         !sp_item_editor_is_editing (self->item_editor);
}

/* The focus is where it was, unless it was lost with what was shown. */
static void
keep_focus (SpBrowser *self)
{
  GtkRoot *root = gtk_widget_get_root (GTK_WIDGET (self));
  GtkWidget *focus = root != NULL ? gtk_root_get_focus (root) : NULL;

  if (focus != NULL && gtk_widget_get_mapped (focus) &&
      !gtk_widget_is_ancestor (focus, GTK_WIDGET (self->detail)))
    return;
  if (adw_leaflet_get_folded (self->outer) &&
      g_str_equal (adw_leaflet_get_visible_child_name (self->outer), "detail"))
    return;
  sp_item_list_focus (self->item_list);
}

/* ---- changing, and taking it back -------------------------------------------------------------------- */

static char *
describe (SpChange change, const char *tag, guint n)
{
  switch (change) {
  case SP_CHANGE_TRASH:
    if (n == 1)
      return g_strdup (_ ("Moved to the trash"));
    /* Translators: %u is a number of items. */
    return g_strdup_printf (
        ngettext ("%u item moved to the trash", "%u items moved to the trash", n), n);
  case SP_CHANGE_RESTORE:
    /* Translators: %u is a number of items. */
    return g_strdup_printf (ngettext ("%u item restored", "%u items restored", n), n);
  case SP_CHANGE_FAVOURITE:
    /* Translators: %u is a number of items. */
    return g_strdup_printf (
        ngettext ("%u item added to the favourites", "%u items added to the favourites", n), n);
  case SP_CHANGE_UNFAVOURITE:
    return g_strdup_printf (
        /* Translators: %u is a number of items. */
        ngettext ("%u item removed from the favourites", "%u items removed from the favourites", n),
        n);
  case SP_CHANGE_ARCHIVE:
    /* Translators: %u is a number of items. */
    return g_strdup_printf (ngettext ("%u item archived", "%u items archived", n), n);
  case SP_CHANGE_UNARCHIVE:
    return g_strdup_printf (
        ngettext (
            /* Translators: %u is a number of items. */
            "%u item brought back from the archive", "%u items brought back from the archive", n),
        n);
  case SP_CHANGE_ADD_TAG:
    /* Translators: %u is a number of items, %s a tag. */
    return g_strdup_printf (ngettext ("%u item tagged “%s”", "%u items tagged “%s”", n), n, tag);
  case SP_CHANGE_REMOVE_TAG:
  case SP_CHANGE_PURGE:
  default:
    g_assert_not_reached ();
  }
}

typedef struct {
  SpBrowser *self; /* (owned) */
  SpChange change;
  char *tag; /* (nullable) */
} Changing;

static Changing *
changing_new (SpBrowser *self, SpChange change, const char *tag)
{
  Changing *changing = g_new0 (Changing, 1);

  changing->self = g_object_ref (self);
  changing->change = change;
  changing->tag = g_strdup (tag);
  return changing;
}

static void
changing_free (Changing *changing)
{
  g_object_unref (changing->self);
  g_free (changing->tag);
  g_free (changing);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Changing, changing_free)

void
sp_browser_offer_undo (SpBrowser *self, SpBulk *undo, const char *text)
{
  g_clear_pointer (&self->undo, sp_bulk_free);
  self->undo = undo;
  self->undo_id++;
  sp_browser_update_changes (self);
  sp_window_toast_action (GTK_WIDGET (self), text,
                          _ ("Undo"), "win.undo-change", g_variant_new_uint32 (self->undo_id));
}

static void
changed_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (Changing) changing = user_data;
  SpBrowser *self = changing->self;
  g_autoptr (GError) error = NULL;
  g_autoptr (SpBulk) undo = sp_session_bulk_finish (SP_SESSION (object), result, &error);
  g_autofree char *text = NULL;
  guint n;

  if (undo == NULL) {
    sp_window_toast_error (GTK_WIDGET (self), error);
    return;
  }
  n = sp_bulk_get_n_items (undo);
  if (n == 0) {
    sp_window_toast (GTK_WIDGET (self), _ ("Nothing had to be changed"));
    return;
  }
  text = describe (changing->change, changing->tag, n);
  sp_browser_offer_undo (self, g_steal_pointer (&undo), text);
  keep_focus (self);
}

void
sp_browser_change (SpBrowser *self, SpChange change, const char *tag, GArray *numbers)
{
  SpBulk *bulk;

  if (!sp_browser_may_change (self) || numbers->len == 0)
    return;
  bulk = sp_bulk_new ();
  sp_bulk_add (bulk, change, tag, &g_array_index (numbers, guint64, 0), numbers->len);
  sp_session_bulk_async (self->session, bulk, changed_cb, changing_new (self, change, tag));
}

static void
undone_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (SpBrowser) self = SP_BROWSER (user_data);
  g_autoptr (GError) error = NULL;
  g_autoptr (SpBulk) redo = sp_session_bulk_finish (SP_SESSION (object), result, &error);

  if (redo == NULL)
    sp_window_toast_error (GTK_WIDGET (self), error);
  else
    sp_window_toast (GTK_WIDGET (self), _ ("Undone"));
}

void
sp_browser_undo (SpBrowser *self, guint id)
{
  g_return_if_fail (SP_IS_BROWSER (self));

  if (self->undo == NULL || (id != 0 && id != self->undo_id) || !sp_browser_may_change (self))
    return;
  sp_session_bulk_async (self->session, g_steal_pointer (&self->undo), undone_cb,
                         g_object_ref (self));
  sp_browser_update_changes (self);
}

void
sp_browser_forget_changes (SpBrowser *self)
{
  g_clear_pointer (&self->undo, sp_bulk_free);
}

/* ---- for good --------------------------------------------------------------------------------------- */

static void
purged_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (SpBrowser) self = SP_BROWSER (user_data);
  g_autoptr (GError) error = NULL;

  if (!sp_session_change_finish (SP_SESSION (object), result, &error))
    sp_window_toast_error (GTK_WIDGET (self), error);
  else
    keep_focus (self);
}

static void
purge_response_cb (SpBrowser *self, const char *response, AdwMessageDialog *dialog)
{
  GArray *numbers = g_object_get_data (G_OBJECT (dialog), "numbers");

  if (!g_str_equal (response, "purge") || !sp_browser_may_change (self))
    return;
  sp_session_change_async (self->session, SP_CHANGE_PURGE, NULL,
                           &g_array_index (numbers, guint64, 0), numbers->len, purged_cb,
                           g_object_ref (self));
}

static AdwMessageDialog *
new_question (SpBrowser *self, const char *heading, const char *body, const char *answer)
{
  GtkRoot *root = gtk_widget_get_root (GTK_WIDGET (self));
  AdwMessageDialog *dialog = ADW_MESSAGE_DIALOG (
      adw_message_dialog_new (GTK_WINDOW (root), heading, body));

  adw_message_dialog_add_response (dialog, "cancel", _ ("_Cancel"));
  adw_message_dialog_add_response (dialog, "purge", answer);
  adw_message_dialog_set_response_appearance (dialog, "purge", ADW_RESPONSE_DESTRUCTIVE);
  adw_message_dialog_set_default_response (dialog, "cancel");
  adw_message_dialog_set_close_response (dialog, "cancel");
  return dialog;
}

static void
ask_to_purge (SpBrowser *self, GArray *numbers)
{
  guint n = numbers->len;
  g_autofree char *heading = NULL;
  AdwMessageDialog *dialog;

  /* Translators: %u is a number of items. */
  heading = g_strdup_printf (ngettext ("Delete %u Item for Good?", "Delete %u Items for Good?", n),
                             n);
  dialog = new_question (
      self, heading,
      ngettext ("Its history and its attachments go too. It cannot be brought back.",
                "Their history and their attachments go too. They cannot be "
                "brought back.",
                n),
      _ ("_Delete for Good"));
  g_object_set_data_full (G_OBJECT (dialog), "numbers", g_array_ref (numbers),
                          (GDestroyNotify) g_array_unref);
  g_signal_connect_object (dialog, "response", G_CALLBACK (purge_response_cb), self,
                           G_CONNECT_SWAPPED);
  gtk_window_present (GTK_WINDOW (dialog));
}

static void
emptied_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (SpBrowser) self = SP_BROWSER (user_data);
  g_autoptr (GError) error = NULL;
  gint64 n = sp_session_purge_trash_finish (SP_SESSION (object), result, &error);
  g_autofree char *text = NULL;

  if (n < 0) {
    sp_window_toast_error (GTK_WIDGET (self), error);
    return;
  }
  /* Translators: %u is a number of items. */
  text = g_strdup_printf (
      ngettext ("%u item deleted for good", "%u items deleted for good", (gulong) n), (guint) n);
  sp_window_toast (GTK_WIDGET (self), text);
  keep_focus (self);
}

static void
empty_response_cb (SpBrowser *self, const char *response)
{
  if (g_str_equal (response, "purge") && sp_browser_may_change (self))
    sp_session_purge_trash_async (self->session, emptied_cb, g_object_ref (self));
}

static guint
get_n_trashed (SpBrowser *self)
{
  const SpVaultInfo *info = sp_session_is_open (self->session)
                                ? sp_session_peek_info (self->session)
                                : NULL;

  return info != NULL ? (guint) info->n_trashed : 0;
}

void
sp_browser_empty_trash (SpBrowser *self)
{
  g_autofree char *body = NULL;
  AdwMessageDialog *dialog;
  guint n;

  g_return_if_fail (SP_IS_BROWSER (self));

  n = sp_browser_may_change (self) ? get_n_trashed (self) : 0;
  if (n == 0)
    return;
  body = g_strdup_printf (
      /* Translators: %u is a number of items. */
      ngettext ("%u item in the trash, with its history and its attachments, is deleted for good. "
                "It cannot be brought back.",
                "%u items in the trash, with their history and their attachments, are deleted for "
                "good. They cannot be brought back.",
                n),
      n);
  dialog = new_question (self, _ ("Empty the Trash?"), body, _ ("_Empty Trash"));
  g_signal_connect_object (dialog, "response", G_CALLBACK (empty_response_cb), self,
                           G_CONNECT_SWAPPED);
  gtk_window_present (GTK_WINDOW (dialog));
}

/* ---- actions ---------------------------------------------------------------------------------------- */

typedef struct {
  const char *name;
  SpChange change;
} Action;

static const Action actions[] = {
  { "items.archive", SP_CHANGE_ARCHIVE },
  { "items.favourite", SP_CHANGE_FAVOURITE },
  { "items.purge", SP_CHANGE_PURGE },
  { "items.restore", SP_CHANGE_RESTORE },
  { "items.trash", SP_CHANGE_TRASH },
  { "items.unarchive", SP_CHANGE_UNARCHIVE },
  { "items.unfavourite", SP_CHANGE_UNFAVOURITE },
};

static void
change_action (GtkWidget *widget, const char *action_name, GVariant *parameter)
{
  SpBrowser *self = SP_BROWSER (widget);
  g_autoptr (GArray) numbers = sp_browser_get_targets (self);

  for (gsize i = 0; i < G_N_ELEMENTS (actions) && numbers->len > 0; i++) {
    if (!g_str_equal (actions[i].name, action_name))
      continue;
    if (actions[i].change == SP_CHANGE_PURGE)
      ask_to_purge (self, numbers);
    else
      sp_browser_change (self, actions[i].change, NULL, numbers);
  }
}

/* What is in the trash already is deleted for good from there, after a question. */
void
sp_browser_trash (SpBrowser *self)
{
  g_autoptr (GArray) numbers = NULL;
  SpSnapshot *snapshot;
  SpOverview overview;
  SpPosition position;

  g_return_if_fail (SP_IS_BROWSER (self));

  numbers = sp_browser_get_targets (self);
  snapshot = sp_browser_may_change (self) ? sp_session_get_snapshot (self->session) : NULL;
  position = snapshot != NULL && numbers->len > 0
                 ? sp_snapshot_find_number (snapshot, g_array_index (numbers, guint64, 0))
                 : SP_POSITION_NONE;
  if (position == SP_POSITION_NONE)
    return;
  sp_snapshot_get_overview (snapshot, position, &overview);
  if ((overview.flags & SP_OVERVIEW_TRASHED) != 0)
    ask_to_purge (self, numbers);
  else
    sp_browser_change (self, SP_CHANGE_TRASH, NULL, numbers);
}

static void
export_action (GtkWidget *widget, const char *action_name, GVariant *parameter)
{
  SpBrowser *self = SP_BROWSER (widget);
  g_autoptr (GArray) numbers = sp_browser_get_targets (self);

  if (numbers->len > 0 && sp_session_is_open (self->session))
    sp_export_dialog_present (GTK_WINDOW (gtk_widget_get_root (widget)), self->session,
                              &g_array_index (numbers, guint64, 0), numbers->len);
}

void
sp_browser_update_changes (SpBrowser *self)
{
  gboolean writable = self->session != NULL && sp_session_is_writable (self->session);
  g_autoptr (GArray) numbers = sp_browser_get_targets (self);

  for (gsize i = 0; i < G_N_ELEMENTS (actions); i++)
    gtk_widget_action_set_enabled (GTK_WIDGET (self), actions[i].name,
                                   writable && numbers->len > 0);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "items.tag", writable && numbers->len > 0);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "items.export", numbers->len > 0);
}

void
sp_browser_install_changes (GtkWidgetClass *widget_class)
{
  for (gsize i = 0; i < G_N_ELEMENTS (actions); i++)
    gtk_widget_class_install_action (widget_class, actions[i].name, NULL, change_action);
  gtk_widget_class_install_action (widget_class, "items.export", NULL, export_action);
}
