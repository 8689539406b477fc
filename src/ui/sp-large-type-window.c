/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What a person takes for one character is one cell: a letter with its accents, an emoji of several parts. The grid makes
 * cells only for what is on screen, so that a value of any length is shown at once. */

#define G_LOG_DOMAIN "sp-large-type-window"

#include "config.h"

#include "ui/sp-large-type-window.h"

#include <glib/gi18n.h>

#include "ui/sp-child-window.h"
#include "ui/sp-shown-text.h"
#include "ui/sp-ui.h"

struct _SpLargeTypeWindow {
  AdwWindow parent_instance;

  SpSecret *value; /* (owned) (nullable) */
  GArray *starts;  /* (element-type guint) where each cell's text begins, in bytes; and the end */
  gboolean was_active; /* it has had the focus */

  GtkGridView *grid;
  AdwWindowTitle *window_title;
};

G_DEFINE_FINAL_TYPE (SpLargeTypeWindow, sp_large_type_window, ADW_TYPE_WINDOW)

static const char *const kinds[] = { "digit", "symbol", "invisible" };

/* ---- cells ------------------------------------------------------------------------------------------ */

/* NULL for a letter. */
static const char *
get_kind (gunichar c)
{
  if (g_unichar_isdigit (c))
    return "digit";
  if (g_unichar_isspace (c) || !g_unichar_isgraph (c) || g_unichar_iszerowidth (c))
    return "invisible";
  return g_unichar_isalpha (c) ? NULL : "symbol";
}

/* What cannot be seen is named: a space by its sign, all else by its number. */
static SpSecret *
dup_cell_text (SpLargeTypeWindow *self, guint position)
{
  guint start = g_array_index (self->starts, guint, position);
  guint end = g_array_index (self->starts, guint, position + 1);
  const char *text = sp_secret_peek_text (self->value) + start;
  gunichar c = g_utf8_get_char (text);
  char name[sizeof "U+10FFFF"];

  if (c == ' ')
    return sp_secret_new_text ("␣");
  if (g_strcmp0 (get_kind (c), "invisible") != 0)
    return sp_secret_new ((const guint8 *) text, end - start);
  (void) g_snprintf (name, sizeof name, "U+%04X", c);
  return sp_secret_new_text (name);
}

static void
setup_cell_cb (SpLargeTypeWindow *self, GtkListItem *list_item)
{
  GtkWidget *cell = gtk_box_new (GTK_ORIENTATION_VERTICAL, 0);
  GtkWidget *text = gtk_label_new (NULL);
  GtkWidget *number = gtk_label_new (NULL);

  gtk_widget_add_css_class (cell, "sp-cell");
  gtk_widget_add_css_class (text, "sp-cell-text");
  gtk_widget_set_vexpand (text, TRUE);
  gtk_widget_add_css_class (number, "caption");
  gtk_widget_add_css_class (number, "dim-label");
  gtk_widget_add_css_class (number, "numeric");
  gtk_box_append (GTK_BOX (cell), text);
  gtk_box_append (GTK_BOX (cell), number);
  gtk_list_item_set_activatable (list_item, FALSE);
  gtk_list_item_set_child (list_item, cell);
}

static void
bind_cell_cb (SpLargeTypeWindow *self, GtkListItem *list_item)
{
  GtkWidget *cell = gtk_list_item_get_child (list_item);
  GtkWidget *text = gtk_widget_get_first_child (cell);
  guint position = gtk_list_item_get_position (list_item);
  g_autoptr (SpSecret) shown = dup_cell_text (self, position);
  g_autofree char *number = g_strdup_printf ("%u", position + 1);
  const char *begin = sp_secret_peek_text (self->value) +
                      g_array_index (self->starts, guint, position);
  const char *kind = get_kind (g_utf8_get_char (begin));

  for (gsize i = 0; i < G_N_ELEMENTS (kinds); i++)
    gtk_widget_remove_css_class (cell, kinds[i]);
  if (kind != NULL)
    gtk_widget_add_css_class (cell, kind);
  gtk_label_set_text (GTK_LABEL (text), sp_secret_peek_text (shown));
  gtk_label_set_text (GTK_LABEL (gtk_widget_get_last_child (cell)), number);
}

static void
unbind_cell_cb (SpLargeTypeWindow *self, GtkListItem *list_item)
{
  GtkWidget *cell = gtk_list_item_get_child (list_item);

  gtk_label_set_text (GTK_LABEL (gtk_widget_get_first_child (cell)), "");
}

