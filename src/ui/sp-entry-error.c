/* SPDX-License-Identifier: GPL-3.0-or-later */

/* COMPAT (gtk-4.14): gtk_accessible_announce(). Until then what is announced is the description of what has the focus,
 * when it changes. */

#define G_LOG_DOMAIN "sp-entry-error"

#include "config.h"

#include "ui/sp-entry-error.h"

static void
tell (GtkAccessible *accessible, const char *text)
{
  if (text != NULL) {
    gtk_accessible_update_property (accessible, GTK_ACCESSIBLE_PROPERTY_DESCRIPTION, text, -1);
    gtk_accessible_update_state (accessible, GTK_ACCESSIBLE_STATE_INVALID,
                                 GTK_ACCESSIBLE_INVALID_TRUE, -1);
  } else {
    gtk_accessible_reset_property (accessible, GTK_ACCESSIBLE_PROPERTY_DESCRIPTION);
    gtk_accessible_reset_state (accessible, GTK_ACCESSIBLE_STATE_INVALID);
  }
}

void
sp_entry_set_error (AdwEntryRow *row, const char *text)
{
  g_return_if_fail (ADW_IS_ENTRY_ROW (row));

  if (text != NULL)
    gtk_widget_add_css_class (GTK_WIDGET (row), "error");
  else
    gtk_widget_remove_css_class (GTK_WIDGET (row), "error");
  tell (GTK_ACCESSIBLE (row), text);
  tell (GTK_ACCESSIBLE (gtk_editable_get_delegate (GTK_EDITABLE (row))), text);
}
