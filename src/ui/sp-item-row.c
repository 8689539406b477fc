/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "sp-item-row"

#include "config.h"

#include "ui/sp-item-row.h"

#include <glib/gi18n.h>
#include <string.h>

#include "ui/sp-initials.h"
#include "vault/sp-search.h"

/* No row is wider than that; what is longer costs time in each layout. */
#define MAX_CHARACTERS 200
#define MARGIN_PX      7

struct _SpItemRow {
  GtkWidget parent_instance;

  SpInitials *initials;
  GtkInscription *title;
  GtkInscription *subtitle;
  GtkWidget *star; /* (nullable) */
  guint64 number;
};

G_DEFINE_FINAL_TYPE (SpItemRow, sp_item_row, GTK_TYPE_WIDGET)

/* One line: what breaks lines, turns the direction of what follows, or does anything else becomes a space. */
static char *
make_line (const char *text)
{
  g_autofree char *valid = g_utf8_make_valid (text, -1);
  GString *line = g_string_new (NULL);
  const char *c = valid;

  for (guint i = 0; i < MAX_CHARACTERS && *c != '\0'; i++, c += g_utf8_skip[(guchar) *c]) {
    gunichar letter = g_utf8_get_char (c);
    gboolean breaks = g_unichar_iscntrl (letter) || letter == 0x2028 || letter == 0x2029 ||
                      (letter >= 0x202a && letter <= 0x202e) ||
                      (letter >= 0x2066 && letter <= 0x2069);

    g_string_append_unichar (line, breaks ? ' ' : letter);
  }
  if (*c != '\0')
    g_string_append (line, "…");
  return g_string_free (line, FALSE);
}

/* The folded line, and for each of its bytes the character of the line from which it came, and the end of that. */
static char *
fold_line (const char *line, GArray *starts)
{
  GString *folded = g_string_new (NULL);
  gboolean ascii = g_str_is_ascii (line);

  for (const char *c = line; *c != '\0'; c += g_utf8_skip[(guchar) *c]) {
    guint start = (guint) (c - line);

    if (ascii) {
      g_string_append_c (folded, g_ascii_tolower (*c));
    } else {
      g_autofree char *letter = g_strndup (c, (gsize) g_utf8_skip[(guchar) *c]);
      g_autofree char *plain = sp_search_fold (letter);

      g_string_append (folded, plain);
    }
    while (starts->len < folded->len)
      g_array_append_val (starts, start);
  }
  return g_string_free (folded, FALSE);
}

static void
mark_words (PangoAttrList *attributes, const char *line, const char *const *words)
{
  g_autoptr (GArray) starts = g_array_new (FALSE, FALSE, sizeof (guint));
  g_autofree char *folded = fold_line (line, starts);

  for (; *words != NULL; words++) {
    gsize len = strlen (*words);
    const char *found = len > 0 ? strstr (folded, *words) : NULL;
    PangoAttribute *attribute;
    guint last;

    if (found == NULL)
      continue;
    last = g_array_index (starts, guint, (gsize) (found - folded) + len - 1);
    attribute = pango_attr_weight_new (PANGO_WEIGHT_BOLD);
    attribute->start_index = g_array_index (starts, guint, found - folded);
    attribute->end_index = last + (guint) g_utf8_skip[(guchar) line[last]];
    pango_attr_list_change (attributes, attribute);
    attribute = pango_attr_underline_new (PANGO_UNDERLINE_SINGLE);
    attribute->start_index = g_array_index (starts, guint, found - folded);
    attribute->end_index = last + (guint) g_utf8_skip[(guchar) line[last]];
    pango_attr_list_change (attributes, attribute);
  }
}

static void
show_line (GtkInscription *inscription, const char *line, const char *const *words)
{
  g_autoptr (PangoAttrList) attributes = NULL;

  if (words != NULL && *words != NULL) {
    attributes = pango_attr_list_new ();
    mark_words (attributes, line, words);
  }
  gtk_inscription_set_text (inscription, line);
  gtk_inscription_set_attributes (inscription, attributes);
}

static void
sp_item_row_dispose (GObject *object)
{
  SpItemRow *self = SP_ITEM_ROW (object);
  GtkWidget *child;

  while ((child = gtk_widget_get_first_child (GTK_WIDGET (self))) != NULL)
    gtk_widget_unparent (child);
  G_OBJECT_CLASS (sp_item_row_parent_class)->dispose (object);
}

static void
sp_item_row_class_init (SpItemRowClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = sp_item_row_dispose;
  gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BOX_LAYOUT);
  gtk_widget_class_set_css_name (widget_class, "item-row");
}

