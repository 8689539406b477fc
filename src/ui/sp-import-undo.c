/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "sp-import-undo"

#include "config.h"

#include "ui/sp-import-undo.h"

#include <glib/gi18n.h>

#include "ui/sp-window.h"

char *
sp_import_undo_dup_text (guint n_undone, guint n_kept)
{
  /* Translators: %'u is a number of items. */
  g_autofree char *undone = g_strdup_printf (
      ngettext ("%'u item taken back", "%'u items taken back", n_undone), n_undone);
  g_autofree char *kept = NULL;

  if (n_kept == 0)
    return g_steal_pointer (&undone);
  /* Translators: %'u is a number of items. */
  kept = g_strdup_printf (
      ngettext ("%'u was changed since, and stays", "%'u were changed since, and stay", n_kept),
      n_kept);
  /* Translators: two sentences without their full stops: how many items were taken back, how many stay. */
  return g_strdup_printf (C_ ("undo import", "%s; %s"), undone, kept);
}

static void
undone_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GtkWidget) widget = GTK_WIDGET (user_data);
  g_autoptr (GError) error = NULL;
  g_autofree char *text = NULL;
  guint n_undone;
  guint n_kept;

  if (!sp_session_undo_import_finish (SP_SESSION (object), result, &n_undone, &n_kept, &error)) {
    sp_window_toast_error (widget, error);
    return;
  }
  text = sp_import_undo_dup_text (n_undone, n_kept);
  sp_window_toast (widget, text);
}

void
sp_import_undo (GtkWidget *widget, SpSession *session)
{
  g_return_if_fail (GTK_IS_WIDGET (widget) && SP_IS_SESSION (session));

  sp_session_undo_import_async (session, undone_cb, g_object_ref (widget));
}
