/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "sp-shown-value"

#include "config.h"

#include "ui/sp-shown-value.h"

#include <glib/gi18n.h>

#include "ui/sp-shown-text.h"

/* The text in the label is left alone when it is right already: an unchanged label is not laid out again. */
static void
set_text (GtkLabel *label, const char *text)
{
  if (g_strcmp0 (gtk_label_get_text (label), text) != 0)
    gtk_label_set_text (label, text);
}

/**
 * sp_shown_value_set:
 * @label: that of a value
 * @value: UTF-8 text
 *
 * Shows the value; of one that is longer than %SP_SHOWN_VALUE_MAX characters, the beginning.
 */
void
sp_shown_value_set (GtkLabel *label, const SpSecret *value)
{
  g_autoptr (SpSecretBuffer) buffer = NULL;
  g_autoptr (SpSecret) shown = NULL;
  g_autofree char *length = NULL;
  const char *text;
  glong n;

  g_return_if_fail (GTK_IS_LABEL (label) && value != NULL);

  text = sp_secret_peek_text (value);
  n = sp_secret_get_length (value) > SP_SHOWN_VALUE_MAX ? g_utf8_strlen (text, -1) : 0;
  buffer = sp_secret_buffer_new ();
  sp_shown_text_append (buffer, text, SP_SHOWN_VALUE_MAX);
  if (n > SP_SHOWN_VALUE_MAX) {
    /* Translators: after the beginning of a long text; %ld is how many characters all of it has. */
    length = g_strdup_printf (
        ngettext ("… (%ld character in all)", "… (%ld characters in all)", (gulong) n), n);
    sp_secret_buffer_append_text (buffer, length);
  }
  shown = sp_secret_buffer_finish (buffer);
  set_text (label, sp_secret_peek_text (shown));
}
