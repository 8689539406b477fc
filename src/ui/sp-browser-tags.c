/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The tags of the items that are selected, and renaming or deleting a tag in all items. */

#define G_LOG_DOMAIN "sp-browser"

#include "config.h"

#include <glib/gi18n.h>
#include <string.h>

#include "ui/sp-browser-private.h"
#include "ui/sp-tag-dialog.h"
#include "ui/sp-window.h"

/* ---- of items --------------------------------------------------------------------------------------- */

static void
tagged_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (SpBrowser) self = SP_BROWSER (user_data);
  g_autoptr (GError) error = NULL;
  g_autoptr (SpBulk) undo = sp_session_bulk_finish (SP_SESSION (object), result, &error);
  g_autofree char *text = NULL;
  guint n;

  if (undo == NULL) {
    sp_window_toast_error (GTK_WIDGET (self), error);
    return;
  }
  n = sp_bulk_get_n_items (undo);
  if (n == 0)
    return;
  /* Translators: %u is a number of items. */
  text = g_strdup_printf (ngettext ("Tags of %u item changed", "Tags of %u items changed", n), n);
  sp_browser_offer_undo (self, g_steal_pointer (&undo), text);
}

static void
applied_cb (SpBrowser *self, SpTagDialog *dialog)
{
  g_autoptr (SpBulk) bulk = sp_tag_dialog_make_bulk (dialog);

  if (sp_bulk_get_n_items (bulk) > 0 && sp_browser_may_change (self))
    sp_session_bulk_async (self->session, g_steal_pointer (&bulk), tagged_cb, g_object_ref (self));
}

void
sp_browser_tag (SpBrowser *self)
{
  g_autoptr (GArray) numbers = NULL;
  g_auto (GStrv) tags = NULL;
  SpTagDialog *dialog;

  g_return_if_fail (SP_IS_BROWSER (self));

  numbers = sp_browser_get_targets (self);
  tags = sp_sidebar_get_tags (self->sidebar);
  if (numbers->len == 0 || !sp_browser_may_change (self))
    return;
  dialog = sp_tag_dialog_new (GTK_WINDOW (gtk_widget_get_root (GTK_WIDGET (self))), self->session,
                              numbers, (const char *const *) tags);
  g_signal_connect_object (dialog, "applied", G_CALLBACK (applied_cb), self, G_CONNECT_SWAPPED);
  gtk_window_present (GTK_WINDOW (dialog));
}

static void
tag_action (GtkWidget *widget, const char *action_name, GVariant *parameter)
{
  sp_browser_tag (SP_BROWSER (widget));
}

/* ---- of the vault ----------------------------------------------------------------------------------- */

typedef struct {
  SpBrowser *self; /* (owned) */
  char *tag;
  char *new_tag; /* (nullable) */
} Renaming;

static Renaming *
renaming_new (SpBrowser *self, const char *tag, const char *new_tag)
{
  Renaming *renaming = g_new0 (Renaming, 1);

  renaming->self = g_object_ref (self);
  renaming->tag = g_strdup (tag);
  renaming->new_tag = g_strdup (new_tag);
  return renaming;
}

static void
renaming_free (Renaming *renaming)
{
  g_object_unref (renaming->self);
  g_free (renaming->tag);
  g_free (renaming->new_tag);
  g_free (renaming);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Renaming, renaming_free)

static void
renamed_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (Renaming) renaming = user_data;
  SpBrowser *self = renaming->self;
  g_autoptr (GError) error = NULL;
  g_autoptr (SpBulk) undo = sp_session_bulk_finish (SP_SESSION (object), result, &error);
  g_autofree char *text = NULL;

  if (undo == NULL) {
    sp_window_toast_error (GTK_WIDGET (self), error);
    return;
  }
  if (renaming->new_tag != NULL) {
    sp_sidebar_follow_tag (self->sidebar, renaming->tag, renaming->new_tag);
    /* Translators: the first %s is a tag, the second one what it is called now. */
    text = g_strdup_printf (_ ("“%s” renamed to “%s”"), renaming->tag, renaming->new_tag);
  } else {
    /* Translators: %s is a tag. */
    text = g_strdup_printf (_ ("Tag “%s” deleted"), renaming->tag);
  }
  sp_browser_offer_undo (self, g_steal_pointer (&undo), text);
}

static AdwMessageDialog *
new_dialog (SpBrowser *self, const char *heading, const char *tag)
{
  GtkRoot *root = gtk_widget_get_root (GTK_WIDGET (self));
  AdwMessageDialog *dialog = ADW_MESSAGE_DIALOG (
      adw_message_dialog_new (GTK_WINDOW (root), heading, NULL));

  g_object_set_data_full (G_OBJECT (dialog), "tag", g_strdup (tag), g_free);
  adw_message_dialog_add_response (dialog, "cancel", _ ("_Cancel"));
  adw_message_dialog_set_close_response (dialog, "cancel");
  return dialog;
}

