/* SPDX-License-Identifier: GPL-3.0-or-later */

/* An image and two labels a row. Titles are looked up by the item's id in the session's snapshot, which is gone through
 * once for all rows, and again when it is another one. */

#define G_LOG_DOMAIN "sp-activity-rows"

#include "config.h"

#include "ui/sp-activity-rows.h"

#include <glib/gi18n.h>

#include "services/sp-activity-model.h"
#include "ui/sp-activity-text.h"
#include "ui/sp-shown-text.h"
#include "ui/sp-shown-time.h"

/* ---- titles ----------------------------------------------------------------------------------------- */

struct _SpItemTitles {
  SpSession *session;    /* (owned) */
  SpSnapshot *snapshot;  /* (owned) (nullable) what was gone through */
  GHashTable *positions; /* (element-type SpId guint) ids within the snapshot */
};

SpItemTitles *
sp_item_titles_new (SpSession *session)
{
  SpItemTitles *self = g_new0 (SpItemTitles, 1);

  self->session = g_object_ref (session);
  self->positions = g_hash_table_new (sp_id_hash, sp_id_equal);
  return self;
}

void
sp_item_titles_free (SpItemTitles *self)
{
  g_hash_table_unref (self->positions);
  g_clear_pointer (&self->snapshot, sp_snapshot_unref);
  g_object_unref (self->session);
  g_free (self);
}

static void
update (SpItemTitles *self)
{
  SpSnapshot *snapshot = sp_session_get_snapshot (self->session);

  if (snapshot == self->snapshot)
    return;
  g_hash_table_remove_all (self->positions);
  g_clear_pointer (&self->snapshot, sp_snapshot_unref);
  if (snapshot == NULL)
    return;
  self->snapshot = sp_snapshot_ref (snapshot);
  for (SpPosition at = sp_snapshot_first (snapshot); at != SP_POSITION_NONE;
       at = sp_snapshot_next (snapshot, at)) {
    SpOverview overview;

    sp_snapshot_get_overview (snapshot, at, &overview);
    g_hash_table_insert (self->positions, (gpointer) (guintptr) overview.id, GUINT_TO_POINTER (at));
  }
}

char *
sp_item_titles_dup (SpItemTitles *self, const SpId *id)
{
  SpOverview overview;
  gpointer position;

  update (self);
  if (!g_hash_table_lookup_extended (self->positions, id, NULL, &position))
    return NULL;
  sp_snapshot_get_overview (self->snapshot, GPOINTER_TO_UINT (position), &overview);
  return *overview.title != '\0' ? sp_dup_shown_text (overview.title, SP_SHOWN_TITLE_MAX)
                                 : g_strdup (_ ("Without a title"));
}

/* ---- rows ------------------------------------------------------------------------------------------- */

typedef struct {
  GtkWidget *image;
  GtkWidget *title;
  GtkWidget *detail;
} Row;

static void
get_row (GtkListItem *list_item, Row *row)
{
  row->image = gtk_widget_get_first_child (gtk_list_item_get_child (list_item));
  row->title = gtk_widget_get_first_child (gtk_widget_get_next_sibling (row->image));
  row->detail = gtk_widget_get_next_sibling (row->title);
}

static GtkWidget *
new_label (const char *style)
{
  GtkWidget *label = gtk_label_new (NULL);

  gtk_label_set_ellipsize (GTK_LABEL (label), PANGO_ELLIPSIZE_END);
  gtk_label_set_xalign (GTK_LABEL (label), 0);
  if (style != NULL)
    gtk_widget_add_css_class (label, style);
  return label;
}

