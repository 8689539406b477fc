/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Selecting several items, and the bar that says how many there are and what can be done with them. What is done is
 * the browser's: items.tag and the like. */

#define G_LOG_DOMAIN "sp-item-list"

#include "config.h"

#include <glib/gi18n.h>

#include "ui/sp-item-list-private.h"
#include "ui/sp-window.h"

/* What is so of all that are selected. */
static SpOverviewFlags
get_common_flags (SpItemList *self)
{
  SpOverviewFlags common = SP_OVERVIEW_FAVOURITE | SP_OVERVIEW_ARCHIVED | SP_OVERVIEW_TRASHED;
  SpSnapshot *snapshot = sp_results_model_get_snapshot (self->model);
  const SpPosition *positions;
  GtkBitsetIter iter;
  guint index, n;

  positions = sp_results_model_peek (self->model, &n);
  for (gboolean is_one =
           gtk_bitset_iter_init_first (&iter, sp_item_selection_peek (self->selection), &index);
       is_one && index < n && snapshot != NULL; is_one = gtk_bitset_iter_next (&iter, &index)) {
    SpOverview overview;

    sp_snapshot_get_overview (snapshot, positions[index], &overview);
    common &= overview.flags;
  }
  return common;
}

static void
show_button (GtkButton *button, const char *action, const char *icon, const char *text)
{
  gtk_actionable_set_action_name (GTK_ACTIONABLE (button), action);
  gtk_button_set_icon_name (button, icon);
  gtk_widget_set_tooltip_text (GTK_WIDGET (button), text);
  gtk_accessible_update_property (GTK_ACCESSIBLE (button), GTK_ACCESSIBLE_PROPERTY_LABEL, text, -1);
}

static void
show_buttons (SpItemList *self)
{
  SpOverviewFlags common = get_common_flags (self);
  gboolean any = self->n_selected > 0;
  gboolean trashed = any && (common & SP_OVERVIEW_TRASHED) != 0;
  gboolean archived = any && (common & SP_OVERVIEW_ARCHIVED) != 0;
  gboolean favourite = any && (common & SP_OVERVIEW_FAVOURITE) != 0;

  gtk_widget_set_visible (self->tag_button, !trashed);
  gtk_widget_set_visible (GTK_WIDGET (self->favourite_button), !trashed);
  gtk_widget_set_visible (GTK_WIDGET (self->archive_button), !trashed);
  gtk_widget_set_visible (self->trash_button, !trashed);
  gtk_widget_set_visible (self->restore_button, trashed);
  gtk_widget_set_visible (self->purge_button, trashed);
  show_button (self->favourite_button, favourite ? "items.unfavourite" : "items.favourite",
               favourite ? "sp-favourite-filled-symbolic" : "sp-favourite-symbolic",
               favourite ? _ ("Remove From Favourites") : _ ("Add to Favourites"));
  show_button (self->archive_button, archived ? "items.unarchive" : "items.archive",
               "sp-archive-symbolic", archived ? _ ("Bring Back From the Archive") : _ ("Archive"));
}

void
sp_item_list_update_bar (SpItemList *self)
{
  gboolean revealed = self->selection != NULL && (self->selecting || self->n_selected > 1);
  g_autofree char *text = NULL;

  gtk_action_bar_set_revealed (self->bar, revealed);
  sp_window_lift_toasts (GTK_WIDGET (self), revealed);
  if (!revealed)
    return;
  if (self->n_selected == 0)
    text = g_strdup (_ ("Select Items"));
  else
    /* Translators: %u is a number of items. */
    text = g_strdup_printf (ngettext ("%u selected", "%u selected", self->n_selected),
                            self->n_selected);
  gtk_label_set_text (self->count, text);
  show_buttons (self);
}

void
sp_item_list_set_selecting (SpItemList *self, gboolean selecting)
{
  if (!selecting && self->n_selected > 1)
    gtk_selection_model_unselect_all (GTK_SELECTION_MODEL (self->selection));
  if (self->selecting == selecting)
    return;
  self->selecting = selecting;
  sp_item_list_update_bar (self);
  g_object_notify (G_OBJECT (self), "selecting");
}

void
sp_item_list_toggle (SpItemList *self, guint index)
{
  GtkSelectionModel *model = GTK_SELECTION_MODEL (self->selection);

  if (gtk_selection_model_is_selected (model, index))
    gtk_selection_model_unselect_item (model, index);
  else
    gtk_selection_model_select_item (model, index, FALSE);
}

static void
select_all_action (GtkWidget *widget, const char *action_name, GVariant *parameter)
{
  SpItemList *self = SP_ITEM_LIST (widget);

  if (self->selection == NULL)
    return;
  gtk_selection_model_select_all (GTK_SELECTION_MODEL (self->selection));
  gtk_widget_grab_focus (GTK_WIDGET (self->view));
}

void
sp_item_list_install_several (GtkWidgetClass *widget_class)
{
  gtk_widget_class_install_property_action (widget_class, "items.selecting", "selecting");
  gtk_widget_class_install_action (widget_class, "items.select-all", NULL, select_all_action);
  gtk_widget_class_bind_template_child (widget_class, SpItemList, archive_button);
  gtk_widget_class_bind_template_child (widget_class, SpItemList, bar);
  gtk_widget_class_bind_template_child (widget_class, SpItemList, count);
  gtk_widget_class_bind_template_child (widget_class, SpItemList, favourite_button);
  gtk_widget_class_bind_template_child (widget_class, SpItemList, purge_button);
  gtk_widget_class_bind_template_child (widget_class, SpItemList, restore_button);
  gtk_widget_class_bind_template_child (widget_class, SpItemList, tag_button);
  gtk_widget_class_bind_template_child (widget_class, SpItemList, trash_button);
}