static GtkWidget *
new_inscription (GtkWidget *box)
{
  GtkWidget *inscription = g_object_new (GTK_TYPE_INSCRIPTION, "min-chars", 4, "nat-chars", 20,
                                         "text-overflow", GTK_INSCRIPTION_OVERFLOW_ELLIPSIZE_END,
                                         "hexpand", TRUE, NULL);

  gtk_box_append (GTK_BOX (box), inscription);
  return inscription;
}

static void
sp_item_row_init (SpItemRow *self)
{
  GtkWidget *widget = GTK_WIDGET (self);
  GtkLayoutManager *layout = gtk_widget_get_layout_manager (widget);
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 2);

  gtk_widget_set_margin_bottom (widget, MARGIN_PX);
  gtk_widget_set_margin_top (widget, MARGIN_PX);
  gtk_box_layout_set_spacing (GTK_BOX_LAYOUT (layout), 12);
  self->initials = g_object_new (SP_TYPE_INITIALS, NULL);
  gtk_widget_set_parent (GTK_WIDGET (self->initials), widget);

  gtk_widget_set_valign (box, GTK_ALIGN_CENTER);
  gtk_widget_set_parent (box, widget);
  self->title = GTK_INSCRIPTION (new_inscription (box));
  self->subtitle = GTK_INSCRIPTION (new_inscription (box));
  gtk_widget_add_css_class (GTK_WIDGET (self->subtitle), "caption");
  gtk_widget_add_css_class (GTK_WIDGET (self->subtitle), "dim-label");
}

/* Few have one, and what a list does not need to make takes no time. */
static void
show_star (SpItemRow *self, gboolean is_favourite)
{
  if (is_favourite && self->star == NULL) {
    self->star = gtk_image_new_from_icon_name ("sp-favourite-filled-symbolic");
    gtk_widget_add_css_class (self->star, "dim-label");
    gtk_widget_set_parent (self->star, GTK_WIDGET (self));
  }
  if (self->star != NULL)
    gtk_widget_set_visible (self->star, is_favourite);
}

GtkWidget *
sp_item_row_new (void)
{
  return g_object_new (SP_TYPE_ITEM_ROW, NULL);
}

void
sp_item_row_show (SpItemRow *self, const SpOverview *overview, const char *const *words)
{
  g_autofree char *title = make_line (overview->title);
  g_autofree char *subtitle = make_line (overview->subtitle);
  g_autofree char *name = NULL;
  gboolean is_favourite = (overview->flags & SP_OVERVIEW_FAVOURITE) != 0;
  gboolean has_title = *title != '\0';
  const SpItemTypeInfo *info = sp_item_type_get_info (overview->type);

  g_return_if_fail (SP_IS_ITEM_ROW (self));

  self->number = overview->number;
  sp_initials_set (self->initials, title,
                   overview->type == SP_ITEM_LOGIN && has_title
                       ? NULL
                       : sp_item_type_icon_name (overview->type));
  show_line (self->title, has_title ? title : _ ("No title"), has_title ? words : NULL);
  show_line (self->subtitle, subtitle, words);
  gtk_widget_set_visible (GTK_WIDGET (self->subtitle), *subtitle != '\0');
  show_star (self, is_favourite);

  name = g_strjoin (", ", has_title ? title
                                    : _ ("No title"), *subtitle != '\0' ? subtitle : "–",
                                         info != NULL ? _ (info->label)      : "–", is_favourite
                                                           ? _ ("Favourite") : NULL, NULL);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_LABEL, name, -1);
}

guint64
sp_item_row_get_number (SpItemRow *self)
{
  return self->number;
}

const char *
sp_item_type_icon_name (SpItemType type)
{
  static const char *const names[] = {
    [SP_ITEM_LOGIN] = "sp-login-symbolic",
    [SP_ITEM_PASSWORD] = "sp-password-symbolic",
    [SP_ITEM_NOTE] = "sp-note-symbolic",
    [SP_ITEM_CARD] = "sp-card-symbolic",
    [SP_ITEM_IDENTITY] = "sp-identity-symbolic",
    [SP_ITEM_BANK_ACCOUNT] = "sp-bank-account-symbolic",
    [SP_ITEM_SSH_KEY] = "sp-ssh-key-symbolic",
    [SP_ITEM_API_CREDENTIAL] = "sp-api-credential-symbolic",
    [SP_ITEM_WIFI] = "sp-wifi-symbolic",
    [SP_ITEM_SOFTWARE_LICENCE] = "sp-software-licence-symbolic",
    [SP_ITEM_DOCUMENT] = "sp-document-symbolic",
    [SP_ITEM_SERVER] = "sp-server-symbolic",
    [SP_ITEM_DATABASE] = "sp-database-symbolic",
  };

  return (guint) type < G_N_ELEMENTS (names) && names[type] != NULL ? names[type]
                                                                    : "sp-key-symbolic";
}