/* Where the cells begin, and where the last one ends. */
static void
find_cells (SpLargeTypeWindow *self)
{
  const char *text = sp_secret_peek_text (self->value);
  int n_bytes = (int) sp_secret_get_length (self->value);
  int n_attrs = (int) g_utf8_strlen (text, n_bytes) + 1;
  g_autofree PangoLogAttr *attrs = g_new0 (PangoLogAttr, n_attrs);
  const char *p = text;

  pango_get_log_attrs (text, n_bytes, -1, pango_language_get_default (), attrs, n_attrs);
  for (int i = 0; i < n_attrs; i++) {
    guint start = (guint) (p - text);

    if (attrs[i].is_cursor_position || i == 0 || i == n_attrs - 1)
      g_array_append_val (self->starts, start);
    if (i < n_attrs - 1)
      p = g_utf8_find_next_char (p, NULL);
  }
}

/* The items say nothing: a cell is told by its position. */
static GListModel *
new_model (guint n)
{
  GListStore *store = g_list_store_new (G_TYPE_OBJECT);
  g_autoptr (GObject) cell = g_object_new (G_TYPE_OBJECT, NULL);
  g_autofree gpointer *cells = g_new (gpointer, n);

  for (guint i = 0; i < n; i++)
    cells[i] = cell;
  g_list_store_splice (store, 0, 0, cells, n);
  return G_LIST_MODEL (store);
}

/* ---- the object ------------------------------------------------------------------------------------- */

static void
is_active_cb (SpLargeTypeWindow *self)
{
  if (gtk_window_is_active (GTK_WINDOW (self)))
    self->was_active = TRUE;
  else if (self->was_active)
    gtk_window_close (GTK_WINDOW (self));
}

static void
sp_large_type_window_dispose (GObject *object)
{
  SpLargeTypeWindow *self = SP_LARGE_TYPE_WINDOW (object);

  if (self->grid != NULL)
    gtk_grid_view_set_model (self->grid, NULL);
  gtk_widget_dispose_template (GTK_WIDGET (self), SP_TYPE_LARGE_TYPE_WINDOW);
  g_clear_pointer (&self->value, sp_secret_unref);
  G_OBJECT_CLASS (sp_large_type_window_parent_class)->dispose (object);
}

static void
sp_large_type_window_finalize (GObject *object)
{
  SpLargeTypeWindow *self = SP_LARGE_TYPE_WINDOW (object);

  g_array_unref (self->starts);
  G_OBJECT_CLASS (sp_large_type_window_parent_class)->finalize (object);
}

static void
sp_large_type_window_class_init (SpLargeTypeWindowClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->dispose = sp_large_type_window_dispose;
  object_class->finalize = sp_large_type_window_finalize;

  gtk_widget_class_set_template_from_resource (widget_class,
                                               SP_UI_RESOURCE "/sp-large-type-window.ui");
  gtk_widget_class_bind_template_child (widget_class, SpLargeTypeWindow, grid);
  gtk_widget_class_bind_template_child (widget_class, SpLargeTypeWindow, window_title);
  gtk_widget_class_bind_template_callback (widget_class, bind_cell_cb);
  gtk_widget_class_bind_template_callback (widget_class, is_active_cb);
  gtk_widget_class_bind_template_callback (widget_class, setup_cell_cb);
  gtk_widget_class_bind_template_callback (widget_class, unbind_cell_cb);
}

static void
sp_large_type_window_init (SpLargeTypeWindow *self)
{
  self->starts = g_array_new (FALSE, FALSE, sizeof (guint));
  gtk_widget_init_template (GTK_WIDGET (self));
}

void
sp_large_type_window_present (GtkWindow *parent,
                              SpSession *session,
                              const char *title,
                              const char *label,
                              const SpSecret *value)
{
  g_autofree char *shown_label = NULL;
  g_autofree char *shown_title = NULL;
  SpLargeTypeWindow *self;

  g_return_if_fail (GTK_IS_WINDOW (parent) && SP_IS_SESSION (session) && value != NULL);

  if (sp_secret_is_empty (value))
    return;
  self = g_object_new (SP_TYPE_LARGE_TYPE_WINDOW, NULL);
  self->value = sp_secret_ref (value);
  find_cells (self);
  shown_label = sp_dup_shown_text (label, SP_SHOWN_TITLE_MAX);
  shown_title = sp_dup_shown_text (title, SP_SHOWN_TITLE_MAX);
  adw_window_title_set_title (self->window_title, shown_label);
  adw_window_title_set_subtitle (self->window_title, shown_title);
  gtk_grid_view_set_model (
      self->grid, GTK_SELECTION_MODEL (gtk_no_selection_new (new_model (self->starts->len - 1))));
  sp_child_window_set_up (GTK_WINDOW (self), parent, session);
  gtk_window_present (GTK_WINDOW (self));
}
