/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Going to another month selects a day of it, so the calendar stays open until it is left. */

#define G_LOG_DOMAIN "sp-date-picker"

#include "config.h"

#include "ui/sp-date-picker.h"

#include <glib/gi18n.h>

static void
day_selected_cb (GtkEditable *text, GtkCalendar *calendar)
{
  g_autoptr (GDateTime) date = gtk_calendar_get_date (calendar);
  g_autofree char *day = g_date_time_format (date, "%Y-%m-%d");

  if (gtk_widget_get_mapped (GTK_WIDGET (calendar)))
    gtk_editable_set_text (text, day);
}

/* The day that is written, or today. */
static void
shown_cb (GtkEditable *text, GtkWidget *calendar)
{
  g_autofree char *day = g_strdup_printf ("%.10sT00:00:00", gtk_editable_get_text (text));
  g_autoptr (GTimeZone) zone = g_time_zone_new_local ();
  g_autoptr (GDateTime) date = g_date_time_new_from_iso8601 (day, zone);

  if (date == NULL)
    date = g_date_time_new_now (zone);
  g_signal_handlers_block_by_func (calendar, day_selected_cb, text);
  gtk_calendar_select_day (GTK_CALENDAR (calendar), date);
  g_signal_handlers_unblock_by_func (calendar, day_selected_cb, text);
}

/**
 * sp_date_picker_new:
 * @text: where the day is written
 *
 * Returns: (transfer floating): a button
 */
GtkWidget *
sp_date_picker_new (GtkEditable *text)
{
  GtkWidget *button = gtk_menu_button_new ();
  GtkWidget *popover = gtk_popover_new ();
  GtkWidget *calendar = gtk_calendar_new ();

  g_return_val_if_fail (GTK_IS_EDITABLE (text), NULL);

  gtk_popover_set_child (GTK_POPOVER (popover), calendar);
  gtk_menu_button_set_popover (GTK_MENU_BUTTON (button), popover);
  gtk_menu_button_set_icon_name (GTK_MENU_BUTTON (button), "x-office-calendar-symbolic");
  gtk_widget_set_valign (button, GTK_ALIGN_CENTER);
  gtk_widget_add_css_class (button, "flat");
  gtk_widget_set_tooltip_text (button, _("Choose a Date"));
  gtk_accessible_update_property (GTK_ACCESSIBLE (button), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  _("Choose a Date"), -1);
  g_signal_connect_object (calendar, "day-selected", G_CALLBACK (day_selected_cb), text,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (calendar, "map", G_CALLBACK (shown_cb), text, G_CONNECT_SWAPPED);
  return button;
}