/* What a tag may be called: something, and no empty part of a nested one. NULL otherwise. */
static char *
get_new_tag (GtkEditable *entry)
{
  g_autofree char *tag = g_strstrip (g_strdup (gtk_editable_get_text (entry)));
  gsize len = strlen (tag);

  if (len == 0 || tag[0] == '/' || tag[len - 1] == '/' || strstr (tag, "//") != NULL)
    return NULL;
  return g_steal_pointer (&tag);
}

static void
new_tag_changed_cb (GtkEditable *entry, AdwMessageDialog *dialog)
{
  g_autofree char *new_tag = get_new_tag (entry);
  const char *tag = g_object_get_data (G_OBJECT (dialog), "tag");

  adw_message_dialog_set_response_enabled (dialog, "rename",
                                           new_tag != NULL && !g_str_equal (new_tag, tag));
}

static void
rename_response_cb (SpBrowser *self, const char *response, AdwMessageDialog *dialog)
{
  const char *tag = g_object_get_data (G_OBJECT (dialog), "tag");
  g_autofree char *new_tag = get_new_tag (
      GTK_EDITABLE (adw_message_dialog_get_extra_child (dialog)));

  if (!g_str_equal (response, "rename") || new_tag == NULL || !sp_browser_may_change (self))
    return;
  sp_session_rename_tag_async (self->session, tag, new_tag, renamed_cb,
                               renaming_new (self, tag, new_tag));
}

static void
rename_action (GtkWidget *widget, const char *action_name, GVariant *parameter)
{
  SpBrowser *self = SP_BROWSER (widget);
  const char *tag = g_variant_get_string (parameter, NULL);
  AdwMessageDialog *dialog;
  GtkWidget *entry;

  if (!sp_browser_may_change (self))
    return;
  dialog = new_dialog (self, _ ("Rename Tag"), tag);
  adw_message_dialog_set_body (dialog,
                               _ ("In all items that have it; tags that are nested in it stay so. "
                                  "A name that another tag has makes one of the two."));
  entry = gtk_entry_new ();
  gtk_editable_set_text (GTK_EDITABLE (entry), tag);
  gtk_entry_set_activates_default (GTK_ENTRY (entry), TRUE);
  gtk_accessible_update_property (GTK_ACCESSIBLE (entry), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  _ ("Name"), -1);
  adw_message_dialog_set_extra_child (dialog, entry);
  adw_message_dialog_add_response (dialog, "rename", _ ("_Rename"));
  adw_message_dialog_set_response_appearance (dialog, "rename", ADW_RESPONSE_SUGGESTED);
  adw_message_dialog_set_response_enabled (dialog, "rename", FALSE);
  adw_message_dialog_set_default_response (dialog, "rename");
  g_signal_connect_object (entry, "changed", G_CALLBACK (new_tag_changed_cb), dialog, 0);
  g_signal_connect_object (dialog, "response", G_CALLBACK (rename_response_cb), self,
                           G_CONNECT_SWAPPED);
  gtk_window_present (GTK_WINDOW (dialog));
  gtk_widget_grab_focus (entry);
}

static void
delete_response_cb (SpBrowser *self, const char *response, AdwMessageDialog *dialog)
{
  const char *tag = g_object_get_data (G_OBJECT (dialog), "tag");

  if (g_str_equal (response, "delete") && sp_browser_may_change (self))
    sp_session_rename_tag_async (self->session, tag, NULL, renamed_cb,
                                 renaming_new (self, tag, NULL));
}

static void
delete_action (GtkWidget *widget, const char *action_name, GVariant *parameter)
{
  SpBrowser *self = SP_BROWSER (widget);
  const char *tag = g_variant_get_string (parameter, NULL);
  AdwMessageDialog *dialog;

  if (!sp_browser_may_change (self))
    return;
  dialog = new_dialog (self, _ ("Delete This Tag?"), tag);
  /* Translators: %s is a tag. */
  adw_message_dialog_format_body (
      dialog,
      _ ("“%s”, and the tags that are nested in it, are taken from all items. The items stay."),
         tag);
  adw_message_dialog_add_response (dialog, "delete", _ ("_Delete Tag"));
  adw_message_dialog_set_response_appearance (dialog, "delete", ADW_RESPONSE_DESTRUCTIVE);
  adw_message_dialog_set_default_response (dialog, "cancel");
  g_signal_connect_object (dialog, "response", G_CALLBACK (delete_response_cb), self,
                           G_CONNECT_SWAPPED);
  gtk_window_present (GTK_WINDOW (dialog));
}

void
sp_browser_install_tags (GtkWidgetClass *widget_class)
{
  gtk_widget_class_install_action (widget_class, "items.tag", NULL, tag_action);
  gtk_widget_class_install_action (widget_class, "tags.delete", "s", delete_action);
  gtk_widget_class_install_action (widget_class, "tags.rename", "s", rename_action);
}
