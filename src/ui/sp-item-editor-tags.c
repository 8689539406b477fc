/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Of the vault's tags, those are suggested that begin like what is being typed behind the last comma. */

#define G_LOG_DOMAIN "sp-item-editor"

#include "config.h"

#include <string.h>

#include "services/sp-tally.h"
#include "ui/sp-item-editor-private.h"
#include "vault/sp-search.h"

#define MAX_SUGGESTIONS 6

/* Once for each edit. */
void
sp_item_editor_load_tags (SpItemEditor *self)
{
  SpSnapshot *snapshot = sp_session_get_snapshot (self->session);
  g_autoptr (SpTally) tally = snapshot != NULL ? sp_tally_new (snapshot) : NULL;
  const SpTallyTag *tags;
  gsize n = 0;

  g_clear_pointer (&self->vault_tags, g_strfreev);
  if (tally == NULL)
    return;
  tags = sp_tally_peek_tags (tally, &n);
  self->vault_tags = g_new0 (char *, n + 1);
  for (gsize i = 0; i < n; i++)
    self->vault_tags[i] = g_strdup (tags[i].path);
}

static const char *
find_last_tag (const char *text)
{
  const char *comma = strrchr (text, ',');
  const char *begin = comma != NULL ? comma + 1 : text;

  while (*begin == ' ')
    begin++;
  return begin;
}

static void
suggestion_clicked_cb (SpItemEditor *self, GtkButton *button)
{
  GtkEditable *row = GTK_EDITABLE (self->tags_row);
  const char *text = gtk_editable_get_text (row);
  g_autofree char *before = g_strndup (text, (gsize) (find_last_tag (text) - text));
  g_autofree char *whole = g_strconcat (before, gtk_button_get_label (button), ", ", NULL);

  gtk_editable_set_text (row, whole);
  gtk_widget_grab_focus (GTK_WIDGET (row));
  gtk_editable_set_position (row, -1);
}

static void
add_suggestion (SpItemEditor *self, const char *tag)
{
  GtkWidget *button = gtk_button_new_with_label (tag);

  gtk_widget_add_css_class (button, "flat");
  gtk_widget_add_css_class (button, "sp-tag");
  gtk_label_set_ellipsize (GTK_LABEL (gtk_button_get_child (GTK_BUTTON (button))),
                           PANGO_ELLIPSIZE_MIDDLE);
  g_signal_connect_object (button, "clicked", G_CALLBACK (suggestion_clicked_cb), self,
                           G_CONNECT_SWAPPED);
  gtk_flow_box_append (self->suggestions, button);
  gtk_widget_set_focusable (gtk_widget_get_parent (button), FALSE);
}

static gboolean
is_suggested (const char *tag, const char *typed)
{
  g_autofree char *folded = sp_search_fold (tag);

  return g_str_has_prefix (folded, typed) && !g_str_equal (folded, typed);
}

void
sp_item_editor_suggest_tags (SpItemEditor *self)
{
  g_autofree char *typed = sp_search_fold (
      find_last_tag (gtk_editable_get_text (GTK_EDITABLE (self->tags_row))));
  GtkWidget *child;
  guint n = 0;

  while ((child = gtk_widget_get_first_child (GTK_WIDGET (self->suggestions))) != NULL)
    gtk_flow_box_remove (self->suggestions, child);
  for (gsize i = 0; !self->filling && *typed != '\0' && self->vault_tags != NULL &&
                    self->vault_tags[i] != NULL && n < MAX_SUGGESTIONS;
       i++)
    if (is_suggested (self->vault_tags[i], typed)) {
      add_suggestion (self, self->vault_tags[i]);
      n++;
    }
  gtk_widget_set_visible (self->suggestions_row, n > 0);
}