static void
setup_cb (GtkListItemFactory *factory, GtkListItem *list_item)
{
  GtkWidget *row = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 12);
  GtkWidget *texts = gtk_box_new (GTK_ORIENTATION_VERTICAL, 3);
  GtkWidget *detail = new_label ("dim-label");

  gtk_widget_add_css_class (detail, "caption");
  gtk_box_append (GTK_BOX (texts), new_label (NULL));
  gtk_box_append (GTK_BOX (texts), detail);
  gtk_box_append (GTK_BOX (row), gtk_image_new ());
  gtk_box_append (GTK_BOX (row), texts);
  gtk_widget_set_hexpand (texts, TRUE);
  gtk_widget_set_margin_top (row, 6);
  gtk_widget_set_margin_bottom (row, 6);
  gtk_widget_set_margin_start (row, 6);
  gtk_widget_set_margin_end (row, 6);
  gtk_list_item_set_child (list_item, row);
  gtk_list_item_set_activatable (list_item, FALSE);
}

static char *
dup_title (const SpLogEntry *entry, SpItemTitles *titles)
{
  const char *title = sp_activity_get_title (entry);
  g_autofree char *item = NULL;

  if (!sp_activity_is_about_item (entry))
    return g_strdup (title);
  item = sp_item_titles_dup (titles, &entry->subject);
  /* Translators: what happened, and with which item: "Copied: Bank of the Elbe". */
  return g_strdup_printf (_ ("%s: %s"), title, item != NULL ? item : _ ("an item that is gone"));
}

/* "22 November 2026, 22:58 · desk · 3 items" */
static char *
dup_detail (SpLog *log, const SpLogEntry *entry)
{
  g_autofree char *device = sp_dup_shown_text (sp_log_get_device (log, entry), SP_SHOWN_TITLE_MAX);
  g_autofree char *count = sp_activity_dup_count (entry);
  g_autofree char *time = NULL;
  GString *text;

  if (entry->kind == 0) {
    g_autofree char *number = g_strdup_printf ("%" G_GUINT64_FORMAT, entry->number);

    /* Translators: %s is the number of an entry of the activity log. */
    return g_strdup_printf (_ ("Entry %s"), number);
  }
  time = sp_shown_time (entry->time_ms);
  text = g_string_new (time);
  if (count != NULL)
    g_string_append_printf (text, " · %s", count);
  if (*device != '\0')
    g_string_append_printf (text, " · %s", device);
  if (entry->while_locked)
    g_string_append_printf (text, " · %s", _ ("recorded while locked, unproven"));
  return g_string_free (text, FALSE);
}

static void
bind_cb (GtkListItemFactory *factory, GtkListItem *list_item, SpItemTitles *titles)
{
  SpActivityRow *item = gtk_list_item_get_item (list_item);
  const SpLogEntry *entry = sp_activity_row_get_entry (item);
  g_autofree char *title = dup_title (entry, titles);
  g_autofree char *detail = dup_detail (sp_activity_row_get_log (item), entry);
  g_autofree char *name = g_strconcat (title, ", ", detail, NULL);
  Row row;

  get_row (list_item, &row);
  gtk_image_set_from_icon_name (GTK_IMAGE (row.image), sp_activity_get_icon_name (entry));
  if (sp_activity_is_grave (entry))
    gtk_widget_add_css_class (row.image, "warning");
  else
    gtk_widget_remove_css_class (row.image, "warning");
  gtk_label_set_text (GTK_LABEL (row.title), title);
  gtk_label_set_text (GTK_LABEL (row.detail), detail);
  gtk_widget_set_tooltip_text (row.detail, entry->while_locked ? detail : NULL);
  /* COMPAT (gtk-4.12): gtk_list_item_set_accessible_label(). What has the focus is the list's own widget. */
  gtk_accessible_update_property (
      GTK_ACCESSIBLE (gtk_widget_get_parent (gtk_list_item_get_child (list_item))),
      GTK_ACCESSIBLE_PROPERTY_LABEL, name, -1);
}

/**
 * sp_activity_rows_new:
 * @titles: what items are called; must outlive the list
 *
 * Returns: (transfer full): what makes the rows of an SpActivityModel
 */
GtkListItemFactory *
sp_activity_rows_new (SpItemTitles *titles)
{
  GtkListItemFactory *factory = gtk_signal_list_item_factory_new ();

  g_signal_connect (factory, "setup", G_CALLBACK (setup_cb), NULL);
  g_signal_connect (factory, "bind", G_CALLBACK (bind_cb), titles);
  return factory;
}
