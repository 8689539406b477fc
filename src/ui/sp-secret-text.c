/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "sp-secret-text"

#include "config.h"

#include "ui/sp-secret-text.h"

void
sp_secret_text_set_up (GtkText *text)
{
  g_autoptr (GtkEntryBuffer) buffer = gtk_password_entry_buffer_new ();

  g_return_if_fail (GTK_IS_TEXT (text));

  gtk_text_set_buffer (text, buffer);
  gtk_editable_set_enable_undo (GTK_EDITABLE (text), FALSE);
  gtk_text_set_enable_emoji_completion (text, FALSE);
}

void
sp_secret_text_set_visible (GtkText *text, gboolean visible)
{
  g_return_if_fail (GTK_IS_TEXT (text));

  /* What is selected as bullets would be readable from now on. */
  if (visible && !gtk_text_get_visibility (text))
    gtk_editable_select_region (GTK_EDITABLE (text), -1, -1);
  gtk_text_set_visibility (text, visible);
  /* Changing the visibility switches the history of changes on, which would keep the text in ordinary memory. */
  gtk_editable_set_enable_undo (GTK_EDITABLE (text), FALSE);
}

/* SpClipboard alone copies secrets, and takes them back. */
static void
copy_clipboard_cb (GtkWidget *widget)
{
  g_signal_stop_emission_by_name (widget, "copy-clipboard");
}

static void
cut_clipboard_cb (GtkWidget *widget)
{
  g_signal_stop_emission_by_name (widget, "cut-clipboard");
}

static gboolean
has_readable_selection (GtkWidget *widget)
{
  if (GTK_IS_TEXT (widget))
    return gtk_text_get_visibility (GTK_TEXT (widget)) &&
           gtk_editable_get_selection_bounds (GTK_EDITABLE (widget), NULL, NULL);
  return gtk_text_buffer_get_has_selection (gtk_text_view_get_buffer (GTK_TEXT_VIEW (widget)));
}

/* Whoever selects offers the text to the middle button; taking it back ends the selection. */
static gboolean
take_primary_back_cb (gpointer user_data)
{
  GtkWidget *widget = GTK_WIDGET (user_data);
  GdkClipboard *primary = gtk_widget_get_primary_clipboard (widget);

  if (has_readable_selection (widget) && gdk_clipboard_is_local (primary))
    (void) gdk_clipboard_set_content (primary, NULL);
  return G_SOURCE_REMOVE;
}

/* GTK tells of the selection before it offers it, so it is taken back a little later: before any event, and so before
 * anybody can be given it. */
static void
selection_cb (GtkWidget *widget)
{
  if (has_readable_selection (widget))
    g_idle_add_full (G_PRIORITY_HIGH, take_primary_back_cb, g_object_ref (widget), g_object_unref);
}

void
sp_secret_text_guard (GtkText *text)
{
  g_return_if_fail (GTK_IS_TEXT (text));

  gtk_text_set_input_purpose (text, GTK_INPUT_PURPOSE_PASSWORD);
  gtk_text_set_input_hints (text, GTK_INPUT_HINT_NO_SPELLCHECK | GTK_INPUT_HINT_NO_EMOJI |
                                      GTK_INPUT_HINT_PRIVATE);
  g_signal_connect (text, "copy-clipboard", G_CALLBACK (copy_clipboard_cb), NULL);
  g_signal_connect (text, "cut-clipboard", G_CALLBACK (cut_clipboard_cb), NULL);
  g_signal_connect_after (text, "notify::cursor-position", G_CALLBACK (selection_cb), NULL);
  g_signal_connect_after (text, "notify::selection-bound", G_CALLBACK (selection_cb), NULL);
}

void
sp_secret_text_guard_view (GtkTextView *view)
{
  GtkTextBuffer *buffer;

  g_return_if_fail (GTK_IS_TEXT_VIEW (view));

  buffer = gtk_text_view_get_buffer (view);
  gtk_text_buffer_set_enable_undo (buffer, FALSE);
  gtk_text_view_set_input_hints (view, GTK_INPUT_HINT_NO_SPELLCHECK | GTK_INPUT_HINT_NO_EMOJI |
                                           GTK_INPUT_HINT_PRIVATE);
  g_signal_connect (view, "copy-clipboard", G_CALLBACK (copy_clipboard_cb), NULL);
  g_signal_connect (view, "cut-clipboard", G_CALLBACK (cut_clipboard_cb), NULL);
  g_signal_connect_object (buffer, "mark-set", G_CALLBACK (selection_cb), view,
                           G_CONNECT_SWAPPED | G_CONNECT_AFTER);
  g_signal_connect_object (buffer, "notify::has-selection", G_CALLBACK (selection_cb), view,
                           G_CONNECT_SWAPPED | G_CONNECT_AFTER);
}
